//! Brokers and what they hold: which broker has which replica, who leads, who is in sync, what
//! each replica's log has, and how far it can be read.
//!
//! The parts are rules and state without clock and network: [`placement`] puts replicas on brokers,
//! [`registration`] is a partition as the controller knows it, [`controller`] the brokers as it
//! knows them, [`log`] what a replica has, [`leader`] what the leader of a partition knows of its
//! followers.

pub mod controller;
pub mod leader;
pub mod log;
pub mod placement;
pub mod registration;
#[cfg(test)]
mod tests;
