//! Round robin: all partitions in order, one to each member in a circle.
//! `org.apache.kafka.clients.consumer.RoundRobinAssignor`.

use super::group::Group;
use super::input::{MemberSubscription, TopicMetadata};
use super::table::{Member, Table};
use crate::ids::TopicPartition;

/// The partitions of each member, in the order of `members`; each list by topic and partition.
///
/// The members stand in a circle, static ones first. A partition goes to the next one that
/// subscribes to its topic, and the circle moves on from there: who was passed over is not made up
/// for it.
pub(super) fn assign(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
) -> Vec<Vec<TopicPartition>> {
    let group = Group::new(topics, members);
    let mut circle: Vec<Member> = group.members.keys().collect();
    circle.sort_by_key(|&member| group.members[member].rank());
    let mut place_of = Table::filled(0, circle.len());
    for (place, &member) in circle.iter().enumerate() {
        place_of[member] = place;
    }
    let mut owners = Table::filled(None, group.slots());
    let mut next = 0;
    for topic in group.topics.keys() {
        let mut subscribers: Vec<(usize, Member)> = group.subscribers[topic]
            .iter()
            .map(|&member| (place_of[member], member))
            .collect();
        subscribers.sort_unstable();
        for slot in group.slots_of(topic) {
            let ahead = subscribers.partition_point(|&(place, _)| place < next);
            let taker = subscribers.get(ahead).or_else(|| subscribers.first());
            if let Some(&(place, member)) = taker {
                owners[slot] = Some(member);
                next = (place + 1) % circle.len();
            }
        }
    }
    group.written(&owners)
}
