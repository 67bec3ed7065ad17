//! Random use of a share partition, against a reference model that keeps one list of records and
//! looks through all of it for everything; and what real share consumers were given.
#![cfg(not(target_arch = "wasm32"))]

mod lane;
mod model;
mod play;
mod properties;
mod recordings;
