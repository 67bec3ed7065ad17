//! The timeline: how busy the run is, and what matters in it.

mod flags;
mod scale;

use broker_lab_core::{Record, SimTime};

pub use flags::{Flag, FlagKind, flags};
pub use scale::{Density, TimeScale};

/// Bars of the density.
pub const BARS: usize = 160;
/// Flags on a timeline.
const FLAGS: usize = 60;

/// The run at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// How busy it is.
    pub density: Density,
    /// What matters in it.
    pub flags: Vec<Flag>,
}

impl Overview {
    /// The overview of what is simulated of a run.
    #[must_use]
    pub fn of(run: &Record) -> Self {
        let end = SimTime::ZERO + run.scenario().horizon;
        Self {
            density: Density::of(run.trace(), end, BARS),
            flags: flags(run.trace(), run.cast(), FLAGS),
        }
    }
}
