//! What must hold of every trace, each rule in a file of its own.
//!
//! A checker sees the document and the trace, never the engine or the world: it would find the
//! same in a trace from elsewhere. It answers with the first event that breaks a rule, in words.

pub mod actors;
pub mod epochs;
pub mod log;
pub mod naive;
mod naive_queue;
mod naive_share;
pub mod owner;
pub mod queue;
pub mod share;
pub mod time;

use broker_lab_core::scenario::Scenario;
use broker_lab_core::trace::{Event, Trace};
use broker_lab_core::{Cast, LaneCast, LaneId, LaneKind};

/// What a checker sees.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The document.
    pub scenario: &'a Scenario,
    /// Its names.
    pub cast: &'a Cast,
    /// What happened.
    pub trace: &'a Trace,
}

/// Nothing, or the first event that breaks a rule and why.
pub type Verdict = Result<(), String>;

impl<'a> Seen<'a> {
    /// The lanes of one kind.
    pub fn lanes(&self, kind: LaneKind) -> impl Iterator<Item = (LaneId, &'a LaneCast)> {
        let lanes = (0..).zip(&self.cast.lanes);
        lanes
            .filter(move |(_, lane)| lane.kind == kind)
            .map(|(n, lane)| (LaneId(n), lane))
    }

    /// The events of one lane, with their index in the trace.
    pub fn events(&self, lane: LaneId) -> impl Iterator<Item = (usize, &'a Event)> {
        let events = self.trace.iter().enumerate();
        events.filter(move |(_, event)| event.lane == lane)
    }
}

/// A broken rule, at an event.
pub(crate) fn broken(index: usize, event: &Event, why: impl std::fmt::Display) -> String {
    format!("event {index}, {event}: {why}")
}

/// All checkers, one after the other.
///
/// # Errors
///
/// What the first one that is not content says.
pub fn all(seen: Seen<'_>) -> Verdict {
    time::goes_on(seen)?;
    time::every_lane_gets_the_same_work(seen)?;
    actors::are_alive_in_all_they_do(seen)?;
    queue::messages_go_through_their_states(seen)?;
    log::offsets_are_dense(seen)?;
    log::commits_follow_the_work(seen)?;
    owner::a_partition_has_one(seen)?;
    share::records_go_through_their_states(seen)?;
    epochs::lead_to_the_target(seen)
}
