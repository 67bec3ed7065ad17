//! A member as the coordinator keeps it.

use super::messages::{JoinRequest, Subscription};
use crate::ids::TopicPartition;
use crate::kafka::assignor::{Assignor, InstanceId};
use crate::time::SimDuration;

/// A member that has joined with its id. `ClassicGroupMember`.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its place in the order of joining: the first that is left leads.
    pub(super) joined: u32,
    /// `group.instance.id`; none for a dynamic member.
    pub(super) group_instance_id: Option<InstanceId>,
    /// The assignors it can run, the one it likes best first.
    pub(super) protocols: Vec<Assignor>,
    pub(super) session_timeout: SimDuration,
    pub(super) rebalance_timeout: SimDuration,
    pub(super) subscription: Subscription,
    pub(super) waits_for: WaitsFor,
    /// What the leader gave it in this generation; empty until then.
    pub(super) assignment: Vec<TopicPartition>,
}

/// What the coordinator and a member wait for from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaitsFor {
    /// The answer to its first JoinGroup.
    FirstJoin,
    /// The answer to a later JoinGroup.
    Rejoin,
    /// It was told to sync and has not.
    ItsSync,
    /// The answer to its SyncGroup.
    Sync,
    /// Nothing: it has its assignment, or has not reacted to a rebalance yet.
    Nothing,
}

impl Member {
    pub(super) fn new(joined: u32, request: JoinRequest) -> Self {
        Self {
            joined,
            group_instance_id: request.group_instance_id,
            protocols: request.protocols,
            session_timeout: request.session_timeout,
            rebalance_timeout: request.rebalance_timeout,
            subscription: request.subscription,
            waits_for: WaitsFor::FirstJoin,
            assignment: Vec::new(),
        }
    }

    /// Takes over what the member says now, and parks its request. `ClassicGroup.updateMember`.
    pub(super) fn rejoin(&mut self, request: JoinRequest) {
        self.session_timeout = request.session_timeout;
        self.rebalance_timeout = request.rebalance_timeout;
        self.subscription = request.subscription;
        self.protocols = request.protocols;
        if self.waits_for != WaitsFor::FirstJoin {
            self.waits_for = WaitsFor::Rejoin;
        }
    }

    /// Whether it says the same about itself as before. `ClassicGroupMember.matches`.
    pub(super) fn matches(&self, request: &JoinRequest) -> bool {
        self.subscription == request.subscription && self.protocols == request.protocols
    }

    /// Whether its JoinGroup is parked.
    pub(super) const fn awaits_join(&self) -> bool {
        matches!(self.waits_for, WaitsFor::FirstJoin | WaitsFor::Rejoin)
    }

    /// Whether the end of its session timer means nothing: it waits for the coordinator, not the
    /// other way round. A new member counts as gone all the same.
    /// `ClassicGroupMember.hasSatisfiedHeartbeat`.
    pub(super) const fn has_satisfied_heartbeat(&self) -> bool {
        matches!(self.waits_for, WaitsFor::Rejoin | WaitsFor::Sync)
    }
}
