//! One thing that happened: at most 32 bytes.

use super::what::What;
use crate::ids::LaneId;
use crate::time::{SimDuration, SimTime};

/// One thing that happened in one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: SimTime,
    /// Where.
    pub lane: LaneId,
    /// What.
    pub what: What,
}

const _: () = assert!(
    size_of::<Event>() <= 32,
    "a trace event is at most 32 bytes"
);

/// A length of time in whole milliseconds, small enough for an event; at most 49 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u32);

impl From<SimDuration> for Millis {
    /// Rounds down to whole milliseconds; saturates.
    fn from(length: SimDuration) -> Self {
        Self(u32::try_from(length.as_millis()).unwrap_or(u32::MAX))
    }
}

impl From<Millis> for SimDuration {
    fn from(length: Millis) -> Self {
        Self::from_millis(length.0.into())
    }
}
