//! Recordings of real Kafka: what was done to real brokers and clients, and what they said.
//!
//! A recording can be played twice. Its actions become a [`Scenario`](crate::Scenario) that our
//! engine runs ([`Recording::scenario`]).

mod client;
mod document;
mod play;
mod share;
mod value;

pub use document::{
    Action, Deed, GroupKind, PartitionOf, RecordOf, Recording, RecordingError, Said, Saying,
    SetupGroup, SetupTopic,
};
pub use play::Lacking;
