//! Which partitions were moved in this run. `AbstractStickyAssignor.PartitionMovements`.

use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::java_hash::{HashOrder, hash_of_topic_partition};
use crate::kafka::assignor::table::{Member, Place as _, Slot, Table, Topic};

/// From whom to whom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    from: Member,
    to: Member,
}

/// The partitions of a topic that were moved the same way.
#[derive(Clone)]
struct Moved {
    way: Move,
    /// In the order they were moved.
    slots: Vec<Slot>,
    /// How many there were at most, which is what the size of a hash set depends on.
    most: usize,
}

/// Every partition that is not where it was, with where it was.
pub(super) struct Movements<'a> {
    group: &'a Group<'a>,
    of_slot: Table<Slot, Option<Move>>,
    /// The same by topic, sorted by the way.
    of_topic: Table<Topic, Vec<Moved>>,
}

impl<'a> Movements<'a> {
    pub(super) fn new(group: &'a Group<'a>) -> Self {
        Self {
            group,
            of_slot: Table::filled(None, group.slots()),
            of_topic: Table::filled(Vec::new(), group.topics.len()),
        }
    }

    /// The partition to move instead of `slot` from its owner to `to`: one of the same topic that
    /// came the opposite way goes back. `getTheActualPartitionToBeMoved`.
    pub(super) fn instead_of(&self, slot: Slot, owner: Member, to: Member) -> Slot {
        let from = self.of_slot[slot].map_or(owner, |moved| moved.from);
        let opposite = Move { from: to, to: from };
        let of_topic = &self.of_topic[self.group.topic_of(slot)];
        let place = of_topic.binary_search_by_key(&opposite, |moved| moved.way);
        let moved = place.ok().and_then(|place| of_topic.get(place));
        moved.and_then(|moved| self.first(moved)).unwrap_or(slot)
    }

    /// The first of a hash set of partitions.
    fn first(&self, moved: &Moved) -> Option<Slot> {
        let mut capacity = HashOrder::DEFAULT_CAPACITY;
        while moved.most * 4 > capacity * 3 {
            capacity *= 2;
        }
        let mut set = HashOrder::with_capacity(capacity);
        for &slot in &moved.slots {
            let topic = self.group.topics[self.group.topic_of(slot)];
            let hash = hash_of_topic_partition(topic.name_hash, self.group.number(slot));
            set.put(hash, slot.number());
        }
        set.iter().next().map(Slot::numbered)
    }

    /// Notes a move. One that has come back has not moved. `movePartition`.
    pub(super) fn note(&mut self, slot: Slot, from: Member, to: Member) {
        let before = self.of_slot[slot].take();
        let of_topic = &mut self.of_topic[self.group.topic_of(slot)];
        if let Some(before) = before
            && let Ok(place) = of_topic.binary_search_by_key(&before, |moved| moved.way)
            && let Some(moved) = of_topic.get_mut(place)
        {
            moved.slots.retain(|other| *other != slot);
            if moved.slots.is_empty() {
                of_topic.remove(place);
            }
        }
        let from = before.map_or(from, |before| before.from);
        if from == to {
            return;
        }
        let way = Move { from, to };
        self.of_slot[slot] = Some(way);
        let place = of_topic.partition_point(|moved| moved.way < way);
        match of_topic.get_mut(place) {
            Some(moved) if moved.way == way => {
                moved.slots.push(slot);
                moved.most = moved.most.max(moved.slots.len());
            }
            _ => {
                let slots = vec![slot];
                let most = 1;
                of_topic.insert(place, Moved { way, slots, most });
            }
        }
    }
}
