//! How much of the consumers' time went to whom of late, in whole seconds of their ends: what is
//! kept does not grow with the number of messages.

use std::collections::VecDeque;

use crate::sqs::fair;
use crate::sqs::identity::MessageGroup;
use crate::time::{SimDuration, SimTime};

/// The recent processing time of one tenant, or of all messages without a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// Microseconds.
    pub(super) total: u64,
    /// By the second in which the processing ended.
    seconds: VecDeque<(u64, u64)>,
}

/// Who an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Tenant(MessageGroup),
    /// All messages without a group.
    NoGroup,
}

/// Which accounts have something to forget, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    due: VecDeque<(u64, Whose)>,
    /// Of all accounts, in microseconds.
    pub(super) total: u64,
}

impl Book {
    /// A message of `whose` was worked on for so long, up to now.
    pub(super) fn enter(
        &mut self,
        now: SimTime,
        (whose, account): (Whose, &mut Account),
        took: SimDuration,
    ) {
        let took = took.as_micros();
        if took == 0 {
            return;
        }
        self.total += took;
        account.total += took;
        let second = now.as_micros() / 1_000_000;
        match account.seconds.back_mut() {
            Some((last, sum)) if *last == second => *sum += took,
            _ => {
                account.seconds.push_back((second, took));
                self.due.push_back((second, whose));
            }
        }
    }

    /// Whose account has a second that is too old by now.
    pub(super) fn next_due(&mut self, now: SimTime) -> Option<Whose> {
        let (second, whose) = *self.due.front()?;
        let ends = SimTime::from_micros(second * 1_000_000) + fair::RECENT;
        if ends > now {
            return None;
        }
        self.due.pop_front();
        Some(whose)
    }

    /// Forgets the oldest second of an account.
    pub(super) fn forget(&mut self, account: &mut Account) {
        if let Some((_, sum)) = account.seconds.pop_front() {
            account.total -= sum;
            self.total -= sum;
        }
    }
}
