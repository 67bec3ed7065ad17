//! What a FIFO topic remembers of the last five minutes.

use std::collections::{BTreeMap, VecDeque};

use super::limits;
use crate::sqs::{DeduplicationId, MessageGroup, SequenceNumber};
use crate::time::SimTime;

/// FifoThroughputScope: how far deduplication reaches. CreateTopic (SNS API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FifoThroughputScope {
    /// Over the whole topic: the default.
    #[default]
    Topic,
    /// Over each message group by itself.
    MessageGroup,
}

/// A deduplication id, with its group where that is the scope.
type Key = (Option<MessageGroup>, DeduplicationId);

/// The deduplication ids of a FIFO topic.
#[derive(Clone, Debug)]
pub(super) struct Deduplication {
    seen: BTreeMap<Key, SequenceNumber>,
    /// In the order in which they are forgotten.
    ages: VecDeque<(SimTime, Key)>,
}

impl Deduplication {
    pub(super) const fn new() -> Self {
        Self {
            seen: BTreeMap::new(),
            ages: VecDeque::new(),
        }
    }

    /// The sequence number of a message with the same id of less than five minutes ago; if there
    /// is none, `number` is remembered. A duplicate does not prolong the five minutes.
    pub(super) fn first(
        &mut self,
        now: SimTime,
        key: Key,
        number: SequenceNumber,
    ) -> Option<SequenceNumber> {
        while let Some((at, _)) = self.ages.front()
            && *at + limits::DEDUPLICATION_INTERVAL <= now
        {
            if let Some((_, key)) = self.ages.pop_front() {
                self.seen.remove(&key);
            }
        }
        if let Some(first) = self.seen.get(&key) {
            return Some(*first);
        }
        self.seen.insert(key, number);
        self.ages.push_back((now, key));
        None
    }
}
