//! What has just happened in a queue lane that its messages do not show: what was done to a queue,
//! what is gone, what SQS has answered.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::trace::{Event, MoveTaskEnd, VisibilityReason, What};
use broker_lab_core::world::{Place, SqsWorld};
use broker_lab_core::{ActorId, CopyId, MessageId, QueueId, SimDuration, SimTime};

use super::{Caption, is_news, say};
use crate::stage::view::Glance;
use crate::stage::words::{capital, clock, setting_name};

/// Events looked back at for something to speak of.
const LOOKED_BACK: usize = 2_000;

/// The events of this lane up to now, the latest first.
fn latest(glance: Glance<'_>) -> impl Iterator<Item = &Event> {
    let seen = glance.trace.count_until(glance.now);
    let events = (0..seen).rev().take(LOOKED_BACK);
    let events = events.filter_map(move |index| glance.trace.get(index));
    events.filter(move |event| event.lane == glance.lane)
}

/// The latest news that `tell` has words for.
fn newest(glance: Glance<'_>, tell: impl Fn(&Event) -> Option<Caption>) -> Option<Caption> {
    let news = latest(glance).take_while(|event| is_news(event.at, glance.now));
    news.filter_map(tell).next()
}

/// What nobody may miss: what a person did, what SQS refused, what is gone for good.
pub(super) fn loud(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    newest(glance, |event| {
        done_to_a_queue(event.what, glance)
            .or_else(|| answered(event.what, glance))
            .or_else(|| gone(event.what, world, glance))
    })
}

/// What a person or a program asked of a queue.
fn done_to_a_queue(what: What, glance: Glance<'_>) -> Option<Caption> {
    let name = |queue: QueueId| glance.cast.queue(queue);
    let noun = glance.noun;
    Some(match what {
        What::Poisoned { message } => say(
            format!("From now on the work on {noun} {message} fails, whoever does it."),
            "poison message",
        ),
        What::Resent { message } => say(
            format!(
                "The producer has heard no answer to {noun} {message}, and sends it once more."
            ),
            "retry",
        ),
        What::AttributeChanged { queue, setting, .. } => say(
            format!(
                "{} of {} has another value from now on. On AWS a change can take a minute.",
                setting_name(setting),
                name(queue)
            ),
            "SetQueueAttributes",
        ),
        What::AttributesRefused { queue } => say(
            format!(
                "SQS refuses the new attributes of {}: all stay as they were.",
                name(queue)
            ),
            "SetQueueAttributes",
        ),
        What::QueuePurged { queue } => say(
            format!(
                "{} is emptied: what is in flight or delayed is deleted too, and cannot be brought back.",
                name(queue)
            ),
            "PurgeQueue",
        ),
        What::PurgeRefused { queue } => say(
            format!(
                "SQS refuses to purge {}: the last purge was less than 60 s ago.",
                name(queue)
            ),
            "PurgeQueueInProgress",
        ),
        _ => return moved_by_a_task(what, glance),
    })
}

/// How the way back of dead letters goes.
fn moved_by_a_task(what: What, glance: Glance<'_>) -> Option<Caption> {
    let name = |queue: QueueId| glance.cast.queue(queue);
    Some(match what {
        What::MoveTaskStarted { source, .. } => say(
            format!(
                "The dead letters in {} begin to go back, each as a new message whose receives count from 0.",
                name(source)
            ),
            "StartMessageMoveTask",
        ),
        What::MoveTaskRefused { source } => say(
            format!(
                "SQS refuses: {} is no dead-letter queue, or has a task that runs already, or none to cancel.",
                name(source)
            ),
            "StartMessageMoveTask",
        ),
        What::MoveTaskEnded { source, end } => say(
            format!(
                "{} from {}.",
                match end {
                    MoveTaskEnd::Completed => "All there was has moved back",
                    MoveTaskEnd::Cancelled =>
                        "The way back is cancelled; what has moved stays moved: no more comes",
                    MoveTaskEnd::Failed => "The queue to move to is gone: no more comes",
                },
                name(source)
            ),
            "message move task",
        ),
        _ => return None,
    })
}

/// What SQS or a topic answered that a client would not expect.
fn answered(what: What, glance: Glance<'_>) -> Option<Caption> {
    let who = |actor: ActorId| capital(glance.cast.actor(actor));
    let noun = glance.noun;
    Some(match what {
        What::Deduplicated { queue, message } => say(
            format!(
                "{noun} {message} came to {} within the last 5 minutes: the send is answered with success, and nothing is stored again.",
                glance.cast.queue(queue),
                noun = capital(noun)
            ),
            "deduplication",
        ),
        What::TopicDeduplicated { message, .. } => say(
            format!(
                "The topic has had {noun} {message} within the last 5 minutes: it answers with success and delivers nothing again."
            ),
            "deduplication",
        ),
        What::DeleteFailed { actor, message, .. } => say(
            format!(
                "{} deletes {noun} {message} too late: on a FIFO queue its receipt ended with the visibility timeout, and SQS answers with an error.",
                who(actor)
            ),
            "ReceiptHandle",
        ),
        What::DeleteIgnored { actor, message, .. } => say(
            format!(
                "{} deletes {noun} {message} by an old receipt: SQS answers with success, and the {noun} stays, because it has been received again since.",
                who(actor)
            ),
            "ReceiptHandle",
        ),
        What::WorkSkipped { actor, message, .. } => say(
            format!(
                "{} finds a note that {noun} {message} is done: it does not do it a second time.",
                who(actor)
            ),
            "idempotent",
        ),
        What::WorkDiscarded { actor, message, .. } => say(
            format!(
                "{} has done {noun} {message}, but another was first and left a note: this work has no effect.",
                who(actor)
            ),
            "idempotent",
        ),
        _ => return None,
    })
}

/// What nobody will do any more, and what is there twice.
fn gone(what: What, world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let noun = glance.noun;
    Some(match what {
        What::Expired { queue, message, .. } => say(
            format!(
                "{} {message} is gone: its time in {} is over. Nobody is told.",
                capital(noun),
                glance.cast.queue(queue)
            ),
            "MessageRetentionPeriod",
        ),
        What::WorkFailed { message, copy, .. } if is_lost(world, (message, copy)) => say(
            format!(
                "The work on {noun} {message} failed, and it was deleted before: nobody will do it any more."
            ),
            "at-most-once",
        ),
        What::Enqueued {
            queue,
            message,
            copy,
        } if is_stored_again(world, (queue, message, copy)) => say(
            format!(
                "{} {message} is in {} a second time: to a standard queue every send is another message.",
                capital(noun),
                glance.cast.queue(queue)
            ),
            "at-least-once delivery",
        ),
        _ => return None,
    })
}

/// Whether a copy was deleted and neither it nor another one of its queue is done or there.
pub(super) fn is_lost(world: &SqsWorld, (message, copy): (MessageId, CopyId)) -> bool {
    let Some(its) = world.copy(message, copy) else {
        return false;
    };
    its.place.now == Place::Deleted
        && world
            .copies(message)
            .filter(|(_, other)| other.origin == its.origin)
            .all(|(_, other)| other.finishes == 0 && other.place.now.queue().is_none())
}

fn is_stored_again(world: &SqsWorld, (queue, message, copy): (QueueId, MessageId, CopyId)) -> bool {
    let mut copies = world.copies(message);
    copies.any(|(other, its)| other < copy && its.origin == queue)
}

/// What is worth a word as long as nothing louder happens.
pub(super) fn quiet(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let noun = glance.noun;
    newest(glance, |event| {
        Some(match event.what {
            What::VisibilityChanged {
                actor,
                message,
                timeout,
                reason: VisibilityReason::Heartbeat,
                ..
            } => say(
                format!(
                    "{} still works on {noun} {message} and says so: its time starts anew, it stays hidden until {}.",
                    capital(glance.cast.actor(actor)),
                    clock(event.at + SimDuration::from(timeout))
                ),
                "ChangeMessageVisibility",
            ),
            What::VisibilityRefused { actor, message, .. } => say(
                format!(
                    "SQS refuses {} to keep {noun} {message} hidden: it is gone, or the 12 hours of a receive are over.",
                    glance.cast.actor(actor)
                ),
                "ChangeMessageVisibility",
            ),
            What::Throttled { actor } => say(
                format!(
                    "The function runs as often as it may: it does not take the batch for {}, which comes again when its time runs out.",
                    glance.cast.actor(actor)
                ),
                "throttling",
            ),
            What::FilteredOut { queue, message, .. } => say(
                format!(
                    "{} {message} does not match the filter policy of {}: no copy of it comes there.",
                    capital(noun),
                    glance.cast.queue(queue)
                ),
                "FilterPolicy",
            ),
            What::Deleted { queue, message, .. } => freed(world, (queue, message), glance)?,
            _ => return None,
        })
    })
}

/// A message of a group is deleted, and the next of the group can be received.
fn freed(
    world: &SqsWorld,
    (queue, message): (QueueId, MessageId),
    glance: Glance<'_>,
) -> Option<Caption> {
    if world.queues.get(queue.index())?.kind != QueueKind::Fifo {
        return None;
    }
    let (next, is_free) = first_of_group(world, (queue, message), glance)?;
    is_free.then(|| {
        say(
            format!(
                "{} {message} is deleted: {} {next}, the next of its group, can be received.",
                capital(glance.noun),
                glance.noun
            ),
            "message group",
        )
    })
}

/// The first message of the group of `message` that is in the queue, and whether it can be
/// received.
fn first_of_group(
    world: &SqsWorld,
    (queue, message): (QueueId, MessageId),
    glance: Glance<'_>,
) -> Option<(MessageId, bool)> {
    let key_of = |id| glance.trace.message(id).and_then(|known| known.key);
    let group = key_of(message);
    let there = world.unsettled().take(super::LOOKED_THROUGH);
    let there =
        there.filter(|(id, _, its)| its.place.now.queue() == Some(queue) && key_of(*id) == group);
    let (first, _, its) = there.min_by_key(|(_, _, its)| its.arrival)?;
    Some((first, its.place.now == Place::Visible(queue)))
}

/// The message in flight that holds up the most of its group, and how many.
pub(super) fn blocked(world: &SqsWorld, glance: Glance<'_>) -> Option<(MessageId, u32)> {
    let key_of = |id| glance.trace.message(id).and_then(|known| known.key);
    let is_fifo = |queue: QueueId| {
        let queue = world.queues.get(queue.index());
        queue.is_some_and(|queue| queue.kind == QueueKind::Fifo)
    };
    let there = || world.unsettled().take(super::LOOKED_THROUGH);
    // The first in flight of each group.
    let mut holders: Vec<_> = Vec::new();
    for (id, _, its) in there() {
        if let Place::InFlight(queue) = its.place.now
            && is_fifo(queue)
        {
            let (group, holder) = ((queue, key_of(id)), (its.arrival, id, 0_u32));
            match holders.iter_mut().find(|(known, _)| *known == group) {
                Some((_, known)) => *known = holder.min(*known),
                None => holders.push((group, holder)),
            }
        }
    }
    for (id, _, its) in there() {
        if let Place::Visible(queue) = its.place.now {
            let group = (queue, key_of(id));
            let holder = holders.iter_mut().find(|(known, _)| *known == group);
            if let Some((_, (arrival, _, count))) = holder {
                *count += u32::from(its.arrival > *arrival);
            }
        }
    }
    let holders = holders.into_iter().map(|(_, (_, id, count))| (id, count));
    holders
        .filter(|(_, count)| *count > 0)
        .max_by_key(|(_, count)| *count)
}

/// Why a hidden message that nobody works on is hidden, if somebody has said so.
pub(super) fn put_off(
    (message, copy): (MessageId, CopyId),
    until: SimTime,
    glance: Glance<'_>,
) -> Option<Caption> {
    let noun = capital(glance.noun);
    let until = clock(until);
    let last = latest(glance).map(|event| event.what).find(|what| {
        matches!(what,
            What::VisibilityChanged { message: id, copy: its, .. }
            | What::LetGo { message: id, copy: its, .. }
            | What::Received { message: id, copy: its, .. }
                if (*id, *its) == (message, copy))
    })?;
    match last {
        What::VisibilityChanged {
            actor,
            reason: VisibilityReason::BackOff,
            ..
        } => Some(say(
            format!(
                "{noun} {message} failed, and {} puts it off: it comes again at {until}. The wait doubles with each failure, up to its limit.",
                glance.cast.actor(actor)
            ),
            "exponential back-off",
        )),
        What::LetGo { actor, .. } => Some(say(
            format!(
                "{noun} {message} was not done by {}: Lambda does not delete it. It comes again at {until}.",
                glance.cast.actor(actor)
            ),
            "batch item failure",
        )),
        _ => None,
    }
}
