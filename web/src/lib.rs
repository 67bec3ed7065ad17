//! The page of Broker Lab: plays a trace and draws it.
//!
//! What computes (player, stage, timeline, store, paint) is plain Rust and tested natively; what
//! touches the browser is thin and stands in `browser` and in the components.

pub mod browser;
mod components;
pub mod engine;
pub mod lab;
mod later;
pub mod link;
pub mod paint;
pub mod player;
pub mod stage;
pub mod store;
pub mod timeline;

pub use components::{App, First};
