//! Members by how much they have.

use super::table::Member;

/// A member with its count and its rank among equals.
type Rung = (usize, usize, Member);

/// Members in the order of what they have, then of their rank.
pub(super) struct Ladder(Vec<Rung>);

impl FromIterator<Rung> for Ladder {
    fn from_iter<I: IntoIterator<Item = Rung>>(rungs: I) -> Self {
        let mut rungs: Vec<Rung> = rungs.into_iter().collect();
        rungs.sort_unstable();
        Self(rungs)
    }
}

impl Ladder {
    pub(super) fn members(&self) -> impl Iterator<Item = Member> {
        self.0.iter().map(|&(.., member)| member)
    }

    /// The member with least.
    pub(super) fn first(&self) -> Option<Member> {
        self.members().next()
    }

    /// Puts a member where it belongs with its new count. One that is not here stays away.
    pub(super) fn change(&mut self, rung: Rung, count: usize) {
        let Ok(from) = self.0.binary_search(&rung) else {
            return;
        };
        let (_, rank, member) = rung;
        let changed = (count, rank, member);
        let place = self.0.partition_point(|other| *other < changed);
        // Without the rung itself, whatever stands behind it is one further to the front.
        let to = if place > from { place - 1 } else { place };
        let passed = if to < from {
            self.0.get_mut(to..=from)
        } else {
            self.0.get_mut(from..=to)
        };
        if let Some(passed) = passed {
            if to < from {
                passed.rotate_right(1);
            } else {
                passed.rotate_left(1);
            }
        }
        if let Some(moved) = self.0.get_mut(to) {
            *moved = changed;
        }
    }
}
