//! Everything that can happen, names only by id.

use super::{
    ClusterWhat, CommitRefusal, ConsumerError, ConsumerGroupWhat, DeliveryWhat, Millis,
    MoveTaskEnd, PositionOrigin, ProducerWhat, QueueSetting, RebalanceReason, ShareWhat,
    SubscriptionChange, ThrottleWhat, VisibilityReason,
};
use crate::ids::{
    ActorId, CopyId, Generation, GroupId, MessageId, Offset, ProducerId, QueueId, TopicId,
    TopicPartition,
};
use crate::kafka::assignor::Assignor;
use crate::workload::KeyId;

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
        /// Which copy of it; 0 in a log.
        copy: CopyId,
        /// How long it will take, if nothing comes between.
        takes: Millis,
    },
    /// The work is done; its effect has happened.
    WorkFinished {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
        /// Which copy of it; 0 in a log.
        copy: CopyId,
    },
    /// The work ended in an error; it had no effect.
    WorkFailed {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
        /// Which copy of it; 0 in a log.
        copy: CopyId,
    },
    /// A worker remembers that this work has been done: nothing is done again.
    WorkSkipped {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// The work is done, but another worker's was remembered in the meantime: it has no effect.
    WorkDiscarded {
        /// Who.
        actor: ActorId,
        /// On what.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
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
    /// A producer hands a message to the network once more: it has heard no answer.
    Resent {
        /// What.
        message: MessageId,
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
        /// Which copy of it.
        copy: CopyId,
    },
    /// SQS has stored a message that stays hidden for its delay.
    Delayed {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// For how long.
        delay: Millis,
    },
    /// The delay of a FIFO queue has changed: the message is hidden for so long from now on.
    DelayChanged {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// For how long.
        delay: Millis,
    },
    /// SQS answers a send with success and stores nothing: a message with the same deduplication
    /// id came within the last 5 minutes.
    Deduplicated {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
    },
    /// SQS gives a message to a receive and hides it from others.
    Received {
        /// From where.
        queue: QueueId,
        /// To whom.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// ApproximateReceiveCount, this receive included.
        receive_count: u32,
        /// The visibility timeout of this receive.
        timeout: Millis,
    },
    /// A visibility timeout or a delay ran out, or the message was given back; it can be received.
    BecameVisible {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// ChangeMessageVisibility: from now on the message is hidden for so long.
    VisibilityChanged {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// For how long.
        timeout: Millis,
        /// Why.
        reason: VisibilityReason,
    },
    /// SQS refuses to change a visibility timeout: the message is gone, or would be in flight for
    /// more than 12 hours.
    VisibilityRefused {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// A function is throttled: it does not take the batch that it is invoked with.
    Throttled {
        /// Whose batch.
        actor: ActorId,
    },
    /// Lambda does nothing any more with a message that a function failed on, reported, or did
    /// not come to: it will be visible again when its timeout runs out.
    LetGo {
        /// Who had it.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// Lambda polls a queue with another number of processes from now on: so many invocations of
    /// the function there can be.
    Scaled {
        /// The function, as an index into the lane's worker sets.
        team: u16,
        /// How many.
        processes: u32,
    },
    /// SQS deletes a message.
    Deleted {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// SQS answers a delete with success and keeps the message: it has been received again since.
    DeleteIgnored {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// SQS refuses a delete: on a FIFO queue a receipt ends with its visibility timeout.
    DeleteFailed {
        /// Where.
        queue: QueueId,
        /// By whose receipt.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// A delete that SQS answered with success missed a copy of the message: it will come again.
    Redelivered {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// A receive found a message that had been received often enough, and SQS moved it.
    DeadLettered {
        /// From.
        from: QueueId,
        /// To the dead-letter queue.
        to: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// The retention period of a message ended.
    Expired {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// A tenant of a fair queue is noisy from now on: its messages wait while quiet ones have any.
    TenantNoisy {
        /// Where.
        queue: QueueId,
        /// Who: the key of its messages.
        tenant: KeyId,
    },
    /// A noisy tenant is quiet again.
    TenantQuiet {
        /// Where.
        queue: QueueId,
        /// Who: the key of its messages.
        tenant: KeyId,
    },
    /// A purge is asked for and begins.
    QueuePurged {
        /// Where.
        queue: QueueId,
    },
    /// A purge is refused: the last one was less than 60 s ago.
    PurgeRefused {
        /// Where.
        queue: QueueId,
    },
    /// A purge took a message away.
    Purged {
        /// Where.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
    },
    /// An attribute of a queue has another value from now on.
    AttributeChanged {
        /// Where.
        queue: QueueId,
        /// Which.
        setting: QueueSetting,
        /// What it is now, in the unit of the setting.
        value: u32,
        /// The dead-letter queue of a redrive policy.
        target: Option<QueueId>,
    },
    /// SQS refuses new attributes of a queue.
    AttributesRefused {
        /// Where.
        queue: QueueId,
    },
    /// A message move task starts to take dead letters back.
    MoveTaskStarted {
        /// From where.
        source: QueueId,
        /// To where; `None`: each to the queue it came from.
        destination: Option<QueueId>,
        /// MaxNumberOfMessagesPerSecond; 0: as SQS chooses.
        rate: u16,
    },
    /// SQS refuses to start or to cancel a move task.
    MoveTaskRefused {
        /// From where.
        source: QueueId,
    },
    /// A move task took a message out of a dead-letter queue and stored it as a new one.
    Moved {
        /// From the dead-letter queue.
        from: QueueId,
        /// To.
        to: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it: a new message to SQS, and the same copy to us.
        copy: CopyId,
        /// For how long it is hidden at first: the delay of the queue.
        delay: Millis,
    },
    /// A message move task ended.
    MoveTaskEnded {
        /// From where.
        source: QueueId,
        /// How.
        end: MoveTaskEnd,
    },
    /// An SNS topic has taken a message, and sends a copy to each subscribed queue that wants it.
    Published {
        /// Where.
        topic: TopicId,
        /// What.
        message: MessageId,
        /// How many queues get a copy.
        copies: u16,
    },
    /// A FIFO topic answers with success and delivers nothing: the same deduplication id came within
    /// the last 5 minutes.
    TopicDeduplicated {
        /// Where.
        topic: TopicId,
        /// What.
        message: MessageId,
    },
    /// The filter policy of a subscription does not match: its queue gets no copy.
    FilteredOut {
        /// The topic.
        topic: TopicId,
        /// The queue that gets none.
        queue: QueueId,
        /// What.
        message: MessageId,
    },
    /// A FIFO queue refuses a call: there were too many in this second.
    RequestThrottled {
        /// Which.
        what: ThrottleWhat,
    },
    /// Something happened between an SNS topic and its queues.
    Delivery {
        /// What.
        what: DeliveryWhat,
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
    /// A member asks to join its group. An eager one owns nothing until it has its new assignment; a
    /// cooperative one goes on with what it owns.
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

    /// Something happened among the brokers of a log lane.
    Cluster {
        /// What.
        what: ClusterWhat,
    },
    /// Something happened to a producer of a log lane.
    Producer {
        /// What.
        what: ProducerWhat,
    },
    /// Something happened in a share group.
    Share {
        /// What.
        what: ShareWhat,
    },
    /// A member has its assignment of a generation; what it has more or less than before follows.
    Synced {
        /// Who.
        actor: ActorId,
        /// Of which generation.
        generation: Generation,
    },
    /// A member finds out that a partition is not its own any more: `onPartitionsLost`.
    Lost {
        /// Who.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
    },
    /// A consumer's thread has not polled for `max.poll.interval.ms`: its heartbeats end, and a
    /// dynamic member leaves its group.
    MaxPollExceeded {
        /// Who.
        actor: ActorId,
    },
    /// A process stands still (a long GC pause): no heartbeats, no polls, no work.
    Frozen {
        /// Who.
        actor: ActorId,
    },
    /// A process that stood still goes on.
    Thawed {
        /// Who.
        actor: ActorId,
    },
    /// From now on the work of a consumer takes so many times as long as the workload says.
    Slowed {
        /// Who.
        actor: ActorId,
        /// How many times; 1 is as fast as the others.
        times: u16,
    },
    /// The coordinator has chosen the assignor of a group, another one than before.
    ProtocolChosen {
        /// Of which group.
        group: GroupId,
        /// Which all of its members support.
        assignor: Assignor,
    },
    /// A static member is back under the same `group.instance.id`: it takes its own place.
    StaticMemberReplaced {
        /// Of which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
        /// Who had the place: the same consumer, or one that is fenced from now on.
        before: ActorId,
    },
    /// A consumer cannot go on, and ends.
    ConsumerFailed {
        /// Who.
        actor: ActorId,
        /// Why.
        error: ConsumerError,
    },
    /// A coordinator did something in a group of the consumer protocol.
    ConsumerGroup {
        /// What.
        what: ConsumerGroupWhat,
    },
    /// A consumer reads no further in a partition until it resumes: `KafkaConsumer.pause`.
    Paused {
        /// Who.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
    },
    /// A consumer reads on in a partition that it had paused.
    Resumed {
        /// Who.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
    },
    /// An admin has set a committed offset of a group.
    OffsetReset {
        /// Of which group.
        group: GroupId,
        /// For what.
        partition: TopicPartition,
        /// The offset to be read next.
        offset: Offset,
    },
    /// Offsets of a group could not be reset: it has members, or there is no offset to shift.
    OffsetResetRefused {
        /// Of which group.
        group: GroupId,
    },
    /// A topic has more partitions from now on; nobody's metadata show them yet.
    PartitionsAdded {
        /// Which topic.
        topic: TopicId,
        /// How many it has in all.
        partitions: u16,
    },
    /// The metadata of a consumer show that a topic has another number of partitions.
    PartitionsSeen {
        /// Whose.
        actor: ActorId,
        /// Which topic.
        topic: TopicId,
        /// How many it has in all.
        partitions: u16,
    },
    /// The same of a producer: its keys go elsewhere from now on.
    PartitionsSeenByProducer {
        /// Whose.
        producer: ProducerId,
        /// Which topic.
        topic: TopicId,
        /// How many it has in all.
        partitions: u16,
    },
    /// A group is to read a topic from now on, or no longer; its consumers follow at their next polls.
    SubscriptionChanged {
        /// Which group.
        group: GroupId,
        /// Which topic.
        topic: TopicId,
        /// Which of the two.
        change: SubscriptionChange,
    },
}
