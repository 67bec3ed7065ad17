//! The real default values of Kafka 4.3.0, as far as the simulation uses them.
//!
//! Each constant names its property and the class that defines it. [`PROPERTIES`] is the same as
//! a table, so that a test can hold it against the values that the real classes gave.

use std::ops::RangeInclusive;

use crate::time::SimDuration;

/// `acks` of a producer: `all` of the in-sync replicas. `ProducerConfig`.
pub const ACKS: &str = "all";
/// `batch.size` of a producer, in bytes. `ProducerConfig`.
pub const BATCH_SIZE: u32 = 16_384;
/// `linger.ms` of a producer. `ProducerConfig`; 5 instead of 0 since 4.0 (KIP-1030).
pub const LINGER: SimDuration = SimDuration::from_millis(5);

/// `session.timeout.ms` of a consumer. `ConsumerConfig`; 45 s since 3.0 (KIP-735).
pub const SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(45);
/// `heartbeat.interval.ms` of a consumer. `ConsumerConfig`.
pub const HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_secs(3);
/// `max.poll.interval.ms` of a consumer, sent as its rebalance timeout. `ConsumerConfig`; KIP-62.
pub const MAX_POLL_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// `max.poll.records` of a consumer. `ConsumerConfig`; KIP-41.
pub const MAX_POLL_RECORDS: u32 = 500;
/// `enable.auto.commit` of a consumer. `ConsumerConfig`.
pub const ENABLE_AUTO_COMMIT: bool = true;
/// `auto.commit.interval.ms` of a consumer. `ConsumerConfig`.
pub const AUTO_COMMIT_INTERVAL: SimDuration = SimDuration::from_secs(5);
/// `auto.offset.reset` of a consumer: where a group begins that has committed nothing.
/// `ConsumerConfig`.
pub const AUTO_OFFSET_RESET: &str = "latest";
/// `metadata.max.age.ms` of a producer and of a consumer: how long it may go on with an old picture
/// of the topics. `CommonClientConfigs`.
pub const METADATA_MAX_AGE: SimDuration = SimDuration::from_secs(300);
/// `fetch.min.bytes` of a consumer. `ConsumerConfig`.
pub const FETCH_MIN_BYTES: u32 = 1;
/// `fetch.max.wait.ms` of a consumer: how long a fetch waits for `fetch.min.bytes`.
/// `ConsumerConfig`.
pub const FETCH_MAX_WAIT: SimDuration = SimDuration::from_millis(500);
/// `retry.backoff.ms` of a client: how long it waits before it asks again. `CommonClientConfigs`.
pub const RETRY_BACKOFF: SimDuration = SimDuration::from_millis(100);

/// `group.initial.rebalance.delay.ms` of a broker. `GroupCoordinatorConfig`; KIP-134.
pub const GROUP_INITIAL_REBALANCE_DELAY: SimDuration = SimDuration::from_secs(3);
/// `group.min.session.timeout.ms` of a broker: a consumer that asks for less is refused.
/// `GroupCoordinatorConfig`.
pub const GROUP_MIN_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(6);
/// `group.max.session.timeout.ms` of a broker: a consumer that asks for more is refused.
/// `GroupCoordinatorConfig`.
pub const GROUP_MAX_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(1_800);
/// The session timeouts that brokers with these defaults allow; another is answered with
/// `INVALID_SESSION_TIMEOUT`. `GroupCoordinatorService.joinGroup`.
pub const SESSION_TIMEOUT_RANGE: RangeInclusive<SimDuration> =
    GROUP_MIN_SESSION_TIMEOUT..=GROUP_MAX_SESSION_TIMEOUT;
/// `group.consumer.session.timeout.ms` of a broker. `GroupCoordinatorConfig`; KIP-848.
pub const GROUP_CONSUMER_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(45);
/// `group.consumer.heartbeat.interval.ms` of a broker. `GroupCoordinatorConfig`; KIP-848.
pub const GROUP_CONSUMER_HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_secs(5);
/// `group.consumer.assignment.interval.ms` of a broker. `GroupCoordinatorConfig`; KIP-1263.
pub const GROUP_CONSUMER_ASSIGNMENT_INTERVAL: SimDuration = SimDuration::from_secs(1);
/// `group.share.session.timeout.ms` of a broker, `share.session.timeout.ms` of a share group.
/// `GroupCoordinatorConfig`, `GroupConfig`; KIP-932.
pub const SHARE_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(45);
/// `group.share.heartbeat.interval.ms` of a broker, `share.heartbeat.interval.ms` of a share group.
/// `GroupCoordinatorConfig`, `GroupConfig`; KIP-932.
pub const SHARE_HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_secs(5);
/// `share.assignment.interval.ms` of a share group. `GroupConfig`; KIP-1263.
pub const SHARE_ASSIGNMENT_INTERVAL: SimDuration = SimDuration::from_secs(1);
/// `group.share.record.lock.duration.ms` of a broker, `share.record.lock.duration.ms` of a share
/// group. `ShareGroupConfig`, `GroupConfig`; KIP-932.
pub const SHARE_RECORD_LOCK_DURATION: SimDuration = SimDuration::from_secs(30);
/// How long a record can be locked. `ShareGroupConfig`.
pub const SHARE_RECORD_LOCK_DURATION_RANGE: RangeInclusive<SimDuration> =
    SimDuration::from_secs(1)..=SimDuration::from_secs(3_600);
/// `group.share.delivery.count.limit` of a broker, `share.delivery.count.limit` of a share group.
/// `ShareGroupConfig`, `GroupConfig`; KIP-932.
pub const SHARE_DELIVERY_COUNT_LIMIT: u16 = 5;
/// What that limit can be. `ShareGroupConfig`.
pub const SHARE_DELIVERY_COUNT_LIMIT_RANGE: RangeInclusive<u32> = 2..=10;
/// `group.share.partition.max.record.locks` of a broker, `share.partition.max.record.locks` of a
/// share group. `ShareGroupConfig`, `GroupConfig`; KIP-932.
pub const SHARE_PARTITION_MAX_RECORD_LOCKS: u32 = 2_000;
/// What that number can be. `ShareGroupConfig`.
pub const SHARE_PARTITION_MAX_RECORD_LOCKS_RANGE: RangeInclusive<u32> = 100..=10_000;
/// `group.share.max.size` of a broker: how many members a share group can have.
/// `GroupCoordinatorConfig`; KIP-932.
pub const SHARE_MAX_SIZE: u32 = 200;
/// `share.auto.offset.reset` of a share group: where it begins in a partition. `GroupConfig`;
/// KIP-932.
pub const SHARE_AUTO_OFFSET_RESET: &str = "latest";
/// `share.acknowledgement.mode` of a consumer. `ConsumerConfig`; KIP-932.
pub const SHARE_ACKNOWLEDGEMENT_MODE: &str = "implicit";
/// `share.acquire.mode` of a consumer. `ConsumerConfig`; KIP-1206.
pub const SHARE_ACQUIRE_MODE: &str = "BATCH_OPTIMIZED";
/// `num.partitions` of a broker. `ServerLogConfigs`.
pub const NUM_PARTITIONS: u32 = 1;
/// `default.replication.factor` of a broker. `ReplicationConfigs`.
pub const DEFAULT_REPLICATION_FACTOR: u32 = 1;
/// `min.insync.replicas` of a broker and of a topic. `ServerLogConfigs`.
pub const MIN_INSYNC_REPLICAS: u32 = 1;

/// `retries` of a producer. `ProducerConfig`.
pub const RETRIES: u32 = 2_147_483_647;
/// `delivery.timeout.ms` of a producer. `ProducerConfig`; KIP-91.
pub const DELIVERY_TIMEOUT: SimDuration = SimDuration::from_secs(120);
/// `request.timeout.ms` of a producer. `ProducerConfig`.
pub const REQUEST_TIMEOUT: SimDuration = SimDuration::from_secs(30);
/// `retry.backoff.max.ms` of a client: how long that wait becomes at most. `CommonClientConfigs`;
/// KIP-580.
pub const RETRY_BACKOFF_MAX: SimDuration = SimDuration::from_secs(1);
/// `enable.idempotence` of a producer. `ProducerConfig`; KIP-679.
pub const ENABLE_IDEMPOTENCE: bool = true;
/// `max.in.flight.requests.per.connection` of a producer; idempotence allows no more.
/// `ProducerConfig`.
pub const MAX_IN_FLIGHT_REQUESTS: u32 = 5;
/// `partitioner.adaptive.partitioning.enable` of a producer. `ProducerConfig`; KIP-794.
pub const ADAPTIVE_PARTITIONING: bool = true;
/// `partitioner.availability.timeout.ms` of a producer: off. `ProducerConfig`; KIP-794.
pub const AVAILABILITY_TIMEOUT: SimDuration = SimDuration::ZERO;
/// `partitioner.ignore.keys` of a producer. `ProducerConfig`; KIP-794.
pub const IGNORE_KEYS: bool = false;
/// `unclean.leader.election.enable` of a broker and of a topic. `ReplicationConfigs`.
pub const UNCLEAN_LEADER_ELECTION: bool = false;
/// `replica.lag.time.max.ms` of a broker. `ReplicationConfigs`.
pub const REPLICA_LAG_TIME_MAX: SimDuration = SimDuration::from_secs(30);
/// `replica.fetch.wait.max.ms` of a broker: how long the fetch of a follower waits for records.
/// `ReplicationConfigs`.
pub const REPLICA_FETCH_WAIT_MAX: SimDuration = SimDuration::from_millis(500);
/// `replica.fetch.backoff.ms` of a broker. `ReplicationConfigs`.
pub const REPLICA_FETCH_BACKOFF: SimDuration = SimDuration::from_secs(1);
/// `broker.session.timeout.ms` of a controller. `KRaftConfigs`; KIP-631.
pub const BROKER_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(9);
/// `broker.heartbeat.interval.ms` of a broker. `KRaftConfigs`; KIP-631.
pub const BROKER_HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_secs(2);
/// `leader.imbalance.check.interval.seconds` of a controller. `ReplicationConfigs`.
pub const LEADER_IMBALANCE_CHECK_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// `controller.quorum.election.timeout.ms`. `QuorumConfig`; KIP-595.
pub const CONTROLLER_QUORUM_ELECTION_TIMEOUT: SimDuration = SimDuration::from_secs(1);
/// `controller.quorum.fetch.timeout.ms`. `QuorumConfig`; KIP-595.
pub const CONTROLLER_QUORUM_FETCH_TIMEOUT: SimDuration = SimDuration::from_secs(2);
/// `reconnect.backoff.ms` of a client. `CommonClientConfigs`.
pub const RECONNECT_BACKOFF: SimDuration = SimDuration::from_millis(50);
/// `reconnect.backoff.max.ms` of a client. `CommonClientConfigs`; KIP-144.
pub const RECONNECT_BACKOFF_MAX: SimDuration = SimDuration::from_secs(1);
/// How long a broker's process takes from its start until it registers: a model, near the 2.0 s that
/// recordings show.
pub const BROKER_START: SimDuration = SimDuration::from_millis(1_900);
/// By how much that varies upwards, by the seed: likewise.
pub const BROKER_START_VARIES: SimDuration = SimDuration::from_millis(600);
/// How long it takes from there until the controller unfences it: likewise.
pub const BROKER_CATCH_UP: SimDuration = SimDuration::from_millis(400);
/// How long a broker waits before it tries again to register: ours.
pub const BROKER_REGISTRATION_RETRY: SimDuration = SimDuration::from_millis(100);
/// How long a broker that has handed over its partitions takes to end: a model, of what recordings
/// show of a clean stop.
pub const CONTROLLED_SHUTDOWN: SimDuration = SimDuration::from_millis(100);
/// How long a broker that wants to stop waits for a controller that does not answer:
/// `initial.broker.registration.timeout.ms` has the same length. Ours.
pub const CONTROLLED_SHUTDOWN_TIMEOUT: SimDuration = SimDuration::from_secs(60);
/// How large the value of a record is if a document does not say, in bytes: ours.
pub const VALUE_SIZE: u32 = 100;

/// Whose setting a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A producer's.
    Producer,
    /// A consumer's.
    Consumer,
    /// A broker's, or of the cluster.
    Broker,
    /// A group's.
    Group,
    /// A topic's.
    Topic,
}

/// The value of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A length of time; Kafka writes milliseconds.
    Duration(SimDuration),
    /// A number.
    Number(u32),
    /// On or off.
    Switch(bool),
    /// One word of a list.
    Word(&'static str),
}

/// A property of Kafka with its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Whose setting it is.
    pub scope: Scope,
    /// Its name in Kafka's configuration.
    pub name: &'static str,
    /// Its default.
    pub default: Value,
}

const fn property(scope: Scope, name: &'static str, default: Value) -> Property {
    Property {
        scope,
        name,
        default,
    }
}

const fn producer(name: &'static str, default: Value) -> Property {
    property(Scope::Producer, name, default)
}

const fn consumer(name: &'static str, default: Value) -> Property {
    property(Scope::Consumer, name, default)
}

const fn broker(name: &'static str, default: Value) -> Property {
    property(Scope::Broker, name, default)
}

const fn group(name: &'static str, default: Value) -> Property {
    property(Scope::Group, name, default)
}

const DELIVERY_COUNT_LIMIT: Value = Value::Number(SHARE_DELIVERY_COUNT_LIMIT as u32);

/// Every property that has a default here.
pub const PROPERTIES: &[Property] = &[
    producer("acks", Value::Word(ACKS)),
    producer("batch.size", Value::Number(BATCH_SIZE)),
    producer("linger.ms", Value::Duration(LINGER)),
    producer("retry.backoff.ms", Value::Duration(RETRY_BACKOFF)),
    producer("retries", Value::Number(RETRIES)),
    producer("delivery.timeout.ms", Value::Duration(DELIVERY_TIMEOUT)),
    producer("request.timeout.ms", Value::Duration(REQUEST_TIMEOUT)),
    producer("retry.backoff.max.ms", Value::Duration(RETRY_BACKOFF_MAX)),
    producer("enable.idempotence", Value::Switch(ENABLE_IDEMPOTENCE)),
    producer(
        "max.in.flight.requests.per.connection",
        Value::Number(MAX_IN_FLIGHT_REQUESTS),
    ),
    producer(
        "partitioner.adaptive.partitioning.enable",
        Value::Switch(ADAPTIVE_PARTITIONING),
    ),
    producer(
        "partitioner.availability.timeout.ms",
        Value::Duration(AVAILABILITY_TIMEOUT),
    ),
    producer("partitioner.ignore.keys", Value::Switch(IGNORE_KEYS)),
    broker(
        "unclean.leader.election.enable",
        Value::Switch(UNCLEAN_LEADER_ELECTION),
    ),
    broker(
        "replica.lag.time.max.ms",
        Value::Duration(REPLICA_LAG_TIME_MAX),
    ),
    broker(
        "replica.fetch.wait.max.ms",
        Value::Duration(REPLICA_FETCH_WAIT_MAX),
    ),
    broker(
        "broker.session.timeout.ms",
        Value::Duration(BROKER_SESSION_TIMEOUT),
    ),
    broker(
        "broker.heartbeat.interval.ms",
        Value::Duration(BROKER_HEARTBEAT_INTERVAL),
    ),
    broker(
        "controller.quorum.election.timeout.ms",
        Value::Duration(CONTROLLER_QUORUM_ELECTION_TIMEOUT),
    ),
    broker(
        "controller.quorum.fetch.timeout.ms",
        Value::Duration(CONTROLLER_QUORUM_FETCH_TIMEOUT),
    ),
    property(
        Scope::Topic,
        "unclean.leader.election.enable",
        Value::Switch(UNCLEAN_LEADER_ELECTION),
    ),
    consumer("session.timeout.ms", Value::Duration(SESSION_TIMEOUT)),
    consumer("heartbeat.interval.ms", Value::Duration(HEARTBEAT_INTERVAL)),
    consumer("max.poll.interval.ms", Value::Duration(MAX_POLL_INTERVAL)),
    consumer("max.poll.records", Value::Number(MAX_POLL_RECORDS)),
    consumer("enable.auto.commit", Value::Switch(ENABLE_AUTO_COMMIT)),
    consumer(
        "auto.commit.interval.ms",
        Value::Duration(AUTO_COMMIT_INTERVAL),
    ),
    consumer("auto.offset.reset", Value::Word(AUTO_OFFSET_RESET)),
    producer("metadata.max.age.ms", Value::Duration(METADATA_MAX_AGE)),
    consumer("fetch.min.bytes", Value::Number(FETCH_MIN_BYTES)),
    consumer("fetch.max.wait.ms", Value::Duration(FETCH_MAX_WAIT)),
    broker(
        "group.initial.rebalance.delay.ms",
        Value::Duration(GROUP_INITIAL_REBALANCE_DELAY),
    ),
    broker(
        "group.min.session.timeout.ms",
        Value::Duration(GROUP_MIN_SESSION_TIMEOUT),
    ),
    broker(
        "group.max.session.timeout.ms",
        Value::Duration(GROUP_MAX_SESSION_TIMEOUT),
    ),
    broker(
        "group.consumer.session.timeout.ms",
        Value::Duration(GROUP_CONSUMER_SESSION_TIMEOUT),
    ),
    broker(
        "group.consumer.heartbeat.interval.ms",
        Value::Duration(GROUP_CONSUMER_HEARTBEAT_INTERVAL),
    ),
    group(
        "consumer.session.timeout.ms",
        Value::Duration(GROUP_CONSUMER_SESSION_TIMEOUT),
    ),
    group(
        "consumer.heartbeat.interval.ms",
        Value::Duration(GROUP_CONSUMER_HEARTBEAT_INTERVAL),
    ),
    group(
        "consumer.assignment.interval.ms",
        Value::Duration(GROUP_CONSUMER_ASSIGNMENT_INTERVAL),
    ),
    consumer(
        "share.acknowledgement.mode",
        Value::Word(SHARE_ACKNOWLEDGEMENT_MODE),
    ),
    consumer("share.acquire.mode", Value::Word(SHARE_ACQUIRE_MODE)),
    broker(
        "group.share.session.timeout.ms",
        Value::Duration(SHARE_SESSION_TIMEOUT),
    ),
    broker(
        "group.share.heartbeat.interval.ms",
        Value::Duration(SHARE_HEARTBEAT_INTERVAL),
    ),
    broker(
        "group.share.record.lock.duration.ms",
        Value::Duration(SHARE_RECORD_LOCK_DURATION),
    ),
    broker("group.share.delivery.count.limit", DELIVERY_COUNT_LIMIT),
    broker(
        "group.share.partition.max.record.locks",
        Value::Number(SHARE_PARTITION_MAX_RECORD_LOCKS),
    ),
    broker("group.share.max.size", Value::Number(SHARE_MAX_SIZE)),
    group(
        "share.session.timeout.ms",
        Value::Duration(SHARE_SESSION_TIMEOUT),
    ),
    group(
        "share.heartbeat.interval.ms",
        Value::Duration(SHARE_HEARTBEAT_INTERVAL),
    ),
    group(
        "share.assignment.interval.ms",
        Value::Duration(SHARE_ASSIGNMENT_INTERVAL),
    ),
    group(
        "share.record.lock.duration.ms",
        Value::Duration(SHARE_RECORD_LOCK_DURATION),
    ),
    group("share.delivery.count.limit", DELIVERY_COUNT_LIMIT),
    group(
        "share.partition.max.record.locks",
        Value::Number(SHARE_PARTITION_MAX_RECORD_LOCKS),
    ),
    group(
        "share.auto.offset.reset",
        Value::Word(SHARE_AUTO_OFFSET_RESET),
    ),
    broker("num.partitions", Value::Number(NUM_PARTITIONS)),
    broker(
        "default.replication.factor",
        Value::Number(DEFAULT_REPLICATION_FACTOR),
    ),
    broker("min.insync.replicas", Value::Number(MIN_INSYNC_REPLICAS)),
    property(
        Scope::Topic,
        "min.insync.replicas",
        Value::Number(MIN_INSYNC_REPLICAS),
    ),
];
