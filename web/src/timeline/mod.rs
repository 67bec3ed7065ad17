//! The timeline: how busy the run is, and what matters in it.

mod flags;
mod scale;

pub use flags::{Flag, FlagKind, flags};
pub use scale::{Density, TimeScale};
