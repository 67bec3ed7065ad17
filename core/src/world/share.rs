//! What exists of a share group.

use super::Since;
use super::group::GroupPhase;
use super::kafka::KafkaWorld;
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::ids::{ActorId, GroupEpoch, GroupId, MessageId, Offset, TopicPartition};
use crate::time::{SimDuration, SimTime};
use crate::trace::{LockEnd, ShareWhat};

/// A share group (KIP-932).
#[derive(Clone, Debug)]
pub struct ShareGroupWorld {
    /// Its epoch.
    pub epoch: GroupEpoch,
    /// How many members the coordinator knows, those that are silent included.
    pub members: u16,
    /// How it stands with each partition, by the lane's flat index.
    pub partitions: Vec<SharePartitionWorld>,
    /// How many records its members have.
    pub acquired: u32,
    /// How many records have been delivered and can be acquired again.
    pub available_again: u32,
    /// How many records its members have accepted.
    pub acknowledged: u32,
    /// How many records it will never see again without having accepted them.
    pub archived: u32,
    /// The last acknowledgement that was refused.
    pub refused: Option<(ActorId, TopicPartition, Offset, SimTime)>,
}

/// How a share group stands with one partition.
#[derive(Clone, Debug)]
pub struct SharePartitionWorld {
    /// SPSO: the first offset that is not done. `None`: nobody has fetched from it for the group.
    pub start: Since<Option<Offset>>,
    /// SPEO: the offset after the last record that was ever acquired.
    pub end: Offset,
    /// The members that fetch from it.
    pub fetchers: Vec<ActorId>,
    records: Chunked<ShareRecordWorld>,
}

/// One record, as a share group has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareRecordWorld {
    /// Who has it, or what has become of it.
    pub state: ShareState,
    /// How often it has been delivered.
    pub delivery_count: u8,
    /// Since when it is so; of a record that nobody has had, the beginning.
    pub since: SimTime,
}

/// The state of a record in a share group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareState {
    /// It can be acquired: nobody has had it, or it came back.
    Available,
    /// A member has it.
    Acquired {
        /// Who.
        by: ActorId,
        /// When the lock runs out.
        lock_until: SimTime,
    },
    /// A member has accepted it.
    Acknowledged {
        /// Who.
        by: ActorId,
    },
    /// The group never sees it again.
    Archived {
        /// Who had it last.
        by: ActorId,
        /// What ended that.
        end: LockEnd,
    },
}

impl ShareRecordWorld {
    const FRESH: Self = Self {
        state: ShareState::Available,
        delivery_count: 0,
        since: SimTime::ZERO,
    };

    /// Whether the group is done with it.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(
            self.state,
            ShareState::Acknowledged { .. } | ShareState::Archived { .. }
        )
    }
}

impl SharePartitionWorld {
    /// How the group stands with a record; one that it has not come to is available.
    #[must_use]
    pub fn record(&self, offset: Offset) -> ShareRecordWorld {
        let record = self.records.get(offset.index());
        record.copied().unwrap_or(ShareRecordWorld::FRESH)
    }

    /// The records between the start and the end offset.
    pub fn in_flight(&self) -> impl Iterator<Item = (Offset, &ShareRecordWorld)> {
        let start = self.start.now.unwrap_or(self.end);
        let offsets = (start.0..self.end.0).map(Offset);
        offsets.zip(self.records.iter_from(start.index()))
    }

    /// How many records the group has still to finish, of a log that ends at `log_end`: the share
    /// partition's lag of KIP-1226. Nothing before the group begins.
    #[must_use]
    pub fn lag(&self, log_end: usize) -> u64 {
        let Some(start) = self.start.now else {
            return 0;
        };
        let done = self.in_flight().filter(|(_, record)| record.is_done());
        let open = log_end
            .saturating_sub(start.index())
            .saturating_sub(done.count());
        u64::try_from(open).unwrap_or(u64::MAX)
    }
}

impl ShareGroupWorld {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let partition = SharePartitionWorld {
            start: Since::start(None),
            end: Offset(0),
            fetchers: Vec::new(),
            records: Chunked::default(),
        };
        Self {
            epoch: GroupEpoch(0),
            members: 0,
            partitions: vec![partition; cast.topic_partitions().count()],
            acquired: 0,
            available_again: 0,
            acknowledged: 0,
            archived: 0,
            refused: None,
        }
    }

    pub(super) fn weight(&self) -> usize {
        let partitions = self.partitions.iter();
        partitions.map(|its| 1 + its.records.weight()).sum()
    }

    /// Where records of this state are counted; what nobody has had is not.
    const fn counter(&mut self, record: ShareRecordWorld) -> Option<&mut u32> {
        match record.state {
            ShareState::Available if record.delivery_count == 0 => None,
            ShareState::Available => Some(&mut self.available_again),
            ShareState::Acquired { .. } => Some(&mut self.acquired),
            ShareState::Acknowledged { .. } => Some(&mut self.acknowledged),
            ShareState::Archived { .. } => Some(&mut self.archived),
        }
    }

    fn change(
        &mut self,
        (index, offset): (usize, Offset),
        change: impl FnOnce(&mut ShareRecordWorld),
    ) {
        let Some(partition) = self.partitions.get_mut(index) else {
            return;
        };
        let fresh = &ShareRecordWorld::FRESH;
        partition.records.grow_to(offset.index() + 1, fresh);
        partition.end = partition.end.max(offset.next());
        let Some(record) = partition.records.get_mut(offset.index()) else {
            return;
        };
        let before = *record;
        change(record);
        let now = *record;
        if let Some(counter) = self.counter(before) {
            *counter = counter.saturating_sub(1);
        }
        if let Some(counter) = self.counter(now) {
            *counter += 1;
        }
    }
}

impl KafkaWorld {
    /// A share group; `None` if the group is a consumer group.
    #[must_use]
    pub fn share_group(&self, group: GroupId) -> Option<&ShareGroupWorld> {
        let index = group.index().checked_sub(self.first_share_group)?;
        self.share_groups.get(index)
    }

    fn share_group_mut(&mut self, group: GroupId) -> Option<&mut ShareGroupWorld> {
        let index = group.index().checked_sub(self.first_share_group)?;
        self.share_groups.get_mut(index)
    }

    fn share_group_of(&mut self, actor: ActorId) -> Option<&mut ShareGroupWorld> {
        let group = self.group_of(actor)?;
        self.share_group_mut(group)
    }

    pub(super) fn fold_share(&mut self, at: SimTime, what: ShareWhat) {
        match what {
            ShareWhat::GroupChanged {
                group,
                epoch,
                members,
            } => {
                if let Some(its) = self.groups.get_mut(group.index()) {
                    its.phase = match members {
                        0 => GroupPhase::Empty,
                        _ => GroupPhase::Stable,
                    };
                }
                if let Some(group) = self.share_group_mut(group) {
                    (group.epoch, group.members) = (epoch, members);
                }
            }
            ShareWhat::Assigned {
                actor, partition, ..
            } => self.with_partition((actor, partition), |its| its.fetchers.push(actor)),
            ShareWhat::Revoked { actor, partition } => {
                self.with_partition((actor, partition), |its| {
                    its.fetchers.retain(|who| *who != actor);
                });
            }
            ShareWhat::PartitionStarted {
                group,
                partition,
                offset,
                ..
            }
            | ShareWhat::StartMoved {
                group,
                partition,
                offset,
            } => {
                let index = self.flat_index(partition);
                let group = self.share_group_mut(group);
                if let Some(its) = group.and_then(|group| group.partitions.get_mut(index)) {
                    its.start.change(at, Some(offset));
                    its.end = its.end.max(offset);
                }
            }
            ShareWhat::Refused {
                actor,
                partition,
                offset,
            } => {
                if let Some(group) = self.share_group_of(actor) {
                    group.refused = Some((actor, partition, offset, at));
                }
            }
            _ => self.fold_share_record(at, what),
        }
    }

    fn fold_share_record(&mut self, at: SimTime, what: ShareWhat) {
        let (actor, place, state) = match what {
            ShareWhat::Acquired {
                actor,
                partition,
                offset,
                lock,
                ..
            } => {
                self.count_delivery(actor, partition, offset);
                let lock_until = at + SimDuration::from(lock);
                let by = actor;
                let state = ShareState::Acquired { by, lock_until };
                (actor, (partition, offset), state)
            }
            ShareWhat::Renewed {
                actor,
                partition,
                offset,
                lock,
            } => {
                let (index, until) = (self.flat_index(partition), at + SimDuration::from(lock));
                if let Some(group) = self.share_group_of(actor) {
                    group.change((index, offset), |record| {
                        if let ShareState::Acquired { lock_until, .. } = &mut record.state {
                            *lock_until = until;
                        }
                    });
                }
                return;
            }
            ShareWhat::Acknowledged {
                actor,
                partition,
                offset,
            } => {
                let state = ShareState::Acknowledged { by: actor };
                (actor, (partition, offset), state)
            }
            ShareWhat::Released {
                actor,
                partition,
                offset,
                ..
            } => (actor, (partition, offset), ShareState::Available),
            ShareWhat::Archived {
                actor,
                partition,
                offset,
                end,
            } => {
                let state = ShareState::Archived { by: actor, end };
                (actor, (partition, offset), state)
            }
            _ => return,
        };
        let index = self.flat_index(place.0);
        if let Some(group) = self.share_group_of(actor) {
            group.change((index, place.1), |record| {
                record.state = state;
                record.since = at;
                if let ShareWhat::Acquired { delivery_count, .. } = what {
                    record.delivery_count = delivery_count;
                }
            });
        }
    }

    fn with_partition(
        &mut self,
        (actor, partition): (ActorId, TopicPartition),
        change: impl FnOnce(&mut SharePartitionWorld),
    ) {
        let index = self.flat_index(partition);
        let group = self.share_group_of(actor);
        if let Some(its) = group.and_then(|group| group.partitions.get_mut(index)) {
            change(its);
        }
    }

    /// A process is gone: it fetches from nothing any more.
    pub(super) fn stop_fetching(&mut self, actor: ActorId) {
        if let Some(group) = self.share_group_of(actor) {
            for partition in &mut group.partitions {
                partition.fetchers.retain(|who| *who != actor);
            }
        }
    }

    /// The message that a share group has at a place of the log.
    #[must_use]
    pub fn message_at(&self, partition: TopicPartition, offset: Offset) -> Option<MessageId> {
        let log = &self.partitions.get(self.flat_index(partition))?.log;
        Some(log.get(offset.index())?.message)
    }
}
