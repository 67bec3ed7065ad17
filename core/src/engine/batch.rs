//! What a stretch of a simulation leaves.

use crate::ids::MessageId;
use crate::time::SimTime;
use crate::trace::Event;
use crate::workload::Message;

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The horizon was reached.
    Horizon,
    /// [`crate::scenario::limits::EVENTS`] or [`crate::scenario::limits::STEPS`] was reached
    /// before the horizon.
    Limit,
}

/// A piece of a trace, with the messages that it speaks of for the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What was sent, by number.
    pub messages: Vec<(MessageId, Message)>,
    /// Up to when everything is known.
    pub until: SimTime,
    /// Why the run ended; `None` if there is more to come.
    pub stop: Option<Stop>,
}

impl Batch {
    /// Empties it, to be filled anew.
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.messages.clear();
    }
}
