//! The coordinator of a share group: who is a member, and who fetches from which partition.

use std::collections::BTreeSet;

use litemap::LiteMap;

use crate::ids::{GroupEpoch, TopicId, TopicPartition};
use crate::kafka::assignor::{MemberSubscription, ShareAssignor, TopicMetadata};
use crate::kafka::defaults;
use crate::kafka::group::MemberId;
use crate::time::{SimDuration, SimTime};

/// A share group at its coordinator. There is no rebalance to wait for: a member hears of its
/// partitions with its own heartbeats, and gives some up without being asked back.
/// `GroupMetadataManager.shareGroupHeartbeat`, `ShareGroup`.
///
/// A partition can be assigned only once its share-partition state is initialized, which the
/// coordinator asks for when the topic is first subscribed to: so the first member is given
/// nothing with its first heartbeat. Here the state is initialized by the next heartbeat, whenever
/// that comes.
#[derive(Clone, Debug)]
pub struct ShareGroup {
    settings: ShareGroupSettings,
    members: LiteMap<MemberId, Member>,
    group_epoch: GroupEpoch,
    /// The group epoch that the target was worked out for.
    assignment_epoch: GroupEpoch,
    /// When the target was worked out last.
    assigned_at: Option<SimTime>,
    /// How many partitions of each topic are initialized.
    initialized: LiteMap<TopicId, u16>,
    /// The same, when the target was worked out last.
    assignable: LiteMap<TopicId, u16>,
    sessions: BTreeSet<(SimTime, MemberId)>,
}

#[derive(Clone, Debug)]
struct Member {
    topics: Vec<TopicId>,
    epoch: GroupEpoch,
    previous_epoch: GroupEpoch,
    target: Vec<TopicPartition>,
    assigned: Vec<TopicPartition>,
    session_until: SimTime,
}

/// The settings of a share group that its coordinator needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareGroupSettings {
    /// share.session.timeout.ms of the group, else group.share.session.timeout.ms.
    pub session_timeout: SimDuration,
    /// share.assignment.interval.ms of the group, else group.share.assignment.interval.ms: the
    /// shortest time from one target to the next. KIP-1263.
    pub assignment_interval: SimDuration,
}

impl Default for ShareGroupSettings {
    fn default() -> Self {
        Self {
            session_timeout: defaults::SHARE_SESSION_TIMEOUT,
            assignment_interval: defaults::SHARE_ASSIGNMENT_INTERVAL,
        }
    }
}

/// ShareGroupHeartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// Who. The id is made by the client and stays the same when it joins again.
    pub member: MemberId,
    /// The epoch it was told last; 0: it joins.
    pub epoch: GroupEpoch,
    /// What it subscribes to.
    pub topics: Vec<TopicId>,
}

/// What the coordinator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatAnswer {
    /// The member's epoch from now on.
    pub epoch: GroupEpoch,
    /// What it fetches from, if that has changed or it has just joined.
    pub assignment: Option<Vec<TopicPartition>>,
}

/// Why a heartbeat is refused: the member drops everything and joins again with epoch 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeartbeatError {
    /// The coordinator does not know this member (any more).
    #[error("UNKNOWN_MEMBER_ID")]
    UnknownMemberId,
    /// Its epoch is neither the current one nor the one before.
    #[error("FENCED_MEMBER_EPOCH")]
    FencedMemberEpoch,
}

/// What a step of the coordinator did beside answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareGroupEffect {
    /// The group epoch has risen: there is another target to be worked out.
    EpochChanged {
        /// The epoch.
        epoch: GroupEpoch,
        /// How many members there are now.
        members: usize,
    },
    /// A member's session has ended, and the coordinator has forgotten it.
    SessionExpired {
        /// Who.
        member: MemberId,
    },
}

impl ShareGroup {
    /// A group without members.
    #[must_use]
    pub fn new(settings: ShareGroupSettings) -> Self {
        Self {
            settings,
            members: LiteMap::new(),
            group_epoch: GroupEpoch(0),
            assignment_epoch: GroupEpoch(0),
            assigned_at: None,
            initialized: LiteMap::new(),
            assignable: LiteMap::new(),
            sessions: BTreeSet::new(),
        }
    }

    /// Its epoch.
    #[must_use]
    pub const fn epoch(&self) -> GroupEpoch {
        self.group_epoch
    }

    /// Its members, by id.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        self.members.iter().map(|(member, _)| *member)
    }

    /// A member joins, or says that it is still there. `topics`: those that exist.
    ///
    /// # Errors
    ///
    /// The member is not known, or behind.
    pub fn heartbeat(
        &mut self,
        now: SimTime,
        heartbeat: Heartbeat,
        topics: &[TopicMetadata],
        effects: &mut Vec<ShareGroupEffect>,
    ) -> Result<HeartbeatAnswer, HeartbeatError> {
        let id = heartbeat.member;
        let joins = heartbeat.epoch == GroupEpoch(0);
        match self.members.get_mut(&id) {
            None if joins => {
                let member = Member {
                    topics: heartbeat.topics,
                    epoch: GroupEpoch(0),
                    previous_epoch: GroupEpoch(0),
                    target: Vec::new(),
                    assigned: Vec::new(),
                    session_until: now,
                };
                self.members.insert(id, member);
                self.bump(effects);
            }
            None => return Err(HeartbeatError::UnknownMemberId),
            Some(member) => {
                let known = [member.epoch, member.previous_epoch];
                if !joins && !known.contains(&heartbeat.epoch) {
                    return Err(HeartbeatError::FencedMemberEpoch);
                }
                if member.topics != heartbeat.topics {
                    member.topics = heartbeat.topics;
                    self.bump(effects);
                }
            }
        }
        let is_settled = self.assignment_epoch >= self.group_epoch;
        if is_settled && self.assignable != self.initialized {
            self.bump(effects);
        }
        self.assign(now);
        self.initialize(topics);
        let mut answer = self.answer(now, id);
        if joins && answer.assignment.is_none() {
            answer.assignment = self.members.get(&id).map(|its| its.assigned.clone());
        }
        Ok(answer)
    }

    /// Brings a member up to the target, and its session to begin anew.
    /// `ShareGroupAssignmentBuilder`.
    fn answer(&mut self, now: SimTime, id: MemberId) -> HeartbeatAnswer {
        let (epoch, timeout) = (self.assignment_epoch, self.settings.session_timeout);
        let Some(member) = self.members.get_mut(&id) else {
            let assignment = None;
            return HeartbeatAnswer { epoch, assignment };
        };
        self.sessions.remove(&(member.session_until, id));
        member.session_until = now + timeout;
        self.sessions.insert((member.session_until, id));
        let mut assignment = None;
        if member.epoch != epoch {
            member.previous_epoch = member.epoch;
            member.epoch = epoch;
            if member.assigned != member.target {
                member.assigned.clone_from(&member.target);
                assignment = Some(member.target.clone());
            }
        }
        HeartbeatAnswer { epoch, assignment }
    }

    /// Works out a new target if one is due. `TargetAssignmentBuilder`.
    fn assign(&mut self, now: SimTime) {
        let interval = self.settings.assignment_interval;
        let is_due = self.assigned_at.is_none_or(|at| at + interval <= now);
        if self.assignment_epoch >= self.group_epoch || !is_due {
            return;
        }
        self.assigned_at = Some(now);
        self.assignment_epoch = self.group_epoch;
        self.assignable = self.initialized.clone();
        let topics = self.assignable.iter();
        let topics = topics.map(|(topic, partitions)| TopicMetadata::new(*topic, *partitions));
        let members = self.members.iter().map(|(id, its)| MemberSubscription {
            owned: its.target.clone(),
            ..MemberSubscription::new(*id, its.topics.clone())
        });
        let (topics, members): (Vec<_>, Vec<_>) = (topics.collect(), members.collect());
        let targets = ShareAssignor::Simple.assign(&topics, &members, |_| true);
        for ((_, member), target) in self.members.iter_mut().zip(targets) {
            member.target = target;
        }
    }

    /// Has the states of subscribed partitions initialized.
    fn initialize(&mut self, topics: &[TopicMetadata]) {
        let mut subscribed = self.members.iter().flat_map(|(_, member)| &member.topics);
        for topic in topics {
            if subscribed.any(|its| *its == topic.topic) {
                self.initialized.insert(topic.topic, topic.partitions);
            }
        }
    }

    /// A member leaves: a heartbeat with epoch -1.
    ///
    /// # Errors
    ///
    /// The member is not known.
    pub fn leave(
        &mut self,
        member: MemberId,
        effects: &mut Vec<ShareGroupEffect>,
    ) -> Result<(), HeartbeatError> {
        let its = self.members.remove(&member);
        let its = its.ok_or(HeartbeatError::UnknownMemberId)?;
        self.sessions.remove(&(its.session_until, member));
        self.bump(effects);
        Ok(())
    }

    /// When the next session ends.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        self.sessions.first().map(|(at, _)| *at)
    }

    /// Lets the sessions end that do up to `now`.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<ShareGroupEffect>) {
        while let Some((at, member)) = self.sessions.first().copied()
            && at <= now
        {
            self.sessions.pop_first();
            self.members.remove(&member);
            effects.push(ShareGroupEffect::SessionExpired { member });
            self.bump(effects);
        }
    }

    fn bump(&mut self, effects: &mut Vec<ShareGroupEffect>) {
        self.group_epoch.0 += 1;
        effects.push(ShareGroupEffect::EpochChanged {
            epoch: self.group_epoch,
            members: self.members.len(),
        });
    }
}
