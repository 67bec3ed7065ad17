//! ConsumerGroupHeartbeat.

use super::coordinator::{ConsumerGroupCoordinator, Existence, Refresh};
use super::epoch::MemberEpoch;
use super::member::{Member, contains, held};
use super::messages::{Effect, EpochReason, HeartbeatError, HeartbeatRequest, HeartbeatResponse};
use super::reconciliation::{
    AssignedPartition, CurrentAssignment, Heartbeat, MemberState, SubscriptionChange, Target,
    reconcile,
};
use crate::ids::{TopicId, TopicPartition};
use crate::kafka::assignor::InstanceId;
use crate::kafka::group::MemberId;
use crate::time::SimTime;

/// Whether a member has changed what it subscribes to, a new member included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subscription {
    Same,
    New,
    Changed,
}

impl ConsumerGroupCoordinator {
    /// Takes a heartbeat: lets the member in if it joins, or go if it leaves; computes another
    /// target if one is due, and brings the member a step nearer to its target. Nobody else is
    /// waited for. `GroupMetadataManager.consumerGroupHeartbeat`.
    ///
    /// # Errors
    ///
    /// The member is unknown or at another epoch, or its instance id is somebody else's. Then
    /// nothing has changed, and its session is not started anew.
    pub fn heartbeat(
        &mut self,
        now: SimTime,
        request: &HeartbeatRequest,
        effects: &mut Vec<Effect>,
    ) -> Result<HeartbeatResponse, HeartbeatError> {
        if request.epoch < MemberEpoch::JOIN {
            return self.leave(request, effects);
        }
        let admitted = self.admit(request, effects)?;
        let subscription = match (self.update(request), admitted) {
            (Subscription::Changed, Subscription::New) => Subscription::New,
            (updated, _) => updated,
        };
        self.maybe_bump(request.member, subscription, effects);
        self.maybe_compute_target(now, effects);
        let before = self.members.get(&request.member);
        let before = before.map(|known| known.current.clone());
        self.reconcile(now, request, subscription, effects);
        let member = request.member;
        self.sessions
            .schedule(member, now + self.settings.session_timeout);
        let known = self.members.get(&member);
        let known = known.ok_or(HeartbeatError::UnknownMemberId)?;
        let after = &known.current;
        let partitions = |of: &CurrentAssignment| -> Vec<TopicPartition> {
            of.assigned.iter().map(|held| held.partition).collect()
        };
        let assigned = partitions(after);
        let is_changed = before.is_none_or(|before| partitions(&before) != assigned);
        Ok(HeartbeatResponse {
            epoch: after.member_epoch,
            heartbeat_interval: self.settings.heartbeat_interval,
            assignment: (request.is_full() || is_changed).then_some(assigned),
        })
    }

    /// Lets a member in, or checks that it is one.
    fn admit(
        &mut self,
        request: &HeartbeatRequest,
        effects: &mut Vec<Effect>,
    ) -> Result<Subscription, HeartbeatError> {
        let member = request.member;
        match request.instance {
            _ if !request.joins() => {
                self.check_identity(member, request.instance)?;
                self.check_epoch(member, request.epoch, request.owned.as_deref())?;
                Ok(Subscription::Same)
            }
            Some(instance) => self.admit_static(member, instance, effects),
            // A member that was fenced keeps its place if it is still known. KAFKA-19233.
            None if self.members.contains_key(&member) => Ok(Subscription::Same),
            None => {
                self.add_member(member, None, effects);
                Ok(Subscription::New)
            }
        }
    }

    /// A static member joins: as a new one, or in the place of one that left for a while.
    /// `GroupMetadataManager.getOrMaybeSubscribeStaticConsumerGroupMember`.
    fn admit_static(
        &mut self,
        member: MemberId,
        instance: InstanceId,
        effects: &mut Vec<Effect>,
    ) -> Result<Subscription, HeartbeatError> {
        let Some(&old) = self.static_members.get(&instance) else {
            self.add_member(member, Some(instance), effects);
            return Ok(Subscription::New);
        };
        let epoch = |known: &Member| known.current.member_epoch;
        if self.members.get(&old).map(epoch) != Some(MemberEpoch::LEAVE_STATIC) {
            return Err(HeartbeatError::UnreleasedInstanceId);
        }
        // The timers of the old member run on, and find nobody.
        if let Some(known) = self.members.remove(&old) {
            self.members.insert(member, known.returned());
            self.static_members.insert(instance, member);
            effects.push(Effect::StaticMemberReturned { old, new: member });
            self.tell_handover(old, member, effects);
        }
        Ok(Subscription::Same)
    }

    fn tell_handover(&self, old: MemberId, new: MemberId, effects: &mut Vec<Effect>) {
        let Some(known) = self.members.get(&new) else {
            return;
        };
        for partition in held(&known.current).map(|held| held.partition) {
            effects.push(Effect::Released {
                member: old,
                partition,
            });
            effects.push(Effect::Given {
                member: new,
                partition,
            });
        }
        for &partition in &known.target {
            let member = Some(new);
            effects.push(Effect::TargetChanged { partition, member });
        }
    }

    fn add_member(
        &mut self,
        member: MemberId,
        instance: Option<InstanceId>,
        effects: &mut Vec<Effect>,
    ) {
        self.existence = Existence::Yes;
        self.members
            .insert(member, Member::new(self.joined, instance));
        self.joined = self.joined.saturating_add(1);
        if let Some(instance) = instance {
            self.static_members.insert(instance, member);
        }
        effects.push(Effect::MemberJoined { member });
    }

    /// Whether `member` is known, and is the one that uses `instance`.
    /// `GroupMetadataManager.throwIfInstanceIdIsFenced`.
    pub(super) fn check_identity(
        &self,
        member: MemberId,
        instance: Option<InstanceId>,
    ) -> Result<(), HeartbeatError> {
        if let Some(instance) = instance {
            let user = self.static_members.get(&instance);
            let user = user.ok_or(HeartbeatError::UnknownMemberId)?;
            if *user != member {
                return Err(HeartbeatError::FencedInstanceId);
            }
        }
        if self.members.contains_key(&member) {
            Ok(())
        } else {
            Err(HeartbeatError::UnknownMemberId)
        }
    }

    /// A member may be one epoch behind, if it says that it owns nothing but what it was given:
    /// the answer may have been lost. `GroupMetadataManager.throwIfConsumerGroupMemberEpochIsInvalid`.
    fn check_epoch(
        &self,
        member: MemberId,
        epoch: MemberEpoch,
        owned: Option<&[TopicPartition]>,
    ) -> Result<(), HeartbeatError> {
        let known = self.members.get(&member);
        let known = known.ok_or(HeartbeatError::UnknownMemberId)?;
        let current = &known.current;
        let only_what_it_was_given =
            || owned.is_some_and(|owned| owned.iter().all(|&tp| contains(&current.assigned, tp)));
        let is_valid = epoch == current.member_epoch
            || (epoch < current.member_epoch
                && epoch == current.previous_member_epoch
                && only_what_it_was_given());
        if is_valid {
            Ok(())
        } else {
            Err(HeartbeatError::FencedMemberEpoch)
        }
    }

    /// Takes over what the member says about itself.
    fn update(&mut self, request: &HeartbeatRequest) -> Subscription {
        let Some(known) = self.members.get_mut(&request.member) else {
            return Subscription::Same;
        };
        if let Some(timeout) = request.rebalance_timeout {
            known.rebalance_timeout = timeout;
        }
        if let Some(assignor) = request.assignor {
            known.assignor = Some(assignor);
        }
        let Some(topics) = &request.topics else {
            return Subscription::Same;
        };
        let mut topics: Vec<TopicId> = topics.clone();
        topics.sort_unstable();
        topics.dedup();
        if topics == known.topics {
            return Subscription::Same;
        }
        known.topics = topics;
        Subscription::Changed
    }

    /// Gives the group another epoch if what it subscribes to has changed, or the partitions of
    /// that have.
    fn maybe_bump(
        &mut self,
        member: MemberId,
        subscription: Subscription,
        effects: &mut Vec<Effect>,
    ) {
        let reason = match subscription {
            Subscription::New => EpochReason::MemberJoined(member),
            Subscription::Changed => EpochReason::SubscriptionChanged(member),
            Subscription::Same if self.refresh == Refresh::Needed => EpochReason::MetadataChanged,
            Subscription::Same => return,
        };
        self.refresh = Refresh::NotNeeded;
        if self.refresh_metadata() == Refresh::Needed || subscription != Subscription::Same {
            self.bump_epoch(reason, effects);
        }
    }

    pub(super) fn bump_epoch(&mut self, reason: EpochReason, effects: &mut Vec<Effect>) {
        let epoch = self.group_epoch.next();
        self.group_epoch = epoch;
        effects.push(Effect::GroupEpochBumped { epoch, reason });
        self.tell_state(effects);
    }

    /// A step of `request.member` to its target.
    fn reconcile(
        &mut self,
        now: SimTime,
        request: &HeartbeatRequest,
        subscription: Subscription,
        effects: &mut Vec<Effect>,
    ) {
        let member = request.member;
        let Some(known) = self.members.get(&member) else {
            return;
        };
        let target = Target {
            epoch: self.target_epoch,
            partitions: &known.target,
        };
        let heartbeat = Heartbeat {
            subscribed: &known.topics,
            subscription: match subscription {
                Subscription::Changed => SubscriptionChange::Changed,
                Subscription::Same | Subscription::New => SubscriptionChange::Same,
            },
            owned: request.owned.as_deref(),
        };
        let epochs = &self.partition_epochs;
        let after = reconcile(&known.current, target, heartbeat, |tp| {
            epochs.get(&tp).copied()
        });
        let Some(after) = after.filter(|after| *after != known.current) else {
            return;
        };
        let deadline = now + known.rebalance_timeout;
        if after.state == MemberState::UnrevokedPartitions {
            self.revocations.schedule(member, deadline);
        } else {
            self.revocations.cancel(member);
        }
        self.change(member, after, effects);
    }

    /// Gives a member what it has from now on, and keeps the books of who owns what.
    /// `ConsumerGroup.maybeUpdatePartitionEpoch`.
    pub(super) fn change(
        &mut self,
        member: MemberId,
        after: CurrentAssignment,
        effects: &mut Vec<Effect>,
    ) {
        let Some(known) = self.members.get_mut(&member) else {
            return;
        };
        let before = std::mem::replace(&mut known.current, after);
        let after = &known.current;
        let is_held = |tp: TopicPartition| {
            contains(&after.assigned, tp) || contains(&after.pending_revocation, tp)
        };
        let released = held(&before).map(|held| held.partition);
        for partition in released.filter(|&tp| !is_held(tp)) {
            self.partition_epochs.remove(&partition);
            effects.push(Effect::Released { member, partition });
        }
        for AssignedPartition { partition, .. } in held(after) {
            self.partition_epochs.insert(partition, after.member_epoch);
        }
        for &AssignedPartition { partition, .. } in &after.pending_revocation {
            if !contains(&before.pending_revocation, partition) {
                effects.push(Effect::RevocationPending { member, partition });
            }
        }
        for &AssignedPartition { partition, .. } in &after.assigned {
            if !contains(&before.assigned, partition) {
                effects.push(Effect::Given { member, partition });
            }
        }
        if (before.member_epoch, before.state) != (after.member_epoch, after.state) {
            effects.push(Effect::MemberReconciled {
                member,
                epoch: after.member_epoch,
                state: after.state,
            });
        }
        self.tell_state(effects);
    }
}
