//! The words of these tests: one share partition, members 0, 1, 2, and a log.

use crate::ids::{ActorId, Offset};
use crate::kafka::group::MemberId;
use crate::kafka::share::{
    AcknowledgeError, AcknowledgeType, AcknowledgementBatch, Acquire, FetchedLog, RecordState,
    ShareEffect, SharePartition, SharePartitionSettings,
};
use crate::scenario::ShareAcquireMode;
use crate::time::{SimDuration, SimTime};

pub(super) fn at(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

pub(super) const fn member(number: u16) -> MemberId {
    MemberId {
        actor: ActorId(number),
        incarnation: 0,
    }
}

pub(super) struct Lab {
    pub(super) partition: SharePartition,
    pub(super) mode: ShareAcquireMode,
    pub(super) batch_size: u32,
    /// The log's batches of more than one record.
    pub(super) batches: Vec<(Offset, Offset)>,
    pub(super) log_end: u32,
    pub(super) effects: Vec<ShareEffect>,
    pub(super) now: SimTime,
}

/// A share partition that begins at 0, a log of `records`, a lock of 3 s, 5 deliveries.
pub(super) fn lab(records: u32) -> Lab {
    Lab {
        partition: SharePartition::new(
            Offset(0),
            SharePartitionSettings {
                record_lock_duration: SimDuration::from_secs(3),
                ..SharePartitionSettings::default()
            },
        ),
        mode: ShareAcquireMode::BatchOptimized,
        batch_size: 500,
        batches: Vec::new(),
        log_end: records,
        effects: Vec::new(),
        now: SimTime::ZERO,
    }
}

impl Lab {
    pub(super) fn limit(mut self, delivery_count_limit: u16) -> Self {
        self.partition.settings.delivery_count_limit = delivery_count_limit;
        self
    }

    pub(super) fn max_record_locks(mut self, max_record_locks: u32) -> Self {
        self.partition.settings.max_record_locks = max_record_locks;
        self
    }

    pub(super) fn record_limit(mut self) -> Self {
        self.mode = ShareAcquireMode::RecordLimit;
        self
    }

    /// The log's records come in batches of `size`.
    pub(super) fn batches_of(mut self, size: u32) -> Self {
        self.batches = (0..self.log_end / size)
            .map(|n| (Offset(n * size), Offset((n + 1) * size - 1)))
            .collect();
        self
    }

    /// What a member gets: offsets and delivery counts.
    pub(super) fn fetch(&mut self, who: u16, max_records: u32) -> Vec<(u32, u16)> {
        let log = FetchedLog {
            end: Offset(self.log_end),
            batches: &self.batches,
        };
        let request = Acquire {
            member: member(who),
            mode: self.mode,
            max_records,
            batch_size: self.batch_size,
        };
        self.effects.clear();
        let acquired = self
            .partition
            .acquire(self.now, &request, &log, &mut self.effects);
        let got = self.effects.iter().filter_map(|effect| match effect {
            ShareEffect::Acquired {
                offset,
                delivery_count,
                ..
            } => Some((offset.0, *delivery_count)),
            _ => None,
        });
        let got: Vec<_> = got.collect();
        assert_eq!(got.len(), acquired as usize);
        got
    }

    /// A member says the same of all records from `first` to `last`.
    pub(super) fn say(
        &mut self,
        who: u16,
        (first, last): (u32, u32),
        said: AcknowledgeType,
    ) -> Result<(), AcknowledgeError> {
        self.say_each(who, (first, last), &[said])
    }

    pub(super) fn say_each(
        &mut self,
        who: u16,
        (first, last): (u32, u32),
        said: &[AcknowledgeType],
    ) -> Result<(), AcknowledgeError> {
        let batch = AcknowledgementBatch {
            first: Offset(first),
            last: Offset(last),
            types: said.to_vec(),
        };
        self.effects.clear();
        let now = self.now;
        self.partition
            .acknowledge(now, member(who), &[batch], &mut self.effects)
    }

    /// Time goes on to `millis`.
    pub(super) fn go_on(&mut self, millis: u64) {
        self.now = at(millis);
        self.effects.clear();
        self.partition.advance(self.now, &mut self.effects);
    }

    /// The states from the start to the end offset: `.` available, a member's number, `+`
    /// acknowledged, `-` archived.
    pub(super) fn states(&self) -> String {
        let offsets = self.partition.start_offset().0..self.partition.end_offset().0;
        offsets
            .map(
                |offset| match self.partition.record(Offset(offset)).unwrap().state {
                    RecordState::Available => '.',
                    RecordState::Acquired { member, .. } => {
                        char::from_digit(member.actor.0.into(), 10).unwrap()
                    }
                    RecordState::Acknowledged => '+',
                    RecordState::Archived => '-',
                },
            )
            .collect()
    }

    /// Start and end offset.
    pub(super) fn window(&self) -> (u32, u32) {
        (
            self.partition.start_offset().0,
            self.partition.end_offset().0,
        )
    }
}
