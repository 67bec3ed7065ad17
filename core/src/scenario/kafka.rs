//! A Kafka lane as it is written.

use serde::Serialize;

use super::ShareGroup;
use super::document::is_default;
use crate::kafka::defaults;
use crate::time::SimDuration;

/// Brokers, topics and consumer groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KafkaLane {
    /// How many brokers there are. Each partition's leader is one of them.
    pub brokers: u32,
    /// group.initial.rebalance.delay.ms, a setting of the brokers.
    pub group_initial_rebalance_delay: SimDuration,
    /// group.min.session.timeout.ms, a setting of the brokers: no consumer may ask for less.
    #[serde(skip_serializing_if = "is_default_min_session_timeout")]
    pub group_min_session_timeout: SimDuration,
    /// The topics.
    pub topics: Vec<Topic>,
    /// The topic that the producers write to; the first one if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// The consumer groups (classic protocol, range assignor).
    pub groups: Vec<ConsumerGroup>,
    /// The share groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub share_groups: Vec<ShareGroup>,
}

impl KafkaLane {
    /// The names of its groups: consumer groups, then share groups.
    pub fn team_names(&self) -> impl Iterator<Item = &str> {
        let groups = self.groups.iter().map(|group| group.name.as_str());
        groups.chain(self.share_groups.iter().map(|group| group.name.as_str()))
    }

    /// How many consumers each of them has from the start of the document on.
    pub(crate) fn team_sizes(&self) -> impl Iterator<Item = u32> {
        let groups = self.groups.iter().map(ConsumerGroup::size);
        groups.chain(self.share_groups.iter().map(ShareGroup::size))
    }

    /// The names that consumers of each of them have been given one by one; none if there are only
    /// so many.
    pub(crate) fn team_members(&self) -> impl Iterator<Item = Vec<&str>> {
        let groups = self.groups.iter().map(|group| {
            let names = group.consumers.iter().map(|its| its.name.as_str());
            names.collect()
        });
        let shares = self.share_groups.iter().map(|group| {
            let names = group.consumers.iter().map(|its| its.name.as_str());
            names.collect()
        });
        groups.chain(shares)
    }
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// num.partitions.
    pub partitions: u32,
    /// replication.factor: at most the number of brokers.
    pub replication_factor: u32,
}

/// A consumer group and the settings of its consumers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsumerGroup {
    /// group.id; the first consumer is `name-1`.
    pub name: String,
    /// What it subscribes to.
    pub topics: Vec<String>,
    /// How many consumers it has, all alike and there from the start.
    pub members: u32,
    /// Its consumers one by one, in place of `members`. Member ids sort as their order here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<GroupMember>,
    /// session.timeout.ms.
    pub session_timeout: SimDuration,
    /// heartbeat.interval.ms.
    pub heartbeat_interval: SimDuration,
    /// max.poll.interval.ms: here the longest that a rebalance waits for a member.
    #[serde(skip_serializing_if = "is_default_max_poll_interval")]
    pub max_poll_interval: SimDuration,
    /// max.poll.records.
    #[serde(skip_serializing_if = "is_default_max_poll_records")]
    pub max_poll_records: u32,
    /// enable.auto.commit.
    pub enable_auto_commit: bool,
    /// auto.commit.interval.ms.
    pub auto_commit_interval: SimDuration,
    /// When a consumer commits by itself; only with `enable_auto_commit` false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitWhen>,
    /// auto.offset.reset.
    pub auto_offset_reset: AutoOffsetReset,
    /// What a consumer does with a record whose work fails. Kafka has no rule for it.
    #[serde(skip_serializing_if = "is_default")]
    pub on_failure: OnFailure,
    /// How long a consumer waits before it reads a record that failed again. Default 1 s, ours.
    #[serde(skip_serializing_if = "is_default_retry_backoff")]
    pub retry_backoff: SimDuration,
}

/// A consumer with a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GroupMember {
    /// client.id.
    pub name: String,
    /// When its process starts.
    #[serde(skip_serializing_if = "is_default")]
    pub start: SimDuration,
    /// How long its work on a message takes, unless a rule of the workload names the message; as
    /// the workload says if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<SimDuration>,
}

/// When a consumer calls `commitSync()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitWhen {
    /// After the work on each record: at least once, at most one record again.
    #[default]
    AfterRecord,
    /// After the work on all records of a poll: at least once.
    AfterPoll,
    /// Before the work on each record: at most once, a crash loses it.
    BeforeWork,
}

/// auto.offset.reset: where a group without a committed offset begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoOffsetReset {
    /// At the end of the log: what is there is skipped.
    #[default]
    Latest,
    /// At the start of the log.
    Earliest,
}

/// What a consumer does with a record whose work fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Waits and reads it again, until it succeeds: the partition waits behind it.
    #[default]
    Retry,
    /// Goes on as if it had succeeded: the record is skipped.
    Skip,
}

impl Default for KafkaLane {
    fn default() -> Self {
        Self {
            brokers: 1,
            group_initial_rebalance_delay: defaults::GROUP_INITIAL_REBALANCE_DELAY,
            group_min_session_timeout: defaults::GROUP_MIN_SESSION_TIMEOUT,
            topics: Vec::new(),
            send_to: None,
            groups: Vec::new(),
            share_groups: Vec::new(),
        }
    }
}

impl Default for Topic {
    fn default() -> Self {
        Self {
            name: String::new(),
            partitions: 1,
            replication_factor: 1,
        }
    }
}

impl Default for ConsumerGroup {
    fn default() -> Self {
        Self {
            name: String::new(),
            topics: Vec::new(),
            members: 1,
            consumers: Vec::new(),
            session_timeout: defaults::SESSION_TIMEOUT,
            heartbeat_interval: defaults::HEARTBEAT_INTERVAL,
            max_poll_interval: defaults::MAX_POLL_INTERVAL,
            max_poll_records: defaults::MAX_POLL_RECORDS,
            enable_auto_commit: defaults::ENABLE_AUTO_COMMIT,
            auto_commit_interval: defaults::AUTO_COMMIT_INTERVAL,
            commit: None,
            auto_offset_reset: AutoOffsetReset::Latest,
            on_failure: OnFailure::Retry,
            retry_backoff: RETRY_BACKOFF,
        }
    }
}

impl ConsumerGroup {
    /// How many consumers it has from the start of the document on.
    #[must_use]
    pub fn size(&self) -> u32 {
        if self.consumers.is_empty() {
            self.members
        } else {
            u32::try_from(self.consumers.len()).unwrap_or(u32::MAX)
        }
    }
}

pub(super) const RETRY_BACKOFF: SimDuration = SimDuration::from_secs(1);

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_min_session_timeout(length: &SimDuration) -> bool {
    *length == defaults::GROUP_MIN_SESSION_TIMEOUT
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_max_poll_interval(length: &SimDuration) -> bool {
    *length == defaults::MAX_POLL_INTERVAL
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) fn is_default_max_poll_records(number: &u32) -> bool {
    *number == defaults::MAX_POLL_RECORDS
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
pub(super) fn is_default_retry_backoff(length: &SimDuration) -> bool {
    *length == RETRY_BACKOFF
}
