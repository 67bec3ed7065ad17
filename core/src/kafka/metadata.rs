//! What clients know of the topics: their metadata may be `metadata.max.age.ms` old.
//!
//! A client has them from its start, and anew each `metadata.max.age.ms` after; nothing here makes it
//! ask in between, but a subscription to a topic that is new to it.

use super::assignor::TopicMetadata;
use super::brokers::Partition;
use super::consumer::{Client, State};
use super::lane::{KafkaLane, KafkaTimer, Step};
use crate::cast::LaneCast;
use crate::ids::{ActorId, ProducerId, TopicId, TopicPartition};
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// How the topics of a lane have grown, and what the producers know of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    /// metadata.max.age.ms.
    pub(super) max_age: SimDuration,
    /// When each topic has had how many partitions since, in the order of time.
    counts: Vec<(SimTime, TopicId, u16)>,
    /// Of each producer: when it sent its first message, and the partition count of its topic that
    /// it knew at its last.
    producers: Vec<Option<(SimTime, u16)>>,
}

impl Metadata {
    pub(super) fn new(max_age: SimDuration, counts: impl Iterator<Item = (TopicId, u16)>) -> Self {
        Self {
            max_age,
            counts: counts
                .map(|(topic, count)| (SimTime::ZERO, topic, count))
                .collect(),
            producers: Vec::new(),
        }
    }

    fn grow(&mut self, now: SimTime, topic: TopicId, count: u16) {
        self.counts.push((now, topic, count));
    }

    /// How many partitions `topic` had at the moment `at`; none if there is no such topic.
    fn count(&self, topic: TopicId, at: SimTime) -> Option<u16> {
        let mut counts = self.counts.iter().rev();
        let known = counts.find(|(since, its, _)| *its == topic && *since <= at);
        known.map(|(_, _, count)| *count)
    }

    /// When a client that has had metadata since `since` refreshed them last.
    fn refreshed_at(&self, since: SimTime, now: SimTime) -> SimTime {
        let age = self.max_age.as_micros().max(1);
        let passed = now.since(since).as_micros();
        since + SimDuration::from_micros(passed - passed % age)
    }
}

impl KafkaLane {
    /// How many partitions of the topic that is sent to `producer` knows.
    pub(super) fn known_to_producer(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        topic: TopicId,
    ) -> Option<u16> {
        let metadata = &mut self.metadata;
        if metadata.producers.len() <= producer.index() {
            metadata.producers.resize(producer.index() + 1, None);
        }
        let before = *metadata.producers.get(producer.index())?;
        let since = before.map_or(step.now, |(since, _)| since);
        let count = metadata.count(topic, metadata.refreshed_at(since, step.now))?;
        if before.is_some_and(|(_, known)| known != count) {
            step.out.event(What::PartitionsSeenByProducer {
                producer,
                topic,
                partitions: count,
            });
        }
        if let Some(slot) = metadata.producers.get_mut(producer.index()) {
            *slot = Some((since, count));
        }
        Some(count)
    }

    /// How many partitions of `topic` a consumer knows; none if there is no such topic.
    pub(super) fn known_to_consumer(
        &self,
        now: SimTime,
        actor: ActorId,
        topic: TopicId,
    ) -> Option<u16> {
        let since = self.consumers.get(actor.index())?.metadata_since;
        let at = self.metadata.refreshed_at(since, now);
        self.metadata.count(topic, at)
    }

    /// A topic grows; the consumers will see it when they next refresh their metadata.
    pub(super) fn add_partitions(
        &mut self,
        step: &mut Step<'_>,
        (topic, count): (TopicId, u16),
        names: &LaneCast,
    ) {
        let Some(logs) = self.topics.get_mut(topic.index()) else {
            return;
        };
        let before = u16::try_from(logs.len()).unwrap_or(u16::MAX);
        if before >= count {
            return;
        }
        let new = (before..count).map(|partition| TopicPartition::new(topic.0, partition));
        for partition in new.clone() {
            let brokers = names.replicas.get(names.flat_index(partition));
            let brokers = brokers.cloned().unwrap_or_default();
            logs.push(Partition::new(brokers, step.now));
        }
        for partition in new {
            self.start_partition(step, partition);
        }
        self.metadata.grow(step.now, topic, count);
        step.out.event(What::PartitionsAdded {
            topic,
            partitions: count,
        });
        self.tell_coordinators(step);
        for (index, consumer) in (0_u16..).zip(&self.consumers) {
            if consumer.state != State::Down {
                let last = self
                    .metadata
                    .refreshed_at(consumer.metadata_since, step.now);
                let client = self.client(ActorId(index));
                step.out.timer(
                    last + self.metadata.max_age,
                    KafkaTimer::MetadataDue(client, topic),
                );
            }
        }
    }

    /// Coordinators of the consumer protocol are brokers, and know at once here.
    fn tell_coordinators(&mut self, step: &mut Step<'_>) {
        let topics = (0_u16..).zip(&self.topics).map(|(topic, logs)| {
            let partitions = u16::try_from(logs.len()).unwrap_or(u16::MAX);
            TopicMetadata::new(TopicId(topic), partitions)
        });
        let topics: Vec<TopicMetadata> = topics.collect();
        for index in 0..self.groups.len() {
            let group = self.groups.get_mut(index);
            if let Some(modern) = group.and_then(|group| group.modern.as_mut()) {
                modern.coordinator.topics_changed(topics.clone());
                self.note_wake(step, index);
            }
        }
    }

    /// The metadata of a consumer are as new as the brokers'. The leader has its group rebalance.
    pub(super) fn sees_partitions(&mut self, step: &mut Step<'_>, client: Client, topic: TopicId) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let partitions = self.known_to_consumer(step.now, actor, topic);
        if let Some(partitions) = partitions
            && consumer.subscription.contains(&topic)
        {
            step.out.event(What::PartitionsSeen {
                actor,
                topic,
                partitions,
            });
        }
        self.heed(step, actor);
    }
}
