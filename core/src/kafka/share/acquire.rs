//! How a member gets records.

use super::batch::InFlightBatch;
use super::partition::{ShareEffect, SharePartition};
use super::record::{RecordState, ShareRecord};
use crate::ids::Offset;
use crate::kafka::group::MemberId;
use crate::scenario::ShareAcquireMode;
use crate::time::SimTime;

/// What a ShareFetch asks of one share partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acquire {
    /// Who fetches.
    pub member: MemberId,
    /// share.acquire.mode of its consumer. KIP-1206.
    pub mode: ShareAcquireMode,
    /// How many records it still has room for: max.poll.records, less what other partitions gave
    /// to the same fetch. In `batch_optimized` it may be exceeded, so that no batch is divided.
    pub max_records: u32,
    /// BatchSize: new records are acquired in batches of so many or, where the log's own batches
    /// do not end there, of some more. The real consumer asks for max.poll.records.
    pub batch_size: u32,
}

/// The log that is fetched from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchedLog<'a> {
    /// The offset after the last record that can be read.
    pub end: Offset,
    /// The first and the last offset of each record batch that has more than one record, in
    /// order: the batches as producers made them.
    pub batches: &'a [(Offset, Offset)],
}

impl FetchedLog<'_> {
    /// A log in which each record is a batch of its own.
    #[must_use]
    pub const fn of_single_records(end: Offset) -> Self {
        Self { end, batches: &[] }
    }

    /// The last offset of the record batch that has `offset`.
    fn last_of_batch(&self, offset: Offset) -> Offset {
        let place = self.batches.partition_point(|(_, last)| *last < offset);
        match self.batches.get(place) {
            Some((first, last)) if *first <= offset => *last,
            _ => offset,
        }
    }
}

impl SharePartition {
    /// Gives a member what it asks for: first what is available again, then what nobody has had;
    /// how many records. `SharePartition.acquire`.
    ///
    /// A batch whose records came back too often is delivered in pieces, and a record that is
    /// delivered for the last time is delivered alone, so that one bad record does not take others
    /// with it (KAFKA-17541).
    pub fn acquire(
        &mut self,
        now: SimTime,
        request: &Acquire,
        log: &FetchedLog<'_>,
        effects: &mut Vec<ShareEffect>,
    ) -> u32 {
        let from = self.next_fetch_offset();
        if from >= log.end || request.max_records == 0 {
            return 0;
        }
        // `SharePartition.lastOffsetAndMaxRecordsToAcquire`.
        let room = self
            .settings
            .max_record_locks
            .saturating_sub(self.in_flight());
        let (limit, end) = if room > 0 {
            (request.max_records.min(room), log.end)
        } else {
            (request.max_records, self.end)
        };
        let mut acquirer = Acquirer {
            now,
            request: Acquire {
                max_records: limit,
                ..*request
            },
            acquired: 0,
            effects,
        };
        let is_open = self.acquire_again(from, &mut acquirer);
        if is_open == More::Yes && acquirer.left() > 0 && self.end < end {
            self.acquire_new(log, &mut acquirer);
        }
        acquirer.acquired
    }

    /// Whether the group's records are delivered in smaller pieces from this delivery count on.
    const fn throttle_from(&self) -> u16 {
        let half = self.settings.delivery_count_limit.div_ceil(2);
        if half < 2 { 2 } else { half }
    }

    /// Acquires what is available among the records in flight.
    fn acquire_again(&mut self, from: Offset, acquirer: &mut Acquirer<'_>) -> More {
        let mut at = from;
        while acquirer.left() > 0 {
            let from = self.batches.range(..=at).next_back();
            let from = from.map_or(at, |(first, _)| *first);
            let Some(first) = self.available.range(from..).next().copied() else {
                break;
            };
            let Some(batch) = self.batches.get(&first) else {
                break;
            };
            at = batch.last.next();
            let is_throttled = batch.most_deliveries() >= self.throttle_from();
            if is_throttled && acquirer.acquired > 0 {
                return More::No;
            }
            let is_limited = acquirer.request.mode == ShareAcquireMode::RecordLimit
                && batch.len() > acquirer.left();
            match batch.shared() {
                Some(record) if !is_throttled && !is_limited => {
                    let last = batch.last;
                    self.deliver((first, first, last), record, acquirer);
                }
                _ => {
                    self.split(first);
                    let acquired = self.acquire_some(first, acquirer);
                    if is_throttled && acquired > 0 {
                        return More::No;
                    }
                }
            }
        }
        More::Yes
    }

    /// Acquires records of a split batch, one by one. `SharePartition.acquireSubsetBatchRecords`.
    fn acquire_some(&mut self, first: Offset, acquirer: &mut Acquirer<'_>) -> u32 {
        let limit = self.settings.delivery_count_limit;
        let is_alone = |count: u16| limit > 2 && count == limit - 1;
        let most = acquirer.left();
        let mut pieces = None;
        let mut acquired = 0;
        let mut at = first;
        while let Some(batch) = self.batches.get_mut(&first)
            && let Some(offset) = batch.next_available(at)
            && let Some(record) = batch.get(offset)
        {
            let len = batch.len();
            let count = record.delivery_count;
            if is_alone(count) && acquired > 0 {
                break;
            }
            if let Some(over) = count.checked_sub(self.throttle_from()) {
                let piece = len.checked_shr(u32::from(over) + 1).unwrap_or(0).max(1);
                pieces.get_or_insert(piece);
            }
            self.deliver((first, offset, offset), record, acquirer);
            acquired += 1;
            let is_full =
                acquirer.request.mode == ShareAcquireMode::RecordLimit && acquired == most;
            if is_alone(count) || is_full || pieces == Some(acquired) {
                break;
            }
            at = offset.next();
        }
        acquired
    }

    /// Acquires records that nobody has had. `SharePartition.acquireNewBatchRecords`.
    fn acquire_new(&mut self, log: &FetchedLog<'_>, acquirer: &mut Acquirer<'_>) {
        let first = self.end;
        let most = Offset(first.0.saturating_add(acquirer.left() - 1));
        let last = if most < log.end {
            log.last_of_batch(most)
        } else {
            Offset(log.end.0 - 1)
        };
        self.end = last.next();
        let fresh = ShareRecord {
            state: RecordState::Available,
            delivery_count: 0,
        };
        if acquirer.request.mode == ShareAcquireMode::RecordLimit {
            self.insert(first, last, fresh);
            if last <= most {
                self.deliver((first, first, last), fresh, acquirer);
            } else {
                // The rest of the log's batch stays available.
                self.split(first);
                self.acquire_some(first, acquirer);
            }
            return;
        }
        // `SharePartition.createBatches`: a batch ends where one of the log's ends.
        let mut from = first;
        while from <= last {
            let size = acquirer.request.batch_size.max(1);
            let to = log.last_of_batch(Offset(from.0.saturating_add(size - 1)));
            let to = to.min(last);
            self.insert(from, to, fresh);
            self.deliver((from, from, to), fresh, acquirer);
            from = to.next();
        }
    }

    fn insert(&mut self, first: Offset, last: Offset, record: ShareRecord) {
        let batch = InFlightBatch::whole(first, last, record);
        self.batches.insert(first, batch);
        self.available.insert(first);
    }

    /// Gives records that share one state to the member: the batch of `place`, or one of its
    /// records.
    fn deliver(
        &mut self,
        (batch, first, last): (Offset, Offset, Offset),
        record: ShareRecord,
        acquirer: &mut Acquirer<'_>,
    ) {
        let member = acquirer.request.member;
        let lock_until = acquirer.now + self.settings.record_lock_duration;
        let delivery_count = record.delivery_count.saturating_add(1);
        self.locks.insert((lock_until, first));
        let state = RecordState::Acquired { member, lock_until };
        self.set(
            (batch, first..=last),
            ShareRecord {
                state,
                delivery_count,
            },
        );
        acquirer.acquired += last.0 - first.0 + 1;
        let offsets = (first.0..=last.0).map(Offset);
        acquirer
            .effects
            .extend(offsets.map(|offset| ShareEffect::Acquired {
                offset,
                member,
                delivery_count,
                lock_until,
            }));
    }
}

/// A fetch that is being answered.
struct Acquirer<'a> {
    now: SimTime,
    request: Acquire,
    acquired: u32,
    effects: &'a mut Vec<ShareEffect>,
}

impl Acquirer<'_> {
    /// How many records there is still room for.
    const fn left(&self) -> u32 {
        self.request.max_records.saturating_sub(self.acquired)
    }
}

/// Whether a fetch may get new records too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    No,
    Yes,
}
