//! What the logs of a partition's replicas have.
//!
//! A record is known by its leader epoch and its offset: two replicas that have the same pair have
//! the same record there, and the same records before it (KIP-101). So a replica is the list of its
//! epochs and its end, and the records themselves are kept once: those of the leader's log in
//! order, those that other replicas alone have beside it.

use litemap::LiteMap;

use crate::chunked::Chunked;
use crate::ids::{LeaderEpoch, Offset};

/// Which leader epochs a replica's log has, where each begins, and where the log ends.
/// `LeaderEpochFileCache`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaLog {
    /// Both rise.
    epochs: Vec<(LeaderEpoch, Offset)>,
    end: Offset,
}

/// Where the log of a leader and of a follower part: what the answer to a fetch says of it
/// (`diverging_epoch`, KIP-595).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DivergingEpoch {
    /// The leader's last epoch that is not after the follower's.
    pub epoch: Option<LeaderEpoch>,
    /// Where that ends in the leader's log.
    pub end: Offset,
}

impl ReplicaLog {
    /// The offset that the next record will get.
    #[must_use]
    pub const fn end(&self) -> Offset {
        self.end
    }

    /// The epoch of the last record, or of a leader that has appended nothing yet.
    #[must_use]
    pub fn latest_epoch(&self) -> Option<LeaderEpoch> {
        self.epochs.last().map(|(epoch, _)| *epoch)
    }

    /// The epoch of the record at `offset`.
    #[must_use]
    pub fn epoch_of(&self, offset: Offset) -> Option<LeaderEpoch> {
        let after = self.epochs.partition_point(|(_, start)| *start <= offset);
        let (epoch, _) = self.epochs.get(after.checked_sub(1)?)?;
        (offset < self.end).then_some(*epoch)
    }

    /// A leader begins: what it appends has this epoch. `maybeAssignEpochStartOffset`.
    pub fn begin_epoch(&mut self, epoch: LeaderEpoch) {
        if self.latest_epoch().is_none_or(|latest| latest < epoch) {
            // An epoch in which nothing was appended makes room.
            while self
                .epochs
                .last()
                .is_some_and(|(_, start)| *start >= self.end)
            {
                self.epochs.pop();
            }
            self.epochs.push((epoch, self.end));
        }
    }

    /// One record more.
    pub const fn push(&mut self) {
        self.end = self.end.next();
    }

    /// Takes over from `leader` what comes after its own end, up to `end`.
    pub fn copy_from(&mut self, leader: &Self, end: Offset) {
        let end = end.min(leader.end);
        let from = self.end;
        if end <= from {
            return;
        }
        if let Some(epoch) = leader.epoch_of(from)
            && self.latest_epoch() != Some(epoch)
        {
            self.begin_epoch(epoch);
        }
        let later = leader.epochs.iter();
        for (epoch, start) in later.filter(|(_, start)| from < *start && *start < end) {
            self.end = *start;
            self.begin_epoch(*epoch);
        }
        self.end = end;
    }

    /// Drops everything from `end` on; and, even if that is its end, epochs in which nothing was
    /// appended: the leader does not have them. `UnifiedLog.truncateTo`.
    pub fn truncate(&mut self, end: Offset) {
        self.end = self.end.min(end);
        self.epochs.retain(|(_, start)| *start < end);
    }

    /// The last epoch that is not after `epoch`, and where it ends. `endOffsetFor`.
    #[must_use]
    pub fn end_of(&self, epoch: LeaderEpoch) -> DivergingEpoch {
        let after = self.epochs.partition_point(|(its, _)| *its <= epoch);
        let last = after.checked_sub(1).and_then(|last| self.epochs.get(last));
        DivergingEpoch {
            epoch: last.map(|(epoch, _)| *epoch),
            end: match last {
                Some(_) => self.epochs.get(after).map_or(self.end, |(_, start)| *start),
                None => Offset(0),
            },
        }
    }

    /// What a leader with this log answers to a follower that has `fetch_offset` records, the last of
    /// `last_epoch`: where they part, if they do. `UnifiedLog`, `Partition.readRecords`.
    #[must_use]
    pub fn divergence(
        &self,
        last_epoch: Option<LeaderEpoch>,
        fetch_offset: Offset,
    ) -> Option<DivergingEpoch> {
        let Some(last_epoch) = last_epoch else {
            let end = self.end;
            return (fetch_offset > end).then_some(DivergingEpoch { epoch: None, end });
        };
        let ours = self.end_of(last_epoch);
        (ours.epoch != Some(last_epoch) || ours.end < fetch_offset).then_some(ours)
    }

    /// Where a follower with this log has to truncate, told where it parts from the leader.
    /// `AbstractFetcherThread.getOffsetTruncationState`.
    #[must_use]
    pub fn truncation_point(&self, leader: DivergingEpoch) -> Offset {
        let Some(epoch) = leader.epoch else {
            return leader.end.min(self.end);
        };
        let ours = self.end_of(epoch);
        if ours.epoch == Some(epoch) {
            ours.end.min(leader.end)
        } else {
            ours.end
        }
    }

    /// Up to where both have the same records.
    #[must_use]
    pub fn common_end(&self, other: &Self) -> Offset {
        let shared = self
            .epochs
            .iter()
            .rev()
            .find(|(epoch, start)| *start < self.end && other.has_epoch(*epoch, *start));
        let Some((epoch, _)) = shared else {
            return Offset(0);
        };
        self.end_of(*epoch).end.min(other.end_of(*epoch).end)
    }

    fn has_epoch(&self, epoch: LeaderEpoch, start: Offset) -> bool {
        start < self.end && self.epochs.contains(&(epoch, start))
    }
}

/// The records of a partition: the leader's log, and what other replicas alone have.
#[derive(Clone, Debug)]
pub struct PartitionLog<T> {
    records: Chunked<T>,
    /// Records that the leader's log does not have, some replica's may.
    elsewhere: LiteMap<(LeaderEpoch, Offset), T>,
}

impl<T> Default for PartitionLog<T> {
    fn default() -> Self {
        Self {
            records: Chunked::default(),
            elsewhere: LiteMap::new(),
        }
    }
}

impl<T: Clone> PartitionLog<T> {
    /// The records of the leader's log, by offset; of the last leader's while there is none.
    #[must_use]
    pub const fn records(&self) -> &Chunked<T> {
        &self.records
    }

    /// Adds a record to the leader's log.
    pub fn push(&mut self, record: T) {
        self.records.push(record);
    }

    /// Notes a record that a broker has appended which takes itself for the leader, and is it no
    /// more.
    pub fn push_elsewhere(&mut self, epoch: LeaderEpoch, offset: Offset, record: T) {
        self.elsewhere.insert((epoch, offset), record);
    }

    /// The leader's log was `before` and is `after` now: what is gone from it, with the offsets, is
    /// handed to `gone`; what is there that was not, to `back`.
    pub fn change_leader(
        &mut self,
        logs: (&ReplicaLog, &ReplicaLog),
        gone: impl FnMut(Offset, &T),
        back: impl FnMut(Offset, &T),
    ) {
        change_leader((&mut self.records, &mut self.elsewhere), logs, gone, back);
    }
}

/// [`PartitionLog::change_leader`], for records that are kept otherwise.
pub(crate) fn change_leader<T: Clone>(
    (records, elsewhere): (&mut Chunked<T>, &mut LiteMap<(LeaderEpoch, Offset), T>),
    (before, after): (&ReplicaLog, &ReplicaLog),
    mut gone: impl FnMut(Offset, &T),
    mut back: impl FnMut(Offset, &T),
) {
    let common = before.common_end(after);
    for (n, record) in (common.0..).zip(records.iter_from(common.index())) {
        let offset = Offset(n);
        gone(offset, record);
        if let Some(epoch) = before.epoch_of(offset) {
            elsewhere.insert((epoch, offset), record.clone());
        }
    }
    records.truncate(common.index());
    for offset in (common.0..after.end().0).map(Offset) {
        let Some(epoch) = after.epoch_of(offset) else {
            continue;
        };
        if let Some(record) = elsewhere.remove(&(epoch, offset)) {
            back(offset, &record);
            records.push(record);
        }
    }
}
