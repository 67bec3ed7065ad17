//! What is pending, by time and then by the order it was noted in.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;

/// Things to be done at their times. Equal times come in the order of noting.
#[derive(Clone, Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry>>,
    /// The things themselves: what the heap moves about stays small.
    things: Vec<Option<T>>,
    /// The places among the things that are empty.
    free: Vec<u32>,
    noted: u32,
}

/// By time and then by number; no two have the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: SimTime,
    /// How many were noted up to this one. A run ends long before it overflows:
    /// [`crate::scenario::limits::STEPS`].
    number: u32,
    place: u32,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            things: Vec::new(),
            free: Vec::new(),
            noted: 0,
        }
    }
}

impl<T> Agenda<T> {
    /// Notes `thing` for the moment `at`.
    pub(crate) fn note(&mut self, at: SimTime, thing: T) {
        self.noted += 1;
        let place = self.free.pop().unwrap_or_else(|| {
            self.things.push(None);
            u32::try_from(self.things.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(slot) = self.things.get_mut(place as usize) {
            *slot = Some(thing);
        }
        let number = self.noted;
        self.heap.push(Reverse(Entry { at, number, place }));
    }

    /// How many things are pending.
    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// When the next thing is due.
    pub(crate) fn next_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// Takes the next thing.
    pub(crate) fn take(&mut self) -> Option<(SimTime, T)> {
        let Reverse(Entry { at, place, .. }) = self.heap.pop()?;
        let thing = self.things.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some((at, thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_by_time_and_then_in_the_order_of_noting() {
        let mut agenda = Agenda::default();
        let mut taken = Vec::new();
        for round in 0..3_u64 {
            for (at, thing) in [(7, 'c'), (5, 'a'), (7, 'd'), (5, 'b')] {
                agenda.note(SimTime::from_micros(10 * round + at), thing);
            }
            taken.extend((0..2).filter_map(|_| agenda.take()));
        }
        assert_eq!(agenda.len(), 6);
        assert_eq!(agenda.things.len(), 8, "places are used again");
        while let Some(next) = agenda.take() {
            taken.push(next);
        }
        let order: String = taken.iter().map(|(_, thing)| *thing).collect();
        assert_eq!(order, "abcdabcdabcd");
    }
}
