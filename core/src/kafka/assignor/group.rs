//! A group as assignors see it: topics, partitions and members by number.

use super::input::{MemberSubscription, RackId, TopicMetadata};
use super::table::{Member, Place as _, Slot, Table, Topic};
use crate::ids::{PartitionId, TopicId, TopicPartition};

/// The members, and the topics that count: subscribed, known, and with partitions.
pub(super) struct Group<'a> {
    pub(super) members: Table<Member, &'a MemberSubscription>,
    pub(super) topics: Table<Topic, &'a TopicMetadata>,
    /// Who subscribes to a topic, in the order of the members.
    pub(super) subscribers: Table<Topic, Vec<Member>>,
    /// The topics of a member, in order.
    pub(super) subscribed: Table<Member, Vec<Topic>>,
    topic_of: Table<Slot, Topic>,
    first: Table<Topic, Slot>,
}

impl<'a> Group<'a> {
    pub(super) fn new(topics: &'a [TopicMetadata], members: &'a [MemberSubscription]) -> Self {
        let mut wanted: Vec<TopicId> = Vec::new();
        for member in members {
            wanted.extend(&member.topics);
        }
        wanted.sort_unstable();
        wanted.dedup();
        let mut topics: Vec<&TopicMetadata> = topics
            .iter()
            .filter(|topic| topic.partitions > 0 && wanted.binary_search(&topic.topic).is_ok())
            .collect();
        topics.sort_unstable_by_key(|topic| topic.topic);
        topics.dedup_by_key(|topic| topic.topic);
        let mut topic_of = Vec::new();
        let mut first = Vec::new();
        for (place, topic) in topics.iter().enumerate() {
            first.push(Slot::at(topic_of.len()));
            topic_of.resize(
                topic_of.len() + usize::from(topic.partitions),
                Topic::at(place),
            );
        }
        let mut group = Self {
            members: Table::new(members.iter().collect()),
            subscribers: Table::filled(Vec::new(), topics.len()),
            subscribed: Table::filled(Vec::new(), members.len()),
            topics: Table::new(topics),
            topic_of: Table::new(topic_of),
            first: Table::new(first),
        };
        for member in group.members.keys() {
            let subscription = group.members[member];
            let mut known: Vec<Topic> = subscription
                .topics
                .iter()
                .filter_map(|&topic| group.topic(topic))
                .collect();
            known.sort_unstable();
            known.dedup();
            for &topic in &known {
                group.subscribers[topic].push(member);
            }
            group.subscribed[member] = known;
        }
        group
    }

    /// How many partitions there are.
    pub(super) const fn slots(&self) -> usize {
        self.topic_of.len()
    }

    /// All partitions, in order.
    pub(super) fn all_slots(&self) -> impl Iterator<Item = Slot> + Clone + use<> {
        self.topic_of.keys()
    }

    /// The partitions of a topic, in order.
    pub(super) fn slots_of(&self, topic: Topic) -> impl Iterator<Item = Slot> + Clone + use<> {
        let first = self.first[topic].place();
        (first..first + self.partitions(topic)).map(Slot::at)
    }

    /// How many partitions a topic has.
    pub(super) fn partitions(&self, topic: Topic) -> usize {
        usize::from(self.topics[topic].partitions)
    }

    /// A topic that counts.
    pub(super) fn topic(&self, topic: TopicId) -> Option<Topic> {
        let known = self.topics.values();
        let place = known.binary_search_by_key(&topic, |known| known.topic);
        place.ok().map(Topic::at)
    }

    /// A partition that exists, of a topic that counts.
    pub(super) fn slot(&self, partition: TopicPartition) -> Option<Slot> {
        let topic = self.topic(partition.topic)?;
        let number = partition.partition.index();
        let exists = number < self.partitions(topic);
        exists.then(|| Slot::at(self.first[topic].place() + number))
    }

    pub(super) fn topic_of(&self, slot: Slot) -> Topic {
        self.topic_of[slot]
    }

    /// The number of a partition within its topic.
    pub(super) fn number(&self, slot: Slot) -> PartitionId {
        let first = self.first[self.topic_of[slot]].place();
        PartitionId(u16::try_from(slot.place() - first).unwrap_or(u16::MAX))
    }

    pub(super) fn partition(&self, slot: Slot) -> TopicPartition {
        TopicPartition {
            topic: self.topics[self.topic_of[slot]].topic,
            partition: self.number(slot),
        }
    }

    pub(super) fn racks_of(&self, slot: Slot) -> &'a [RackId] {
        self.topics[self.topic_of[slot]].racks_of(self.number(slot))
    }

    pub(super) fn subscribes(&self, member: Member, topic: Topic) -> bool {
        self.subscribed[member].binary_search(&topic).is_ok()
    }

    /// Whether all subscribe to the same. The first subscription that is not empty is what the
    /// later ones are compared with, so an empty one counts only after it.
    /// `AbstractStickyAssignor.allSubscriptionsEqual`.
    pub(super) fn subscribes_alike(&self) -> bool {
        let mut subscriptions = self
            .members
            .values()
            .iter()
            .map(|member| member.topics.as_slice())
            .skip_while(|topics| topics.is_empty());
        let Some(first) = subscriptions.next() else {
            return true;
        };
        subscriptions.all(|topics| same_topics(topics, first))
    }

    /// Whether all subscribe to the same, topics without metadata included.
    /// `ModernGroup.subscriptionType`.
    pub(super) fn has_one_subscription(&self) -> bool {
        let members = self.members.values();
        let mut pairs = members.iter().zip(members.iter().skip(1));
        pairs.all(|(one, other)| same_topics(&one.topics, &other.topics))
    }

    /// The partitions of each member as the caller gets them: in order.
    pub(super) fn written(&self, owners: &Table<Slot, Option<Member>>) -> Vec<Vec<TopicPartition>> {
        let mut lists: Table<Member, Vec<TopicPartition>> =
            Table::filled(Vec::new(), self.members.len());
        for (slot, owner) in owners.iter() {
            if let Some(member) = *owner {
                lists[member].push(self.partition(slot));
            }
        }
        lists.into_values()
    }
}

/// Whether two subscriptions are the same set.
pub(super) fn same_topics(one: &[TopicId], other: &[TopicId]) -> bool {
    one == other || {
        let sorted = |topics: &[TopicId]| {
            let mut topics = topics.to_vec();
            topics.sort_unstable();
            topics.dedup();
            topics
        };
        sorted(one) == sorted(other)
    }
}
