//! The simulation behind Broker Lab.
#![warn(
    missing_docs,
    missing_debug_implementations,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

pub mod ids;
pub mod kafka;
pub mod sqs;
pub mod time;

pub use ids::{
    ActorId, Generation, GroupId, LaneId, MessageId, Offset, PartitionId, ProducerId, QueueId,
    TopicId, TopicPartition,
};
pub use time::{SimDuration, SimTime};
