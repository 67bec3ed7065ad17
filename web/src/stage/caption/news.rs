//! What has just happened in a queue lane that its messages do not show: what was done to a queue,
//! what is gone, what SQS has answered.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::trace::{Event, MoveTaskEnd, VisibilityReason, What};
use broker_lab_core::world::{MessageWorld, Place, SqsWorld};
use broker_lab_core::{CopyId, MessageId, QueueId, SimDuration, SimTime};

use super::deliveries;
use super::fill::{Parts, Words, fill};
use super::{Caption, LOOKED_THROUGH, is_news, latest};
use crate::stage::view::Glance;
use crate::stage::words::setting_name;

/// How much a piece of news matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Loudness {
    /// What a person did, what SQS refused, what is gone for good.
    Loud,
    /// What is worth a word as long as nothing louder happens.
    Quiet,
}

/// The latest news of a kind.
pub(super) fn news(world: &SqsWorld, glance: Glance<'_>, loudness: Loudness) -> Option<Caption> {
    for event in latest(glance).take_while(|event| is_news(event.at, glance.now)) {
        let told = match loudness {
            Loudness::Loud => loud(event.what, world),
            Loudness::Quiet => quiet(event, world, glance),
        };
        if let Some((words, parts)) = told {
            let mut caption = fill(glance, words, &parts);
            // The name of a setting is no part of a sentence that is filled in.
            if let What::AttributeChanged { setting, .. } = event.what {
                caption.text.insert_str(0, setting_name(setting));
            }
            return Some(caption);
        }
    }
    None
}

fn loud(what: What, world: &SqsWorld) -> Option<(Words, Parts)> {
    deliveries::loud(what)
        .or_else(|| done_to_a_queue(what))
        .or_else(|| answered(what))
        .or_else(|| gone(what, world))
}

/// What a person or a program asked of a queue.
fn done_to_a_queue(what: What) -> Option<(Words, Parts)> {
    let (words, queue) = match what {
        What::AttributeChanged { queue, .. } => (
            (
                " of @q has another value from now on. On AWS a change can take a minute.",
                "SetQueueAttributes",
            ),
            queue,
        ),
        What::AttributesRefused { queue } => (
            (
                "SQS refuses the new attributes of @q: all stay as they were.",
                "SetQueueAttributes",
            ),
            queue,
        ),
        What::QueuePurged { queue } => (
            (
                "All in @q is deleted, what is in flight or delayed too, and cannot be brought back.",
                "PurgeQueue",
            ),
            queue,
        ),
        What::PurgeRefused { queue } => (
            (
                "SQS refuses to purge @q: the last purge was less than 60 s ago.",
                "PurgeQueueInProgress",
            ),
            queue,
        ),
        What::MoveTaskStarted { source, .. } => (
            (
                "The dead letters in @q begin to go back, each as a new message whose receives count from 0.",
                "StartMessageMoveTask",
            ),
            source,
        ),
        What::MoveTaskRefused { source } => (
            (
                "SQS refuses: @q is no dead-letter queue, or has a task that runs already, or none to cancel.",
                "StartMessageMoveTask",
            ),
            source,
        ),
        What::MoveTaskEnded { source, end } => {
            let text = match end {
                MoveTaskEnd::Completed => "All there was has moved back from @q.",
                MoveTaskEnd::Cancelled => {
                    "Nothing more goes back from @q; what has moved stays moved."
                }
                MoveTaskEnd::Failed => {
                    "Nothing more goes back from @q: the queue to move to is gone."
                }
            };
            ((text, "message move task"), source)
        }
        _ => return None,
    };
    let parts = Parts {
        queue,
        ..Parts::default()
    };
    Some((words, parts))
}

/// What SQS or a topic answered that a client would not expect.
fn answered(what: What) -> Option<(Words, Parts)> {
    let mut parts = Parts::default();
    let words = match what {
        What::Poisoned { message } => {
            parts.message = message;
            (
                "From now on the work on @m fails, whoever does it.",
                "poison message",
            )
        }
        What::Resent { message } => {
            parts.message = message;
            (
                "The producer has heard no answer to @m, and sends it once more.",
                "retry",
            )
        }
        What::Deduplicated { queue, message } => {
            (parts.queue, parts.message) = (queue, message);
            (
                "@m came to @q within the last 5 minutes: the send is answered with success, and nothing is stored again.",
                "deduplication",
            )
        }
        What::TopicDeduplicated { message, .. } => {
            parts.message = message;
            (
                "The topic has had @m within the last 5 minutes: it answers with success and delivers nothing again.",
                "deduplication",
            )
        }
        What::DeleteFailed { actor, message, .. } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "@w deletes @m too late: on a FIFO queue its receipt ended with the visibility timeout, and SQS answers with an error.",
                "ReceiptHandle",
            )
        }
        What::DeleteIgnored { actor, message, .. } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "@w deletes @m by an old receipt: SQS answers with success, and the @o stays, because it has been received again since.",
                "ReceiptHandle",
            )
        }
        What::WorkSkipped { actor, message, .. } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "@w finds a note that @m is done: it does not do it a second time.",
                "idempotent",
            )
        }
        What::WorkDiscarded { actor, message, .. } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "@w has done @m, but another was first and left a note: this work has no effect.",
                "idempotent",
            )
        }
        _ => return None,
    };
    Some((words, parts))
}

/// What nobody will do any more, and what is there twice.
fn gone(what: What, world: &SqsWorld) -> Option<(Words, Parts)> {
    let mut parts = Parts::default();
    let words = match what {
        What::Expired { queue, message, .. } => {
            (parts.queue, parts.message) = (queue, message);
            (
                "@m is gone: its time in @q is over. Nobody is told.",
                "MessageRetentionPeriod",
            )
        }
        What::WorkFailed { message, copy, .. } if is_lost(world, (message, copy)) => {
            parts.message = message;
            (
                "The work on @m failed, and it was deleted before: nobody will do it any more.",
                "at-most-once",
            )
        }
        What::Enqueued {
            queue,
            message,
            copy,
        } if is_stored_again(world, (queue, message, copy)) => {
            (parts.queue, parts.message) = (queue, message);
            (
                "@m is in @q a second time: to a standard queue every send is another message.",
                "at-least-once delivery",
            )
        }
        _ => return None,
    };
    Some((words, parts))
}

/// Whether a copy was deleted and neither it nor another one of its queue is done or there.
pub(super) fn is_lost(world: &SqsWorld, (message, copy): (MessageId, CopyId)) -> bool {
    let Some(its) = world.copy(message, copy) else {
        return false;
    };
    its.place.now == Place::Deleted
        && world.copies(message).all(|(_, other)| {
            other.origin != its.origin || other.finishes == 0 && other.place.now.queue().is_none()
        })
}

fn is_stored_again(world: &SqsWorld, (queue, message, copy): (QueueId, MessageId, CopyId)) -> bool {
    let mut copies = world.copies(message);
    copies.any(|(other, its)| other < copy && its.origin == queue)
}

fn quiet(event: &Event, world: &SqsWorld, glance: Glance<'_>) -> Option<(Words, Parts)> {
    if let What::Delivery { what } = event.what {
        return deliveries::quiet(event.at, what);
    }
    if let What::RequestThrottled { what } = event.what {
        return Some(deliveries::throttled(event.at, what));
    }
    let mut parts = Parts::default();
    let words = match event.what {
        What::VisibilityChanged {
            actor,
            message,
            timeout,
            reason: VisibilityReason::Heartbeat,
            ..
        } => {
            (parts.actor, parts.message) = (actor, message);
            parts.time = event.at + SimDuration::from(timeout);
            (
                "@w still works on @m and says so: its time starts anew, it stays hidden until @t.",
                "ChangeMessageVisibility",
            )
        }
        What::VisibilityRefused { actor, message, .. } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "SQS refuses @w to keep @m hidden: it is gone, or the 12 hours of a receive are over.",
                "ChangeMessageVisibility",
            )
        }
        What::Throttled { actor } => {
            parts.actor = actor;
            (
                "The function runs as often as it may: it does not take the batch for @w, which comes again when its time runs out.",
                "throttling",
            )
        }
        What::FilteredOut { queue, message, .. } => {
            (parts.queue, parts.message) = (queue, message);
            (
                "@m does not match the filter policy of @q: no copy of it comes there.",
                "FilterPolicy",
            )
        }
        What::Deleted { queue, message, .. } => {
            let queue = queue_of_groups(world, queue)?;
            let group = key_of(glance, message);
            let there = in_queues(world);
            let mut its = there.iter().filter(|(id, its)| {
                its.place.now.queue() == Some(queue) && key_of(glance, *id) == group
            });
            let (next, first) = its.next()?;
            if first.place.now != Place::Visible(queue) {
                return None;
            }
            parts.message = *next;
            (
                "The @o before it is deleted: @m, the next of its group, can be received.",
                "message group",
            )
        }
        _ => return None,
    };
    Some((words, parts))
}

/// The same queue, if it is a FIFO queue.
fn queue_of_groups(world: &SqsWorld, queue: QueueId) -> Option<QueueId> {
    let found = world.queues.get(queue.index())?;
    (found.kind == QueueKind::Fifo).then_some(queue)
}

fn key_of(glance: Glance<'_>, id: MessageId) -> Option<broker_lab_core::workload::KeyId> {
    glance.trace.message(id).and_then(|known| known.key)
}

/// The messages that are in queues, in the order in which they came.
fn in_queues(world: &SqsWorld) -> Vec<(MessageId, &MessageWorld)> {
    let mut there = Vec::new();
    for (id, _, its) in world.unsettled().take(LOOKED_THROUGH) {
        if its.place.now.queue().is_some() {
            there.push((id, its));
        }
    }
    there.sort_unstable_by_key(|(_, its)| its.arrival);
    there
}

/// The message in flight that holds up the most of its group, and how many.
pub(super) fn blocked(world: &SqsWorld, glance: Glance<'_>) -> Option<(MessageId, u32)> {
    // The first in flight of each group: what is visible behind it waits.
    let mut holders: Vec<(QueueId, MessageId, u32)> = Vec::new();
    for (id, its) in in_queues(world) {
        let queue = its
            .place
            .now
            .queue()
            .and_then(|queue| queue_of_groups(world, queue));
        let Some(queue) = queue else { continue };
        let group = key_of(glance, id);
        let known = holders
            .iter_mut()
            .find(|(place, holder, _)| *place == queue && key_of(glance, *holder) == group);
        match (known, its.place.now) {
            (Some((_, _, count)), Place::Visible(_)) => *count += 1,
            (None, Place::InFlight(_)) => holders.push((queue, id, 0)),
            _ => {}
        }
    }
    let most = holders.iter().max_by_key(|(_, _, count)| *count);
    most.filter(|(_, _, count)| *count > 0)
        .map(|(_, id, count)| (*id, *count))
}

/// Why a hidden message that nobody works on is hidden, if somebody has said so.
pub(super) fn put_off(
    (message, copy): (MessageId, CopyId),
    until: SimTime,
    glance: Glance<'_>,
) -> Option<Caption> {
    for event in latest(glance) {
        let (words, actor, of) = match event.what {
            What::VisibilityChanged {
                message,
                copy,
                actor,
                reason,
                ..
            } => {
                let back_off = (
                    "@m failed, and @w puts it off: it comes again at @t. The wait doubles with each failure, up to its limit.",
                    "exponential back-off",
                );
                let words = (reason == VisibilityReason::BackOff).then_some(back_off);
                (words, actor, (message, copy))
            }
            What::LetGo {
                message,
                copy,
                actor,
            } => {
                let left = (
                    "@m was not done by @w: Lambda does not delete it. It comes again at @t.",
                    "batch item failure",
                );
                (Some(left), actor, (message, copy))
            }
            What::Received {
                message,
                copy,
                actor,
                ..
            } => (None, actor, (message, copy)),
            _ => continue,
        };
        if of == (message, copy) {
            let parts = Parts {
                actor,
                message,
                time: until,
                ..Parts::default()
            };
            return words.map(|words| fill(glance, words, &parts));
        }
    }
    None
}
