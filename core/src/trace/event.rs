//! One thing that happened: at most 32 bytes, names only by id.

use crate::ids::{
    ActorId, Generation, GroupId, LaneId, MessageId, Offset, ProducerId, QueueId, TopicPartition,
};
use crate::time::{SimDuration, SimTime};

/// One thing that happened in one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: SimTime,
    /// Where.
    pub lane: LaneId,
    /// What.
    pub what: What,
}

const _: () = assert!(
    size_of::<Event>() <= 32,
    "a trace event is at most 32 bytes"
);

/// A length of time in whole milliseconds, small enough for an event; at most 49 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u32);

impl From<SimDuration> for Millis {
    /// Rounds down to whole milliseconds; saturates.
    fn from(length: SimDuration) -> Self {
        Self(u32::try_from(length.as_millis()).unwrap_or(u32::MAX))
    }
}

impl From<Millis> for SimDuration {
    fn from(length: Millis) -> Self {
        Self::from_millis(length.0.into())
    }
}

/// Everything that can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A producer hands a message to the network.
    Sent {
        /// Who sends.
        producer: ProducerId,
        /// What.
        message: MessageId,
    },
    /// A worker or consumer begins to work on a message.
    WorkStarted {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
        /// How long it will take, if nothing comes between.
        takes: Millis,
    },
    /// The work is done; its effect has happened.
    WorkFinished {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
    },
    /// The work ended in an error; it had no effect.
    WorkFailed {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
    },
    /// A process starts, for the first time or again.
    ActorStarted {
        /// Who.
        actor: ActorId,
    },
    /// A process dies at once, telling nobody.
    ActorCrashed {
        /// Who.
        actor: ActorId,
    },
    /// A process ends in an orderly way.
    ActorStopped {
        /// Who.
        actor: ActorId,
    },
    /// From now on the work on a message fails.
    Poisoned {
        /// Which.
        message: MessageId,
    },

    /// SQS has stored a message and it can be received.
    Enqueued {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
    },
    /// SQS has stored a message that stays hidden for its delay.
    Delayed {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// For how long.
        delay: Millis,
    },
    /// SQS gives a message to a receive and hides it from others.
    Received {
        /// From where.
        queue: QueueId,
        /// To whom.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// ApproximateReceiveCount, this receive included.
        receive_count: u32,
        /// The visibility timeout of this receive.
        timeout: Millis,
    },
    /// A visibility timeout or a delay ran out; the message can be received.
    BecameVisible {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
    },
    /// SQS deletes a message.
    Deleted {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
    },
    /// SQS answers a delete with success and keeps the message: it has been received again since.
    DeleteIgnored {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
    },
    /// A receive found a message that had been received often enough, and SQS moved it.
    DeadLettered {
        /// From.
        from: QueueId,
        /// To the dead-letter queue.
        to: QueueId,
        /// What.
        message: MessageId,
    },
    /// The retention period of a message ended.
    Expired {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
    },

    /// The leader has appended a record to its log.
    Appended {
        /// Where.
        partition: TopicPartition,
        /// At which offset.
        offset: Offset,
        /// What.
        message: MessageId,
    },
    /// `poll()` returned the records from `from` up to, not including, `to`; the position is `to`.
    Polled {
        /// Who.
        actor: ActorId,
        /// From where.
        partition: TopicPartition,
        /// The first record's offset.
        from: Offset,
        /// The offset to be read next.
        to: Offset,
    },
    /// A consumer knows where to read on.
    PositionSet {
        /// Who.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// The offset to be read next.
        offset: Offset,
        /// Where it has that from.
        origin: PositionOrigin,
    },
    /// The coordinator has stored a committed offset for the group.
    Committed {
        /// By whom.
        actor: ActorId,
        /// For what.
        partition: TopicPartition,
        /// The offset to be read next.
        offset: Offset,
    },
    /// The coordinator refused a commit.
    CommitRefused {
        /// Of whom.
        actor: ActorId,
        /// For what.
        partition: TopicPartition,
        /// The offset that was not stored.
        offset: Offset,
        /// Why.
        error: CommitRefusal,
    },
    /// A member asks to join its group and owns nothing until the answer.
    JoinSent {
        /// Who.
        actor: ActorId,
    },
    /// The coordinator starts a rebalance.
    RebalanceStarted {
        /// Of which group.
        group: GroupId,
        /// Because of whom, if it is one member.
        actor: Option<ActorId>,
        /// Why.
        reason: RebalanceReason,
    },
    /// All members have joined (or the wait is over): a new generation.
    GenerationStarted {
        /// Of which group.
        group: GroupId,
        /// Its number.
        generation: Generation,
        /// How many members it has.
        members: u16,
    },
    /// The group's members have their assignment: the rebalance is over.
    GroupStable {
        /// Which group.
        group: GroupId,
    },
    /// The coordinator has heard nothing of a member for its session timeout, and forgets it.
    SessionExpired {
        /// Of which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
    },
    /// A member did not join in time, and is not part of the new generation.
    RebalanceTimedOut {
        /// Of which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
    },
    /// A member learned that a partition is its own from now on.
    Assigned {
        /// Who.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
        /// In which generation.
        generation: Generation,
    },
    /// A member gave a partition up.
    Revoked {
        /// Who.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
    },
}

/// Where a consumer has its position from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionOrigin {
    /// The group's committed offset.
    Committed,
    /// `auto.offset.reset=earliest`: no offset was committed.
    Earliest,
    /// `auto.offset.reset=latest`: no offset was committed.
    Latest,
    /// The consumer went back to a record that failed.
    SeekBack,
}

/// Why a commit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitRefusal {
    /// The coordinator does not know this member (any more).
    UnknownMemberId,
    /// The member's generation is not the group's.
    IllegalGeneration,
    /// The group waits for its new assignment.
    RebalanceInProgress,
}

/// Why a rebalance starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalanceReason {
    /// A member joined.
    MemberJoined,
    /// A member left in an orderly way.
    MemberLeft,
    /// A member's session expired.
    SessionExpired,
    /// A member joined again with another subscription, or as the leader.
    MemberRejoined,
    /// Members did not fetch their assignment in time.
    MembersDidNotSync,
}
