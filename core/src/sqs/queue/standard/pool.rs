//! All visible messages in no order, to pick one at random.

use std::collections::BTreeMap;

/// The numbers of visible messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    numbers: Vec<u32>,
    places: BTreeMap<u32, usize>,
}

impl Pool {
    pub(super) fn add(&mut self, number: u32) {
        let place = self.numbers.len();
        if self.places.insert(number, place).is_none() {
            self.numbers.push(number);
        }
    }

    pub(super) fn remove(&mut self, number: u32) {
        let Some(place) = self.places.remove(&number) else {
            return;
        };
        self.numbers.swap_remove(place);
        if let Some(moved) = self.numbers.get(place) {
            self.places.insert(*moved, place);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn get(&self, place: usize) -> Option<u32> {
        self.numbers.get(place).copied()
    }
}
