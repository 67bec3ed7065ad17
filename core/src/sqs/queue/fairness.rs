//! What a fair queue tells of itself.

use super::Queue;
use super::entry::State;
use crate::sqs::messages::FairCounts;
use crate::time::SimTime;

impl<B: Clone> Queue<B> {
    /// How many tenants are noisy, and what belongs to the others.
    pub(in crate::sqs) fn fair_counts(&mut self, now: SimTime) -> FairCounts {
        let noise = self.order.noise(now);
        let delayed = noise.messages - noise.visible - noise.not_visible;
        let is_quiet = |number: u32| {
            let entry = self.entries.get(number)?;
            let is_noisy = entry.group.is_some_and(|group| self.order.is_noisy(group));
            let is_missed = matches!(entry.state, State::Missed { .. });
            (!is_noisy && !is_missed).then_some(entry.sent_at)
        };
        FairCounts {
            noisy_groups: noise.groups,
            visible_in_quiet_groups: self.counts.visible.saturating_sub(noise.visible),
            not_visible_in_quiet_groups: self.counts.not_visible.saturating_sub(noise.not_visible),
            delayed_in_quiet_groups: self.counts.delayed.saturating_sub(delayed),
            oldest_in_quiet_groups: self.ages.numbers().find_map(is_quiet),
        }
    }
}
