//! Random use of two queues, a dead-letter queue among them, against a reference model that scans
//! one list of messages for everything.
#![cfg(not(target_arch = "wasm32"))]

mod fair;
mod model;
mod operations;
mod play;
mod properties;
