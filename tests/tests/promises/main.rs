//! The table of guarantees with which each scenario of the page ends, and what the words of those
//! promise that `scenes.rs` does not play.
#![cfg(not(target_arch = "wasm32"))]

mod play;
mod queue;
mod tables;
