//! The scenes of the page, each run to its end: the table of guarantees with which it ends, and
//! what its words promise.
#![cfg(not(target_arch = "wasm32"))]

mod play;
mod queue;
mod tables;
mod words;
