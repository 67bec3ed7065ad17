//! In which order a queue gives its messages: one of two kinds, fixed when the queue is made.

use super::entry::{Entries, Seat};
use super::fifo::{Fifo, Walk};
use super::standard::Standard;
use crate::sqs::attributes::QueueAttributes;

/// The order of a queue.
#[derive(Clone, Debug)]
pub(super) enum Order {
    Standard(Standard),
    Fifo(Fifo),
}

impl Order {
    pub(super) fn of(attributes: &QueueAttributes) -> Self {
        match attributes.fifo {
            None => Self::Standard(Standard::default()),
            Some(_) => Self::Fifo(Fifo::default()),
        }
    }

    /// A message comes in; it is shown or hidden next.
    pub(super) fn add(&mut self, seat: Seat) {
        match self {
            Self::Standard(_) => {}
            Self::Fifo(fifo) => fifo.add(seat),
        }
    }

    /// A message can be received, as far as its group lets it.
    pub(super) fn show(&mut self, seat: Seat) {
        match self {
            Self::Standard(standard) => standard.show(seat),
            Self::Fifo(fifo) => fifo.show(seat),
        }
    }

    /// A message is in flight or delayed.
    pub(super) fn hide(&mut self, seat: Seat) {
        match self {
            Self::Standard(standard) => standard.hide(seat),
            Self::Fifo(fifo) => fifo.hide(seat),
        }
    }

    /// A message is gone: it is not among `entries` any more.
    pub(super) fn remove<B>(&mut self, seat: Seat, entries: &Entries<B>) {
        match self {
            Self::Standard(standard) => standard.hide(seat),
            Self::Fifo(fifo) => {
                let group_of = |number| entries.get(number).and_then(|entry| entry.group);
                fifo.remove(seat, entries.next_number(), group_of);
            }
        }
    }

    /// All messages are gone.
    pub(super) fn clear(&mut self, next_number: u32) {
        match self {
            Self::Standard(standard) => *standard = Standard::default(),
            Self::Fifo(fifo) => fifo.clear(next_number),
        }
    }

    /// Whether a receive would find a message.
    pub(super) fn has_next(&self) -> bool {
        match self {
            Self::Standard(standard) => standard.next().is_some(),
            Self::Fifo(fifo) => fifo.has_next(),
        }
    }

    /// The next message for a receive.
    pub(super) fn next(&mut self, walk: &mut Walk) -> Option<u32> {
        match self {
            Self::Standard(standard) => standard.next(),
            Self::Fifo(fifo) => fifo.next(walk),
        }
    }

    /// A receive has what it gets.
    pub(super) fn end(&mut self, walk: &mut Walk) {
        match self {
            Self::Standard(_) => {}
            Self::Fifo(fifo) => fifo.end(walk),
        }
    }
}
