//! A Kafka lane as it is written.

use serde::{Deserialize, Serialize};

use super::document::is_default;
use crate::kafka::defaults;
use crate::time::SimDuration;

/// Brokers, topics and consumer groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaLane {
    /// How many brokers there are. Each partition's leader is one of them.
    #[serde(default = "one")]
    pub brokers: u32,
    /// group.initial.rebalance.delay.ms, a setting of the brokers.
    #[serde(default = "group_initial_rebalance_delay")]
    pub group_initial_rebalance_delay: SimDuration,
    /// The topics.
    pub topics: Vec<Topic>,
    /// The topic that the producers write to; the first one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// The consumer groups (classic protocol, range assignor).
    #[serde(default)]
    pub groups: Vec<ConsumerGroup>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// num.partitions.
    #[serde(default = "one")]
    pub partitions: u32,
    /// replication.factor: at most the number of brokers.
    #[serde(default = "one")]
    pub replication_factor: u32,
}

/// A consumer group and the settings of its consumers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerGroup {
    /// group.id; the first consumer is `name-1`.
    pub name: String,
    /// What it subscribes to.
    pub topics: Vec<String>,
    /// How many consumers it has.
    #[serde(default = "one")]
    pub members: u32,
    /// session.timeout.ms.
    #[serde(default = "session_timeout")]
    pub session_timeout: SimDuration,
    /// heartbeat.interval.ms.
    #[serde(default = "heartbeat_interval")]
    pub heartbeat_interval: SimDuration,
    /// max.poll.interval.ms: here the longest that a rebalance waits for a member.
    #[serde(
        default = "max_poll_interval",
        skip_serializing_if = "is_default_max_poll_interval"
    )]
    pub max_poll_interval: SimDuration,
    /// max.poll.records.
    #[serde(
        default = "max_poll_records",
        skip_serializing_if = "is_default_max_poll_records"
    )]
    pub max_poll_records: u32,
    /// enable.auto.commit.
    #[serde(default = "enable_auto_commit")]
    pub enable_auto_commit: bool,
    /// auto.commit.interval.ms.
    #[serde(default = "auto_commit_interval")]
    pub auto_commit_interval: SimDuration,
    /// When a consumer commits by itself; only with `enable_auto_commit` false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitWhen>,
    /// auto.offset.reset.
    #[serde(default)]
    pub auto_offset_reset: AutoOffsetReset,
    /// What a consumer does with a record whose work fails. Kafka has no rule for it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_failure: OnFailure,
    /// How long a consumer waits before it reads a record that failed again. Default 1 s, ours.
    #[serde(
        default = "retry_backoff",
        skip_serializing_if = "is_default_retry_backoff"
    )]
    pub retry_backoff: SimDuration,
}

/// When a consumer calls `commitSync()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitWhen {
    /// After the work on each record: at least once, at most one record again.
    AfterRecord,
    /// After the work on all records of a poll: at least once.
    AfterPoll,
    /// Before the work on each record: at most once, a crash loses it.
    BeforeWork,
}

/// auto.offset.reset: where a group without a committed offset begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoOffsetReset {
    /// At the end of the log: what is there is skipped.
    #[default]
    Latest,
    /// At the start of the log.
    Earliest,
}

/// What a consumer does with a record whose work fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Waits and reads it again, until it succeeds: the partition waits behind it.
    #[default]
    Retry,
    /// Goes on as if it had succeeded: the record is skipped.
    Skip,
}

const fn one() -> u32 {
    1
}

const fn group_initial_rebalance_delay() -> SimDuration {
    defaults::GROUP_INITIAL_REBALANCE_DELAY
}

const fn session_timeout() -> SimDuration {
    defaults::SESSION_TIMEOUT
}

const fn heartbeat_interval() -> SimDuration {
    defaults::HEARTBEAT_INTERVAL
}

const fn max_poll_interval() -> SimDuration {
    defaults::MAX_POLL_INTERVAL
}

fn is_default_max_poll_interval(length: &SimDuration) -> bool {
    *length == max_poll_interval()
}

const fn max_poll_records() -> u32 {
    defaults::MAX_POLL_RECORDS
}

fn is_default_max_poll_records(number: &u32) -> bool {
    *number == max_poll_records()
}

const fn enable_auto_commit() -> bool {
    defaults::ENABLE_AUTO_COMMIT
}

const fn auto_commit_interval() -> SimDuration {
    defaults::AUTO_COMMIT_INTERVAL
}

const fn retry_backoff() -> SimDuration {
    SimDuration::from_secs(1)
}

fn is_default_retry_backoff(length: &SimDuration) -> bool {
    *length == retry_backoff()
}
