//! What a standard queue does by chance: see [`Chances`](crate::sqs::Chances).

use super::Queue;
use super::entry::State;
use super::standard::Standard;
use crate::sqs::chances::Dice;
use crate::sqs::messages::Deletion;
use crate::time::SimTime;

impl<B: Clone> Queue<B> {
    /// What may happen from now on.
    pub(in crate::sqs) fn set_dice(&mut self, dice: Option<Dice>) {
        let visible = self.entries.numbers();
        let visible = visible.into_iter().filter(|number| {
            let entry = self.entries.get(*number);
            entry.is_some_and(|entry| entry.state == State::Visible)
        });
        self.order.set_dice(dice, visible);
    }

    /// Whether a short poll finds nothing whatever there is.
    pub(in crate::sqs) fn overlooks_all(&mut self) -> bool {
        let standard = self.order.standard();
        standard.is_some_and(Standard::overlooks_all)
    }

    /// Whether a short poll overlooks a visible message; if so, it is out of the way until the
    /// poll is over.
    pub(in crate::sqs) fn overlooks(&mut self, now: SimTime, number: u32) -> bool {
        let Some((standard, entry)) = self.order.standard().zip(self.entries.get(number)) else {
            return false;
        };
        let overlooks = standard.overlooks();
        if overlooks {
            standard.overlook(now, entry.seat(number));
        }
        overlooks
    }

    /// The short poll is over.
    pub(in crate::sqs) fn overlook_no_more(&mut self, number: u32) {
        if let Some((standard, entry)) = self.order.standard().zip(self.entries.get(number)) {
            standard.overlook_no_more(entry.seat(number));
        }
    }

    /// Deletes a message, and by chance misses a copy of it. The copy is visible once more: at
    /// once, if the message is, else when its timeout would have ended.
    pub(super) fn delete_or_miss(&mut self, now: SimTime, number: u32) -> Deletion<B> {
        let Some(entry) = self.entries.get(number) else {
            return Deletion::Gone;
        };
        let (body, state) = (entry.body.clone(), entry.state);
        let is_original = !entry.is_copy;
        let standard = self.order.standard();
        if is_original && standard.is_some_and(Standard::redelivers) {
            let until = state.until().unwrap_or(now);
            self.enter(now, (number, State::Missed { until }), |entry| {
                entry.is_copy = true;
            });
        } else if self.take(now, number).is_none() {
            return Deletion::Gone;
        }
        Deletion::Deleted(body)
    }
}
