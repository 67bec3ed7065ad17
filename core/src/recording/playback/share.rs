//! What is known of share groups. A member tells which records it got, how often each had been
//! delivered, and what it said of them with its next poll.
//!
//! Whether the broker heard that shows later: a record that is delivered again was not accepted. So
//! an acceptance is told of at the moment of the work's end, and only if the record never comes
//! again. What brought a record back is not seen: it is the lock if that had run out, and otherwise
//! the end of the member's session; it is told of when the record comes again.

use litemap::LiteMap;

use super::super::document::{RecordOf, RecordingError, Saying};
use super::super::told::Told;
use super::member::Commits;
use super::records::{Place, find_actor, find_place};
use super::teller::Teller;
use crate::cast::LaneCast;
use crate::ids::{ActorId, GroupEpoch, GroupId, Offset, TopicPartition};
use crate::scenario::{AutoOffsetReset, ShareGroup};
use crate::time::{SimDuration, SimTime};
use crate::trace::{LockEnd, Millis, PositionOrigin, ShareWhat, What};

/// A record as a share group has it.
type Shared = (GroupId, Place);

/// What is known of share groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Shares {
    /// How often each record was delivered in all.
    deliveries: LiteMap<Shared, u32>,
    /// Who has a record, and until when its lock lasts.
    held: LiteMap<Shared, (ActorId, SimTime)>,
    /// What each group is done with, from its start on.
    starts: LiteMap<(GroupId, TopicPartition), Offset>,
    done: LiteMap<Shared, ()>,
    /// Who has ever got a record, from which partition, since its process started.
    fetching: Vec<(ActorId, TopicPartition)>,
}

impl Shares {
    pub(super) fn new(told: &Told, cast: &LaneCast) -> Result<Self, RecordingError> {
        let mut shares = Self::default();
        for said in &told.events {
            let Saying::Acquired(records) = &said.what else {
                continue;
            };
            let actor = find_actor(cast, &said.who)?;
            let group = cast.group_of(actor).unwrap_or_default();
            for record in records {
                let shared = (group, find_place(cast, record)?);
                let count = shares.deliveries.entry(shared).or_default();
                *count = record.delivery.unwrap_or(1).max(*count);
            }
        }
        Ok(shares)
    }

    /// A process is no more.
    pub(super) fn leave(&mut self, actor: ActorId) {
        self.fetching.retain(|(who, _)| *who != actor);
    }
}

impl Teller<'_> {
    fn share_group(&self, group: GroupId) -> Option<&ShareGroup> {
        let index = group.index().checked_sub(self.document.groups.len())?;
        self.document.share_groups.get(index)
    }

    fn share(&mut self, what: ShareWhat) {
        self.tell(What::Share { what });
    }

    /// `poll()` returned records to a member.
    pub(super) fn acquire(
        &mut self,
        actor: ActorId,
        records: &[RecordOf],
    ) -> Result<(), RecordingError> {
        let group = self.group_of(actor);
        let lock = self.share_group(group);
        let lock = lock.map_or(SimDuration::ZERO, |its| its.share_record_lock_duration);
        let mut places = Vec::new();
        for record in records {
            let place = find_place(self.cast, record)?;
            places.push(place);
            self.fetch(actor, place);
            self.come_back((group, place));
            let until = self.now() + lock;
            self.shares.held.insert((group, place), (actor, until));
            let (partition, offset) = place;
            let count = record.delivery.unwrap_or(1);
            self.share(ShareWhat::Acquired {
                actor,
                partition,
                offset,
                delivery_count: u8::try_from(count).unwrap_or(u8::MAX),
                lock: Millis::from(lock),
            });
        }
        if let Some(member) = self.members.get_mut(actor.index()) {
            member.pending = places.into();
        }
        self.go_on(actor, Commits::Elsewhere)
    }

    /// A member gets a record of a partition: if it is its first, it is a member, and reads there.
    fn fetch(&mut self, actor: ActorId, (partition, offset): Place) {
        if self.shares.fetching.contains(&(actor, partition)) {
            return;
        }
        let group = self.group_of(actor);
        let is_new = self.shares.fetching.iter().all(|(who, _)| *who != actor);
        self.shares.fetching.push((actor, partition));
        // Its epochs are not recorded.
        let epoch = GroupEpoch(0);
        if is_new {
            let mut members: Vec<ActorId> = self.shares.fetching.iter().map(|its| its.0).collect();
            members.retain(|who| self.group_of(*who) == group);
            members.sort_unstable();
            members.dedup();
            let members = u16::try_from(members.len()).unwrap_or(u16::MAX);
            self.share(ShareWhat::GroupChanged {
                group,
                epoch,
                members,
            });
        }
        self.share(ShareWhat::Assigned {
            actor,
            partition,
            epoch,
        });
        if !self.shares.starts.contains_key(&(group, partition)) {
            self.shares.starts.insert((group, partition), offset);
            let reset = self
                .share_group(group)
                .map(|its| its.share_auto_offset_reset);
            let origin = match reset {
                Some(AutoOffsetReset::Earliest) => PositionOrigin::Earliest,
                Some(AutoOffsetReset::ByDuration { .. }) => PositionOrigin::ByDuration,
                _ => PositionOrigin::Latest,
            };
            self.share(ShareWhat::PartitionStarted {
                group,
                partition,
                offset,
                origin,
            });
        }
    }

    /// A record that somebody had is about to be delivered again.
    fn come_back(&mut self, shared: Shared) {
        let Some((actor, until)) = self.shares.held.remove(&shared) else {
            return;
        };
        let (partition, offset) = shared.1;
        let end = if self.now() >= until {
            LockEnd::LockTimeout
        } else {
            LockEnd::SessionClosed
        };
        self.share(ShareWhat::Released {
            actor,
            partition,
            offset,
            end,
        });
    }

    fn is_last(&self, shared: Shared, delivery: Option<u32>) -> bool {
        let most = self.shares.deliveries.get(&shared);
        most.is_none_or(|most| delivery.unwrap_or(1) >= *most)
    }

    /// A member accepts a record.
    pub(super) fn acknowledge(&mut self, actor: ActorId, (place, delivery): (Place, Option<u32>)) {
        let shared = (self.group_of(actor), place);
        if !self.is_last(shared, delivery) {
            return;
        }
        self.shares.held.remove(&shared);
        let (partition, offset) = place;
        self.share(ShareWhat::Acknowledged {
            actor,
            partition,
            offset,
        });
        self.be_done(shared);
    }

    /// A member gives a record back, or up; or says nothing, and its lock runs out.
    pub(super) fn end_delivery(
        &mut self,
        actor: ActorId,
        (place, delivery): (Place, Option<u32>),
        acknowledge: &str,
    ) {
        let group = self.group_of(actor);
        let end = match acknowledge {
            "release" => LockEnd::Released,
            "reject" => LockEnd::Rejected,
            _ => return,
        };
        let limit = self.share_group(group);
        let limit = limit.map_or(u32::MAX, |its| its.share_delivery_count_limit);
        let is_over = end == LockEnd::Rejected || delivery.unwrap_or(1) >= limit;
        let shared = (group, place);
        self.shares.held.remove(&shared);
        let (partition, offset) = place;
        if is_over && self.is_last(shared, delivery) {
            self.share(ShareWhat::Archived {
                actor,
                partition,
                offset,
                end,
            });
            self.be_done(shared);
        } else {
            self.share(ShareWhat::Released {
                actor,
                partition,
                offset,
                end,
            });
        }
    }

    /// A group is done with a record: its start (SPSO) moves over all that it is done with.
    fn be_done(&mut self, (group, (partition, offset)): Shared) {
        self.shares.done.insert((group, (partition, offset)), ());
        let before = self.shares.starts.get(&(group, partition)).copied();
        let Some(before) = before else {
            return;
        };
        let mut start = before;
        while self.shares.done.contains_key(&(group, (partition, start))) {
            start = start.next();
        }
        if start != before {
            self.shares.starts.insert((group, partition), start);
            self.share(ShareWhat::StartMoved {
                group,
                partition,
                offset: start,
            });
        }
    }
}
