//! What a queue knows of a message: each copy of it, under SQS's own names.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::sns;
use broker_lab_core::trace::What;
use broker_lab_core::world::{MessageWorld, Place, SqsWorld};
use broker_lab_core::{CopyId, LaneCast, LaneId, MessageId, Record, SimTime};

use super::inspect::Field;
use crate::stage::layout::{Body, LaneLayout};
use crate::stage::{queue_rows, words};

/// Messages looked through for the one that a message is blocked behind.
const LOOKED_THROUGH: usize = 5_000;

/// Where and when a message is looked at.
pub(super) struct Spot<'a> {
    pub(super) run: &'a Record,
    pub(super) cast: &'a LaneCast,
    pub(super) lane: LaneId,
    pub(super) layout: Option<&'a LaneLayout>,
    pub(super) now: SimTime,
}

/// The fields of all copies of a message.
pub(super) fn of(message: MessageId, world: &SqsWorld, spot: &Spot<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    let several = world.copies(message).count() > 1;
    let first = first_receives(message, spot);
    for (copy, found) in world.copies(message) {
        if several {
            let name = format!("{} {message}, copy {}", spot.run.cast().noun, copy.0 + 1);
            fields.push(("message", name));
        }
        fields.push(("state", state((message, copy), found, (world, spot))));
        fields.push(("SentTimestamp", words::clock(found.sent_at)));
        fields.push(("ApproximateReceiveCount", found.receives.to_string()));
        let first = first.iter().find(|(its, _)| *its == copy);
        if let (Some((_, at)), 1..) = (first, found.receives) {
            fields.push(("ApproximateFirstReceiveTimestamp", words::clock(*at)));
        }
        of_place(message, found, (world, spot), &mut fields);
    }
    fields
}

/// When each copy was received for the first time; what a move task has moved is a new message.
fn first_receives(message: MessageId, spot: &Spot<'_>) -> Vec<(CopyId, SimTime)> {
    let mut first: Vec<(CopyId, SimTime)> = Vec::new();
    let events = spot.run.trace().iter();
    let events = events.take_while(|event| event.at <= spot.now);
    for event in events.filter(|event| event.lane == spot.lane) {
        match event.what {
            What::Received {
                message: id, copy, ..
            } if id == message && first.iter().all(|(its, _)| *its != copy) => {
                first.push((copy, event.at));
            }
            What::Moved {
                message: id, copy, ..
            } if id == message => first.retain(|(its, _)| *its != copy),
            _ => {}
        }
    }
    first
}

/// What depends on the queue that it is in.
fn of_place(
    id: MessageId,
    message: &MessageWorld,
    (world, spot): (&SqsWorld, &Spot<'_>),
    fields: &mut Vec<Field>,
) {
    let Some(queue) = message.place.now.queue() else {
        return;
    };
    let Spot { run, cast, .. } = spot;
    let name = |queue| cast.queue(queue).to_owned();
    fields.push(("queue", name(queue)));
    if !matches!(message.place.now, Place::Visible(_)) {
        fields.push(("hidden until", words::clock(message.hidden_until)));
    }
    if matches!(message.place.now, Place::InFlight(_)) {
        let handle = format!("{id}.{}", message.receives_here);
        fields.push(("received by", cast.actor(message.actor).to_owned()));
        fields.push(("ReceiptHandle", handle));
    }
    if let Some(known) = run.trace().message(id)
        && let Some(content) = sns::content((run.cast(), cast), message.origin, (id, known))
    {
        fields.push(("Body", content.body));
        if !content.attributes.is_empty() {
            let each = content.attributes.iter();
            let each: Vec<String> = each
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            fields.push(("MessageAttributes", each.join(", ")));
        }
    }
    if message.origin != queue && message.receives > message.receives_here {
        fields.push(("DeadLetterQueueSourceArn", name(message.origin)));
    }
    let Some(kept) = world.queues.get(queue.index()) else {
        return;
    };
    let key = run.trace().message(id).and_then(|known| known.key);
    let group = key.map_or_else(String::new, |key| run.cast().keys.name(key).to_owned());
    if kept.kind == QueueKind::Fifo {
        let unique = if kept.choices.content_based_deduplication {
            String::from("a hash of the body")
        } else {
            id.to_string()
        };
        fields.extend([
            ("MessageGroupId", group),
            ("MessageDeduplicationId", unique),
            ("SequenceNumber", format!("{}, as arrived", message.arrival)),
        ]);
    }
    if let Some(at) = world.expires_at(message) {
        fields.push(("expires at", words::clock(at)));
    }
}

/// Where it is.
fn state(
    (id, copy): (MessageId, CopyId),
    message: &MessageWorld,
    (world, spot): (&SqsWorld, &Spot<'_>),
) -> String {
    let text = match message.place.now {
        Place::Nowhere => "not sent yet",
        Place::Sent => "on its way to the queue",
        Place::Delayed(_) => "delayed",
        Place::Visible(_) => match blocked_behind((id, copy), (world, spot)) {
            Some(other) => return format!("visible, blocked behind {other} of its group"),
            None => "visible",
        },
        Place::InFlight(_) => "in flight, hidden",
        Place::Deleted => "deleted",
        Place::Expired => "expired",
        Place::Purged => "purged",
        Place::FilteredOut => "left out by the filter policies",
        Place::Undelivered => "lost: SNS could not deliver it",
    };
    String::from(text)
}

/// The message that it waits behind in its group of a FIFO queue.
fn blocked_behind(
    copy: (MessageId, CopyId),
    (world, spot): (&SqsWorld, &Spot<'_>),
) -> Option<MessageId> {
    let Body::Queue(body) = &spot.layout?.body else {
        return None;
    };
    queue_rows::behind(body, (world, spot.run.trace()), copy, LOOKED_THROUGH)
}
