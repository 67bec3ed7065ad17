//! What is looked up in a queue: its messages in their order, groups and what blocks them, ages.

use super::queue::{MessageWorld, Place};
use super::sqs::SqsWorld;
use crate::cast::QueueKind;
use crate::ids::{CopyId, MessageId, QueueId};
use crate::sqs::limits::OFTEN_RECEIVED;
use crate::time::SimTime;
use crate::workload::KeyId;

/// A message group of a FIFO queue, its messages in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageGroupWorld {
    /// MessageGroupId.
    pub group: Option<KeyId>,
    /// Its messages, the next to be received first.
    pub messages: Vec<GroupMessage>,
}

/// A message in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupMessage {
    /// Which.
    pub message: MessageId,
    /// Which copy of it.
    pub copy: CopyId,
    /// Whether it can be received.
    pub turn: Turn,
}

/// How a message of a FIFO queue stands. A group can be received from its front up to the first
/// message in flight (observed on AWS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It can be received.
    Free,
    /// It is delayed.
    Delayed,
    /// It is in flight.
    InFlight,
    /// It is visible, and one of its group before it is in flight.
    Blocked,
}

impl SqsWorld {
    /// The messages that are in a queue, in the order in which they came.
    #[must_use]
    pub fn in_queue(&self, queue: QueueId) -> Vec<(MessageId, CopyId, &MessageWorld)> {
        let mut there: Vec<_> = self
            .unsettled()
            .filter(|(_, _, message)| message.place.now.queue() == Some(queue))
            .collect();
        there.sort_unstable_by_key(|(_, _, message)| message.arrival);
        there
    }

    /// The groups of a FIFO queue, by the age of their first message. `group_of`: the key of a
    /// message.
    #[must_use]
    pub fn groups(
        &self,
        queue: QueueId,
        group_of: impl Fn(MessageId) -> Option<KeyId>,
    ) -> Vec<MessageGroupWorld> {
        let mut groups: Vec<MessageGroupWorld> = Vec::new();
        for (message, copy, found) in self.in_queue(queue) {
            let group = group_of(message);
            let place = groups.iter().position(|its| its.group == group);
            let place = place.unwrap_or_else(|| {
                let messages = Vec::new();
                groups.push(MessageGroupWorld { group, messages });
                groups.len() - 1
            });
            let Some(its) = groups.get_mut(place) else {
                continue;
            };
            let is_hidden = |other: &GroupMessage| other.turn == Turn::InFlight;
            let turn = match found.place.now {
                Place::InFlight(_) => Turn::InFlight,
                Place::Delayed(_) => Turn::Delayed,
                _ if its.messages.iter().any(is_hidden) => Turn::Blocked,
                _ => Turn::Free,
            };
            its.messages.push(GroupMessage {
                message,
                copy,
                turn,
            });
        }
        groups
    }

    /// Since when the oldest message is in a queue: ApproximateAgeOfOldestMessage counts from it.
    /// One that is received three times or more from a standard queue is not looked at, and in a
    /// dead-letter queue the age counts from the move. Available CloudWatch metrics (DG).
    /// `counts`: which messages are looked at.
    #[must_use]
    pub fn oldest(&self, queue: QueueId, counts: impl Fn(MessageId) -> bool) -> Option<SimTime> {
        let kind = self.queues.get(queue.index())?.kind;
        let is_behind = |message: &MessageWorld| {
            kind == QueueKind::Standard && u32::from(message.receives_here) >= OFTEN_RECEIVED
        };
        let there = self.unsettled().filter(|(id, _, message)| {
            message.place.now.queue() == Some(queue) && !is_behind(message) && counts(*id)
        });
        there.map(|(_, _, message)| message.stored_at).min()
    }
}
