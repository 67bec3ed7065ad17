//! What is going on in a queue lane.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::world::{ActorWorld, MessageWorld, Place, SqsWorld};
use broker_lab_core::{ActorId, CopyId, MessageId, QueueId, SimTime};

use super::fill::{Parts, Words, fill};
use super::news::{Loudness, blocked, is_lost, news, put_off};
use super::{Caption, LOOKED_THROUGH, crashed, is_news};
use crate::stage::view::Glance;

pub(super) fn of_queue(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    crash(world, glance)
        .or_else(|| news(world, glance, Loudness::Loud))
        .or_else(|| left_alone(world, glance))
        .or_else(|| message_news(world, glance))
        .or_else(|| news(world, glance, Loudness::Quiet))
        .unwrap_or_else(|| at_work(world, glance))
}

/// What a worker that crashed had in hand.
fn crash(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    for (actor, crashed, at) in crashed(&world.actors) {
        for task in crashed.tasks() {
            let Some(copy) = world.copy(task.message, task.copy) else {
                continue;
            };
            let is_its = matches!(copy.place.now, Place::InFlight(_)) && copy.actor == actor;
            let words = if is_its {
                (
                    "@w crashed. Nobody tells the queue: @m stays hidden until its time runs out, then it can be received again.",
                    "visibility timeout",
                )
            } else if is_news(at, glance.now) && is_lost(world, (task.message, task.copy)) {
                (
                    "@w crashed with @m, which it had deleted before the work: nobody will do it any more.",
                    "at-most-once",
                )
            } else {
                continue;
            };
            let message = task.message;
            let parts = Parts {
                actor,
                message,
                ..Parts::default()
            };
            return Some(fill(glance, words, &parts));
        }
        if is_news(at, glance.now)
            && let Some((message, _)) = crashed.finished
            && world.has_done(actor, message)
        {
            let parts = Parts {
                actor,
                message,
                ..Parts::default()
            };
            let words = (
                "@w crashed when it had done @m and not deleted it: the queue will give it again, to be done a second time.",
                "at-least-once delivery",
            );
            return Some(fill(glance, words, &parts));
        }
    }
    None
}

/// What is hidden and worked on by nobody, and why.
fn left_alone(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let (message, copy, its) = forsaken(world)?;
    let put_off = put_off((message, copy), its.hidden_until, glance);
    let mut parts = Parts {
        message,
        ..Parts::default()
    };
    let mut told = match put_off {
        Some(told) => told,
        // It may still be at the rest of the batch that it is in.
        None if glance.cast.is_invocation(its.actor) => return None,
        None => fill(
            glance,
            (
                "Nobody works on @m any more: the work failed or was broken off. The queue is told nothing and keeps it hidden until its time runs out.",
                "visibility timeout",
            ),
            &parts,
        ),
    };
    if let Some((holder, count)) = blocked(world, glance)
        && holder == message
    {
        parts.count = count;
        let words = match count {
            1 => " @c of its group waits behind it.",
            _ => " @c of its group wait behind it.",
        };
        told.text.push_str(&fill(glance, (words, ""), &parts).text);
    }
    Some(told)
}

/// What a queue is about while nothing stands out.
fn at_work(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    let mut parts = Parts::default();
    let words = if world.sent == 0 {
        at_the_start(world, glance, &mut parts)
    } else {
        let (left, waiting) = left(world);
        at_the_end(world, left, glance, &mut parts)
            .unwrap_or_else(|| rule(world, waiting, glance, &mut parts))
    };
    fill(glance, words, &parts)
}

/// Whether Lambda works on a lane.
fn has_functions(glance: Glance<'_>) -> bool {
    usize::from(glance.cast.first_function) < glance.cast.teams.len()
}

fn at_the_start(world: &SqsWorld, glance: Glance<'_>, parts: &mut Parts) -> Words {
    if has_functions(glance) {
        return (
            "The queue is empty. Lambda polls it, and invokes the function when something comes.",
            "event source mapping",
        );
    }
    let workers = world.actors.iter().filter(|actor| actor.is_running());
    parts.count = u32::try_from(workers.count()).unwrap_or(u32::MAX);
    let text = match parts.count {
        1 => "The queue is empty. 1 worker waits for something to do.",
        _ => "The queue is empty. @c workers wait for something to do.",
    };
    (text, "long polling")
}

/// What became of everything, once nothing is left to do.
fn at_the_end(world: &SqsWorld, left: u32, glance: Glance<'_>, parts: &mut Parts) -> Option<Words> {
    parts.count = world.deleted;
    if left > 0 {
        let (dead, queue) = set_aside(world)?;
        (parts.other, parts.queue) = (dead, queue);
        return (dead == left).then_some((
            "@n deleted, @d set aside in @q. Nobody works there: a person has to look into it before the retention period ends.",
            "dead-letter queue",
        ));
    }
    parts.other = world.queues.iter().map(|queue| queue.expired).sum();
    if parts.other > 0 {
        return Some((
            "@n deleted, @d expired: nobody deleted them before their time in the queue was over. Nobody is told of that.",
            "retention",
        ));
    }
    let mut hands = world.actors.iter().filter(|actor| actor.is_running());
    if hands.any(|actor| actor.task.is_some()) {
        return None;
    }
    let is_short = match glance.cast.topic {
        None => world.processed < world.sent,
        // There each message is done once for every queue that it comes to.
        Some(_) => world.queues.iter().any(|queue| queue.purged_at.is_some()),
    };
    if is_short {
        parts.count = world.processed;
        return Some((
            "Nothing is left to receive, and only @n done. What was purged, or deleted before its work, nobody does any more.",
            "DeleteMessage",
        ));
    }
    let given_up = world.queues.iter().map(|queue| queue.deliveries.given_up);
    parts.count = given_up.sum();
    if parts.count > 0 {
        let text = match parts.count {
            1 => {
                "Nothing is left to receive. One copy never came to its queue: SNS has given it up."
            }
            _ => {
                "Nothing is left to receive. @c copies never came to their queues: SNS has given them up."
            }
        };
        return Some((text, "delivery retries"));
    }
    parts.count = world.sent;
    let text = match world.sent {
        1 => {
            "The one @o sent is done and deleted. The queue is empty: nothing is left to read again."
        }
        _ => "All @n are done and deleted. The queue is empty: nothing is left to read again.",
    };
    Some((text, "DeleteMessage"))
}

/// The rule by which the lane goes on.
fn rule(world: &SqsWorld, waiting: u32, glance: Glance<'_>, parts: &mut Parts) -> Words {
    if waiting > 0 && !world.noisy.is_empty() {
        return (
            "One customer takes up most of the workers' time: its @os wait as long as others have any. Nothing of it is dropped, and nothing is put in order.",
            "fair queue",
        );
    }
    if glance.cast.topic.is_some() {
        return (
            "The topic puts a copy of each @o into every queue that wants it. There each copy goes to one worker at a time, and the other queues know nothing of it.",
            "fan-out",
        );
    }
    let mut sent_to = glance.cast.queues.iter().filter(|queue| queue.is_sent_to);
    if sent_to.any(|queue| queue.kind == QueueKind::Fifo) {
        let text = match blocked(world, glance) {
            Some(of) => {
                (parts.message, parts.count) = of;
                "@m is in flight. Behind it @c of its group cannot be received before it is deleted or comes back. Other groups go on."
            }
            None => {
                "Each group is served in its order: behind one @o that is in flight nothing of the same group can be received. Other groups go on."
            }
        };
        return (text, "message group");
    }
    for (id, actor) in (0..).map(ActorId).zip(&world.actors) {
        let task = actor.task.filter(|_| actor.is_running());
        let copy = task.and_then(|task| Some((task, world.copy(task.message, task.copy)?)));
        if let Some((task, copy)) = copy
            && copy.place.now == Place::Deleted
            && copy.finishes == 0
        {
            (parts.actor, parts.message) = (id, task.message);
            return (
                "@w has deleted @m already and works on it now: it cannot come a second time, and if the work fails nobody does it.",
                "at-most-once",
            );
        }
    }
    if has_functions(glance) {
        return (
            "Lambda polls the queue and invokes the function with a batch of @os. If it succeeds, Lambda deletes the batch; if it fails, all of it comes again, unless the function reports which failed.",
            "event source mapping",
        );
    }
    (
        "Each @o goes to one worker at a time: it is hidden from the others until its time runs out. When the work is done, the worker deletes it.",
        "competing consumers",
    )
}

/// How many messages are not gone, and how many of them can be received.
fn left(world: &SqsWorld) -> (u32, u32) {
    let queues = world.queues.iter();
    let there = queues.fold((0, 0), |(left, waiting), queue| {
        let all = queue.visible + queue.in_flight + queue.delayed;
        (left + all, waiting + queue.visible)
    });
    let mut latest = world.unsettled();
    let is_sent = |message: &MessageWorld| message.place.now == Place::Sent;
    let on_the_way = latest.any(|(_, _, message)| is_sent(message));
    (there.0 + u32::from(on_the_way), there.1)
}

/// A hidden message that was begun and that nobody works on.
fn forsaken(world: &SqsWorld) -> Option<(MessageId, CopyId, &MessageWorld)> {
    let worked_on = |id, copy| {
        let mut hands = world.actors.iter().flat_map(ActorWorld::tasks);
        hands.any(|task| (task.message, task.copy) == (id, copy))
    };
    let mut messages = world.unsettled().take(LOOKED_THROUGH);
    messages.find(|(id, copy, message)| {
        matches!(message.place.now, Place::InFlight(_))
            && message.starts > 0
            && message.starts == message.receives
            && message.finishes == 0
            && !worked_on(*id, *copy)
    })
}

/// How many messages lie in dead-letter queues, and in which the first of them.
fn set_aside(world: &SqsWorld) -> Option<(u32, QueueId)> {
    let messages = world.unsettled().take(LOOKED_THROUGH);
    messages.fold(None, |found, (_, _, message)| {
        match (message.place.before, message.place.now) {
            (Place::Visible(from), Place::Visible(to)) if from != to && message.receives > 0 => {
                let (count, queue) = found.unwrap_or((0, to));
                Some((count + 1, queue))
            }
            // What SNS could not deliver.
            (Place::Nowhere | Place::Sent, Place::Visible(to)) if message.origin != to => {
                let (count, queue) = found.unwrap_or((0, to));
                Some((count + 1, queue))
            }
            _ => found,
        }
    })
}

/// What has just become of a message that stands out.
fn message_news(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let mut news: Option<(SimTime, Words, Parts)> = None;
    for (id, _, message) in world.unsettled().take(LOOKED_THROUGH) {
        let at = message.place.at;
        if !is_news(at, glance.now) || news.as_ref().is_some_and(|(last, ..)| *last > at) {
            continue;
        }
        let words = match (message.place.before, message.place.now) {
            (Place::InFlight(_), Place::Visible(_))
                if message.hidden_since == message.hidden_until =>
            {
                (
                    "@m was given back: its visibility timeout was set to 0, and it can be received at once.",
                    "ChangeMessageVisibility",
                )
            }
            (Place::InFlight(_), Place::Visible(_)) => (
                "@m can be received again: its time ran out before anybody deleted it.",
                "visibility timeout",
            ),
            (Place::Deleted, Place::Visible(_)) => (
                "@m is there again: the delete has missed a copy of it.",
                "at-least-once delivery",
            ),
            (Place::Visible(from), Place::Visible(to)) if from != to && message.receives == 0 => (
                "@m is back in @q: to the queue it is a new message, its receives count from 0.",
                "StartMessageMoveTask",
            ),
            (Place::Visible(from), Place::Visible(to)) if from != to => (
                "@m had been received @x, and was found once more: it moved to @q.",
                "dead-letter queue",
            ),
            (_, Place::InFlight(_)) if message.receives > 1 => (
                "@w has @m now: it has been received @x. Nobody can know how far the work got before.",
                "at-least-once delivery",
            ),
            _ => continue,
        };
        let parts = Parts {
            actor: message.actor,
            message: id,
            queue: message.place.now.queue().unwrap_or_default(),
            count: message.receives.into(),
            ..Parts::default()
        };
        news = Some((at, words, parts));
    }
    news.map(|(_, words, parts)| fill(glance, words, &parts))
}
