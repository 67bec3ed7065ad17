//! Simple, of share groups: every partition to as many members as it takes for all to have one.
//! `org.apache.kafka.coordinator.group.assignor.SimpleAssignor`. KIP-932.
//!
//! It starts from the previous target and moves little; but how even it is comes first.

mod shares;

use super::group::Group;
use super::input::{MemberSubscription, TopicMetadata};
use super::java_hash::hash_of_topic_id_partition;
use super::previous;
use super::table::{Member, Slot, Table, Topic};
use crate::ids::TopicPartition;
use shares::Shares;

/// The partitions of each member, in the order of `members`; each list by topic and partition, and
/// one partition in several of them where there are more members than partitions.
///
/// The order of `members` decides, and Java's order of the partitions. Where all subscribe to the
/// same, the order of `topics` can decide too: it is that in which partitions come into a hash map.
pub(super) fn assign(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
    is_assignable: impl Fn(TopicPartition) -> bool,
) -> Vec<Vec<TopicPartition>> {
    let group = Group::new(topics, members);
    let assignable = |slot: &Slot| is_assignable(group.partition(*slot));
    let mut lists: Table<Member, Vec<TopicPartition>> = Table::filled(Vec::new(), members.len());
    if group.has_one_subscription() {
        let slots = topics
            .iter()
            .filter_map(|metadata| group.topic(metadata.topic))
            .flat_map(|topic| group.slots_of(topic))
            .filter(assignable);
        let hash_of = |slot: Slot| {
            let id = group.topics[group.topic_of(slot)].id;
            hash_of_topic_id_partition(id, group.number(slot))
        };
        let all: Vec<Member> = group.members.keys().collect();
        let mut shares = Shares::new(&group, &all, slots.collect(), hash_of);
        for &member in &all {
            let had = previous::target(&group, member).into_iter();
            shares.keep(member, had.flat_map(|(_, slots)| slots).filter(assignable));
        }
        shares.even_out();
        shares.write(&mut lists);
    } else {
        keep_others(&group, &mut lists);
        for topic in group.topics.keys() {
            assign_topic(&group, topic, assignable, &mut lists);
        }
    }
    lists.into_values().into_iter().map(in_order).collect()
}

/// One topic among its own subscribers. `SimpleHeterogeneousAssignmentBuilder`.
fn assign_topic(
    group: &Group<'_>,
    topic: Topic,
    assignable: impl Fn(&Slot) -> bool,
    lists: &mut Table<Member, Vec<TopicPartition>>,
) {
    let slots = group.slots_of(topic).filter(&assignable).collect();
    let hash_of = |slot: Slot| u32::from(group.number(slot).0);
    let mut shares = Shares::new(group, &group.subscribers[topic], slots, hash_of);
    for member in group.members.keys() {
        let had = previous::slots_of(group, member, topic).into_iter();
        shares.keep(member, had.filter(&assignable));
    }
    shares.even_out();
    shares.write(lists);
}

/// What members had of topics that are gone or that nobody subscribes to: nobody looks at it, so
/// it stays.
fn keep_others(group: &Group<'_>, lists: &mut Table<Member, Vec<TopicPartition>>) {
    for (member, subscription) in group.members.iter() {
        let mut others = subscription.owned.clone();
        others.retain(|partition| group.topic(partition.topic).is_none());
        lists[member] = others;
    }
}

fn in_order(mut list: Vec<TopicPartition>) -> Vec<TopicPartition> {
    list.sort_unstable();
    list
}
