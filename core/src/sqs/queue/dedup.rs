//! What a FIFO queue remembers to tell a message that was sent before. Exactly-once processing
//! (DG).

use std::collections::{BTreeMap, VecDeque};

use crate::sqs::attributes::DeduplicationScope;
use crate::sqs::identity::{DeduplicationId, MessageGroup, SequenceNumber};
use crate::sqs::limits;
use crate::time::SimTime;

/// The sends of the last five minutes. Deleting a message does not take its send away, and a
/// duplicate does not prolong what is remembered. At the exact end of the five minutes the same
/// id is a new message.
///
/// Ids are remembered together with their groups, so that a scope that is changed holds for all
/// sends after the change. (On AWS it was not seen to take effect at once.)
#[derive(Clone, Debug)]
pub(super) struct Memory<B> {
    sends: BTreeMap<(DeduplicationId, MessageGroup), First<B>>,
    by_age: VecDeque<(SimTime, DeduplicationId, MessageGroup)>,
}

/// What was sent first.
#[derive(Clone, Debug)]
pub(in crate::sqs) struct First<B> {
    pub(in crate::sqs) body: B,
    pub(in crate::sqs) sequence_number: SequenceNumber,
}

impl<B> Memory<B> {
    pub(super) const fn new() -> Self {
        Self {
            sends: BTreeMap::new(),
            by_age: VecDeque::new(),
        }
    }

    fn forget_old(&mut self, now: SimTime) {
        while let Some((sent_at, id, group)) = self.by_age.front().copied()
            && sent_at + limits::DEDUPLICATION_INTERVAL <= now
        {
            self.sends.remove(&(id, group));
            self.by_age.pop_front();
        }
    }

    /// The first send of this id, if it is still remembered.
    pub(super) fn first(
        &mut self,
        now: SimTime,
        (id, group): (DeduplicationId, MessageGroup),
        scope: DeduplicationScope,
    ) -> Option<&First<B>> {
        self.forget_old(now);
        match scope {
            DeduplicationScope::MessageGroup => self.sends.get(&(id, group)),
            DeduplicationScope::Queue => {
                let all = (id, MessageGroup::FIRST)..=(id, MessageGroup::LAST);
                let of_id = self.sends.range(all).map(|(_, first)| first);
                of_id.min_by_key(|first| first.sequence_number)
            }
        }
    }

    pub(super) fn remember(
        &mut self,
        now: SimTime,
        (id, group): (DeduplicationId, MessageGroup),
        first: First<B>,
    ) {
        self.sends.insert((id, group), first);
        self.by_age.push_back((now, id, group));
    }

    /// How many things a clone copies.
    pub(super) fn weight(&self) -> usize {
        self.sends.len() + self.by_age.len()
    }

    pub(super) fn clear(&mut self) {
        self.sends.clear();
        self.by_age.clear();
    }
}
