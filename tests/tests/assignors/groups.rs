//! Random groups, and what can be said of an assignment.

use std::collections::BTreeMap;
use std::fmt;

use broker_lab_core::kafka::assignor::{InstanceId, MemberSubscription, RackId, TopicMetadata};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{ActorId, Generation, TopicId, TopicPartition};
use proptest::prelude::*;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::with_cases(asked.and_then(|n| n.parse().ok()).unwrap_or(cases))
    }
}

const TOPICS: u16 = 4;
const PARTITIONS: u16 = 12;
const MEMBERS: u16 = 7;

/// Topics and members, in the order in which an assignor sees them.
#[derive(Clone)]
pub(crate) struct Group {
    pub(crate) topics: Vec<TopicMetadata>,
    pub(crate) members: Vec<MemberSubscription>,
}

/// Who subscribes to what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subscriptions {
    Equal,
    Any,
}

/// What members say they had.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Claims {
    /// Each partition is one member's at most, all of one generation.
    Sound,
    /// Whatever, of any generation.
    Any,
}

impl fmt::Debug for Group {
    /// A line for each topic and each member.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for topic in &self.topics {
            let racks = topic
                .racks
                .iter()
                .map(|racks| racks.iter().map(|rack| rack.0));
            let racks: Vec<Vec<u16>> = racks.map(Iterator::collect).collect();
            writeln!(f, "topic {}: {} {racks:?}", topic.topic, topic.partitions)?;
        }
        for member in &self.members {
            let topics: Vec<u16> = member.topics.iter().map(|topic| topic.0).collect();
            let owned = member.owned.iter().map(|tp| (tp.topic.0, tp.partition.0));
            writeln!(
                f,
                "member {} at {:?} ({:?}, {:?}): {topics:?} had {:?}",
                member.member,
                member.rack,
                member.generation,
                member.user_data_generation,
                owned.collect::<Vec<_>>()
            )?;
        }
        Ok(())
    }
}

impl Group {
    /// All partitions that somebody subscribes to.
    pub(crate) fn wanted(&self) -> Vec<TopicPartition> {
        let subscribed = |topic: TopicId| {
            let mut members = self.members.iter();
            members.any(|member| member.topics.contains(&topic))
        };
        let topics = self.topics.iter().filter(|known| subscribed(known.topic));
        topics.flat_map(partitions_of).collect()
    }

    /// The same group after everybody got its part of `assignment`.
    pub(crate) fn after(&self, assignment: &[Vec<TopicPartition>], generation: u32) -> Self {
        let mut after = self.clone();
        for (member, partitions) in after.members.iter_mut().zip(assignment) {
            member.owned.clone_from(partitions);
            member.generation = Some(Generation(generation));
            member.user_data_generation = member.generation;
        }
        after
    }

    pub(crate) fn without_racks(mut self) -> Self {
        for topic in &mut self.topics {
            topic.racks.clear();
        }
        self
    }
}

pub(crate) fn partitions_of(topic: &TopicMetadata) -> Vec<TopicPartition> {
    let numbers = 0..topic.partitions;
    let partitions = numbers.map(|number| TopicPartition::new(topic.topic.0, number));
    partitions.collect()
}

/// A group of up to seven members and four topics, racks or not.
pub(crate) fn groups(subscriptions: Subscriptions, claims: Claims) -> impl Strategy<Value = Group> {
    let topics = prop::collection::vec(1..=PARTITIONS, 1..=usize::from(TOPICS));
    let racks = prop::bool::ANY;
    (topics, 1..=MEMBERS, racks, any::<u64>()).prop_map(move |(topics, members, racks, seed)| {
        let mut dice = Dice(seed | 1);
        let topics: Vec<_> = (0..)
            .zip(topics)
            .map(|(topic, partitions)| {
                let mut known = TopicMetadata::new(TopicId(topic), partitions);
                if racks {
                    known.racks = (0..partitions).map(|_| dice.racks()).collect();
                }
                known
            })
            .collect();
        let all = dice.topics(topics.len());
        let members: Vec<_> = (0..members)
            .map(|actor| {
                let topics = match subscriptions {
                    Subscriptions::Equal => all.clone(),
                    Subscriptions::Any => dice.topics(topics.len()),
                };
                let id = MemberId {
                    actor: ActorId(actor),
                    incarnation: 0,
                };
                let mut member = MemberSubscription::new(id, topics);
                member.rack = (racks && dice.below(4) > 0).then(|| dice.rack());
                let is_static = dice.below(3) == 0;
                member.group_instance_id = is_static.then(|| InstanceId(MEMBERS - actor));
                member
            })
            .collect();
        let mut group = Group { topics, members };
        claim(&mut group, claims, &mut dice);
        dice.shuffle(&mut group.members);
        group
    })
}

fn claim(group: &mut Group, claims: Claims, dice: &mut Dice) {
    let Group { topics, members } = group;
    for partition in topics.iter().flat_map(partitions_of) {
        let claimants = match claims {
            Claims::Sound => dice.below(2),
            Claims::Any => dice.below(4),
        };
        for _ in 0..claimants {
            let place = dice.below(members.len());
            let owned = &mut members[place].owned;
            if !owned.contains(&partition) {
                owned.push(partition);
            }
        }
    }
    for member in members {
        let generation = match claims {
            Claims::Sound => Some(Generation(3)),
            Claims::Any => [None, Some(1), Some(2), Some(3)][dice.below(4)].map(Generation),
        };
        member.user_data_generation = generation;
        member.generation = generation.filter(|_| dice.below(5) > 0);
        if matches!(claims, Claims::Sound) {
            member.generation = generation;
        }
    }
}

/// Chance from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        // xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % sides
    }

    fn rack(&mut self) -> RackId {
        RackId(self.below(3) as u16)
    }

    fn racks(&mut self) -> Vec<RackId> {
        let count = self.below(3) + 1;
        (0..count).map(|_| self.rack()).collect()
    }

    fn topics(&mut self, count: usize) -> Vec<TopicId> {
        // One more than there are: it has no metadata.
        let mut topics: Vec<_> = (0..=count as u16).map(TopicId).collect();
        topics.retain(|_| self.below(3) > 0);
        topics
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.below(place + 1));
        }
    }
}

/// How often each partition is assigned.
pub(crate) fn times(assignment: &[Vec<TopicPartition>]) -> BTreeMap<TopicPartition, usize> {
    let mut times = BTreeMap::new();
    for partition in assignment.iter().flatten() {
        *times.entry(*partition).or_default() += 1;
    }
    times
}

/// Every partition that is wanted is somebody's, and nobody else's.
#[track_caller]
pub(crate) fn assert_once_each(group: &Group, assignment: &[Vec<TopicPartition>]) {
    assert_eq!(assignment.len(), group.members.len());
    let wanted = group.wanted().into_iter().map(|partition| (partition, 1));
    assert_eq!(times(assignment), wanted.collect());
}

/// Nobody has what it does not subscribe to.
#[track_caller]
pub(crate) fn assert_subscribed(group: &Group, assignment: &[Vec<TopicPartition>]) {
    for (member, partitions) in group.members.iter().zip(assignment) {
        let strange = partitions
            .iter()
            .find(|tp| !member.topics.contains(&tp.topic));
        assert_eq!(strange, None, "{:?}", member.member);
    }
}

/// The difference between who has most and who has least.
pub(crate) fn spread<'a>(lists: impl Iterator<Item = &'a Vec<TopicPartition>> + Clone) -> usize {
    let sizes = lists.map(Vec::len);
    sizes.clone().max().unwrap_or(0) - sizes.min().unwrap_or(0)
}
