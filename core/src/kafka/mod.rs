//! Kafka: the domain parts of the log lane.

mod admin;
pub mod assignor;
mod brokers;
pub mod cluster;
mod consumer;
pub mod defaults;
pub mod group;
mod groups;
pub(crate) mod lane;
mod metadata;
pub mod partitioner;
mod producing;
mod requests;
pub mod share;
