//! The receives that wait for a message: ReceiveMessage WaitTimeSeconds (API).

use std::collections::VecDeque;

use super::times::Times;
use crate::sqs::messages::{ReceiveRequest, Waiter};
use crate::time::SimTime;

/// The receives that wait, the longest waiting first.
#[derive(Clone, Debug, Default)]
pub(in crate::sqs) struct Waits {
    /// By rising number.
    list: VecDeque<(u32, Waiting)>,
    /// When each wait is over, with its number: their ends need not come in the order of waiting.
    ends: Times,
    next_number: u32,
}

/// A receive that waits for a message.
#[derive(Clone, Copy, Debug)]
pub(in crate::sqs) struct Waiting {
    pub(in crate::sqs) waiter: Waiter,
    pub(in crate::sqs) request: ReceiveRequest,
    pub(in crate::sqs) until: SimTime,
}

impl Waits {
    pub(in crate::sqs) fn push(&mut self, waiting: Waiting) {
        let number = self.next_number;
        self.next_number += 1;
        self.list.push_back((number, waiting));
        self.ends.insert(waiting.until, number);
    }

    /// The one that has waited longest.
    pub(in crate::sqs) fn first(&self) -> Option<&Waiting> {
        self.list.front().map(|(_, waiting)| waiting)
    }

    /// Takes out the one that has waited longest.
    pub(in crate::sqs) fn take_first(&mut self) -> Option<Waiting> {
        let (number, waiting) = self.list.pop_front()?;
        self.ends.remove(waiting.until, number);
        Some(waiting)
    }

    /// When the next wait is over.
    pub(super) fn next_end(&self) -> Option<SimTime> {
        self.ends.first().map(|(until, _)| until)
    }

    /// Takes out one whose wait is over at `at`; of several the one that has waited longest.
    pub(in crate::sqs) fn take_over(&mut self, at: SimTime) -> Option<Waiting> {
        let (until, over) = self.ends.first().filter(|(until, _)| *until <= at)?;
        self.ends.remove(until, over);
        let place = self.list.partition_point(|(number, _)| *number < over);
        self.list.remove(place).map(|(_, waiting)| waiting)
    }

    /// Forgets those of `waiter`.
    pub(in crate::sqs) fn cancel(&mut self, waiter: Waiter) {
        let ends = &mut self.ends;
        self.list.retain(|(number, waiting)| {
            let stays = waiting.waiter != waiter;
            if !stays {
                ends.remove(waiting.until, *number);
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_end_by_their_own_times_and_are_served_in_their_order() {
        let mut waits = Waits::default();
        for (waiter, until) in [(1, 30), (2, 10), (3, 20), (4, 10), (5, 40)] {
            waits.push(Waiting {
                waiter,
                request: ReceiveRequest::default(),
                until: SimTime::from_micros(until),
            });
        }
        let over = |waits: &mut Waits, at| {
            let waiting = waits.take_over(SimTime::from_micros(at));
            waiting.map(|waiting| waiting.waiter)
        };
        assert_eq!(waits.next_end(), Some(SimTime::from_micros(10)));
        assert_eq!(over(&mut waits, 9), None);
        waits.cancel(2);
        assert_eq!([10, 10].map(|at| over(&mut waits, at)), [Some(4), None]);
        assert_eq!(waits.first().map(|waiting| waiting.waiter), Some(1));
        assert_eq!(waits.take_first().map(|waiting| waiting.waiter), Some(1));
        assert_eq!(over(&mut waits, 100), Some(3));
        assert_eq!(waits.next_end(), Some(SimTime::from_micros(40)));
    }
}
