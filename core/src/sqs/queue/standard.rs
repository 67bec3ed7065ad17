//! The order of a standard queue: the oldest first, but those received three times or more behind
//! the others.

use std::collections::BTreeSet;

use super::entry::Seat;
use crate::sqs::limits;

/// What is visible in a standard queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Standard {
    visible: BTreeSet<(Rank, u32)>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    InTurn,
    /// Received [`limits::OFTEN_RECEIVED`] times or more.
    Behind,
}

const fn place(seat: Seat) -> (Rank, u32) {
    let rank = if seat.receives_here >= limits::OFTEN_RECEIVED {
        Rank::Behind
    } else {
        Rank::InTurn
    };
    (rank, seat.number)
}

impl Standard {
    pub(super) fn show(&mut self, seat: Seat) {
        self.visible.insert(place(seat));
    }

    pub(super) fn hide(&mut self, seat: Seat) {
        self.visible.remove(&place(seat));
    }

    /// The message that a receive is given next.
    pub(super) fn next(&self) -> Option<u32> {
        self.visible.first().map(|(_, number)| *number)
    }
}
