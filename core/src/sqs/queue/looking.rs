//! What a lane looks up that no request of SQS tells.

use super::Queue;
use super::entry::State;
use crate::sqs::identity::MessageGroup;

impl<B: Clone> Queue<B> {
    /// Whether a message is in flight.
    pub(in crate::sqs) fn is_in_flight(&self, number: u32) -> bool {
        let entry = self.entry(number);
        entry.is_some_and(|entry| matches!(entry.state, State::InFlight { .. }))
    }

    /// What all messages carry, oldest first; without what a delete has missed.
    pub(in crate::sqs) fn bodies(&self) -> impl Iterator<Item = &B> {
        let numbers = self.entries.numbers().into_iter();
        let entries = numbers.filter_map(|number| self.entry(number));
        entries
            .filter(|entry| !entry.is_missed())
            .map(|entry| &entry.body)
    }

    /// The tenants that are noisy now, in their order.
    pub(in crate::sqs) fn noisy_groups(&self) -> Vec<MessageGroup> {
        let mut groups: Vec<MessageGroup> = self.order.noisy_groups().collect();
        groups.sort_unstable();
        groups
    }
}
