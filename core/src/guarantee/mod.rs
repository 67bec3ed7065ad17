//! Guarantees: properties of a lane, checked over its trace.
//!
//! A checker sees the trace alone; it never asks the engine. A guarantee is kept only once nothing
//! can break it any more: every message that was sent is settled. Before that, or if the run ends
//! first, it holds so far.

mod aside;
mod cluster;
mod hand;
mod lane;
mod queue;
mod reader;
mod share;

use std::fmt::Debug;

use lane::LaneChecks;

use crate::cast::{Cast, LaneCast, LaneKind, Sends};
use crate::ids::LaneId;
use crate::time::SimTime;
use crate::trace::Trace;

/// What is promised of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guarantee {
    /// No message is gone for good without its work being finished: in every group of a log, and
    /// behind every queue that is sent to. What lies in a dead-letter queue undone is not lost,
    /// and is told apart: [`Verdict::SetAside`].
    NothingLost,
    /// The work on a message is not finished twice (within a group, or behind one queue).
    ProcessedOnce,
    /// The first time the work on each message is finished, it is in the order in which messages
    /// of the same key were sent (within a group, or behind one queue).
    OrderPerKey,
    /// The work on a message does not go on twice at the same time (within a group, or behind
    /// one queue).
    OneConsumer,
    /// A message that its producer sends again is not stored twice in the same queue.
    NoDuplicateSends,
    /// The workers of every kind work on every message. A queue gives each message to one of
    /// them; a topic with a queue for each kind is how SQS does it.
    EveryTeam,
}

impl Guarantee {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::NothingLost,
        Self::ProcessedOnce,
        Self::OrderPerKey,
        Self::OneConsumer,
        Self::NoDuplicateSends,
        Self::EveryTeam,
    ];

    /// Whether it says anything of such a lane. A log has no repeated sends, since its producers
    /// are idempotent, and its groups are what [`Guarantee::NothingLost`] speaks of.
    #[must_use]
    pub fn concerns(self, lane: &LaneCast) -> bool {
        match self {
            Self::NothingLost | Self::ProcessedOnce | Self::OrderPerKey | Self::OneConsumer => true,
            Self::NoDuplicateSends => lane.kind == LaneKind::Sqs && lane.sends == Sends::Again,
            Self::EveryTeam => lane.first_teams().count() > 1,
        }
    }
}

/// How a guarantee stands at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing has broken it, but something still can.
    SoFar,
    /// Nothing can break it any more.
    Kept,
    /// Nothing has broken it and nobody does anything any more, but some messages were set aside:
    /// they lie in a dead-letter queue undone, neither worked on to the end nor lost, as long as
    /// somebody looks after them before their retention period ends.
    SetAside {
        /// How many; of copies of the same message that came into several queues each one.
        messages: u32,
    },
    /// Broken; the index of the first counterexample's event in the trace, and its time.
    Broken {
        /// The event.
        event: usize,
        /// When.
        at: SimTime,
    },
}

/// Whoever judges a run by its trace. A record knows its checkers by this alone, so that a program
/// that comes in parts can have them in a later one.
pub trait Judge: Debug {
    /// Takes in what `trace` has more than at the last call.
    fn extend(&mut self, trace: &Trace);
    /// Another number of messages will be sent until the horizon.
    fn expect(&mut self, messages: u32);
    /// How a guarantee of a lane stands at the moment `at`.
    fn verdict(&self, lane: LaneId, guarantee: Guarantee, at: SimTime) -> Verdict;
    /// Another one that knows as much.
    fn boxed_clone(&self) -> Box<dyn Judge>;
}

impl Clone for Box<dyn Judge> {
    fn clone(&self) -> Self {
        self.as_ref().boxed_clone()
    }
}

/// Judges nothing: everything holds so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoJudge;

impl Judge for NoJudge {
    fn extend(&mut self, _: &Trace) {}

    fn expect(&mut self, _: u32) {}

    fn verdict(&self, _: LaneId, _: Guarantee, _: SimTime) -> Verdict {
        Verdict::SoFar
    }

    fn boxed_clone(&self) -> Box<dyn Judge> {
        Box::new(*self)
    }
}

/// All guarantees of all lanes, over a whole trace.
#[derive(Clone, Debug)]
pub struct Guarantees {
    lanes: Vec<LaneChecks>,
    seen: usize,
    expected: u32,
}

impl Guarantees {
    /// Nothing has happened yet. `messages`: how many will be sent until the horizon.
    #[must_use]
    pub fn new(cast: &Cast, messages: u32) -> Self {
        Self {
            lanes: cast.lanes.iter().map(LaneChecks::new).collect(),
            seen: 0,
            expected: messages,
        }
    }
}

impl Judge for Guarantees {
    fn expect(&mut self, messages: u32) {
        self.expected = messages;
    }

    fn extend(&mut self, trace: &Trace) {
        for event in trace.iter_from(self.seen) {
            if let Some(lane) = self.lanes.get_mut(event.lane.index()) {
                lane.see(self.seen, event, trace);
            }
            self.seen += 1;
        }
    }

    fn verdict(&self, lane: LaneId, guarantee: Guarantee, at: SimTime) -> Verdict {
        let Some(lane) = self.lanes.get(lane.index()) else {
            return Verdict::SoFar;
        };
        match lane.broken(guarantee) {
            Some((event, broken_at)) if broken_at <= at => Verdict::Broken {
                event,
                at: broken_at,
            },
            None if lane
                .settled_at(self.expected)
                .is_some_and(|settled| settled <= at) =>
            {
                match lane.set_aside.of(guarantee) {
                    0 => Verdict::Kept,
                    messages => Verdict::SetAside { messages },
                }
            }
            _ => Verdict::SoFar,
        }
    }
    fn boxed_clone(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }
}
