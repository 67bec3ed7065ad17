//! One heartbeat of one member, on its way to the target.
//! `org.apache.kafka.coordinator.group.modern.consumer.CurrentAssignmentBuilder`.
//!
//! ```text
//!            what must go is still owned                  it is no longer reported
//!   Stable ───────────────────────────▶ UnrevokedPartitions ──────────────────▶ at the target epoch:
//!     │                                                                         Stable, or
//!     └────────────────────────────────────────────────────────────────────────▶ UnreleasedPartitions
//!            nothing must go                                                    while others hold some
//! ```
//!
//! There is no barrier: each member goes this way on its own heartbeats, and a partition changes
//! hands when the one that had it no longer reports it and the next one asks.

use super::epoch::MemberEpoch;
use crate::ids::{TopicId, TopicPartition};

/// How far a member is. `MemberState`; its `UNKNOWN`, which only a downgrade brings about, is left
/// out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberState {
    /// `STABLE`: it has all that the target of its epoch gives it.
    #[default]
    Stable,
    /// `UNREVOKED_PARTITIONS`: it has to give something up first, and gets nothing new until then.
    UnrevokedPartitions,
    /// `UNRELEASED_PARTITIONS`: it waits for partitions that other members still hold.
    UnreleasedPartitions,
}

/// A partition of a member, and the epoch in which it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignedPartition {
    /// Which.
    pub partition: TopicPartition,
    /// Since which epoch of the member. A commit with an older epoch is refused.
    pub epoch: MemberEpoch,
}

/// What the coordinator knows of a member's assignment. `ConsumerGroupMember`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentAssignment {
    /// How far it is.
    pub state: MemberState,
    /// Its epoch.
    pub member_epoch: MemberEpoch,
    /// The epoch it had before its last step; a heartbeat that carries it may be a repeated one.
    pub previous_member_epoch: MemberEpoch,
    /// What it may read, in the order of the partitions.
    pub assigned: Vec<AssignedPartition>,
    /// What it has to give up, in the order of the partitions. They are still taken.
    pub pending_revocation: Vec<AssignedPartition>,
}

impl Default for CurrentAssignment {
    /// A member that has just joined.
    fn default() -> Self {
        Self {
            state: MemberState::Stable,
            member_epoch: MemberEpoch::JOIN,
            previous_member_epoch: MemberEpoch::LEAVE,
            assigned: Vec::new(),
            pending_revocation: Vec::new(),
        }
    }
}

/// Whether a member subscribes to other topics since its last heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionChange {
    /// It subscribes to the same.
    Same,
    /// It subscribes to others.
    Changed,
}

/// Where a member is led to: its part of the group's target assignment.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The epoch of the target.
    pub epoch: MemberEpoch,
    /// The member's partitions, in any order.
    pub partitions: &'a [TopicPartition],
}

/// What a heartbeat says. `ConsumerGroupHeartbeatRequest`.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat<'a> {
    /// The existing topics the member subscribes to, this heartbeat included, in any order.
    pub subscribed: &'a [TopicId],
    /// Whether this heartbeat changed them.
    pub subscription: SubscriptionChange,
    /// What the member owns, in any order; none if it did not say because nothing changed since
    /// its last heartbeat. Then it counts as owning still what it has to give up.
    pub owned: Option<&'a [TopicPartition]>,
}

impl Heartbeat<'_> {
    /// Whether some of `revoked` is not given up yet. `ownsRevokedPartitions`.
    fn still_owns(&self, revoked: &[AssignedPartition]) -> bool {
        self.owned.is_none_or(|owned| {
            owned
                .iter()
                .any(|&partition| position(revoked, partition).is_some())
        })
    }

    fn subscribes_to(&self, partition: TopicPartition) -> bool {
        self.subscribed.contains(&partition.topic)
    }
}

/// What `member` is after `heartbeat`: none if it stays as it is.
///
/// `partition_epoch` is the epoch of the member that has a partition, assigned or pending
/// revocation; none if the partition is free. `CurrentAssignmentBuilder.build`.
#[must_use]
pub fn reconcile(
    member: &CurrentAssignment,
    target: Target<'_>,
    heartbeat: Heartbeat<'_>,
    partition_epoch: impl Fn(TopicPartition) -> Option<MemberEpoch>,
) -> Option<CurrentAssignment> {
    let arrived = match member.state {
        MemberState::Stable => member.member_epoch == target.epoch,
        MemberState::UnrevokedPartitions => heartbeat.still_owns(&member.pending_revocation),
        MemberState::UnreleasedPartitions => false,
    };
    if !arrived {
        return Some(next(member, target, heartbeat, partition_epoch));
    }
    match heartbeat.subscription {
        SubscriptionChange::Changed => shrink(member, heartbeat),
        SubscriptionChange::Same => None,
    }
}

/// A step towards the latest target. `computeNextAssignment`.
fn next(
    member: &CurrentAssignment,
    target: Target<'_>,
    heartbeat: Heartbeat<'_>,
    partition_epoch: impl Fn(TopicPartition) -> Option<MemberEpoch>,
) -> CurrentAssignment {
    let mut wanted = target.partitions.to_vec();
    wanted.retain(|&partition| heartbeat.subscribes_to(partition));
    wanted.sort_unstable();
    let (mut assigned, revoked): (Vec<_>, Vec<_>) = member
        .assigned
        .iter()
        .partition(|held| wanted.binary_search(&held.partition).is_ok());
    if !revoked.is_empty() && heartbeat.still_owns(&revoked) {
        return CurrentAssignment {
            state: MemberState::UnrevokedPartitions,
            member_epoch: member.member_epoch,
            previous_member_epoch: member.member_epoch,
            assigned,
            pending_revocation: revoked,
        };
    }
    wanted.retain(|&partition| position(&assigned, partition).is_none());
    let count = wanted.len();
    // What the member itself has just given up still carries its epoch, and is free.
    wanted.retain(|&partition| {
        partition_epoch(partition).is_none()
            || position(&member.pending_revocation, partition).is_some()
    });
    let state = if wanted.len() < count {
        MemberState::UnreleasedPartitions
    } else {
        MemberState::Stable
    };
    assigned.extend(wanted.into_iter().map(|partition| AssignedPartition {
        partition,
        epoch: target.epoch,
    }));
    assigned.sort_unstable();
    CurrentAssignment {
        state,
        member_epoch: target.epoch,
        previous_member_epoch: member.member_epoch,
        assigned,
        pending_revocation: Vec::new(),
    }
}

/// Takes away at once what the member no longer subscribes to; the next target, which will say the
/// same, is not there yet. `updateCurrentAssignment`.
fn shrink(member: &CurrentAssignment, heartbeat: Heartbeat<'_>) -> Option<CurrentAssignment> {
    let (assigned, dropped): (Vec<_>, Vec<_>) = member
        .assigned
        .iter()
        .partition(|held| heartbeat.subscribes_to(held.partition));
    if dropped.is_empty() {
        return None;
    }
    let mut pending = member.pending_revocation.clone();
    pending.extend(dropped);
    pending.sort_unstable();
    let (state, pending_revocation) = if heartbeat.still_owns(&pending) {
        (MemberState::UnrevokedPartitions, pending)
    } else {
        (member.state, member.pending_revocation.clone())
    };
    Some(CurrentAssignment {
        state,
        member_epoch: member.member_epoch,
        previous_member_epoch: member.member_epoch,
        assigned,
        pending_revocation,
    })
}

/// The place of `partition` in a list in the order of partitions.
fn position(list: &[AssignedPartition], partition: TopicPartition) -> Option<usize> {
    list.binary_search_by_key(&partition, |held| held.partition)
        .ok()
}
