//! Messages that lie in dead-letter queues and are not done: neither lost nor worked on.

use super::Guarantee;
use super::lane::LaneChecks;
use super::queue::QueueChecks;
use crate::ids::{MessageId, QueueId};
use crate::trace::{DeliveryWhat, What};

/// How many messages are set aside: for [`Guarantee::NothingLost`] those that nobody has done,
/// for [`Guarantee::EveryTeam`] those that some kind of workers has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Aside {
    undone: u32,
    missed: u32,
}

impl Aside {
    /// What matters to a guarantee.
    pub(super) const fn of(self, guarantee: Guarantee) -> u32 {
        match guarantee {
            Guarantee::NothingLost => self.undone,
            Guarantee::EveryTeam => self.missed,
            _ => 0,
        }
    }

    /// One message has changed.
    pub(super) const fn replace(&mut self, before: Self, after: Self) {
        self.undone = self.undone - before.undone + after.undone;
        self.missed = self.missed - before.missed + after.missed;
    }
}

impl LaneChecks {
    /// The message of an event that can set one aside, take one back or see one done.
    pub(super) fn concerned(&self, what: What) -> Option<MessageId> {
        let queue = self.queue.as_ref()?;
        match what {
            What::DeadLettered { message, .. }
            | What::Delivery {
                what: DeliveryWhat::DeadLettered { message, .. },
            } => Some(message),
            What::Received { message, .. }
            | What::Moved { message, .. }
            | What::Deleted { message, .. }
            | What::Expired { message, .. }
            | What::Purged { message, .. }
            | What::WorkFinished { message, .. }
                if queue.has_parked() =>
            {
                Some(message)
            }
            _ => None,
        }
    }

    /// How one message stands: once for each queue that copies of it came by.
    pub(super) fn aside(&self, message: MessageId) -> Aside {
        let mut aside = Aside::default();
        let Some(queue) = &self.queue else {
            return aside;
        };
        let is_undone = |origin: QueueId| {
            let reader = self.readers.get(origin.index());
            reader.is_none_or(|reader| !reader.has_finished(message))
        };
        let mut parked: Vec<QueueId> = queue.parked(message).collect();
        parked.sort_unstable();
        parked.dedup();
        for origin in parked {
            aside.undone += u32::from(is_undone(origin));
            aside.missed += u32::from(queue.misses(origin, message));
        }
        aside
    }
}

impl QueueChecks {
    /// Whether a kind of workers of a queue has not finished a message.
    fn misses(&self, origin: QueueId, message: MessageId) -> bool {
        let mut unfinished = self.unfinished(origin, message);
        unfinished.next().is_some()
    }
}
