//! Static members, who keep their place in the group while their process is away. KIP-345.

use super::coordinator::GroupCoordinator;
use super::join::refuse;
use super::member::WaitsFor;
use super::messages::{
    Caller, CommitError, Effect, HeartbeatError, JoinError, JoinRequest, RebalanceReason,
    SkipAssignment, SyncError,
};
use super::state::State;
use crate::kafka::assignor::InstanceId;
use crate::kafka::group::MemberId;
use crate::time::SimTime;

/// Why a request is not that of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoMember {
    Unknown,
    Fenced,
}

macro_rules! error {
    ($($name:ident),*) => {$(
        impl From<NoMember> for $name {
            fn from(why: NoMember) -> Self {
                match why {
                    NoMember::Unknown => Self::UnknownMemberId,
                    NoMember::Fenced => Self::FencedInstanceId,
                }
            }
        }
    )*};
}

error!(JoinError, SyncError, HeartbeatError, CommitError);

impl GroupCoordinator {
    /// Whether `caller` is a member; with a `group.instance.id`, the one that has it now.
    /// `ClassicGroup.validateMember`.
    pub(super) fn validate(&self, caller: Caller) -> Result<(), NoMember> {
        if let Some(instance) = caller.group_instance_id {
            let holder = self.statics.get(&instance).ok_or(NoMember::Unknown)?;
            if *holder != caller.member {
                return Err(NoMember::Fenced);
            }
        }
        if self.members.contains_key(&caller.member) {
            Ok(())
        } else {
            Err(NoMember::Unknown)
        }
    }

    /// A static member joins without a member id: it is given one at once. If its
    /// `group.instance.id` is taken, it takes the place of who had it.
    /// `GroupMetadataManager.classicGroupJoinNewStaticMember`.
    pub(super) fn join_static(
        &mut self,
        now: SimTime,
        (instance, request): (InstanceId, JoinRequest),
        effects: &mut Vec<Effect>,
    ) {
        let member = self.next_member_id(request.actor);
        match self.statics.get(&instance).copied() {
            None => self.add_member(now, member, request, effects),
            Some(before) => self.replace(now, (before, member), request, effects),
        }
    }

    /// In a stable group whose assignor stays the same, nobody else is disturbed.
    /// `GroupMetadataManager.updateStaticMemberThenRebalanceOrCompleteJoin`.
    fn replace(
        &mut self,
        now: SimTime,
        (before, member): (MemberId, MemberId),
        request: JoinRequest,
        effects: &mut Vec<Effect>,
    ) {
        self.hand_over((before, member), effects);
        self.update_member(member, request);
        self.restart_session(now, member);
        let reason = RebalanceReason::StaticMemberReplaced(member);
        match self.state {
            State::Stable { .. } if self.select_protocol() == self.protocol => {
                let skips = self.leader == Some(member);
                let skip_assignment = if skips {
                    SkipAssignment::Yes
                } else {
                    SkipAssignment::No
                };
                if let Some(known) = self.members.get_mut(&member) {
                    known.waits_for = WaitsFor::Nothing;
                }
                self.answer_join(member, skip_assignment, effects);
            }
            State::Stable { .. } | State::CompletingRebalance { .. } => {
                self.prepare_rebalance(now, reason, effects);
            }
            State::PreparingRebalance(_) => self.maybe_complete_join(now, effects),
            State::Empty => {}
        }
    }

    /// `member` takes the place of `before`, whose parked requests are refused.
    /// `ClassicGroup.replaceStaticMember`.
    fn hand_over(&mut self, (before, member): (MemberId, MemberId), effects: &mut Vec<Effect>) {
        let Some(mut known) = self.members.remove(&before) else {
            return;
        };
        self.sessions.cancel(before);
        effects.push(Effect::StaticMemberReplaced { member, before });
        if known.awaits_join() {
            refuse(before, JoinError::FencedInstanceId, effects);
        }
        if known.waits_for == WaitsFor::Sync {
            let answer = Err(SyncError::FencedInstanceId);
            effects.push(Effect::SyncAnswered {
                member: before,
                answer,
            });
        }
        known.waits_for = WaitsFor::Nothing;
        if let Some(instance) = known.group_instance_id {
            self.statics.insert(instance, member);
        }
        self.members.insert(member, known);
        if self.leader == Some(before) {
            self.leader = Some(member);
        }
    }
}
