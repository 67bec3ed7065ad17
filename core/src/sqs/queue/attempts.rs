//! Receives that can be repeated: ReceiveMessage ReceiveRequestAttemptId (API).

use std::collections::{BTreeMap, VecDeque};

use crate::sqs::identity::ReceiveAttempt;
use crate::sqs::limits;
use crate::time::SimTime;

/// The receives of the last five minutes that had an attempt id and got something. A repeat does
/// not prolong the five minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    made: BTreeMap<ReceiveAttempt, (SimTime, Vec<(u32, u32)>)>,
    by_age: VecDeque<(SimTime, ReceiveAttempt)>,
}

impl Attempts {
    /// The messages that `attempt` was given: number and receive.
    pub(super) fn given(&mut self, now: SimTime, attempt: ReceiveAttempt) -> Option<&[(u32, u32)]> {
        while let Some((at, old)) = self.by_age.front().copied()
            && at + limits::RECEIVE_ATTEMPT_INTERVAL <= now
        {
            self.by_age.pop_front();
            // It may have been made anew since.
            if self
                .made
                .get(&old)
                .is_some_and(|(made_at, _)| *made_at == at)
            {
                self.made.remove(&old);
            }
        }
        self.made.get(&attempt).map(|(_, given)| &**given)
    }

    pub(super) fn remember(
        &mut self,
        now: SimTime,
        attempt: ReceiveAttempt,
        given: Vec<(u32, u32)>,
    ) {
        self.made.insert(attempt, (now, given));
        self.by_age.push_back((now, attempt));
    }

    pub(super) fn clear(&mut self) {
        self.made.clear();
        self.by_age.clear();
    }
}
