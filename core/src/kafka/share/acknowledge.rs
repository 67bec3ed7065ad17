//! What members say of the records they have.

use super::partition::{ShareEffect, SharePartition};
use super::record::{RecordState, ShareRecord};
use crate::ids::Offset;
use crate::kafka::group::MemberId;
use crate::time::SimTime;
use crate::trace::LockEnd;

/// What a member says of a record. `AcknowledgeType`; RENEW since KIP-1222.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcknowledgeType {
    /// The work is done.
    Accept,
    /// It is to be delivered again.
    Release,
    /// It can never be worked on: it is not to be delivered again.
    Reject,
    /// The work goes on: the lock begins anew.
    Renew,
}

/// What a member says of records that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgementBatch {
    /// The first record.
    pub first: Offset,
    /// The last record.
    pub last: Offset,
    /// One for all, or one for each.
    pub types: Vec<AcknowledgeType>,
}

/// Why acknowledgements are refused: then all of the request for this share partition are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    /// The member does not have one of the records (any more): its lock has run out, or it has
    /// acknowledged it already.
    #[error("INVALID_RECORD_STATE")]
    InvalidRecordState,
    /// One of the records was never delivered.
    #[error("INVALID_REQUEST")]
    InvalidRequest,
}

impl AcknowledgementBatch {
    fn records(&self) -> impl Iterator<Item = (Offset, AcknowledgeType)> {
        let all = (self.types.len() == 1)
            .then(|| self.types.first().copied())
            .flatten();
        let offsets = (self.first.0..=self.last.0).map(Offset);
        let each = move |(n, offset)| Some((offset, all.or_else(|| self.types.get(n).copied())?));
        offsets.enumerate().filter_map(each)
    }

    /// What is said of all the records alike.
    fn of_all(&self) -> Option<AcknowledgeType> {
        match *self.types {
            [all] => Some(all),
            _ => None,
        }
    }
}

impl SharePartition {
    /// A member acknowledges what it has, in one request. Records before the start offset are
    /// passed over. `SharePartition.acknowledge`.
    ///
    /// # Errors
    ///
    /// One of the records is not the member's: nothing changes.
    pub fn acknowledge(
        &mut self,
        now: SimTime,
        member: MemberId,
        batches: &[AcknowledgementBatch],
        effects: &mut Vec<ShareEffect>,
    ) -> Result<(), AcknowledgeError> {
        for batch in batches {
            self.check(member, batch)?;
        }
        for batch in batches {
            let before = batch
                .records()
                .filter(|(offset, said)| *offset < self.start && *said != AcknowledgeType::Renew);
            effects.extend(before.map(|(offset, _)| ShareEffect::Ignored { offset, member }));
            self.apply(now, member, batch, effects);
        }
        self.move_start(effects);
        Ok(())
    }

    fn check(
        &self,
        member: MemberId,
        batch: &AcknowledgementBatch,
    ) -> Result<(), AcknowledgeError> {
        let first = batch.first.max(self.start);
        if batch.last < self.start {
            return Ok(());
        }
        if batch.last >= self.end {
            return Err(AcknowledgeError::InvalidRequest);
        }
        let from = self.batches.range(..=first).next_back();
        let from = from.map_or(first, |(first, _)| *first);
        for (_, its) in self.batches.range(from..=batch.last) {
            let is_held = match its.shared() {
                Some(record) => record.is_held_by(member),
                None => {
                    let offsets = first.max(its.first).0..=batch.last.min(its.last).0;
                    let mut records = offsets.filter_map(|offset| its.get(Offset(offset)));
                    records.all(|record| record.is_held_by(member))
                }
            };
            if !is_held {
                return Err(AcknowledgeError::InvalidRecordState);
            }
        }
        Ok(())
    }

    fn apply(
        &mut self,
        now: SimTime,
        member: MemberId,
        batch: &AcknowledgementBatch,
        effects: &mut Vec<ShareEffect>,
    ) {
        let mut at = batch.first.max(self.start);
        while at <= batch.last {
            let Some((first, its)) = self.batches.range(..=at).next_back() else {
                return;
            };
            let (first, its_last) = (*first, its.last);
            let is_whole = batch.first <= first && its_last <= batch.last;
            match batch.of_all().filter(|_| is_whole) {
                Some(all) if its.shared().is_some() => {
                    self.say(now, (first, first, its_last), all, effects);
                }
                _ => {
                    self.split(first);
                    let records = batch.records();
                    let of_this = records.filter(|(offset, _)| (at..=its_last).contains(offset));
                    for (offset, said) in of_this {
                        if self.record(offset).is_some_and(|r| r.is_held_by(member)) {
                            self.say(now, (first, offset, offset), said, effects);
                        }
                    }
                }
            }
            at = its_last.next();
        }
    }

    /// What a member says of records that share one state.
    fn say(
        &mut self,
        now: SimTime,
        (batch, first, last): (Offset, Offset, Offset),
        said: AcknowledgeType,
        effects: &mut Vec<ShareEffect>,
    ) {
        let Some(record) = self.batches.get(&batch).and_then(|its| its.get(first)) else {
            return;
        };
        let RecordState::Acquired { member, .. } = record.state else {
            return;
        };
        self.unlock(batch, first);
        let place = (batch, first..=last);
        let offsets = (first.0..=last.0).map(Offset);
        match said {
            AcknowledgeType::Accept => {
                let state = RecordState::Acknowledged;
                self.set(place, ShareRecord { state, ..record });
                effects.extend(offsets.map(|offset| ShareEffect::Acknowledged { offset, member }));
            }
            AcknowledgeType::Release => self.let_go(place, LockEnd::Released, effects),
            AcknowledgeType::Reject => self.let_go(place, LockEnd::Rejected, effects),
            AcknowledgeType::Renew => {
                let lock_until = now + self.settings.record_lock_duration;
                self.locks.insert((lock_until, first));
                let state = RecordState::Acquired { member, lock_until };
                self.set(place, ShareRecord { state, ..record });
                effects.extend(offsets.map(|offset| ShareEffect::Renewed {
                    offset,
                    member,
                    lock_until,
                }));
            }
        }
    }
}
