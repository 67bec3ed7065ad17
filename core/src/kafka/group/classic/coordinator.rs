//! The coordinator of one group: what it knows, and the requests that concern one member.

use litemap::LiteMap;

use super::member::Member;
use super::messages::{
    Caller, CommitError, CommitRequest, Effect, HeartbeatError, LeaveError, RebalanceReason,
};
use super::sessions::Sessions;
use super::state::{GroupState, State};
use crate::ids::{ActorId, Generation, Offset, TopicPartition};
use crate::kafka::assignor::{Assignor, InstanceId};
use crate::kafka::defaults;
use crate::kafka::group::{CommittedOffsets, MemberId};
use crate::time::{SimDuration, SimTime};

/// Settings of the brokers that concern a classic group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSettings {
    /// `group.initial.rebalance.delay.ms`.
    pub initial_rebalance_delay: SimDuration,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self {
            initial_rebalance_delay: defaults::GROUP_INITIAL_REBALANCE_DELAY,
        }
    }
}

/// The coordinator of one classic group.
///
/// Every method that takes the time expects that [`advance`](Self::advance) was called for all
/// timers before it.
#[derive(Clone, Debug)]
pub struct GroupCoordinator {
    pub(super) settings: GroupSettings,
    pub(super) state: State,
    pub(super) generation: Generation,
    /// The assignor of this generation; none before the first and while there are no members.
    pub(super) protocol: Option<Assignor>,
    pub(super) members: LiteMap<MemberId, Member>,
    /// None if and only if there are no members.
    pub(super) leader: Option<MemberId>,
    /// The members with a `group.instance.id`.
    pub(super) statics: LiteMap<InstanceId, MemberId>,
    /// Who was given a member id and has not joined with it: a rebalance waits for them as well.
    pub(super) pending: LiteMap<MemberId, ()>,
    pub(super) sessions: Sessions,
    /// How many members ever joined: gives each its place.
    pub(super) joined: u32,
    /// How many member ids each consumer was given.
    pub(super) incarnations: LiteMap<ActorId, u32>,
    offsets: CommittedOffsets,
}

impl GroupCoordinator {
    /// A group without members and offsets.
    #[must_use]
    pub fn new(settings: GroupSettings) -> Self {
        Self {
            settings,
            state: State::Empty,
            generation: Generation(0),
            protocol: None,
            members: LiteMap::new(),
            leader: None,
            statics: LiteMap::new(),
            pending: LiteMap::new(),
            sessions: Sessions::default(),
            joined: 0,
            incarnations: LiteMap::new(),
            offsets: CommittedOffsets::default(),
        }
    }

    /// The state of the group.
    #[must_use]
    pub const fn state(&self) -> GroupState {
        self.state.name()
    }

    /// The latest generation; 0 before the first.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The assignor of this generation; none before the first and while there are no members.
    #[must_use]
    pub const fn protocol(&self) -> Option<Assignor> {
        self.protocol
    }

    /// The member that assigns the partitions; none if there are no members.
    #[must_use]
    pub const fn leader(&self) -> Option<MemberId> {
        self.leader
    }

    /// The members in the order they joined.
    #[must_use]
    pub fn members(&self) -> Vec<MemberId> {
        self.members_that(|_| true)
    }

    /// How many members there are.
    #[must_use]
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    /// What the leader gave `member` in this generation; nothing until it has.
    #[must_use]
    pub fn assignment(&self, member: MemberId) -> &[TopicPartition] {
        self.members
            .get(&member)
            .map_or(&[], |member| member.assignment.as_slice())
    }

    /// What the group has committed.
    #[must_use]
    pub const fn offsets(&self) -> &CommittedOffsets {
        &self.offsets
    }

    /// The committed offset of `partition`; none if the group never committed one.
    #[must_use]
    pub fn committed(&self, partition: TopicPartition) -> Option<Offset> {
        self.offsets.get(partition)
    }

    /// Takes a heartbeat: starts the session of `member` anew.
    /// `GroupMetadataManager.classicGroupHeartbeat`.
    ///
    /// # Errors
    ///
    /// The member is unknown, fenced, has missed a generation, or has to join again; in the last case
    /// the heartbeat counts all the same.
    pub fn heartbeat(
        &mut self,
        now: SimTime,
        caller: impl Into<Caller>,
        generation: Generation,
    ) -> Result<(), HeartbeatError> {
        let caller = caller.into();
        let member = caller.member;
        self.validate(caller)?;
        if generation != self.generation {
            return Err(HeartbeatError::IllegalGeneration);
        }
        self.restart_session(now, member);
        match self.state {
            State::PreparingRebalance(_) => Err(HeartbeatError::RebalanceInProgress),
            State::Empty | State::CompletingRebalance { .. } | State::Stable { .. } => Ok(()),
        }
    }

    /// Lets `member` go at once. A member id that was never joined with may leave as well, and it
    /// makes a stable group rebalance like any other. `GroupMetadataManager.classicGroupLeave`.
    ///
    /// # Errors
    ///
    /// The member is unknown.
    pub fn leave(
        &mut self,
        now: SimTime,
        member: MemberId,
        effects: &mut Vec<Effect>,
    ) -> Result<(), LeaveError> {
        if self.members.contains_key(&member) {
            effects.push(Effect::MemberLeft { member });
            self.remove_member(member, effects);
        } else if self.pending.remove(&member).is_none() {
            return Err(LeaveError::UnknownMemberId);
        }
        self.sessions.cancel(member);
        match self.state {
            State::CompletingRebalance { .. } | State::Stable { .. } => {
                self.prepare_rebalance(now, RebalanceReason::MemberLeft(member), effects);
            }
            State::PreparingRebalance(_) => self.maybe_complete_join(now, effects),
            State::Empty => {}
        }
        Ok(())
    }

    /// Takes offsets from a member of the current generation, and starts its session anew.
    /// `ClassicGroup.validateOffsetCommit`, `OffsetMetadataManager.commitOffset`.
    ///
    /// # Errors
    ///
    /// The member is unknown, fenced, commits for another generation, or has no assignment yet. Then
    /// none of the offsets is taken.
    pub fn commit(&mut self, now: SimTime, request: &CommitRequest) -> Result<(), CommitError> {
        self.validate(request.caller)?;
        if request.generation != self.generation {
            return Err(CommitError::IllegalGeneration);
        }
        match self.state {
            State::CompletingRebalance { .. } => return Err(CommitError::RebalanceInProgress),
            State::Empty | State::PreparingRebalance(_) | State::Stable { .. } => {}
        }
        self.restart_session(now, request.caller.member);
        for &(partition, offset) in &request.offsets {
            self.offsets.commit(partition, offset);
        }
        Ok(())
    }

    /// Sets offsets as an admin does; whether the group lets it: only if it has no members.
    /// `ClassicGroup.validateOffsetCommit`, with generation −1.
    pub fn alter_offsets(&mut self, offsets: &[(TopicPartition, Offset)]) -> bool {
        let is_empty = matches!(self.state, State::Empty);
        if is_empty {
            for &(partition, offset) in offsets {
                self.offsets.commit(partition, offset);
            }
        }
        is_empty
    }

    /// When [`advance`](Self::advance) has something to do; none while no timer runs.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        [self.state.deadline(), self.sessions.next()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Lets everything happen whose time has come by `now`, in the order of time; of two things at
    /// one time the group's goes before a member's.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        while let Some(due) = self.next_timeout().filter(|&due| due <= now) {
            if self.state.deadline() == Some(due) {
                self.expire_state(due, effects);
            } else if let Some(member) = self.sessions.take(due) {
                self.expire_session(due, member, effects);
            }
        }
    }

    /// The members for which `wanted` holds, in the order they joined.
    pub(super) fn members_that(&self, wanted: impl Fn(&Member) -> bool) -> Vec<MemberId> {
        let mut members: Vec<_> = self
            .members
            .iter()
            .filter(|(_, known)| wanted(known))
            .map(|(&member, known)| (known.joined, member))
            .collect();
        members.sort_unstable();
        members.into_iter().map(|(_, member)| member).collect()
    }

    /// `GroupMetadataManager.rescheduleClassicGroupMemberHeartbeat`.
    pub(super) fn restart_session(&mut self, now: SimTime, member: MemberId) {
        if let Some(known) = self.members.get(&member) {
            self.sessions.schedule(member, now + known.session_timeout);
        }
    }
}
