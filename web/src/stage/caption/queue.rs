//! What is going on in a queue lane.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::world::{ActorWorld, MessageWorld, Place, SqsWorld, Task};
use broker_lab_core::{MessageId, QueueId, SimTime};

use super::{Caption, LOOKED_THROUGH, crashed, is_news, say, times};
use crate::stage::view::Glance;
use crate::stage::words::{capital, counted, thousands};

pub(super) fn of_queue(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    let noun = glance.noun;
    let name = |actor| glance.cast.actor(actor);
    for (id, actor, _) in crashed(&world.actors) {
        let hidden = |task: &Task| {
            let message = world.copy(task.message, task.copy)?;
            let is_hidden = matches!(message.place.now, Place::InFlight(_));
            (is_hidden && message.actor == id).then_some(task.message)
        };
        if let Some(message) = actor.tasks().find_map(hidden) {
            return say(
                format!(
                    "{} crashed. Nobody tells the queue: {noun} {message} stays hidden until its time runs out, then it can be received again.",
                    capital(name(id))
                ),
                "visibility timeout",
            );
        }
    }
    if let Some(message) = forsaken(world) {
        return say(
            format!(
                "Nobody works on {noun} {message} any more: the work failed or was broken off. The queue is told nothing and keeps it hidden until its time runs out."
            ),
            "visibility timeout",
        );
    }
    message_news(world, glance).unwrap_or_else(|| at_work(world, glance))
}

/// What a queue is about while nothing stands out.
fn at_work(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    if world.sent == 0 {
        let workers = world
            .actors
            .iter()
            .filter(|actor| actor.is_running())
            .count();
        let workers = u32::try_from(workers).unwrap_or(u32::MAX);
        return say(
            format!(
                "The queue is empty. {} {} for something to do.",
                counted(workers, "worker"),
                if workers == 1 { "waits" } else { "wait" }
            ),
            "long polling",
        );
    }
    let (left, waiting) = left(world);
    at_the_end(world, left, glance).unwrap_or_else(|| rule(world, waiting, glance))
}

/// What became of everything, once nothing is left to do.
fn at_the_end(world: &SqsWorld, left: u32, glance: Glance<'_>) -> Option<Caption> {
    let noun = glance.noun;
    let expired: u32 = world.queues.iter().map(|queue| queue.expired).sum();
    if left == 0 && expired > 0 {
        return Some(say(
            format!(
                "{} deleted, {} expired: nobody deleted them before their time in the queue was over. Nobody is told of that.",
                counted(world.deleted, noun),
                thousands(expired)
            ),
            "retention",
        ));
    }
    if left == 0 {
        return Some(say(
            format!(
                "All {} are done and deleted. The queue is empty: nothing is left to read again.",
                counted(world.sent, noun)
            ),
            "DeleteMessage",
        ));
    }
    if let Some((dead, queue)) = set_aside(world)
        && dead == left
    {
        return Some(say(
            format!(
                "{} deleted, {} set aside in {}. Nobody works there: a person has to look into it before the retention period ends.",
                counted(world.deleted, noun),
                thousands(dead),
                glance.cast.queue(queue)
            ),
            "dead-letter queue",
        ));
    }
    None
}

/// The rule by which the lane goes on.
fn rule(world: &SqsWorld, waiting: u32, glance: Glance<'_>) -> Caption {
    let noun = glance.noun;
    if waiting > 0 && !world.noisy.is_empty() {
        return say(
            format!(
                "One customer takes up most of the workers' time: its {noun}s wait as long as others have any. Nothing of it is dropped, and nothing is put in order."
            ),
            "fair queue",
        );
    }
    if glance.cast.topic.is_some() {
        return say(
            format!(
                "The topic puts a copy of each {noun} into every queue that wants it. There each copy goes to one worker at a time, and the other queues know nothing of it."
            ),
            "fan-out",
        );
    }
    if glance
        .cast
        .queues
        .iter()
        .any(|queue| queue.is_sent_to && queue.kind == QueueKind::Fifo)
    {
        return say(
            format!(
                "Each group is served in its order: behind {} that is in flight nothing of the same group can be received. Other groups go on.",
                a(noun)
            ),
            "message group",
        );
    }
    say(
        format!(
            "Each {noun} goes to one worker at a time: it is hidden from the others until its time runs out. When the work is done, the worker deletes it."
        ),
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

fn a(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A hidden message that was begun and that nobody works on.
fn forsaken(world: &SqsWorld) -> Option<MessageId> {
    let worked_on = |id| {
        let mut hands = world.actors.iter().flat_map(ActorWorld::tasks);
        hands.any(|task| task.message == id)
    };
    let mut messages = world.unsettled().take(LOOKED_THROUGH);
    let found = messages.find(|(id, _, message)| {
        matches!(message.place.now, Place::InFlight(_))
            && message.starts > 0
            && message.starts == message.receives
            && message.finishes == 0
            && !worked_on(*id)
    });
    found.map(|(id, _, _)| id)
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
            _ => found,
        }
    })
}

/// What has just become of a message that stands out.
fn message_news(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let noun = capital(glance.noun);
    let mut news: Option<(SimTime, Caption)> = None;
    for (id, _, message) in world.unsettled().take(LOOKED_THROUGH) {
        let at = message.place.at;
        if !is_news(at, glance.now) || news.as_ref().is_some_and(|(last, _)| *last > at) {
            continue;
        }
        let caption = match (message.place.before, message.place.now) {
            (Place::InFlight(_), Place::Visible(_))
                if message.hidden_since == message.hidden_until =>
            {
                say(
                    format!(
                        "{noun} {id} was given back: its visibility timeout was set to 0, and it can be received at once."
                    ),
                    "ChangeMessageVisibility",
                )
            }
            (Place::InFlight(_), Place::Visible(_)) => say(
                format!(
                    "{noun} {id} can be received again: its time ran out before anybody deleted it."
                ),
                "visibility timeout",
            ),
            (Place::Deleted, Place::Visible(_)) => say(
                format!("{noun} {id} is there again: the delete has missed a copy of it."),
                "at-least-once delivery",
            ),
            (Place::Visible(from), Place::Visible(to)) if from != to && message.receives == 0 => {
                say(
                    format!(
                        "{noun} {id} is back in {}: to the queue it is a new message, its receives count from 0.",
                        glance.cast.queue(to)
                    ),
                    "StartMessageMoveTask",
                )
            }
            (Place::Visible(from), Place::Visible(to)) if from != to => say(
                format!(
                    "{noun} {id} had been received {}, and was found once more: it moved to {}.",
                    times(message.receives),
                    glance.cast.queue(to)
                ),
                "dead-letter queue",
            ),
            (_, Place::InFlight(_)) if message.receives > 1 => say(
                format!(
                    "{} has {} {id} now: it has been received {}. Nobody can know how far the work got before.",
                    capital(glance.cast.actor(message.actor)),
                    glance.noun,
                    times(message.receives)
                ),
                "at-least-once delivery",
            ),
            _ => continue,
        };
        news = Some((at, caption));
    }
    news.map(|(_, caption)| caption)
}
