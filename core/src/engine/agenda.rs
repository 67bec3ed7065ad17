//! What is pending, by time and then by the order it was noted in.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;

/// Things to be done at their times. Equal times come in the order of noting.
#[derive(Clone, Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    noted: u64,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    at: SimTime,
    number: u64,
    thing: T,
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            noted: 0,
        }
    }
}

impl<T> Agenda<T> {
    /// Notes `thing` for the moment `at`.
    pub(crate) fn note(&mut self, at: SimTime, thing: T) {
        self.noted += 1;
        self.heap.push(Reverse(Entry {
            at,
            number: self.noted,
            thing,
        }));
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
        self.heap
            .pop()
            .map(|Reverse(entry)| (entry.at, entry.thing))
    }
}
