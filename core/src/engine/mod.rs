//! The simulation: seeded, deterministic, event by event.
//!
//! A lane is a set of state machines. A step hands one of them its input and the time, and drains
//! what comes out (events for the trace, timers for the agenda) before the next step.

mod agenda;
mod batch;
mod outbox;
mod recorded;
mod run;

pub use batch::{Batch, Stop};
pub(crate) use outbox::Outbox;
pub(crate) use run::{ActorChange, Engine};
