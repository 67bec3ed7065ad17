//! Kafka: the domain parts of the log lane.

mod admin;
pub mod assignor;
mod consumer;
pub mod defaults;
pub mod group;
pub(crate) mod lane;
mod metadata;
pub mod partitioner;
pub mod share;
