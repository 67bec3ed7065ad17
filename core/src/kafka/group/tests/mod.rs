//! The classic coordinator, driven by consumers that do nothing but keep their membership.

mod initial_delay;
mod lab;
mod offsets;
mod rebalance;
mod requests;
