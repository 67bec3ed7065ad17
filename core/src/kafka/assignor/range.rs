//! Range: of each topic, consecutive partitions to each of its subscribers.
//! `org.apache.kafka.clients.consumer.RangeAssignor`.

use std::collections::VecDeque;

use litemap::LiteMap;

use super::input::{MemberSubscription, RackId, TopicMetadata};
use super::racks;
use crate::ids::{PartitionId, TopicPartition};

/// The partitions of each member, in the order of `members`; each list by topic and partition.
///
/// Racks count only as far as balance allows: a first pass gives a partition to a member on one of
/// its racks, and the pass without racks hands out the rest. KIP-881.
pub(super) fn assign(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
) -> Vec<Vec<TopicPartition>> {
    let mut states = topic_states(topics, members);
    if states.iter().any(|state| state.needs_racks) {
        assign_by_racks(&mut states);
    }
    hand_out(states, members.len())
}

/// The same, whatever the racks.
/// `org.apache.kafka.coordinator.group.assignor.RangeAssignor`.
pub(super) fn assign_without_racks(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
) -> Vec<Vec<TopicPartition>> {
    hand_out(topic_states(topics, members), members.len())
}

fn topic_states<'a>(
    topics: &'a [TopicMetadata],
    members: &[MemberSubscription],
) -> Vec<TopicState<'a>> {
    let mut ranked: Vec<_> = members.iter().enumerate().collect();
    ranked.sort_unstable_by_key(|(place, member)| (member.rank(), *place));
    topics
        .iter()
        .filter(|topic| topic.partitions > 0)
        .map(|topic| TopicState::new(topic, &ranked))
        .collect()
}

/// Hands out what is left, and gathers what each member has.
fn hand_out(states: Vec<TopicState<'_>>, members: usize) -> Vec<Vec<TopicPartition>> {
    let mut assignment = vec![Vec::new(); members];
    for mut state in states {
        state.assign_ranges();
        for subscriber in state.subscribers {
            let partitions = subscriber
                .assigned
                .into_iter()
                .map(|partition| TopicPartition {
                    topic: state.topic.topic,
                    partition,
                });
            if let Some(list) = assignment.get_mut(subscriber.member) {
                list.extend(partitions);
            }
        }
    }
    for list in &mut assignment {
        list.sort_unstable();
    }
    assignment
}

/// A topic while it is handed out. `RangeAssignor.TopicAssignmentState`.
struct TopicState<'a> {
    topic: &'a TopicMetadata,
    subscribers: Vec<Subscriber>,
    needs_racks: bool,
    unassigned: VecDeque<PartitionId>,
    /// What every subscriber gets at least.
    quota: usize,
    /// How many subscribers may still get one more.
    extras: usize,
}

/// A member that subscribes to the topic, and what it has of it.
struct Subscriber {
    /// Its place in the list of members.
    member: usize,
    rack: Option<RackId>,
    assigned: Vec<PartitionId>,
}

impl<'a> TopicState<'a> {
    fn new(topic: &'a TopicMetadata, ranked: &[(usize, &MemberSubscription)]) -> Self {
        let subscribers: Vec<_> = ranked
            .iter()
            .filter(|(_, member)| member.topics.contains(&topic.topic))
            .map(|&(place, member)| Subscriber {
                member: place,
                rack: member.rack,
                assigned: Vec::new(),
            })
            .collect();
        let partitions = usize::from(topic.partitions);
        Self {
            topic,
            needs_racks: racks::matter(
                subscribers.iter().filter_map(|subscriber| subscriber.rack),
                (0..topic.partitions).map(|number| topic.racks_of(PartitionId(number))),
            ),
            unassigned: (0..topic.partitions).map(PartitionId).collect(),
            quota: partitions.checked_div(subscribers.len()).unwrap_or(0),
            extras: partitions.checked_rem(subscribers.len()).unwrap_or(0),
            subscribers,
        }
    }

    /// Who subscribes, from which rack: what makes topics alike.
    fn audience(&self) -> Vec<(usize, Option<RackId>)> {
        self.subscribers
            .iter()
            .map(|subscriber| (subscriber.member, subscriber.rack))
            .collect()
    }

    /// How many more partitions the subscriber at `place` may get. `maxAssignable`.
    fn room(&self, place: usize) -> usize {
        let quota = self.quota + usize::from(self.extras > 0);
        self.subscribers.get(place).map_or(0, |subscriber| {
            quota.saturating_sub(subscriber.assigned.len())
        })
    }

    fn give(&mut self, place: usize, partitions: &[PartitionId]) {
        let Some(subscriber) = self.subscribers.get_mut(place) else {
            return;
        };
        subscriber.assigned.extend(partitions);
        if !partitions.is_empty() && subscriber.assigned.len() > self.quota {
            self.extras = self.extras.saturating_sub(1);
        }
    }

    /// The pass without racks.
    fn assign_ranges(&mut self) {
        for place in 0..self.subscribers.len() {
            let count = self.room(place).min(self.unassigned.len());
            let partitions: Vec<_> = self.unassigned.drain(..count).collect();
            self.give(place, &partitions);
        }
    }

    /// The same pass, over the partitions that are on the subscriber's rack.
    fn assign_matching_ranges(&mut self) {
        for place in 0..self.subscribers.len() {
            let partitions: Vec<_> = self
                .unassigned
                .iter()
                .copied()
                .filter(|&partition| self.racks_match(place, partition))
                .take(self.room(place))
                .collect();
            self.unassigned
                .retain(|partition| partitions.binary_search(partition).is_err());
            self.give(place, &partitions);
        }
    }

    /// Whether a replica of `partition` is on the rack of the subscriber at `place`. A subscriber
    /// without a rack matches everything.
    fn racks_match(&self, place: usize, partition: PartitionId) -> bool {
        let rack = self.subscribers.get(place).and_then(|known| known.rack);
        rack.is_none_or(|rack| self.topic.racks_of(partition).contains(&rack))
    }
}

/// The pass with racks. Topics that are alike in subscribers and partition count stay
/// co-partitioned. `RangeAssignor.assignWithRackMatching`.
fn assign_by_racks(states: &mut [TopicState<'_>]) {
    let mut alike: LiteMap<_, Vec<&mut TopicState<'_>>> = LiteMap::new();
    for state in states {
        alike
            .entry((state.audience(), state.topic.partitions))
            .or_default()
            .push(state);
    }
    for (_, group) in alike.iter_mut() {
        match group.as_mut_slice() {
            [state] if state.needs_racks => state.assign_matching_ranges(),
            [_] => {}
            states => assign_co_partitioned(states),
        }
    }
}

/// Gives a partition number of all topics to the first subscriber that is on a rack of each and
/// has room in each. `RangeAssignor.assignCoPartitionedWithRackMatching`.
fn assign_co_partitioned(states: &mut [&mut TopicState<'_>]) {
    let Some(first) = states.first() else {
        return;
    };
    let subscribers = first.subscribers.len();
    for partition in (0..first.topic.partitions).map(PartitionId) {
        let matching = (0..subscribers).find(|&place| {
            states
                .iter()
                .all(|state| state.racks_match(place, partition) && state.room(place) > 0)
        });
        let Some(place) = matching else {
            continue;
        };
        for state in &mut *states {
            state.unassigned.retain(|&other| other != partition);
            state.give(place, &[partition]);
        }
    }
}
