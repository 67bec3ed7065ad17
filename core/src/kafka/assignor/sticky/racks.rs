//! Who is near to which partition. `AbstractStickyAssignor.RackInfo`.

use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::input::RackId;
use crate::kafka::assignor::racks;
use crate::kafka::assignor::table::{Member, Slot};

/// The racks of a group.
pub(super) struct Racks<'a> {
    group: &'a Group<'a>,
    /// Whether they make a difference; if not, everybody is near to everything.
    pub(super) matter: bool,
    /// The rack of each member that has one, sorted.
    of_members: Vec<RackId>,
}

impl<'a> Racks<'a> {
    pub(super) fn new(group: &'a Group<'a>) -> Self {
        let members = group.members.values();
        let mut of_members: Vec<RackId> = members.iter().filter_map(|known| known.rack).collect();
        of_members.sort_unstable();
        let partitions = group.all_slots().map(|slot| group.racks_of(slot));
        Self {
            group,
            matter: racks::matter(of_members.iter().copied(), partitions),
            of_members,
        }
    }

    /// Whether the member has a rack, and no replica of the partition is on it.
    pub(super) fn mismatch(&self, member: Member, slot: Slot) -> bool {
        self.rack_of(member)
            .is_some_and(|rack| !self.group.racks_of(slot).contains(&rack))
    }

    /// The first of `members`, from `start` on and around, that is on a rack of the partition.
    pub(super) fn next_on_rack(
        &self,
        slot: Slot,
        members: &[Member],
        start: usize,
    ) -> Option<usize> {
        let near = |&member: &Member| {
            self.rack_of(member)
                .is_some_and(|rack| self.group.racks_of(slot).contains(&rack))
        };
        let (before, from) = members.split_at_checked(start)?;
        let later = from.iter().position(near).map(|place| start + place);
        later.or_else(|| before.iter().position(near))
    }

    /// Brings the partitions that are near to few members to the front.
    pub(super) fn sort_by_nearness(&self, slots: &mut [Slot]) {
        if !self.of_members.is_empty() {
            slots.sort_by_cached_key(|&slot| self.members_near(slot));
        }
    }

    fn members_near(&self, slot: Slot) -> usize {
        let mut racks = self.group.racks_of(slot).to_vec();
        racks.sort_unstable();
        racks.dedup();
        let of_members = &self.of_members;
        let on_rack = |rack: RackId| {
            let before = of_members.partition_point(|other| *other < rack);
            of_members.partition_point(|other| *other <= rack) - before
        };
        racks.into_iter().map(on_rack).sum()
    }

    fn rack_of(&self, member: Member) -> Option<RackId> {
        self.group.members[member].rack.filter(|_| self.matter)
    }
}
