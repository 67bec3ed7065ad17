//! What a redrive task sees of its source, and whether a queue exists at all.

use super::entry::State;
use super::order::Order;
use super::{Entry, Queue};
use crate::sqs::attributes::QueueAttributes;
use crate::time::SimTime;

/// Whether there is such a queue. A name that was spoken of keeps its place: a redrive policy
/// names a queue by its ARN, which is its name, whether it exists or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sqs) enum Presence {
    /// It was never created.
    Never,
    /// It exists.
    Here,
    /// It was deleted.
    Deleted { at: SimTime },
}

impl<B: Clone> Queue<B> {
    pub(in crate::sqs) fn exists(&self) -> bool {
        self.presence == Presence::Here
    }

    /// A new queue in the place of one that is gone: receipts of before stay receipts of messages
    /// that are gone.
    pub(in crate::sqs) fn recreate(&mut self, attributes: QueueAttributes) {
        if self.attributes.fifo.is_some() != attributes.fifo.is_some() {
            self.order = Order::of(&attributes);
            self.order.clear(self.entries.next_number());
        }
        self.attributes = attributes;
        self.presence = Presence::Here;
        self.purged_at = None;
    }

    /// The messages that are visible, oldest first.
    pub(in crate::sqs) fn visible_numbers(&self) -> Vec<u32> {
        let is_visible = |number: &u32| {
            let entry = self.entry(*number);
            entry.is_some_and(|entry| entry.state == State::Visible)
        };
        self.entries
            .numbers()
            .into_iter()
            .filter(is_visible)
            .collect()
    }

    /// Whether a redrive can take a message: it is visible, and does not wait for another of its
    /// group.
    pub(in crate::sqs) fn is_movable(&self, number: u32) -> bool {
        let is_free = |entry: &Entry<B>| !self.order.is_held_up(entry.seat(number));
        let entry = self.entry(number);
        entry.is_some_and(|entry| entry.state == State::Visible && is_free(entry))
    }
}

impl<B: Clone> Entry<B> {
    /// The message as it is after a redrive: new, but for what it carries and its group. Learn
    /// how to configure a dead-letter queue redrive (DG). That a FIFO queue takes it whatever was
    /// sent before, and shows the deduplication id that it had, is our choice.
    pub(in crate::sqs) fn redriven(self, now: SimTime) -> Self {
        Self {
            redrives: self.redrives + 1,
            group: self.group,
            deduplication: self.deduplication,
            ..Self::new(self.body, now)
        }
    }
}
