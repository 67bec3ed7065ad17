//! What a lane's step leaves behind: events that happened, things to be done later.

use crate::time::SimTime;
use crate::trace::What;

/// Drained by the engine after each step, before the next one.
#[derive(Clone, Debug)]
pub(crate) struct Outbox<T> {
    /// What happened, in order, all at the moment of the step.
    pub(crate) events: Vec<What>,
    /// What is due later.
    pub(crate) timers: Vec<(SimTime, T)>,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            timers: Vec::new(),
        }
    }
}

impl<T> Outbox<T> {
    /// Something happened.
    pub(crate) fn event(&mut self, what: What) {
        self.events.push(what);
    }

    /// Something of a kind of its own happened.
    pub(crate) fn tell(&mut self, what: impl Into<What>) {
        self.events.push(what.into());
    }

    /// Something is due at `at`.
    pub(crate) fn timer(&mut self, at: SimTime, timer: T) {
        self.timers.push((at, timer));
    }
}
