//! A member as the coordinator keeps it.

use super::epoch::MemberEpoch;
use super::reconciliation::{AssignedPartition, CurrentAssignment, MemberState};
use crate::ids::{TopicId, TopicPartition};
use crate::kafka::assignor::{InstanceId, ServerAssignor};
use crate::time::SimDuration;

/// A member. `ConsumerGroupMember`.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its place in the order of joining, which is the member order of the assignors.
    pub(super) joined: u32,
    pub(super) instance: Option<InstanceId>,
    pub(super) rebalance_timeout: SimDuration,
    /// What it subscribes to, sorted.
    pub(super) topics: Vec<TopicId>,
    pub(super) assignor: Option<ServerAssignor>,
    /// What it has, and how far it has come. A static member that left for a while is at epoch −2.
    pub(super) current: CurrentAssignment,
    /// What it shall have, as of the group's target epoch.
    pub(super) target: Vec<TopicPartition>,
}

impl Member {
    pub(super) fn new(joined: u32, instance: Option<InstanceId>) -> Self {
        Self {
            joined,
            instance,
            rebalance_timeout: SimDuration::ZERO,
            topics: Vec::new(),
            assignor: None,
            current: CurrentAssignment::default(),
            target: Vec::new(),
        }
    }

    /// The member that comes back with the same instance id: all but the epochs stays.
    pub(super) fn returned(self) -> Self {
        let current = CurrentAssignment {
            member_epoch: MemberEpoch::JOIN,
            previous_member_epoch: MemberEpoch::JOIN,
            ..self.current
        };
        Self { current, ..self }
    }

    /// A static member leaves for a while. What it has counts as given in epoch 0, so that it may
    /// commit at whichever epoch it comes back with. What it had still to give up is free.
    /// `GroupMetadataManager.consumerGroupStaticMemberGroupLeave`; KIP-1251.
    pub(super) fn away(&self) -> CurrentAssignment {
        let mut away = CurrentAssignment {
            member_epoch: MemberEpoch::LEAVE_STATIC,
            pending_revocation: Vec::new(),
            ..self.current.clone()
        };
        for held in &mut away.assigned {
            held.epoch = MemberEpoch::JOIN;
        }
        away
    }

    /// Whether it has all that the target of `epoch` gives it. `ModernGroupMember.isReconciledTo`.
    pub(super) fn is_reconciled_to(&self, epoch: MemberEpoch) -> bool {
        self.current.state == MemberState::Stable && self.current.member_epoch == epoch
    }

    /// The epoch in which it was given `partition`; none if it does not have it. What it has still
    /// to give up is its own until then.
    pub(super) fn given_in(&self, partition: TopicPartition) -> Option<MemberEpoch> {
        let mut held = held(&self.current);
        let held = held.find(|held| held.partition == partition)?;
        Some(held.epoch)
    }
}

/// Everything that a member has: what is assigned, then what it has still to give up.
pub(super) fn held(current: &CurrentAssignment) -> impl Iterator<Item = AssignedPartition> + '_ {
    let lists = [&current.assigned, &current.pending_revocation];
    lists.into_iter().flatten().copied()
}

/// Whether `list` has `partition`.
pub(super) fn contains(list: &[AssignedPartition], partition: TopicPartition) -> bool {
    list.binary_search_by_key(&partition, |held| held.partition)
        .is_ok()
}
