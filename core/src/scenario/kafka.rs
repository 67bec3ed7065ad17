//! A Kafka lane as it is written.

use std::fmt;

use serde::{Serialize, Serializer};

use super::document::is_default;
use super::{KafkaProducer, ShareGroup};
use super::{duration, limits};
use crate::kafka::assignor::{Assignor, InstanceId, ServerAssignor};
use crate::kafka::defaults;
use crate::time::SimDuration;

/// Brokers, topics and consumer groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KafkaLane {
    /// How many brokers there are; their node.ids are 1, 2 and so on. Each partition's replicas are on
    /// some of them, as Kafka places them.
    pub brokers: u32,
    /// How many controllers there are, apart from the brokers: a quorum, of which a majority has to
    /// be alive. Default 3, ours.
    #[serde(skip_serializing_if = "is_default_controllers")]
    pub controllers: u32,
    /// replica.lag.time.max.ms, a setting of the brokers: a follower that has not caught up for so
    /// long is not in sync.
    #[serde(skip_serializing_if = "is_default_replica_lag_time_max")]
    pub replica_lag_time_max: SimDuration,
    /// broker.session.timeout.ms, a setting of the controllers: a broker that is not heard of for so
    /// long is fenced.
    #[serde(skip_serializing_if = "is_default_broker_session_timeout")]
    pub broker_session_timeout: SimDuration,
    /// broker.heartbeat.interval.ms, a setting of the brokers.
    #[serde(skip_serializing_if = "is_default_broker_heartbeat_interval")]
    pub broker_heartbeat_interval: SimDuration,
    /// auto.leader.rebalance.enable: whether preferred leaders get their partitions back.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub auto_leader_rebalance_enable: bool,
    /// leader.imbalance.check.interval.seconds: how often that is looked after.
    #[serde(skip_serializing_if = "is_default_leader_imbalance_check_interval")]
    pub leader_imbalance_check_interval: SimDuration,
    /// Settings of the producers; see [`KafkaProducer`] for those that have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub producers: Vec<KafkaProducer>,
    /// group.initial.rebalance.delay.ms, a setting of the brokers.
    pub group_initial_rebalance_delay: SimDuration,
    /// group.min.session.timeout.ms, a setting of the brokers: no consumer may ask for less.
    #[serde(skip_serializing_if = "is_default_min_session_timeout")]
    pub group_min_session_timeout: SimDuration,
    /// group.consumer.session.timeout.ms, a setting of the brokers: a member of the consumer protocol
    /// that is not heard of for so long is gone. Brokers keep it within two other settings, which we
    /// take to leave room for it.
    #[serde(skip_serializing_if = "is_default_consumer_session_timeout")]
    pub group_consumer_session_timeout: SimDuration,
    /// group.consumer.heartbeat.interval.ms, likewise: how often such a member is heard of.
    #[serde(skip_serializing_if = "is_default_consumer_heartbeat_interval")]
    pub group_consumer_heartbeat_interval: SimDuration,
    /// group.consumer.assignment.interval.ms, likewise: how long a target assignment stands at least.
    #[serde(skip_serializing_if = "is_default_consumer_assignment_interval")]
    pub group_consumer_assignment_interval: SimDuration,
    /// metadata.max.age.ms of all clients: how long a producer or a consumer may go on with an old
    /// picture of the topics.
    #[serde(skip_serializing_if = "is_default_metadata_max_age")]
    pub metadata_max_age: SimDuration,
    /// The topics.
    pub topics: Vec<Topic>,
    /// The topic that the producers write to; the first one if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// The consumer groups.
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
    /// Of each partition the node.ids of its replicas, the preferred leader first:
    /// `kafka-topics --replica-assignment`. Left out: as Kafka places them, by the seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replica_assignment: Vec<Vec<u32>>,
    /// min.insync.replicas: how many have to be in sync for a write with acks=all.
    #[serde(skip_serializing_if = "is_default_min_insync_replicas")]
    pub min_insync_replicas: u32,
    /// unclean.leader.election.enable: whether a replica may lead that may lack committed records.
    #[serde(skip_serializing_if = "is_default")]
    pub unclean_leader_election_enable: bool,
}

/// A consumer group, and the settings of its consumers.
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
    /// group.protocol of its consumers. Default classic.
    #[serde(skip_serializing_if = "is_default")]
    pub group_protocol: GroupProtocol,
    /// group.remote.assignor of its consumers: by what the coordinator assigns; only with
    /// `group_protocol` consumer. Left out: as the brokers please, which is the first of
    /// group.consumer.assignors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_remote_assignor: Option<ServerAssignor>,
    /// partition.assignment.strategy: what its consumers can assign by, what they like best first. The
    /// coordinator takes what all support. Left out: range, since the default list of Kafka 4.x is
    /// `[range, cooperative-sticky]`, whose members are eager.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partition_assignment_strategy: Vec<Assignor>,
    /// Whether its consumers are static members: group.instance.id is their own name. KIP-345.
    #[serde(skip_serializing_if = "is_default")]
    pub static_membership: bool,
    /// group.instance.id of its consumers, in the order of their numbers; the others have their own
    /// names, with `static_membership`, or none. Two with the same one fence each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_instance_ids: Vec<String>,
    /// session.timeout.ms; only with `group_protocol` classic.
    #[serde(skip_serializing_if = "is_default_session_timeout")]
    pub session_timeout: SimDuration,
    /// heartbeat.interval.ms; only with `group_protocol` classic.
    #[serde(skip_serializing_if = "is_default_heartbeat_interval")]
    pub heartbeat_interval: SimDuration,
    /// max.poll.interval.ms: who does not poll for so long leaves; and the longest that a rebalance
    /// waits for a member.
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
    /// How it commits by itself. Default sync.
    #[serde(skip_serializing_if = "is_default")]
    pub commit_call: CommitCall,
    /// Whether it commits in `onPartitionsRevoked` what it has read of the partitions that it gives
    /// up; only with `enable_auto_commit` false. Default no: the listener of a consumer does nothing.
    #[serde(skip_serializing_if = "is_default")]
    pub commit_on_revoke: bool,
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

/// group.protocol: how a group keeps its members. KIP-848.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupProtocol {
    /// JoinGroup and SyncGroup: the group rebalances together, a member assigns. The default of
    /// Kafka 4.x.
    #[default]
    Classic,
    /// ConsumerGroupHeartbeat: the coordinator assigns, and leads each member to its part by itself.
    Consumer,
}

/// When a consumer commits by itself.
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
    /// Never: the group begins anew each time.
    Never,
}

/// How a consumer commits by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitCall {
    /// `commitSync()`: it waits for the answer.
    #[default]
    Sync,
    /// `commitAsync()`: it goes on at once, and what is refused is not tried again.
    Async,
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

    /// By what its consumers can assign, in the order of their liking.
    #[must_use]
    pub fn assignors(&self) -> &[Assignor] {
        if self.partition_assignment_strategy.is_empty() {
            DEFAULT_STRATEGY
        } else {
            &self.partition_assignment_strategy
        }
    }

    /// `group.instance.id` of each of its consumers, those included that commands add; none at all
    /// if they are all dynamic members.
    pub(crate) fn instance_ids(&self) -> Vec<Option<InstanceId>> {
        let count = if self.static_membership {
            limits::ACTORS
        } else {
            self.group_instance_ids.len()
        };
        let mut written = self.group_instance_ids.iter().cloned();
        let names: Vec<String> = (1..=count)
            .map(|number| written.next().unwrap_or_else(|| self.member_name(number)))
            .collect();
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let place = |name| sorted.binary_search(&name).ok();
        let ids = names.iter().map(|name| u16::try_from(place(name)?).ok());
        ids.map(|id| id.map(InstanceId)).collect()
    }

    /// The name of the consumer with this number, from 1 on.
    fn member_name(&self, number: usize) -> String {
        let named = number.checked_sub(1).and_then(|n| self.consumers.get(n));
        if let Some(named) = named {
            return named.name.clone();
        }
        format!("{}-{number}", self.name)
    }
}

/// What `[range, cooperative-sticky]` comes to.
const DEFAULT_STRATEGY: &[Assignor] = &[Assignor::Range];

/// auto.offset.reset: where a group without a committed offset begins, and where a consumer goes on
/// whose position is not in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoOffsetReset {
    /// At the end of the log: what is there is skipped.
    #[default]
    Latest,
    /// At the start of the log.
    Earliest,
    /// Nowhere: the consumer fails.
    None,
    /// `by_duration:PT1H`: at the first record that is at most so old. KIP-1106. If there is none,
    /// here at the end of the log.
    ByDuration {
        /// How old.
        length: SimDuration,
    },
}

impl AutoOffsetReset {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "latest" => Some(Self::Latest),
            "earliest" => Some(Self::Earliest),
            "none" => Some(Self::None),
            _ => {
                let length = duration::parse(text.strip_prefix("by_duration:")?)?;
                Some(Self::ByDuration { length })
            }
        }
    }
}

impl fmt::Display for AutoOffsetReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Earliest => f.write_str("earliest"),
            Self::None => f.write_str("none"),
            Self::ByDuration { length } => write!(f, "by_duration:{}", duration::Iso(*length)),
        }
    }
}

impl Serialize for AutoOffsetReset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a consumer does with a record whose work fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Waits and reads it again, until it succeeds: the partition waits behind it. What the same poll
    /// returned of other partitions is read again too.
    #[default]
    Retry,
    /// Seeks back in the partition of that record alone and polls again, as programs often do. What
    /// the same poll returned of other partitions is passed over: the consumer's position is behind
    /// it.
    SeekBack,
    /// Goes on as if it had succeeded: the record is skipped.
    Skip,
}

impl Default for KafkaLane {
    fn default() -> Self {
        Self {
            brokers: 1,
            controllers: CONTROLLERS,
            replica_lag_time_max: defaults::REPLICA_LAG_TIME_MAX,
            broker_session_timeout: defaults::BROKER_SESSION_TIMEOUT,
            broker_heartbeat_interval: defaults::BROKER_HEARTBEAT_INTERVAL,
            auto_leader_rebalance_enable: true,
            leader_imbalance_check_interval: defaults::LEADER_IMBALANCE_CHECK_INTERVAL,
            producers: Vec::new(),
            group_initial_rebalance_delay: defaults::GROUP_INITIAL_REBALANCE_DELAY,
            group_min_session_timeout: defaults::GROUP_MIN_SESSION_TIMEOUT,
            group_consumer_session_timeout: defaults::GROUP_CONSUMER_SESSION_TIMEOUT,
            group_consumer_heartbeat_interval: defaults::GROUP_CONSUMER_HEARTBEAT_INTERVAL,
            group_consumer_assignment_interval: defaults::GROUP_CONSUMER_ASSIGNMENT_INTERVAL,
            metadata_max_age: defaults::METADATA_MAX_AGE,
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
            replica_assignment: Vec::new(),
            min_insync_replicas: defaults::MIN_INSYNC_REPLICAS,
            unclean_leader_election_enable: false,
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
            group_protocol: GroupProtocol::Classic,
            group_remote_assignor: None,
            partition_assignment_strategy: Vec::new(),
            static_membership: false,
            group_instance_ids: Vec::new(),
            session_timeout: defaults::SESSION_TIMEOUT,
            heartbeat_interval: defaults::HEARTBEAT_INTERVAL,
            max_poll_interval: defaults::MAX_POLL_INTERVAL,
            max_poll_records: defaults::MAX_POLL_RECORDS,
            enable_auto_commit: defaults::ENABLE_AUTO_COMMIT,
            auto_commit_interval: defaults::AUTO_COMMIT_INTERVAL,
            commit: None,
            commit_call: CommitCall::Sync,
            commit_on_revoke: false,
            auto_offset_reset: AutoOffsetReset::Latest,
            on_failure: OnFailure::Retry,
            retry_backoff: RETRY_BACKOFF,
        }
    }
}

impl Serialize for Assignor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for ServerAssignor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

pub(super) const RETRY_BACKOFF: SimDuration = SimDuration::from_secs(1);

/// Functions that say whether a length of time is the default.
macro_rules! is_default_length {
    ($($name:ident $default:expr;)*) => {$(
        pub(super) fn $name(length: &SimDuration) -> bool {
            *length == $default
        }
    )*};
}

is_default_length! {
    is_default_replica_lag_time_max defaults::REPLICA_LAG_TIME_MAX;
    is_default_broker_session_timeout defaults::BROKER_SESSION_TIMEOUT;
    is_default_broker_heartbeat_interval defaults::BROKER_HEARTBEAT_INTERVAL;
    is_default_leader_imbalance_check_interval defaults::LEADER_IMBALANCE_CHECK_INTERVAL;
    is_default_min_session_timeout defaults::GROUP_MIN_SESSION_TIMEOUT;
    is_default_consumer_session_timeout defaults::GROUP_CONSUMER_SESSION_TIMEOUT;
    is_default_consumer_heartbeat_interval defaults::GROUP_CONSUMER_HEARTBEAT_INTERVAL;
    is_default_consumer_assignment_interval defaults::GROUP_CONSUMER_ASSIGNMENT_INTERVAL;
    is_default_session_timeout defaults::SESSION_TIMEOUT;
    is_default_heartbeat_interval defaults::HEARTBEAT_INTERVAL;
    is_default_max_poll_interval defaults::MAX_POLL_INTERVAL;
    is_default_retry_backoff RETRY_BACKOFF;
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_metadata_max_age(length: &SimDuration) -> bool {
    *length == defaults::METADATA_MAX_AGE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(super) fn is_default_max_poll_records(number: &u32) -> bool {
    *number == defaults::MAX_POLL_RECORDS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_default_controllers(number: &u32) -> bool {
    *number == CONTROLLERS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_default_min_insync_replicas(number: &u32) -> bool {
    *number == defaults::MIN_INSYNC_REPLICAS
}

/// How many controllers there are if a document does not say.
const CONTROLLERS: u32 = 3;
