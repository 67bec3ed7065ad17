//! In which order a queue gives its messages: one of two kinds, fixed when the queue is made.

use super::entries::Entries;
use super::entry::{Seat, State};
use super::fifo::{Fifo, Walk};
use super::standard::{NoiseFigures, Standard};
use crate::sqs::attributes::QueueAttributes;
use crate::sqs::chances::Dice;
use crate::sqs::identity::MessageGroup;
use crate::time::SimTime;

/// The order of a queue.
#[derive(Clone, Debug)]
pub(super) enum Order {
    Standard(Box<Standard>),
    Fifo(Fifo),
}

impl Order {
    pub(super) fn of(attributes: &QueueAttributes) -> Self {
        match attributes.fifo {
            None => Self::Standard(Box::default()),
            Some(_) => Self::Fifo(Fifo::default()),
        }
    }

    /// A message comes in, in this state.
    pub(super) fn add(&mut self, now: SimTime, seat: Seat, state: State) {
        match self {
            Self::Standard(standard) => standard.add(now, seat),
            Self::Fifo(fifo) => fifo.add(seat),
        }
        match state {
            State::Visible => self.show(seat),
            State::Delayed { .. } | State::InFlight { .. } | State::Missed { .. } => {
                self.hide(now, seat);
            }
        }
    }

    /// A message is in another state now; its seat is that of before, unless it is visible now.
    pub(super) fn change(&mut self, now: SimTime, seat: Seat, (from, to): (State, State)) {
        let (left, takes_off) = (from.received_at(), to.received_at().is_some());
        if let Self::Standard(standard) = self
            && left.is_none()
            && takes_off
        {
            standard.begin_flight(seat);
        }
        match (from, to) {
            (State::Visible, State::Visible) => {}
            (_, State::Visible) => self.show(seat),
            (State::Visible, _) => self.hide(now, seat),
            _ => {}
        }
        if let Self::Standard(standard) = self
            && let Some(received_at) = left
            && !takes_off
        {
            standard.end_flight(now, seat, now.since(received_at));
        }
    }

    fn show(&mut self, seat: Seat) {
        match self {
            Self::Standard(standard) => standard.show(seat),
            Self::Fifo(fifo) => fifo.show(seat),
        }
    }

    fn hide(&mut self, now: SimTime, seat: Seat) {
        match self {
            Self::Standard(standard) => standard.hide(now, seat),
            Self::Fifo(fifo) => fifo.hide(seat),
        }
    }

    /// A message is gone: it is not among `entries` any more.
    pub(super) fn remove<B>(
        &mut self,
        now: SimTime,
        (seat, state): (Seat, State),
        entries: &Entries<B>,
    ) {
        match self {
            Self::Standard(standard) => {
                if let Some(received_at) = state.received_at() {
                    standard.end_flight(now, seat, now.since(received_at));
                }
                standard.remove(now, seat);
            }
            Self::Fifo(fifo) => {
                let group_of = |number| entries.get(number).and_then(|entry| entry.group);
                fifo.remove(seat, entries.next_number(), group_of);
            }
        }
    }

    /// All messages are gone.
    pub(super) fn clear(&mut self, next_number: u32) {
        match self {
            Self::Standard(standard) => standard.clear(),
            Self::Fifo(fifo) => fifo.clear(next_number),
        }
    }

    /// Whether a message has to wait for another of its group.
    pub(super) fn is_held_up(&self, seat: Seat) -> bool {
        match self {
            Self::Standard(_) => false,
            Self::Fifo(fifo) => fifo.is_held_up(seat),
        }
    }

    /// Whether a receive would find a message.
    pub(super) fn has_next(&self) -> bool {
        match self {
            Self::Standard(standard) => standard.has_next(),
            Self::Fifo(fifo) => fifo.has_next(),
        }
    }

    /// The next message for a receive.
    pub(super) fn next(&mut self, now: SimTime, walk: &mut Walk) -> Option<u32> {
        match self {
            Self::Standard(standard) => standard.next(now),
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

    /// What may happen by chance, on a standard queue.
    pub(super) fn standard(&mut self) -> Option<&mut Standard> {
        match self {
            Self::Standard(standard) => Some(standard),
            Self::Fifo(_) => None,
        }
    }

    pub(super) fn set_dice(&mut self, dice: Option<Dice>, visible: impl Iterator<Item = u32>) {
        if let Some(standard) = self.standard() {
            standard.set_dice(dice, visible);
        }
    }

    /// What belongs to noisy tenants; nothing on a FIFO queue.
    pub(super) fn noise(&mut self, now: SimTime) -> NoiseFigures {
        self.standard()
            .map_or_else(NoiseFigures::default, |standard| standard.noise(now))
    }

    /// The noisy tenants, in no order.
    pub(super) fn noisy_groups(&self) -> impl Iterator<Item = MessageGroup> {
        let standard = match self {
            Self::Standard(standard) => Some(standard),
            Self::Fifo(_) => None,
        };
        standard.into_iter().flat_map(|its| its.noisy_groups())
    }

    pub(super) fn is_noisy(&self, group: MessageGroup) -> bool {
        match self {
            Self::Standard(standard) => standard.is_noisy(group),
            Self::Fifo(_) => false,
        }
    }
}
