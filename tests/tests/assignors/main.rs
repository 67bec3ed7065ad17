//! What assignors promise, over random groups: who gets what, how even it is, and what moves.
#![cfg(not(target_arch = "wasm32"))]

mod client;
mod groups;
mod heartbeats;
mod server;
mod share;
