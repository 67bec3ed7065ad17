//! Things by number, each with a time, the earliest first.

use std::collections::BTreeSet;

use crate::time::SimTime;

/// A set that knows its first: what comes next is asked for several times in every step.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    all: BTreeSet<(SimTime, u32)>,
    first: Option<(SimTime, u32)>,
}

impl Times {
    pub(super) fn insert(&mut self, at: SimTime, number: u32) {
        let new = (at, number);
        self.all.insert(new);
        if self.first.is_none_or(|first| new < first) {
            self.first = Some(new);
        }
    }

    pub(super) fn remove(&mut self, at: SimTime, number: u32) {
        let gone = (at, number);
        if self.all.remove(&gone) && self.first == Some(gone) {
            self.first = self.all.first().copied();
        }
    }

    pub(super) const fn first(&self) -> Option<(SimTime, u32)> {
        self.first
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The numbers, by their times.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.all.iter().map(|(_, number)| *number)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_that_of_the_set_whatever_comes_and_goes() {
        let mut times = Times::default();
        let mut there = BTreeSet::new();
        for step in 0..2_000_u32 {
            // Goes through all residues, in no order of time.
            let entry = (
                SimTime::from_micros((u64::from(step) * 7_919) % 101),
                step % 37,
            );
            if there.remove(&entry) {
                times.remove(entry.0, entry.1);
            } else {
                times.insert(entry.0, entry.1);
                there.insert(entry);
            }
            if step % 3 == 0
                && let Some(first) = there.pop_first()
            {
                times.remove(first.0, first.1);
            }
            times.remove(SimTime::MAX, step);
            assert_eq!(times.first(), there.first().copied());
            assert_eq!(times.len(), there.len());
        }
        assert!(times.numbers().eq(there.iter().map(|(_, number)| *number)));
        times.clear();
        assert_eq!((times.first(), times.len()), (None, 0));
    }
}
