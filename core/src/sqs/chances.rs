//! What can happen on a standard queue because a message lies on several servers, as a model.
//!
//! AWS says that it happens, and gives no rates, so none is true. All chances are zero unless
//! somebody sets them; then a queue behaves as if there were no such thing, to the byte. FIFO
//! queues do none of it.

use crate::random::{Purpose, Random};
use crate::scenario::Percent;

/// How often a standard queue does what a standard queue may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chances {
    /// A delete misses a copy: the message is visible once more, at its timeout, with the same id
    /// and a receive count that goes on. The caller is told nothing of it. DeleteMessage (API).
    pub redelivers: Percent,
    /// In place of the next message a receive picks any visible one. Standard queues (DG).
    pub reorders: Percent,
    /// A short poll overlooks a visible message, drawn anew for each message at each poll. A long
    /// poll asks all servers. ReceiveMessage (API).
    pub short_poll_misses: Percent,
}

/// The chances of one queue, with a stream of numbers for each.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    chances: Chances,
    redelivers: Random,
    reorders: Random,
    short_poll_misses: Random,
}

impl Dice {
    /// `None` if nothing can happen. Each queue (`index`) of a seed has streams of its own.
    pub(super) fn new(chances: Chances, seed: u32, index: u64) -> Option<Self> {
        let stream = |purpose| Random::new(seed, purpose, index);
        (chances != Chances::default()).then(|| Self {
            chances,
            redelivers: stream(Purpose::Redelivery),
            reorders: stream(Purpose::Reordering),
            short_poll_misses: stream(Purpose::ShortPoll),
        })
    }

    /// Whether this delete misses a copy.
    pub(super) fn redelivers(&mut self) -> bool {
        happens(&mut self.redelivers, self.chances.redelivers)
    }

    /// Which of so many visible messages is picked, if not the next.
    pub(super) fn reorders(&mut self, visible: usize) -> Option<usize> {
        if !happens(&mut self.reorders, self.chances.reorders) {
            return None;
        }
        let visible = u64::try_from(visible).unwrap_or(u64::MAX);
        usize::try_from(self.reorders.below(visible)).ok()
    }

    /// Whether this short poll overlooks the message it has come to.
    pub(super) fn overlooks(&mut self) -> bool {
        happens(&mut self.short_poll_misses, self.chances.short_poll_misses)
    }

    /// Whether a short poll overlooks everything.
    pub(super) fn overlooks_all(&self) -> bool {
        self.chances.short_poll_misses.0 >= 100
    }

    /// Whether messages may be picked out of order.
    pub(super) fn may_reorder(&self) -> bool {
        self.chances.reorders.0 > 0
    }
}

/// Nothing is drawn where nothing can happen.
fn happens(random: &mut Random, chance: Percent) -> bool {
    chance.0 > 0 && random.below(100) < u64::from(chance.0)
}
