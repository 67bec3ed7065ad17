//! What a leader knows of the producers that write to its partition: the last batches of each, so
//! that a batch that comes again is known, and a gap is seen.
//! `ProducerStateManager`, `ProducerAppendInfo`; KIP-98.

use std::collections::VecDeque;

use litemap::LiteMap;

use crate::ids::{LeaderEpoch, Offset, ProducerId};

/// How many batches of a producer a leader knows at least. `NUM_BATCHES_TO_RETAIN`.
const BATCHES: usize = 5;

/// The sequence numbers of a batch of an idempotent producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// The producer's epoch.
    pub(crate) epoch: u16,
    /// That of its first record.
    pub(crate) first: u32,
}

/// A batch that was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) sequence: Sequence,
    pub(crate) records: u32,
    /// The offset of its last record.
    pub(crate) last: Offset,
    /// The epoch of the leader that appended it.
    pub(crate) leader_epoch: LeaderEpoch,
}

/// What a leader says to a batch before it appends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It comes next.
    InSequence,
    /// It is there already, from this offset on.
    Duplicate(Offset),
    /// One before it is missing.
    OutOfOrder,
    /// The producer has a newer epoch.
    OldEpoch,
}

/// The producers of a partition.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProducerStates(LiteMap<ProducerId, VecDeque<Batch>>);

impl Batch {
    const fn first_offset(&self) -> Offset {
        Offset((self.last.0 + 1).saturating_sub(self.records))
    }
}

impl ProducerStates {
    /// What is to be said to a batch of `records` records. A producer of which nothing is known may
    /// begin anywhere: what it wrote before may be gone.
    pub(crate) fn check(&self, producer: ProducerId, sequence: Sequence, records: u32) -> Verdict {
        let Some(batches) = self.0.get(&producer) else {
            return Verdict::InSequence;
        };
        let Some(last) = batches.back() else {
            return Verdict::InSequence;
        };
        if sequence.epoch < last.sequence.epoch {
            return Verdict::OldEpoch;
        }
        if sequence.epoch > last.sequence.epoch {
            return if sequence.first == 0 {
                Verdict::InSequence
            } else {
                Verdict::OutOfOrder
            };
        }
        let is_it = |batch: &&Batch| batch.sequence == sequence && batch.records == records;
        if let Some(batch) = batches.iter().rev().find(is_it) {
            return Verdict::Duplicate(batch.first_offset());
        }
        if sequence.first == last.sequence.first + last.records {
            Verdict::InSequence
        } else {
            Verdict::OutOfOrder
        }
    }

    /// Notes a batch that was appended. Those that a leader with less than `committed` could not
    /// have are kept beyond the last five, as it has to know those before them.
    pub(crate) fn note(&mut self, producer: ProducerId, batch: Batch, committed: Offset) {
        let batches = self.0.entry(producer).or_default();
        if batches
            .back()
            .is_some_and(|last| last.sequence.epoch != batch.sequence.epoch)
        {
            batches.clear();
        }
        batches.push_back(batch);
        while batches.len() > BATCHES
            && batches
                .get(batches.len() - BATCHES)
                .is_some_and(|later| later.last < committed)
        {
            batches.pop_front();
        }
    }

    /// Forgets the batches that `is_there` says are not in the log.
    pub(crate) fn keep(&mut self, mut is_there: impl FnMut(&Batch) -> bool) {
        for (_, batches) in self.0.iter_mut() {
            batches.retain(&mut is_there);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCER: ProducerId = ProducerId(0);

    const fn sequence(first: u32) -> Sequence {
        Sequence { epoch: 0, first }
    }

    fn written(count: u32) -> ProducerStates {
        let mut states = ProducerStates::default();
        for n in 0..count {
            let batch = Batch {
                sequence: sequence(2 * n),
                records: 2,
                last: Offset(2 * n + 1),
                leader_epoch: LeaderEpoch(0),
            };
            states.note(PRODUCER, batch, Offset(2 * n));
        }
        states
    }

    #[test]
    fn the_last_five_batches_are_known_again_and_a_gap_is_seen() {
        let states = written(8);
        assert_eq!(states.check(PRODUCER, sequence(16), 2), Verdict::InSequence);
        assert_eq!(
            states.check(PRODUCER, sequence(14), 2),
            Verdict::Duplicate(Offset(14))
        );
        assert_eq!(
            states.check(PRODUCER, sequence(6), 2),
            Verdict::Duplicate(Offset(6))
        );
        assert_eq!(states.check(PRODUCER, sequence(18), 2), Verdict::OutOfOrder);
        // Longer ago than the last five: all that is known is that it does not come next.
        assert_eq!(states.check(PRODUCER, sequence(0), 2), Verdict::OutOfOrder);
    }

    #[test]
    fn a_new_epoch_begins_at_nought_and_ends_the_old_one() {
        let mut states = written(3);
        let next = |first| Sequence { epoch: 1, first };
        assert_eq!(states.check(PRODUCER, next(6), 1), Verdict::OutOfOrder);
        assert_eq!(states.check(PRODUCER, next(0), 1), Verdict::InSequence);
        let batch = Batch {
            sequence: next(0),
            records: 1,
            last: Offset(6),
            leader_epoch: LeaderEpoch(0),
        };
        states.note(PRODUCER, batch, Offset(6));
        assert_eq!(states.check(PRODUCER, sequence(6), 2), Verdict::OldEpoch);
    }

    #[test]
    fn what_is_cut_off_is_forgotten_and_can_be_written_again() {
        let mut states = written(4);
        states.keep(|batch| batch.last < Offset(6));
        assert_eq!(states.check(PRODUCER, sequence(6), 2), Verdict::InSequence);
        assert_eq!(
            states.check(PRODUCER, sequence(4), 2),
            Verdict::Duplicate(Offset(4))
        );
    }
}
