//! Kafka: the domain parts of the log lane.

pub mod assignor;
mod consumer;
pub mod defaults;
pub mod group;
pub(crate) mod lane;
pub mod partitioner;
pub mod share;
