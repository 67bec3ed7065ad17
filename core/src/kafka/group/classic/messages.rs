//! What members ask a coordinator, what it answers, and what else can be seen of it.

use super::state::GroupState;
use crate::ids::{ActorId, Generation, Offset, TopicId, TopicPartition};
use crate::kafka::assignor::{Assignor, InstanceId};
use crate::kafka::group::MemberId;
use crate::time::SimDuration;

/// What a member says about itself when it joins. `ConsumerPartitionAssignor.Subscription`.
///
/// A coordinator cannot read it, but it compares it with what the member said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The topics it wants to read.
    pub topics: Vec<TopicId>,
    /// The generation it was in when it wrote this; none on the first join, and after it was
    /// thrown out.
    pub generation: Option<Generation>,
    /// What it owns and does not give up by joining: nothing if it is eager. KIP-429.
    pub owned: Vec<TopicPartition>,
    /// What it was assigned last, which the sticky assignors send along as user data; none if no
    /// sticky assignor is among its protocols. `StickyAssignor.subscriptionUserData`.
    pub last: Option<LastAssignment>,
}

/// The assignment that a member got last, whether it still owns it or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAssignment {
    /// In which generation it got it.
    pub generation: Generation,
    /// All that it had then.
    pub partitions: Vec<TopicPartition>,
}

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Its member id.
    pub member: MemberId,
    /// `group.instance.id`; none for a dynamic member. KIP-345.
    pub group_instance_id: Option<InstanceId>,
}

impl From<MemberId> for Caller {
    /// A dynamic member.
    fn from(member: MemberId) -> Self {
        Self {
            member,
            group_instance_id: None,
        }
    }
}

/// A JoinGroup request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    /// Who joins; none if the consumer has no member id yet, or was told that it is not known.
    pub member: Option<MemberId>,
    /// The consumer that asks.
    pub actor: ActorId,
    /// `group.instance.id`; none for a dynamic member.
    pub group_instance_id: Option<InstanceId>,
    /// `partition.assignment.strategy`: the assignors it can run, the one it likes best first.
    pub protocols: Vec<Assignor>,
    /// `session.timeout.ms`.
    pub session_timeout: SimDuration,
    /// `max.poll.interval.ms`: how long a rebalance may wait for this member.
    pub rebalance_timeout: SimDuration,
    /// What it wants to read.
    pub subscription: Subscription,
}

/// A good answer to JoinGroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The generation that begins.
    pub generation: Generation,
    /// Who has to assign the partitions.
    pub leader: MemberId,
    /// By which assignor.
    pub protocol: Assignor,
    /// Whether the leader leaves the assignment as it is.
    pub skip_assignment: SkipAssignment,
    /// All members in the order they joined if the answer is for the leader, else empty.
    pub members: Vec<JoinedMember>,
}

/// Whether a leader has nothing to assign: it is a static member that is back, the group is stable
/// and stays so. KIP-814.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipAssignment {
    /// It assigns.
    No,
    /// It sends an empty SyncGroup and gets what it had.
    Yes,
}

/// A member as the leader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedMember {
    /// Who it is.
    pub member: MemberId,
    /// `group.instance.id`; none for a dynamic member.
    pub group_instance_id: Option<InstanceId>,
    /// What it wants to read.
    pub subscription: Subscription,
}

/// Why a JoinGroup is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// `MEMBER_ID_REQUIRED`: join again with the member id of the answer. KIP-394.
    #[error("MEMBER_ID_REQUIRED: the member has to join again with the id it was given")]
    MemberIdRequired,
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `FENCED_INSTANCE_ID`: another process has joined with the same `group.instance.id`.
    #[error("FENCED_INSTANCE_ID: another member has joined with the same group.instance.id")]
    FencedInstanceId,
    /// `INCONSISTENT_GROUP_PROTOCOL`: none of its assignors is supported by all others.
    #[error("INCONSISTENT_GROUP_PROTOCOL: the group shares no assignor with this member")]
    InconsistentGroupProtocol,
}

/// The partitions of one member, as the leader assigned them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberAssignment {
    /// Who reads them.
    pub member: MemberId,
    /// What it reads, by topic and partition.
    pub partitions: Vec<TopicPartition>,
}

/// A SyncGroup request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRequest {
    /// Who asks.
    pub caller: Caller,
    /// The generation of its join.
    pub generation: Generation,
    /// What the leader assigned, empty from everybody else. A member that is missing in it gets
    /// nothing.
    pub assignments: Vec<MemberAssignment>,
}

/// Why a SyncGroup is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `ILLEGAL_GENERATION`: the group is in another generation.
    #[error("ILLEGAL_GENERATION: the group has gone on to another generation")]
    IllegalGeneration,
    /// `REBALANCE_IN_PROGRESS`: the members have to join again.
    #[error("REBALANCE_IN_PROGRESS: the group rebalances, the member has to join again")]
    RebalanceInProgress,
    /// `FENCED_INSTANCE_ID`: another process has joined with the same `group.instance.id`.
    #[error("FENCED_INSTANCE_ID: another member has joined with the same group.instance.id")]
    FencedInstanceId,
}

/// Why a heartbeat is not simply taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeartbeatError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `ILLEGAL_GENERATION`: the group is in another generation.
    #[error("ILLEGAL_GENERATION: the group has gone on to another generation")]
    IllegalGeneration,
    /// `REBALANCE_IN_PROGRESS`: the heartbeat counts, and the member has to join again.
    #[error("REBALANCE_IN_PROGRESS: the group rebalances, the member has to join again")]
    RebalanceInProgress,
    /// `FENCED_INSTANCE_ID`: another process has joined with the same `group.instance.id`.
    #[error("FENCED_INSTANCE_ID: another member has joined with the same group.instance.id")]
    FencedInstanceId,
}

/// An OffsetCommit request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRequest {
    /// Who commits.
    pub caller: Caller,
    /// The generation in which it got its partitions.
    pub generation: Generation,
    /// Per partition the offset to read next.
    pub offsets: Vec<(TopicPartition, Offset)>,
}

/// Why an OffsetCommit is refused, all of it. The first two end as `CommitFailedException` at the
/// client, the third as `RebalanceInProgressException`, the last as `FencedInstanceIdException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `ILLEGAL_GENERATION`: the group is in another generation.
    #[error("ILLEGAL_GENERATION: the group has gone on to another generation")]
    IllegalGeneration,
    /// `REBALANCE_IN_PROGRESS`: the generation has begun but has no assignment yet.
    #[error("REBALANCE_IN_PROGRESS: the new generation has no assignment yet")]
    RebalanceInProgress,
    /// `FENCED_INSTANCE_ID`: another process has joined with the same `group.instance.id`.
    #[error("FENCED_INSTANCE_ID: another member has joined with the same group.instance.id")]
    FencedInstanceId,
}

/// Why a LeaveGroup is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaveError {
    /// `UNKNOWN_MEMBER_ID`: the member is not, or no longer, in the group.
    #[error("UNKNOWN_MEMBER_ID: the coordinator is not aware of this member")]
    UnknownMemberId,
    /// `FENCED_INSTANCE_ID`: another process has joined with the same `group.instance.id`.
    #[error("FENCED_INSTANCE_ID: another member has joined with the same group.instance.id")]
    FencedInstanceId,
}

/// What came of a step of a coordinator, in the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A JoinGroup is answered. With [`JoinError::MemberIdRequired`] `member` is the new id.
    JoinAnswered {
        /// The member that asked, or the id that it is given.
        member: MemberId,
        /// The answer.
        answer: Result<Joined, JoinError>,
    },
    /// A SyncGroup is answered.
    SyncAnswered {
        /// The member that asked.
        member: MemberId,
        /// Its partitions.
        answer: Result<Vec<TopicPartition>, SyncError>,
    },
    /// The group is in another state.
    StateChanged {
        /// The new one.
        state: GroupState,
    },
    /// The members have to join again.
    RebalanceStarted {
        /// Why.
        reason: RebalanceReason,
    },
    /// A member was added to the group; it gets its partitions with the next generation.
    MemberJoined {
        /// Who.
        member: MemberId,
    },
    /// A static member is back under the same `group.instance.id`, with a new member id.
    StaticMemberReplaced {
        /// The new id.
        member: MemberId,
        /// The old one, which is fenced from now on.
        before: MemberId,
    },
    /// A member left by LeaveGroup.
    MemberLeft {
        /// Who.
        member: MemberId,
    },
    /// A member sent no heartbeat for its session timeout and was removed.
    MemberTimedOut {
        /// Who.
        member: MemberId,
    },
    /// A member did not join again, or did not sync, within the rebalance timeout and was removed.
    MemberTimedOutOfRebalance {
        /// Who.
        member: MemberId,
        /// What it failed to do.
        phase: RebalancePhase,
    },
    /// A generation began. If the group is empty, it begins without members.
    GenerationStarted {
        /// Its number.
        generation: Generation,
        /// The assignor that all of its members support; none if it has no members.
        protocol: Option<Assignor>,
    },
}

/// Why a group rebalances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalanceReason {
    /// A new member.
    MemberJoined(MemberId),
    /// A member joins again with another subscription.
    SubscriptionChanged(MemberId),
    /// The leader joins again.
    LeaderRejoined(MemberId),
    /// A static member is back while the group waits for an assignment, or with other assignors.
    StaticMemberReplaced(MemberId),
    /// A member left.
    MemberLeft(MemberId),
    /// A member's session timed out.
    MemberTimedOut(MemberId),
    /// Members did not send their SyncGroup in time.
    MembersDidNotSync,
}

/// The two halves of a rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalancePhase {
    /// Until all members have joined.
    Join,
    /// Until all members have their assignment.
    Sync,
}
