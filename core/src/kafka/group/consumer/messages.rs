//! What members ask a coordinator, what it answers, and what else can be seen of it.

use super::epoch::MemberEpoch;
use super::reconciliation::MemberState;
use super::state::ConsumerGroupState;
use crate::ids::{Offset, TopicId, TopicPartition};
use crate::kafka::assignor::{InstanceId, ServerAssignor};
use crate::kafka::group::MemberId;
use crate::time::SimDuration;

/// A ConsumerGroupHeartbeat request. What has not changed since the last one may be left out;
/// a join says everything. `ConsumerGroupHeartbeatRequest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatRequest {
    /// Who: an id that the client makes up when it starts, and keeps.
    pub member: MemberId,
    /// `group.instance.id` of a static member.
    pub instance: Option<InstanceId>,
    /// `MemberEpoch`: the one that the coordinator told it last, or [`MemberEpoch::JOIN`],
    /// [`MemberEpoch::LEAVE`], [`MemberEpoch::LEAVE_STATIC`].
    pub epoch: MemberEpoch,
    /// `RebalanceTimeoutMs`, `max.poll.interval.ms` of the client: how long it may take to revoke.
    pub rebalance_timeout: Option<SimDuration>,
    /// `SubscribedTopicNames`.
    pub topics: Option<Vec<TopicId>>,
    /// `ServerAssignor`, `group.remote.assignor` of the client.
    pub assignor: Option<ServerAssignor>,
    /// `TopicPartitions`: what the member owns.
    pub owned: Option<Vec<TopicPartition>>,
}

impl HeartbeatRequest {
    /// A heartbeat of `member` that says only that it lives.
    #[must_use]
    pub const fn alive(member: MemberId, epoch: MemberEpoch) -> Self {
        Self {
            member,
            instance: None,
            epoch,
            rebalance_timeout: None,
            topics: None,
            assignor: None,
            owned: None,
        }
    }

    pub(super) const fn joins(&self) -> bool {
        self.epoch.0 == MemberEpoch::JOIN.0
    }

    /// Whether everything is said, so that the answer has to say everything as well.
    pub(super) const fn is_full(&self) -> bool {
        self.joins()
            || (self.rebalance_timeout.is_some() && self.topics.is_some() && self.owned.is_some())
    }
}

/// A good answer to ConsumerGroupHeartbeat. `ConsumerGroupHeartbeatResponse`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatResponse {
    /// `MemberEpoch`: the member sends this one from now on. Who leaves gets back what it sent.
    pub epoch: MemberEpoch,
    /// `HeartbeatIntervalMs`: when it has to be heard of again; zero for who leaves.
    pub heartbeat_interval: SimDuration,
    /// `Assignment`: all that the member shall own now; none if that has not changed.
    pub assignment: Option<Vec<TopicPartition>>,
}

/// Why a ConsumerGroupHeartbeat is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeartbeatError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group. It drops everything
    /// and joins again.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `FENCED_MEMBER_EPOCH`: the coordinator knows the member at another epoch. It drops
    /// everything and joins again.
    #[error(
        "FENCED_MEMBER_EPOCH: the member has another epoch, it must give up all and join again"
    )]
    FencedMemberEpoch,
    /// `UNRELEASED_INSTANCE_ID`: another member with the same instance id is there, and has not
    /// left. For the client that is the end.
    #[error("UNRELEASED_INSTANCE_ID: the instance id is still used by another member")]
    UnreleasedInstanceId,
    /// `FENCED_INSTANCE_ID`: another member has taken the instance id over. For the client that
    /// is the end.
    #[error("FENCED_INSTANCE_ID: another member has the same instance id")]
    FencedInstanceId,
}

/// An OffsetCommit request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRequest {
    /// Who commits.
    pub member: MemberId,
    /// `GenerationIdOrMemberEpoch`; −1 of a member that has left or was fenced.
    pub epoch: MemberEpoch,
    /// Per partition the offset to read next.
    pub offsets: Vec<(TopicPartition, Offset)>,
}

/// Why an OffsetCommit or an OffsetFetch is refused, all of it. Both end as
/// `CommitFailedException` at a client that waits for a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OffsetError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `STALE_MEMBER_EPOCH`: the member has gone on to another epoch, and did not have the
    /// partition in this one.
    #[error("STALE_MEMBER_EPOCH: the member has another epoch, it has to retry with that one")]
    StaleMemberEpoch,
}

/// Why a group cannot be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteError {
    /// `NON_EMPTY_GROUP`: it has members.
    #[error("NON_EMPTY_GROUP: the group has members")]
    NonEmptyGroup,
    /// `GROUP_ID_NOT_FOUND`: there is no such group.
    #[error("GROUP_ID_NOT_FOUND: the group does not exist")]
    GroupIdNotFound,
}

/// What came of a step of a coordinator, in the order it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A member was added; it is at epoch 0 until its heartbeat is answered.
    MemberJoined {
        /// Who.
        member: MemberId,
    },
    /// A member left for good.
    MemberLeft {
        /// Who.
        member: MemberId,
    },
    /// A static member left for a while: what it has stays its own.
    StaticMemberLeft {
        /// Who.
        member: MemberId,
    },
    /// A static member is back, as another member that takes over all that the old one had.
    StaticMemberReturned {
        /// The member that left.
        old: MemberId,
        /// The member that takes over.
        new: MemberId,
    },
    /// A member was thrown out.
    MemberFenced {
        /// Who.
        member: MemberId,
        /// Why.
        reason: FenceReason,
    },
    /// The group has another epoch: a new target is due.
    GroupEpochBumped {
        /// Its number.
        epoch: MemberEpoch,
        /// Why.
        reason: EpochReason,
    },
    /// In the target, a partition belongs to another member, or to nobody.
    TargetChanged {
        /// Which.
        partition: TopicPartition,
        /// To whom.
        member: Option<MemberId>,
    },
    /// The target was computed anew. The changes have gone before.
    TargetComputed {
        /// The group epoch that it is for.
        epoch: MemberEpoch,
    },
    /// A partition was given to a member, or given back while it was to be revoked. The member
    /// learns of it with the answer.
    Given {
        /// To whom.
        member: MemberId,
        /// Which.
        partition: TopicPartition,
    },
    /// A partition was taken from a member that has still to say that it gave it up.
    RevocationPending {
        /// From whom.
        member: MemberId,
        /// Which.
        partition: TopicPartition,
    },
    /// A partition is free: the member gave it up, or is gone.
    Released {
        /// By whom.
        member: MemberId,
        /// Which.
        partition: TopicPartition,
    },
    /// A member has another epoch or another state. What it was given or has lost has gone before.
    MemberReconciled {
        /// Who.
        member: MemberId,
        /// `MemberEpoch`.
        epoch: MemberEpoch,
        /// Its state.
        state: MemberState,
    },
    /// The group is in another state.
    StateChanged {
        /// The new one.
        state: ConsumerGroupState,
    },
}

/// Why a member is thrown out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FenceReason {
    /// It was not heard of for `group.consumer.session.timeout.ms`.
    SessionExpired,
    /// It did not give up what it was asked to within its rebalance timeout.
    RebalanceTimedOut,
}

/// Why a group gets another epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochReason {
    /// A new member.
    MemberJoined(MemberId),
    /// A member subscribes to other topics.
    SubscriptionChanged(MemberId),
    /// A subscribed topic has more partitions, or is new.
    MetadataChanged,
    /// A member left for good.
    MemberLeft(MemberId),
    /// A member was thrown out.
    MemberFenced(MemberId),
}
