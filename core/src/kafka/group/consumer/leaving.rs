//! How a member goes: by itself, or because it was not heard of.

use super::coordinator::ConsumerGroupCoordinator;
use super::epoch::MemberEpoch;
use super::member::held;
use super::messages::{
    Effect, EpochReason, FenceReason, HeartbeatError, HeartbeatRequest, HeartbeatResponse,
};
use crate::kafka::group::MemberId;
use crate::time::{SimDuration, SimTime};

impl ConsumerGroupCoordinator {
    /// A member leaves. The group gets another epoch, and its next target with the next heartbeat
    /// of somebody; if a static member leaves for a while, neither.
    /// `GroupMetadataManager.consumerGroupLeave`.
    pub(super) fn leave(
        &mut self,
        request: &HeartbeatRequest,
        effects: &mut Vec<Effect>,
    ) -> Result<HeartbeatResponse, HeartbeatError> {
        let member = request.member;
        self.check_identity(member, request.instance)?;
        if request.instance.is_some() && request.epoch == MemberEpoch::LEAVE_STATIC {
            effects.push(Effect::StaticMemberLeft { member });
            // The session goes on: when it ends, the member is thrown out.
            if let Some(known) = self.members.get(&member) {
                let away = known.away();
                self.change(member, away, effects);
            }
        } else {
            effects.push(Effect::MemberLeft { member });
            self.remove(member, effects);
            self.bump_epoch(EpochReason::MemberLeft(member), effects);
        }
        Ok(HeartbeatResponse {
            epoch: request.epoch,
            heartbeat_interval: SimDuration::ZERO,
            assignment: None,
        })
    }

    /// Lets everything happen whose time has come by `now`, in the order of time; of two things at
    /// one time a session ends before a revocation.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        while let Some(due) = self.next_timeout().filter(|&due| due <= now) {
            if let Some(member) = self.sessions.take(due) {
                self.fence(member, FenceReason::SessionExpired, effects);
            } else if let Some(member) = self.revocations.take(due) {
                let known = self.members.get(&member);
                // A member that has left for a while since is at another epoch.
                if known.is_some_and(|known| known.current.member_epoch >= MemberEpoch::JOIN) {
                    self.fence(member, FenceReason::RebalanceTimedOut, effects);
                }
            }
        }
    }

    /// Throws a member out: it hears of it with its next heartbeat.
    /// `GroupMetadataManager.consumerGroupFenceMember`.
    fn fence(&mut self, member: MemberId, reason: FenceReason, effects: &mut Vec<Effect>) {
        if !self.members.contains_key(&member) {
            return;
        }
        effects.push(Effect::MemberFenced { member, reason });
        self.remove(member, effects);
        self.bump_epoch(EpochReason::MemberFenced(member), effects);
    }

    /// What it had is free, and nobody's in the target until there is another one.
    fn remove(&mut self, member: MemberId, effects: &mut Vec<Effect>) {
        self.sessions.cancel(member);
        self.revocations.cancel(member);
        let Some(known) = self.members.remove(&member) else {
            return;
        };
        if let Some(instance) = known.instance
            && self.static_members.get(&instance) == Some(&member)
        {
            self.static_members.remove(&instance);
        }
        for partition in held(&known.current).map(|held| held.partition) {
            self.partition_epochs.remove(&partition);
            effects.push(Effect::Released { member, partition });
        }
        for partition in known.target {
            let member = None;
            effects.push(Effect::TargetChanged { partition, member });
        }
        self.refresh_metadata();
    }
}
