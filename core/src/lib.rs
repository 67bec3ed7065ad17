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

mod bytes;
pub mod cast;
pub mod chunked;
pub mod copies;
mod engine;
pub mod guarantee;
pub mod ids;
pub mod kafka;
pub mod lambda;
pub mod metrics;
mod milestones;
mod random;
mod record;
pub mod recording;
mod run;
pub mod scenario;
mod simulation;
pub mod sns;
pub mod sqs;
pub mod story;
pub mod time;
pub mod trace;
pub mod workload;
pub mod world;

pub use cast::{
    ActorCast, Cast, LaneCast, LaneKind, QueueCast, QueueKind, Sends, SubscriptionCast,
};
pub use engine::{Batch, Stop};
pub use ids::{
    ActorId, BrokerId, CopyId, Generation, GroupEpoch, GroupId, LaneId, MessageId, Offset,
    PartitionId, ProducerId, QueueId, TopicId, TopicPartition,
};
pub use record::Record;
pub use recording::Recording;
pub use run::Run;
pub use scenario::Scenario;
pub use simulation::Simulation;
pub use time::{SimDuration, SimTime};
