//! Everybody subscribes to the same: quotas decide.
//! `AbstractStickyAssignor.ConstrainedAssignmentBuilder`.

use super::claims::Claims;
use super::racks::Racks;
use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::table::{Member, Slot, Table};

/// Who gets what, and which of it changes hands.
///
/// Every member has at least ⌊partitions ÷ members⌋, and as many as are left over have one more.
/// Members keep what they had up to that; what is left goes to those that are short of it.
pub(super) fn assign(
    group: &Group<'_>,
    racks: &Racks<'_>,
    claims: &Claims,
) -> (Table<Slot, Option<Member>>, Vec<Slot>) {
    let mut assignment = Assignment::new(group, claims);
    let mut had: Table<Member, Vec<Slot>> = Table::filled(Vec::new(), group.members.len());
    for (slot, kept) in claims.kept.iter() {
        let Some(member) = *kept else { continue };
        if racks.mismatch(member, slot) {
            assignment.cut_off[slot] = Some(member);
        } else if !claims.contested[slot] {
            had[member].push(slot);
        }
    }
    for (member, mut had) in group.members.keys().zip(had.into_values()) {
        had.sort_unstable_by_key(|&slot| (group.number(slot), slot));
        assignment.keep(member, &had);
    }
    let member_id = |&member: &Member| group.members[member].member;
    assignment.under.sort_unstable_by_key(member_id);
    assignment.exact.sort_unstable_by_key(member_id);
    let mut unassigned: Vec<Slot> = group.all_slots().collect();
    unassigned.retain(|&slot| assignment.owners[slot].is_none());
    racks.sort_by_nearness(&mut unassigned);
    if racks.matter {
        assignment.fill_by_racks(racks, &mut unassigned);
    }
    assignment.fill(&unassigned);
    (assignment.owners, assignment.transfers)
}

struct Assignment<'a> {
    claims: &'a Claims,
    owners: Table<Slot, Option<Member>>,
    counts: Table<Member, usize>,
    /// From whom a partition was taken in this run.
    cut_off: Table<Slot, Option<Member>>,
    /// What goes to somebody else than who had it.
    transfers: Vec<Slot>,
    /// What everybody gets.
    quota: usize,
    /// How many more members may have one more.
    extras: usize,
    /// Members with less than the quota.
    under: Vec<Member>,
    /// Members with just the quota that may get one more.
    exact: Vec<Member>,
}

impl<'a> Assignment<'a> {
    fn new(group: &Group<'_>, claims: &'a Claims) -> Self {
        let members = group.members.len();
        Self {
            claims,
            owners: Table::filled(None, group.slots()),
            counts: Table::filled(0, members),
            cut_off: Table::filled(None, group.slots()),
            transfers: Vec::new(),
            quota: group.slots().checked_div(members).unwrap_or(0),
            extras: group.slots().checked_rem(members).unwrap_or(0),
            under: Vec::new(),
            exact: Vec::new(),
        }
    }

    /// Lets a member keep of what it had as much as it may have. `assignOwnedPartitions`.
    fn keep(&mut self, member: Member, had: &[Slot]) {
        let keeps = if had.len() < self.quota {
            self.under.push(member);
            had.len()
        } else if had.len() > self.quota && self.extras > 0 {
            self.take_extra();
            self.quota + 1
        } else {
            if self.extras > 0 {
                self.exact.push(member);
            }
            self.quota
        };
        for (place, &slot) in had.iter().enumerate() {
            if place < keeps {
                self.owners[slot] = Some(member);
            } else {
                self.cut_off[slot] = Some(member);
            }
        }
        self.counts[member] = keeps;
    }

    /// One more member is above the quota. After the last one nobody is waiting for it.
    fn take_extra(&mut self) {
        self.extras = self.extras.saturating_sub(1);
        if self.extras == 0 {
            self.exact.clear();
        }
    }

    /// Gives what is near, and keeps in `unassigned` what is near to nobody that is short.
    /// `assignRackAwareRoundRobin`.
    fn fill_by_racks(&mut self, racks: &Racks<'_>, unassigned: &mut Vec<Slot>) {
        let mut next = 0;
        unassigned.retain(|&slot| {
            if let Some(place) = racks.next_on_rack(slot, &self.under, next) {
                next = self.give_under(slot, place);
            } else if let Some(place) = racks.next_on_rack(slot, &self.exact, 0) {
                let member = self.exact.remove(place);
                self.give(slot, member);
                self.take_extra();
            } else {
                return true;
            }
            false
        });
    }

    /// Gives what is left, round and round. `assignRoundRobin`.
    fn fill(&mut self, unassigned: &[Slot]) {
        let mut next = 0;
        for &slot in unassigned {
            if !self.under.is_empty() {
                next = self.give_under(slot, next);
            } else if !self.exact.is_empty() {
                let member = self.exact.remove(0);
                self.give(slot, member);
            }
        }
    }

    /// Gives a partition to the member at `place` of those under the quota; whose turn is next.
    fn give_under(&mut self, slot: Slot, place: usize) -> usize {
        let Some(&member) = self.under.get(place) else {
            return 0;
        };
        self.give(slot, member);
        let next = if self.counts[member] < self.quota {
            place + 1
        } else {
            self.under.remove(place);
            if self.extras > 0 {
                self.exact.push(member);
            }
            place
        };
        if next < self.under.len() { next } else { 0 }
    }

    /// `assignNewPartition`.
    fn give(&mut self, slot: Slot, member: Member) {
        self.owners[slot] = Some(member);
        self.counts[member] += 1;
        let had_by_another = self.cut_off[slot].is_some_and(|other| other != member);
        if had_by_another || self.claims.contested[slot] {
            self.transfers.push(slot);
        }
    }
}
