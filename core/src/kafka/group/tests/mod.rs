//! The coordinators, driven by consumers that do nothing but keep their membership: here the classic
//! one.

mod consumer;
mod initial_delay;
mod lab;
mod offsets;
mod rebalance;
mod requests;
