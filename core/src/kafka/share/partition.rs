//! What a share group has of one partition.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::InFlightBatch;
use super::record::{RecordState, ShareRecord};
use crate::ids::Offset;
use crate::kafka::defaults;
use crate::kafka::group::MemberId;
use crate::time::{SimDuration, SimTime};
use crate::trace::LockEnd;

/// A share partition: the states of the records between its start and its end offset, at the
/// partition's leader. Pure: who calls it gives the time. `SharePartition`; KIP-932, "In-flight
/// records".
#[derive(Clone, Debug)]
pub struct SharePartition {
    pub(super) settings: SharePartitionSettings,
    /// SPSO: everything before is done.
    pub(super) start: Offset,
    /// The offset after the last one that was ever acquired.
    pub(super) end: Offset,
    /// The records in flight, by the first offset of their batch; without gaps from the batch of
    /// `start` up to `end`.
    pub(super) batches: BTreeMap<Offset, InFlightBatch>,
    /// The first offsets of the batches that have a record to be acquired.
    pub(super) available: BTreeSet<Offset>,
    /// When locks run out: of a whole batch by its first offset, of a record in a split one by its
    /// own.
    pub(super) locks: BTreeSet<(SimTime, Offset)>,
}

/// The settings of a share group that its share partitions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharePartitionSettings {
    /// share.record.lock.duration.ms of the group, else group.share.record.lock.duration.ms.
    pub record_lock_duration: SimDuration,
    /// share.delivery.count.limit of the group, else group.share.delivery.count.limit: how often a
    /// record is delivered at most.
    pub delivery_count_limit: u16,
    /// share.partition.max.record.locks of the group, else group.share.partition.max.record.locks:
    /// how many records can lie between the start and the end offset.
    pub max_record_locks: u32,
}

impl Default for SharePartitionSettings {
    fn default() -> Self {
        Self {
            record_lock_duration: defaults::SHARE_RECORD_LOCK_DURATION,
            delivery_count_limit: defaults::SHARE_DELIVERY_COUNT_LIMIT,
            max_record_locks: defaults::SHARE_PARTITION_MAX_RECORD_LOCKS,
        }
    }
}

/// What a step of a share partition did to one record, or to its offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareEffect {
    /// A member gets a record.
    Acquired {
        /// Which.
        offset: Offset,
        /// Who.
        member: MemberId,
        /// How often it has been delivered, this time included.
        delivery_count: u16,
        /// When the lock runs out.
        lock_until: SimTime,
    },
    /// Its holder has accepted a record.
    Acknowledged {
        /// Which.
        offset: Offset,
        /// Who had it.
        member: MemberId,
    },
    /// The lock on a record begins anew.
    Renewed {
        /// Which.
        offset: Offset,
        /// Who has it.
        member: MemberId,
        /// When the lock runs out now.
        lock_until: SimTime,
    },
    /// A record can be acquired again.
    Released {
        /// Which.
        offset: Offset,
        /// Who had it.
        member: MemberId,
        /// Why.
        end: LockEnd,
    },
    /// The group will never see a record again.
    Archived {
        /// Which.
        offset: Offset,
        /// Who had it.
        member: MemberId,
        /// Why: rejected, or what ended its last delivery.
        end: LockEnd,
    },
    /// An acknowledgement of a record before the start offset: success without effect.
    Ignored {
        /// Which.
        offset: Offset,
        /// Who acknowledged it.
        member: MemberId,
    },
    /// The start offset has moved up.
    StartMoved {
        /// To where.
        start: Offset,
    },
}

impl SharePartition {
    /// A share partition that begins at `start`, which is what share.auto.offset.reset said.
    #[must_use]
    pub const fn new(start: Offset, settings: SharePartitionSettings) -> Self {
        Self {
            settings,
            start,
            end: start,
            batches: BTreeMap::new(),
            available: BTreeSet::new(),
            locks: BTreeSet::new(),
        }
    }

    /// SPSO: the first offset that is not done.
    #[must_use]
    pub const fn start_offset(&self) -> Offset {
        self.start
    }

    /// SPEO: the offset after the last record in flight.
    #[must_use]
    pub const fn end_offset(&self) -> Offset {
        self.end
    }

    /// How many records lie between the start and the end offset, whatever their states.
    #[must_use]
    pub const fn in_flight(&self) -> u32 {
        self.end.0.saturating_sub(self.start.0)
    }

    /// What is known of a record; `None` outside of start and end offset.
    #[must_use]
    pub fn record(&self, offset: Offset) -> Option<ShareRecord> {
        if !(self.start..self.end).contains(&offset) {
            return None;
        }
        let (_, batch) = self.batches.range(..=offset).next_back()?;
        batch.get(offset)
    }

    /// Where the leader reads for the next fetch: at the first record that is available again,
    /// else at the end. `SharePartition.nextFetchOffset`.
    #[must_use]
    pub fn next_fetch_offset(&mut self) -> Offset {
        let first = self.available.first().and_then(|first| {
            let batch = self.batches.get_mut(first)?;
            batch.next_available(Offset(0))
        });
        first.unwrap_or(self.end)
    }

    /// Whether a fetch gets anything of a log that ends at `log_end`.
    #[must_use]
    pub fn can_acquire(&self, log_end: Offset) -> bool {
        let has_room = self.in_flight() < self.settings.max_record_locks;
        !self.available.is_empty() || (has_room && self.end < log_end)
    }

    /// When the next lock runs out.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        self.locks.first().map(|(at, _)| *at)
    }

    /// Lets the locks run out that end up to `now`. `SharePartition.releaseAcquisitionLockOnTimeout`.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<ShareEffect>) {
        while let Some((at, offset)) = self.locks.first().copied()
            && at <= now
        {
            self.locks.pop_first();
            let Some((first, batch)) = self.batches.range_mut(..=offset).next_back() else {
                continue;
            };
            let first = *first;
            let offsets = match batch.shared() {
                Some(_) => batch.first..=batch.last,
                None => offset..=offset,
            };
            self.let_go((first, offsets), LockEnd::LockTimeout, effects);
        }
        self.move_start(effects);
    }

    /// The share session of a member is closed: it has left, or its connection is gone. All that
    /// it had is released; the delivery counts stay (KAFKA-19972). Looks at everything in flight.
    /// `SharePartition.releaseAcquiredRecords`.
    pub fn release_member(&mut self, member: MemberId, effects: &mut Vec<ShareEffect>) {
        let mut held = Vec::new();
        for (first, batch) in &self.batches {
            match batch.shared() {
                Some(record) if record.is_held_by(member) => {
                    held.push((*first, batch.first..=batch.last));
                }
                Some(_) => {}
                None => {
                    let its = batch
                        .records()
                        .filter(|(_, record)| record.is_held_by(member));
                    held.extend(its.map(|(offset, _)| (*first, offset..=offset)));
                }
            }
        }
        for place in held {
            self.unlock(place.0, *place.1.start());
            self.let_go(place, LockEnd::SessionClosed, effects);
        }
        self.move_start(effects);
    }

    /// Forgets when the lock on a record, or on its whole batch, runs out.
    pub(super) fn unlock(&mut self, first: Offset, offset: Offset) {
        let Some(batch) = self.batches.get(&first) else {
            return;
        };
        let (record, key) = match batch.shared() {
            Some(record) => (Some(record), first),
            None => (batch.get(offset), offset),
        };
        if let Some(until) = record.and_then(ShareRecord::lock_until) {
            self.locks.remove(&(until, key));
        }
    }

    /// Makes records available again that share one state, or archives them if they were
    /// delivered as often as is allowed. Their lock is gone already.
    pub(super) fn let_go(
        &mut self,
        (first, offsets): (Offset, std::ops::RangeInclusive<Offset>),
        end: LockEnd,
        effects: &mut Vec<ShareEffect>,
    ) {
        let Some(record) = self
            .batches
            .get(&first)
            .and_then(|b| b.get(*offsets.start()))
        else {
            return;
        };
        let RecordState::Acquired { member, .. } = record.state else {
            return;
        };
        let is_spent = record.delivery_count >= self.settings.delivery_count_limit;
        let is_over = is_spent || end == LockEnd::Rejected;
        let state = if is_over {
            RecordState::Archived
        } else {
            RecordState::Available
        };
        self.set((first, offsets.clone()), ShareRecord { state, ..record });
        effects.extend(
            (offsets.start().0..=offsets.end().0)
                .map(Offset)
                .map(|offset| {
                    if is_over {
                        ShareEffect::Archived {
                            offset,
                            member,
                            end,
                        }
                    } else {
                        ShareEffect::Released {
                            offset,
                            member,
                            end,
                        }
                    }
                }),
        );
    }

    /// Gives one state to a whole batch, or to one record of a split one.
    pub(super) fn set(
        &mut self,
        (first, offsets): (Offset, std::ops::RangeInclusive<Offset>),
        record: ShareRecord,
    ) {
        let Some(batch) = self.batches.get_mut(&first) else {
            return;
        };
        if batch.shared().is_some() {
            batch.set_shared(record);
        } else {
            batch.set(*offsets.start(), record);
        }
        if batch.has_available() {
            self.available.insert(first);
        } else {
            self.available.remove(&first);
        }
    }

    /// From now on each record of a batch has its own state, and its own lock.
    pub(super) fn split(&mut self, first: Offset) {
        let Some(batch) = self.batches.get_mut(&first) else {
            return;
        };
        let Some(record) = batch.shared() else {
            return;
        };
        batch.split();
        if let Some(until) = record.lock_until() {
            self.locks.remove(&(until, first));
            let offsets = (first.0..=batch.last.0).map(Offset);
            self.locks.extend(offsets.map(|offset| (until, offset)));
        }
    }

    /// Moves the start offset up over what is done, and forgets the batches before it.
    /// `SharePartition.maybeUpdateCachedStateAndOffsets`.
    pub(super) fn move_start(&mut self, effects: &mut Vec<ShareEffect>) {
        let before = self.start;
        while let Some(entry) = self.batches.first_entry() {
            let batch = entry.get();
            let done = |offset: &Offset| batch.get(*offset).is_some_and(ShareRecord::is_done);
            let next = match batch.shared() {
                Some(record) if record.is_done() => batch.last.next(),
                Some(_) => break,
                None => {
                    let offsets = (self.start.0..=batch.last.0).map(Offset);
                    let ahead = offsets.take_while(done).last();
                    ahead.map_or(self.start, Offset::next)
                }
            };
            let is_through = next > batch.last;
            self.start = next;
            if !is_through {
                break;
            }
            entry.remove();
        }
        if self.start > before {
            effects.push(ShareEffect::StartMoved { start: self.start });
        }
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        2 * self.in_flight() as usize
    }
}
