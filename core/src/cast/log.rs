//! What a log lane has: topics with partitions, groups.

use std::fmt;

use super::{LaneCast, LaneKind, Sends};
use crate::ids::{ActorId, BrokerId, GroupId, PartitionId, TopicId, TopicPartition};
use crate::kafka::cluster::placement::place;
use crate::scenario::{ConsumerGroup, GroupProtocol, KafkaLane};

/// A consumer group at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCast {
    /// `group.protocol`.
    pub protocol: GroupProtocol,
    /// What it subscribes to.
    pub topics: Vec<TopicId>,
    /// `enable.auto.commit`.
    pub enable_auto_commit: bool,
}

impl GroupCast {
    fn of(lane: &KafkaLane, group: &ConsumerGroup) -> Self {
        let topics = (0..).map(TopicId).zip(&lane.topics);
        let topics = topics.filter(|(_, topic)| group.topics.contains(&topic.name));
        Self {
            protocol: group.group_protocol,
            topics: topics.map(|(id, _)| id).collect(),
            enable_auto_commit: group.enable_auto_commit,
        }
    }
}

impl LaneCast {
    pub(super) fn of_kafka(name: &str, lane: &KafkaLane) -> Self {
        let topics = lane.topics.iter();
        let partitions: Vec<u16> = topics
            .map(|topic| u16::try_from(topic.partitions).unwrap_or(u16::MAX))
            .collect();
        Self {
            name: name.to_owned(),
            kind: LaneKind::Kafka,
            recorded: None,
            actors: Vec::new(),
            teams: lane.team_names().map(str::to_owned).collect(),
            places: lane.topics.iter().map(|t| t.name.clone()).collect(),
            groups: lane.groups.iter().map(|g| GroupCast::of(lane, g)).collect(),
            first_partitions: partitions.clone(),
            partitions,
            replicas: Vec::new(),
            brokers: u16::try_from(lane.brokers).unwrap_or(u16::MAX),
            controllers: u16::try_from(lane.controllers).unwrap_or(u16::MAX),
            queues: Vec::new(),
            team_queues: Vec::new(),
            topic: None,
            subscriptions: Vec::new(),
            sends: Sends::Once,
            first_function: u16::MAX,
            first_share_group: u16::try_from(lane.groups.len()).unwrap_or(u16::MAX),
        }
    }

    /// Whether it is known at any time what a group has committed: a client that does so by itself says
    /// nothing of it, so that a recording does not know.
    #[must_use]
    pub fn tells_commits(&self, group: GroupId) -> bool {
        let its = self.groups.get(group.index());
        !self.is_recorded() || its.is_none_or(|its| !its.enable_auto_commit)
    }

    /// The group of a consumer.
    #[must_use]
    pub fn group_of(&self, actor: ActorId) -> Option<GroupId> {
        self.actors
            .get(actor.index())
            .map(|actor| GroupId(actor.team))
    }

    /// Whether a group is a share group.
    #[must_use]
    pub const fn is_share_group(&self, group: GroupId) -> bool {
        group.0 >= self.first_share_group
    }

    /// `group.protocol` of a consumer group.
    #[must_use]
    pub fn group_protocol(&self, group: GroupId) -> GroupProtocol {
        let group = self.groups.get(group.index());
        group.map(|group| group.protocol).unwrap_or_default()
    }

    /// The name of a topic.
    #[must_use]
    pub fn topic(&self, topic: TopicId) -> &str {
        self.places.get(topic.index()).map_or("", String::as_str)
    }

    /// The name of a group.
    #[must_use]
    pub fn group(&self, group: GroupId) -> &str {
        self.teams.get(group.index()).map_or("", String::as_str)
    }

    /// All partitions of the lane, topic by topic.
    pub fn topic_partitions(&self) -> impl Iterator<Item = TopicPartition> {
        (0_u16..).zip(&self.partitions).flat_map(|(topic, count)| {
            (0..*count).map(move |partition| TopicPartition::new(topic, partition))
        })
    }

    /// The place of a partition among all partitions of the lane.
    #[must_use]
    pub fn flat_index(&self, partition: TopicPartition) -> usize {
        let before: usize = self
            .partitions
            .iter()
            .take(partition.topic.index())
            .map(|count| usize::from(*count))
            .sum();
        before + partition.partition.index()
    }

    /// A partition as a person writes it: `p0`, or `orders p0` where there are several topics.
    #[must_use]
    pub fn partition(&self, partition: TopicPartition) -> PartitionName<'_> {
        PartitionName {
            topic: (self.places.len() > 1).then(|| self.topic(partition.topic)),
            partition: partition.partition,
        }
    }
}

/// See [`LaneCast::partition`].
#[derive(Clone, Copy, Debug)]
pub struct PartitionName<'a> {
    topic: Option<&'a str>,
    partition: PartitionId,
}

impl fmt::Display for PartitionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(topic) = self.topic {
            write!(f, "{topic} ")?;
        }
        write!(f, "p{}", self.partition)
    }
}

/// Where the replicas of each partition are: as the document says, and else as Kafka places them.
pub(super) fn place_replicas(
    lane: &KafkaLane,
    seed: u32,
    partitions: &[u16],
) -> Vec<Vec<BrokerId>> {
    let brokers = u16::try_from(lane.brokers).unwrap_or(u16::MAX);
    let topics = (0_u16..).zip(&lane.topics).zip(partitions);
    let placed = topics.flat_map(|((number, topic), count)| {
        let factor = u16::try_from(topic.replication_factor).unwrap_or(u16::MAX);
        let mut placed = place((brokers, factor), (seed, number), *count);
        for (replicas, written) in placed.iter_mut().zip(&topic.replica_assignment) {
            *replicas = written
                .iter()
                .copied()
                .filter_map(BrokerId::of_node)
                .collect();
        }
        placed
    });
    placed.collect()
}
