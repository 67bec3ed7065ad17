//! The previous target, and the order in which the server's assignors look at it.

use super::group::Group;
use super::java_hash::{HashOrder, hash_of_id};
use super::table::{Member, Place as _, Slot, Topic};

/// What a member had of the topics it still subscribes to: these in the order of a hash map of
/// their ids, and the partitions of each in the order of a hash set.
/// `Assignment.fromRecord`, where the topics come in the order of `owned`.
pub(super) fn target(group: &Group<'_>, member: Member) -> Vec<(Topic, Vec<Slot>)> {
    let mut topics = HashOrder::default();
    for partition in &group.members[member].owned {
        if let Some(topic) = group.topic(partition.topic)
            && group.subscribes(member, topic)
        {
            topics.put(hash_of_id(group.topics[topic].id), topic.number());
        }
    }
    let topics = topics.iter().map(Topic::numbered);
    topics
        .map(|topic| (topic, slots_of(group, member, topic)))
        .collect()
}

/// What a member had of a topic, in the order of a hash set of the partitions' numbers.
pub(super) fn slots_of(group: &Group<'_>, member: Member, topic: Topic) -> Vec<Slot> {
    let owned = group.members[member].owned.iter();
    let id = group.topics[topic].topic;
    let of_topic = owned.filter(|partition| partition.topic == id);
    let mut slots: Vec<Slot> = of_topic.filter_map(|&tp| group.slot(tp)).collect();
    slots.sort_unstable();
    let hashed = |slot: &Slot| (u32::from(group.number(*slot).0), slot.number());
    let keys: Vec<(u32, u32)> = slots.iter().map(hashed).collect();
    HashOrder::copied(&keys)
        .iter()
        .map(Slot::numbered)
        .collect()
}
