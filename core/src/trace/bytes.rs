//! A batch as bytes: how it gets from where it is simulated to where it is shown, and how a
//! recorded run is kept. Whole numbers are LEB128, an enum is its number and its fields, a time is
//! what has passed since the event before.

use super::{
    AcksKind, ClusterWhat, CommitRefusal, ConsumerError, ConsumerGroupWhat, DeliveryError,
    DeliveryWhat, ElectionKind, Event, Life, LinkEnd, LinkState, LockEnd, Millis, MoveTaskEnd,
    PositionOrigin, ProduceError, ProducerWhat, QueueSetting, RebalanceReason, ShareWhat,
    SubscriptionChange, ThrottleWhat, VisibilityReason, What,
};
use crate::bytes::{Bytes as _, Reader, enums, put, structs, wrapped};
use crate::engine::{Batch, Stop};
use crate::ids::{
    ActorId, BrokerId, CopyId, Generation, GroupEpoch, GroupId, LaneId, LeaderEpoch, MessageId,
    Offset, PartitionId, ProducerId, QueueId, TopicId, TopicPartition,
};
use crate::kafka::assignor::{Assignor, ServerAssignor};
use crate::kafka::group::consumer::MemberState;
use crate::time::{SimDuration, SimTime};
use crate::workload::{KeyId, Message};

/// Changes with the layout below, and with every event that is added.
const FORMAT: u64 = 1;

impl Batch {
    /// The batch as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 * self.events.len() + 16 * self.messages.len() + 16);
        put(FORMAT, &mut out);
        self.until.write(&mut out);
        self.stop.write(&mut out);
        self.messages.len().write(&mut out);
        for (id, message) in &self.messages {
            id.write(&mut out);
            message.write(&mut out);
        }
        self.events.len().write(&mut out);
        let mut before = SimTime::ZERO;
        for event in &self.events {
            event.at.since(before).as_micros().write(&mut out);
            event.lane.write(&mut out);
            event.what.write(&mut out);
            before = event.at;
        }
        out
    }

    /// What [`Batch::to_bytes`] wrote; `None` if these bytes are not that.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.take() != FORMAT {
            return None;
        }
        let mut batch = Self {
            until: SimTime::read(&mut from),
            stop: Option::read(&mut from),
            ..Self::default()
        };
        for _ in 0..from.count() {
            batch
                .messages
                .push((MessageId::read(&mut from), Message::read(&mut from)));
        }
        let mut at = SimTime::ZERO;
        for _ in 0..from.count() {
            at += SimDuration::from_micros(from.take());
            batch.events.push(Event {
                at,
                lane: LaneId::read(&mut from),
                what: What::read(&mut from),
            });
        }
        from.is_done().then_some(batch)
    }
}

wrapped!(
    LaneId,
    CopyId,
    MessageId,
    ProducerId,
    ActorId,
    QueueId,
    TopicId,
    PartitionId,
    GroupId,
    Generation,
    GroupEpoch,
    BrokerId,
    LeaderEpoch,
    Offset,
    Millis,
    KeyId
);

structs! {
    TopicPartition { topic, partition }
    Message { sent_at, producer, key, takes, fails }
}

enums! {
    Stop { 0 Horizon {} 1 Limit {} else Self::Limit }
    PositionOrigin {
        0 Committed {}
        1 Earliest {}
        2 Latest {}
        3 SeekBack {}
        4 ByDuration {}
        5 Seek {}
        6 Truncation {}
        else Self::Committed
    }
    CommitRefusal {
        0 UnknownMemberId {}
        1 IllegalGeneration {}
        2 RebalanceInProgress {}
        3 NotInGroup {}
        4 FencedInstanceId {}
        5 StaleMemberEpoch {}
        else Self::UnknownMemberId
    }
    ConsumerError {
        0 NoOffsetForPartition {}
        1 OffsetOutOfRange {}
        2 FencedInstanceId {}
        3 InconsistentGroupProtocol {}
        4 UnreleasedInstanceId {}
        else Self::NoOffsetForPartition
    }
    ServerAssignor {
        0 Range {}
        1 Uniform {}
        else Self::Uniform
    }
    SubscriptionChange {
        0 Subscribed {}
        1 Unsubscribed {}
        else Self::Subscribed
    }
    Assignor {
        0 Range {}
        1 RoundRobin {}
        2 Sticky {}
        3 CooperativeSticky {}
        else Self::Range
    }
    RebalanceReason {
        0 MemberJoined {}
        1 MemberLeft {}
        2 SessionExpired {}
        3 MemberRejoined {}
        4 MembersDidNotSync {}
        5 StaticMemberReplaced {}
        6 SubscriptionChanged {}
        7 MetadataChanged {}
        8 RevocationTimedOut {}
        9 NotRecorded {}
        else Self::MemberJoined
    }
    LockEnd {
        0 Released {}
        1 Rejected {}
        2 LockTimeout {}
        3 SessionClosed {}
        else Self::Released
    }
    ShareWhat {
        0 GroupChanged { group, epoch, members }
        1 Assigned { actor, partition, epoch }
        2 Revoked { actor, partition }
        3 PartitionStarted { group, partition, offset, origin }
        4 StartMoved { group, partition, offset }
        5 Acquired { actor, partition, offset, delivery_count, lock }
        6 Acknowledged { actor, partition, offset }
        7 Released { actor, partition, offset, end }
        8 Archived { actor, partition, offset, end }
        9 Renewed { actor, partition, offset, lock }
        10 Refused { actor, partition, offset }
        11 Ignored { actor, partition, offset }
        12 RenewalRefused { actor, partition, offset }
        else Self::Revoked { actor: ActorId(0), partition: TopicPartition::new(0, 0) }
    }
    ElectionKind {
        0 Preferred {}
        1 Clean {}
        2 Unclean {}
        3 Nobody {}
        else Self::Nobody
    }
    LinkEnd {
        0 Broker { broker }
        1 Controllers {}
        2 Producer { producer }
        else Self::Controllers {}
    }
    LinkState {
        0 Sound {}
        1 Cut {}
        2 Slow {}
        3 Lossy {}
        else Self::Sound
    }
    ClusterWhat {
        0 BrokerKilled { broker }
        1 BrokerStopping { broker }
        2 BrokerStopped { broker }
        3 BrokerFrozen { broker }
        4 BrokerThawed { broker }
        5 BrokerStarting { broker }
        6 BrokerStarted { broker }
        7 BrokerFenced { broker }
        8 BrokerUnfenced { broker }
        9 LeaderElected { partition, leader, epoch, election }
        10 LeaderBegan { partition, broker, epoch }
        11 CutOff { partition, offset, message }
        12 Back { partition, offset, message }
        13 JoinedIsr { partition, broker }
        14 LeftIsr { partition, broker }
        15 JoinedElr { partition, broker }
        16 LeftElr { partition, broker }
        17 Replicated { partition, broker, end }
        18 Truncated { partition, broker, end }
        19 HighWatermarkMoved { partition, offset }
        20 AppendedAside { partition, broker, offset, message }
        21 ControllerKilled { controller }
        22 ControllerStarted { controller }
        23 ControllerElected { controller }
        24 MinInsyncReplicasChanged { topic, min }
        25 UncleanElectionChanged { topic, enabled }
        26 LinkChanged { one, other, state }
        else Self::BrokerKilled { broker: BrokerId(0) }
    }
    AcksKind {
        0 Zero {}
        1 One {}
        2 All {}
        else Self::All
    }
    ProduceError {
        0 NotLeaderOrFollower {}
        1 NotEnoughReplicas {}
        2 NotEnoughReplicasAfterAppend {}
        3 OutOfOrderSequence {}
        4 InvalidProducerEpoch {}
        5 Network {}
        6 Timeout {}
        else Self::Network
    }
    ProducerWhat {
        0 Acknowledged { producer, message, offset }
        1 Failed { producer, message, error }
        2 Retried { producer, partition, error, records, retry_in }
        3 DuplicateIgnored { producer, partition, offset, records }
        4 AnswerLost { producer, broker }
        5 Dropped { producer, message }
        6 EpochBumped { producer, epoch }
        7 SettingsChanged { producer, acks, idempotence }
        else Self::Dropped { producer: ProducerId(0), message: MessageId(0) }
    }
    MemberState {
        0 Stable {}
        1 UnrevokedPartitions {}
        2 UnreleasedPartitions {}
        else Self::Stable
    }
    Life { 0 Present {} 1 Former {} else Self::Present }
    ConsumerGroupWhat {
        0 Joined { group, actor }
        1 Left { group, actor, life }
        2 LeftForAWhile { group, actor }
        3 RevocationTimedOut { group, actor, life }
        4 EpochBumped { group, epoch, actor, reason }
        5 TargetChanged { group, partition, actor }
        6 TargetComputed { group, epoch }
        7 Given { actor, partition }
        8 RevocationPending { actor, partition }
        9 Released { actor, partition }
        10 Reconciled { actor, epoch, state }
        else Self::LeftForAWhile { group: GroupId(0), actor: ActorId(0) }
    }
    VisibilityReason {
        0 Heartbeat {}
        1 BackOff {}
        2 GivenBack {}
        else Self::Heartbeat
    }
    DeliveryError {
        0 ClientSide {}
        1 ServerSide {}
        2 DeadLetterQueue {}
        else Self::ClientSide
    }
    DeliveryWhat {
        0 Failed { queue, message, attempt, retry_in }
        1 Succeeded { queue, message, attempt }
        2 GivenUp { queue, message, attempts, error, to }
        3 DeadLettered { queue, to, message, copy, delay }
        4 Denied { queue }
        5 Allowed { queue }
        6 Unreachable { queue, lasts }
        7 Reachable { queue }
        else Self::Reachable { queue: QueueId(0) }
    }
    ThrottleWhat {
        0 Send { queue, message, retry_in }
        1 Receive { queue, actor, retry_in }
        2 Delete { queue, actor, message, copy, retry_in }
        else Self::Send { queue: QueueId(0), message: MessageId(0), retry_in: Millis(0) }
    }
    MoveTaskEnd {
        0 Completed {}
        1 Cancelled {}
        2 Failed {}
        else Self::Completed
    }
    QueueSetting {
        0 VisibilityTimeout {}
        1 Delay {}
        2 MessageRetentionPeriod {}
        3 ReceiveMessageWaitTime {}
        4 MaximumMessageSize {}
        5 RedrivePolicy {}
        6 RedriveAllowPolicy {}
        7 ContentBasedDeduplication {}
        8 DeduplicationScope {}
        9 FifoThroughputLimit {}
        else Self::VisibilityTimeout
    }
    What {
        0 Sent { producer, message }
        1 WorkStarted { actor, message, copy, takes }
        2 WorkFinished { actor, message, copy }
        3 WorkFailed { actor, message, copy }
        4 WorkSkipped { actor, message, copy }
        5 WorkDiscarded { actor, message, copy }
        6 ActorStarted { actor }
        7 ActorCrashed { actor }
        8 ActorStopped { actor }
        9 Resent { message }
        10 Poisoned { message }
        11 Enqueued { queue, message, copy }
        12 Delayed { queue, message, copy, delay }
        13 DelayChanged { queue, message, copy, delay }
        14 Deduplicated { queue, message }
        15 Received { queue, actor, message, copy, receive_count, timeout }
        16 BecameVisible { queue, message, copy }
        17 VisibilityChanged { queue, actor, message, copy, timeout, reason }
        18 VisibilityRefused { queue, actor, message, copy }
        19 Throttled { actor }
        20 LetGo { actor, message, copy }
        21 Scaled { team, processes }
        22 Deleted { queue, actor, message, copy }
        23 DeleteIgnored { queue, actor, message, copy }
        24 DeleteFailed { queue, actor, message, copy }
        25 Redelivered { queue, message, copy }
        26 DeadLettered { from, to, message, copy }
        27 Expired { queue, message, copy }
        28 QueuePurged { queue }
        29 PurgeRefused { queue }
        30 Purged { queue, message, copy }
        31 AttributeChanged { queue, setting, value, target }
        32 AttributesRefused { queue }
        33 MoveTaskStarted { source, destination, rate }
        34 MoveTaskRefused { source }
        35 Moved { from, to, message, copy, delay }
        36 MoveTaskEnded { source, end }
        37 Published { topic, message, copies }
        38 TopicDeduplicated { topic, message }
        39 FilteredOut { topic, queue, message }
        40 Appended { partition, offset, message }
        41 Polled { actor, partition, from, to }
        42 PositionSet { actor, partition, offset, origin }
        43 Committed { actor, partition, offset }
        44 CommitRefused { actor, partition, offset, error }
        45 JoinSent { actor }
        46 RebalanceStarted { group, actor, reason }
        47 GenerationStarted { group, generation, members }
        48 GroupStable { group }
        49 SessionExpired { group, actor }
        50 RebalanceTimedOut { group, actor }
        51 Assigned { actor, partition, generation }
        52 Revoked { actor, partition }
        53 TenantNoisy { queue, tenant }
        54 TenantQuiet { queue, tenant }
        90 Share { what }
        100 Cluster { what }
        101 Producer { what }
        120 Delivery { what }
        60 Synced { actor, generation }
        61 Lost { actor, partition }
        62 MaxPollExceeded { actor }
        63 Frozen { actor }
        64 Thawed { actor }
        65 Slowed { actor, times }
        66 ProtocolChosen { group, assignor }
        67 StaticMemberReplaced { group, actor, before }
        68 ConsumerFailed { actor, error }
        80 ConsumerGroup { what }
        121 RequestThrottled { what }
        69 Paused { actor, partition }
        70 Resumed { actor, partition }
        71 OffsetReset { group, partition, offset }
        72 OffsetResetRefused { group }
        73 PartitionsAdded { topic, partitions }
        74 PartitionsSeen { actor, topic, partitions }
        75 PartitionsSeenByProducer { producer, topic, partitions }
        76 SubscriptionChanged { group, topic, change }
        else Self::ActorStopped { actor: ActorId(0) }
    }
}
