//! The order of a standard queue: the oldest first, but those received three times or more behind
//! the others; where messages have groups, those of noisy tenants behind all others.

mod pool;
mod processing;
mod tenants;

use std::collections::BTreeSet;

use super::entry::Seat;
use crate::sqs::chances::Dice;
use crate::sqs::fair::Turn;
use crate::sqs::identity::MessageGroup;
use crate::sqs::limits;
use crate::time::{SimDuration, SimTime};
use pool::Pool;
use tenants::{Sight, Tenants};

/// What is visible in a standard queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Standard {
    ungrouped: BTreeSet<Place>,
    tenants: Tenants,
    dice: Option<Dice>,
    /// Where messages may be picked out of order.
    pool: Option<Pool>,
}

/// Where a message stands: its rank, then its number.
type Place = (Rank, u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    InTurn,
    /// Received [`limits::OFTEN_RECEIVED`] times or more.
    Behind,
}

const fn place(seat: Seat) -> Place {
    let rank = if seat.receives_here >= limits::OFTEN_RECEIVED {
        Rank::Behind
    } else {
        Rank::InTurn
    };
    (rank, seat.number)
}

impl Standard {
    /// What may happen from now on; `visible` is what is visible now.
    pub(super) fn set_dice(&mut self, dice: Option<Dice>, visible: impl Iterator<Item = u32>) {
        self.pool = dice.as_ref().filter(|dice| dice.may_reorder()).map(|_| {
            let mut pool = Pool::default();
            visible.for_each(|number| pool.add(number));
            pool
        });
        self.dice = dice;
    }

    /// All messages are gone; chance goes on.
    pub(super) fn clear(&mut self) {
        self.ungrouped.clear();
        self.tenants = Tenants::default();
        self.pool = self.pool.take().map(|_| Pool::default());
    }

    /// A message comes in; it is shown or hidden next.
    pub(super) fn add(&mut self, now: SimTime, seat: Seat) {
        if let Some(group) = seat.group {
            self.tenants.add(now, group);
        }
    }

    /// A message is gone.
    pub(super) fn remove(&mut self, now: SimTime, seat: Seat) {
        self.hide(now, seat);
        if let Some(group) = seat.group {
            self.tenants.remove(group);
        }
    }

    pub(super) fn show(&mut self, seat: Seat) {
        self.see(seat, Sight::Changed);
    }

    fn see(&mut self, seat: Seat, sight: Sight) {
        if let Some(pool) = &mut self.pool {
            pool.add(seat.number);
        }
        match seat.group {
            None => {
                self.ungrouped.insert(place(seat));
            }
            Some(group) => self.tenants.show(group, place(seat), sight),
        }
    }

    pub(super) fn hide(&mut self, now: SimTime, seat: Seat) {
        self.unsee(now, seat, Sight::Changed);
    }

    fn unsee(&mut self, now: SimTime, seat: Seat, sight: Sight) {
        if let Some(pool) = &mut self.pool {
            pool.remove(seat.number);
        }
        match seat.group {
            None => {
                self.ungrouped.remove(&place(seat));
            }
            Some(group) => self.tenants.hide(now, group, place(seat), sight),
        }
    }

    /// Whether a short poll overlooks the message it has come to.
    pub(super) fn overlooks(&mut self) -> bool {
        self.dice.as_mut().is_some_and(Dice::overlooks)
    }

    /// Whether a short poll overlooks everything.
    pub(super) fn overlooks_all(&mut self) -> bool {
        self.dice.as_ref().is_some_and(Dice::overlooks_all)
    }

    /// Whether a delete misses a copy of the message.
    pub(super) fn redelivers(&mut self) -> bool {
        self.dice.as_mut().is_some_and(Dice::redelivers)
    }

    /// A short poll overlooks a message.
    pub(super) fn overlook(&mut self, now: SimTime, seat: Seat) {
        self.unsee(now, seat, Sight::Overlooked);
    }

    /// The short poll is over.
    pub(super) fn overlook_no_more(&mut self, seat: Seat) {
        self.see(seat, Sight::Overlooked);
    }

    pub(super) fn begin_flight(&mut self, seat: Seat) {
        self.tenants.begin_flight(seat.group);
    }

    /// A message is deleted or comes back, after so long.
    pub(super) fn end_flight(&mut self, now: SimTime, seat: Seat, took: SimDuration) {
        self.tenants.end_flight(now, seat.group, took);
    }

    /// Whether a receive would find a message.
    pub(super) fn has_next(&self) -> bool {
        !self.ungrouped.is_empty() || self.tenants.first().is_some()
    }

    /// The message that a receive is given next.
    pub(super) fn next(&mut self, now: SimTime) -> Option<u32> {
        self.tenants.refresh(now);
        if let Some((dice, pool)) = self.dice.as_mut().zip(self.pool.as_ref())
            && let Some(place) = dice.reorders(pool.len())
            && let Some(number) = pool.get(place)
        {
            return Some(number);
        }
        let ungrouped = self.ungrouped.first().map(|place| Turn::Quiet(*place));
        match [ungrouped, self.tenants.first()]
            .into_iter()
            .flatten()
            .min()?
        {
            Turn::Quiet((_, number)) => Some(number),
            Turn::Noisy {
                place: (_, number), ..
            } => Some(number),
        }
    }

    /// Who is noisy, brought up to date.
    pub(super) fn noise(&mut self, now: SimTime) -> NoiseFigures {
        self.tenants.refresh(now);
        let [visible, not_visible, messages] = self.tenants.of_noisy();
        NoiseFigures {
            groups: u32::try_from(self.tenants.noisy()).unwrap_or(u32::MAX),
            visible,
            not_visible,
            messages,
        }
    }

    pub(super) fn is_noisy(&self, group: MessageGroup) -> bool {
        self.tenants.is_noisy(group)
    }

    pub(super) fn noisy_groups(&self) -> impl Iterator<Item = MessageGroup> {
        self.tenants.noisy_groups()
    }
}

/// What belongs to noisy tenants.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NoiseFigures {
    pub(super) groups: u32,
    pub(super) visible: u32,
    pub(super) not_visible: u32,
    pub(super) messages: u32,
}
