//! Bad input: what is said of a document that is no experiment.
#![cfg(not(target_arch = "wasm32"))]

mod faults;
mod limits;
mod mutations;
mod queues;
mod recorded;
mod share;
mod sound;
