//! Members subscribe to different topics.
//! `org.apache.kafka.coordinator.group.assignor.UniformHeterogeneousAssignmentBuilder`.

use std::cmp::Reverse;

use super::balancer::Balancer;
use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::table::{Member, Slot, Table, Topic};

/// `MAX_ITERATION_COUNT`: rounds over the topics, each of which about halves what is uneven.
const MAX_ROUNDS: usize = 16;

/// Who gets what: members keep what they still subscribe to, what is free goes to those with
/// least, and then topic by topic those with most give to those with least.
pub(super) fn assign(group: &Group<'_>) -> Table<Slot, Option<Member>> {
    let mut assignment = Assignment {
        group,
        owners: Table::filled(None, group.slots()),
        sizes: Table::filled(0, group.members.len()),
    };
    assignment.keep();
    let mut topics: Vec<Topic> = group.topics.keys().collect();
    topics.sort_by(|&one, &other| crowded_last(group, one, other));
    for &topic in &topics {
        assignment.hand_out(topic);
    }
    topics.retain(|&topic| group.subscribers[topic].len() > 1);
    assignment.balance(&topics);
    assignment.owners
}

/// Topics with more partitions for each subscriber come first, of those that are equal in it the
/// ones with fewer subscribers, then by id. `topicComparator`.
fn crowded_last(group: &Group<'_>, one: Topic, other: Topic) -> std::cmp::Ordering {
    let subscribers = |topic: Topic| group.subscribers[topic].len();
    // one ÷ its subscribers against other ÷ its subscribers, without dividing.
    let weight = |topic: Topic, of: Topic| Reverse(group.partitions(topic) * subscribers(of));
    let tie = |topic: Topic| (subscribers(topic), group.topics[topic].id);
    let weights = weight(one, other).cmp(&weight(other, one));
    weights.then_with(|| tie(one).cmp(&tie(other)))
}

struct Assignment<'a> {
    group: &'a Group<'a>,
    owners: Table<Slot, Option<Member>>,
    sizes: Table<Member, i64>,
}

impl Assignment<'_> {
    /// `maybeRevokePartitions`.
    fn keep(&mut self) {
        let group = self.group;
        for (member, subscription) in group.members.iter() {
            let owned = subscription.owned.iter();
            for slot in owned.filter_map(|&partition| group.slot(partition)) {
                if group.subscribes(member, group.topic_of(slot)) {
                    self.give(slot, member);
                }
            }
        }
    }

    /// `assignRemainingPartitions`.
    fn hand_out(&mut self, topic: Topic) {
        let mut free: Vec<Slot> = self.group.slots_of(topic).collect();
        free.retain(|&slot| self.owners[slot].is_none());
        if free.is_empty() {
            return;
        }
        let mut balancer = self.balancer(topic);
        for slot in free {
            if let Some(member) = balancer.next_least_loaded(&self.sizes) {
                self.give(slot, member);
            }
        }
    }

    /// Goes round the topics until a whole round changes nothing. `balanceTopics`.
    fn balance(&mut self, topics: &[Topic]) {
        let mut last_changed = None;
        for _ in 0..MAX_ROUNDS {
            for (place, &topic) in topics.iter().enumerate() {
                if last_changed == Some(place) {
                    return;
                }
                if self.balance_topic(topic) || last_changed.is_none() {
                    last_changed = Some(place);
                }
            }
        }
    }

    /// Whether a partition of the topic moved. `balanceTopic`.
    fn balance_topic(&mut self, topic: Topic) -> bool {
        let mut balancer = self.balancer(topic);
        if !balancer.is_uneven(&self.sizes) {
            return false;
        }
        let mut held: Vec<(Member, Slot)> = self
            .group
            .slots_of(topic)
            .filter_map(|slot| Some((self.owners[slot]?, slot)))
            .collect();
        held.sort_unstable();
        // The end of each member's part of `held`: it gives from there.
        let mut ends = Table::filled(None, self.group.members.len());
        for (place, &(member, _)) in held.iter().enumerate() {
            ends[member] = Some(place);
        }
        let mut moved = false;
        while let Some(giver) = balancer.next_most_loaded(&self.sizes) {
            let last = ends[giver].and_then(|place: usize| Some((place, *held.get(place)?)));
            let Some((place, (_, slot))) = last.filter(|(_, (owner, _))| *owner == giver) else {
                balancer.exclude_most_loaded();
                continue;
            };
            ends[giver] = place.checked_sub(1);
            let taker = balancer.next_least_loaded(&self.sizes);
            let Some(taker) = taker.filter(|_| !balancer.is_balanced()) else {
                break;
            };
            self.give(slot, taker);
            moved = true;
        }
        moved
    }

    fn balancer(&self, topic: Topic) -> Balancer {
        Balancer::new(&self.group.subscribers[topic], &self.sizes)
    }

    /// `assignPartition`.
    fn give(&mut self, slot: Slot, member: Member) {
        if let Some(before) = self.owners[slot].replace(member) {
            self.sizes[before] -= 1;
        }
        self.sizes[member] += 1;
    }
}
