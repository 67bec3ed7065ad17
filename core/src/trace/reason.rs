//! The whys and hows of events.

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
    /// `auto.offset.reset=by_duration`: no offset was committed. KIP-1106.
    ByDuration,
    /// It was asked to seek: `KafkaConsumer.seek`, `seekToBeginning`, `seekToEnd`.
    Seek,
    /// What it had read from here on is not in the log any more: a leader was elected without it.
    /// KIP-320.
    Truncation,
}

/// Why a commit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitRefusal {
    /// The coordinator does not know this member (any more).
    UnknownMemberId,
    /// The member's generation is not the group's.
    IllegalGeneration,
    /// The group waits for its new assignment, or the client knows that it rebalances and does not
    /// even ask: `RebalanceInProgressException`.
    RebalanceInProgress,
    /// The client knows that it is not in the group and does not even ask:
    /// `CommitFailedException`.
    NotInGroup,
    /// Another process has joined with the same `group.instance.id`.
    FencedInstanceId,
    /// The member's epoch is not the one that the coordinator has of it, and it did not have the
    /// partition in that one. KIP-848.
    StaleMemberEpoch,
}

/// Why a consumer cannot go on: an exception out of `poll()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerError {
    /// `NoOffsetForPartitionException`: nothing was committed, and `auto.offset.reset` is none.
    NoOffsetForPartition,
    /// `OffsetOutOfRangeException`: its position is not in the log, and `auto.offset.reset` is none.
    OffsetOutOfRange,
    /// `FencedInstanceIdException`: another process has joined with the same `group.instance.id`.
    FencedInstanceId,
    /// `InconsistentGroupProtocolException`: it shares no assignor with the members of its group.
    InconsistentGroupProtocol,
    /// `UnreleasedInstanceIdException`: a member with the same `group.instance.id` is there. KIP-848.
    UnreleasedInstanceId,
}

/// What a group does about a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionChange {
    /// It reads it from now on.
    Subscribed,
    /// It reads it no longer.
    Unsubscribed,
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
    /// A static member came back at a time when that changes something.
    StaticMemberReplaced,
    /// A member subscribes to other topics.
    SubscriptionChanged,
    /// A topic that the group subscribes to has other partitions.
    MetadataChanged,
    /// A member of the consumer protocol did not give up in time what it was asked to.
    RevocationTimedOut,
    /// Members did not fetch their assignment in time.
    MembersDidNotSync,
    /// A recording does not say.
    NotRecorded,
}

/// What ends the lock that a member of a share group has on a record, other than that it accepts
/// the record. KIP-932.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockEnd {
    /// RELEASE: the member gave it back.
    Released,
    /// REJECT: the member gave it up for all.
    Rejected,
    /// share.record.lock.duration.ms ran out.
    LockTimeout,
    /// The member has closed its share session, or its connection is gone.
    SessionClosed,
}

/// Why a worker changes the visibility timeout of a message that it has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibilityReason {
    /// It still works: a heartbeat.
    Heartbeat,
    /// The work failed: it is to come again later.
    BackOff,
    /// The work failed: it is given back at once.
    GivenBack,
}

/// How a message move task ended. ListMessageMoveTasks, Status (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveTaskEnd {
    /// Everything was moved.
    Completed,
    /// It was cancelled.
    Cancelled,
    /// The destination is gone.
    Failed,
}

/// Why SNS gives a delivery up. Amazon SNS dead-letter queues (SNS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryError {
    /// The queue's access policy does not let SNS in, or the queue does not take the message: it
    /// is not tried again.
    ClientSide,
    /// The queue could not be reached, and no attempt is left.
    ServerSide,
    /// The subscription's dead-letter queue cannot be reached either, or does not let SNS in: the
    /// metric NumberOfNotificationsFailedToRedriveToDlq counts it.
    DeadLetterQueue,
}

/// An attribute of a queue that can be changed while a run goes on. SetQueueAttributes (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueSetting {
    /// VisibilityTimeout, in milliseconds.
    VisibilityTimeout,
    /// DelaySeconds, in milliseconds.
    Delay,
    /// MessageRetentionPeriod, in milliseconds.
    MessageRetentionPeriod,
    /// ReceiveMessageWaitTimeSeconds, in milliseconds.
    ReceiveMessageWaitTime,
    /// MaximumMessageSize, in bytes.
    MaximumMessageSize,
    /// RedrivePolicy: its maxReceiveCount, 0 if the policy is taken off.
    RedrivePolicy,
    /// RedriveAllowPolicy: 0 allowAll, 1 denyAll, 2 byQueue.
    RedriveAllowPolicy,
    /// ContentBasedDeduplication: 0 off, 1 on.
    ContentBasedDeduplication,
    /// DeduplicationScope: 0 queue, 1 messageGroup.
    DeduplicationScope,
    /// FifoThroughputLimit: 0 perQueue, 1 perMessageGroupId.
    FifoThroughputLimit,
}
