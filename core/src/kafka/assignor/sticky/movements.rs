//! Which partitions were moved in this run. `AbstractStickyAssignor.PartitionMovements`.

use crate::kafka::assignor::table::{Member, Slot, Table, Topic};

/// From whom to whom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    from: Member,
    to: Member,
}

/// Every partition that is not where it was, with where it was.
pub(super) struct Movements {
    of_slot: Table<Slot, Option<Move>>,
    /// The same by topic, sorted.
    of_topic: Table<Topic, Vec<(Move, Slot)>>,
}

impl Movements {
    pub(super) fn new(topics: usize, slots: usize) -> Self {
        Self {
            of_slot: Table::filled(None, slots),
            of_topic: Table::filled(Vec::new(), topics),
        }
    }

    /// The partition to move instead of `slot` from its owner to `to`: one of the same topic that
    /// came the opposite way goes back. `getTheActualPartitionToBeMoved`.
    ///
    /// Of several it is the lowest here; Kafka takes the first of a hash set.
    pub(super) fn instead_of(&self, topic: Topic, slot: Slot, owner: Member, to: Member) -> Slot {
        let from = self.of_slot[slot].map_or(owner, |moved| moved.from);
        let opposite = Move { from: to, to: from };
        let moved = &self.of_topic[topic];
        let place = moved.partition_point(|(other, _)| *other < opposite);
        match moved.get(place) {
            Some(&(other, back)) if other == opposite => back,
            _ => slot,
        }
    }

    /// Notes a move. One that has come back has not moved. `movePartition`.
    pub(super) fn note(&mut self, topic: Topic, slot: Slot, from: Member, to: Member) {
        let before = self.of_slot[slot].take();
        let of_topic = &mut self.of_topic[topic];
        if let Some(before) = before
            && let Ok(place) = of_topic.binary_search(&(before, slot))
        {
            of_topic.remove(place);
        }
        let origin = before.map_or(from, |before| before.from);
        if origin != to {
            let moved = Move { from: origin, to };
            self.of_slot[slot] = Some(moved);
            let place = of_topic.partition_point(|other| *other < (moved, slot));
            of_topic.insert(place, (moved, slot));
        }
    }
}
