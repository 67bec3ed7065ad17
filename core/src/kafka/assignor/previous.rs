//! The previous target, and the order in which the server's assignors look at it.

use super::group::Group;
use super::java_hash::{HashOrder, hash_of_id};
use super::table::{Member, Place as _, Slot, Topic};

/// What a member had of the topics it still subscribes to: these in the order of a hash map of
/// their ids, and the partitions of each in the order of a hash set.
/// `Assignment.fromRecord`, where the topics come in the order of `owned`.
pub(super) fn target(group: &Group<'_>, member: Member) -> Vec<(Topic, Vec<Slot>)> {
    let owned = &group.members[member].owned;
    let mut slots: Vec<(Topic, Slot)> = Vec::new();
    let mut topics = HashOrder::default();
    for slot in owned.iter().filter_map(|&tp| group.slot(tp)) {
        let topic = group.topic_of(slot);
        if group.subscribes(member, topic) {
            topics.put(hash_of_id(group.topics[topic].id), topic.number());
            slots.push((topic, slot));
        }
    }
    slots.sort_unstable();
    let of_topic = |topic: Topic| {
        let first = slots.partition_point(|(other, _)| *other < topic);
        let of_topic = slots.iter().skip(first);
        let numbers: Vec<(u32, u32)> = of_topic
            .take_while(|(other, _)| *other == topic)
            .map(|&(_, slot)| (u32::from(group.number(slot).0), slot.number()))
            .collect();
        let order = HashOrder::copied(&numbers);
        (topic, order.iter().map(Slot::numbered).collect())
    };
    topics.iter().map(Topic::numbered).map(of_topic).collect()
}
