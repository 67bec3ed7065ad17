//! Consumer groups of the classic protocol, as a person would tell what happens to them.
#![cfg(not(target_arch = "wasm32"))]

mod admin;
mod commits;
mod fetching;
mod polling;
mod rebalances;
mod statics;
mod words;
