//! Recordings of real Kafka: what was done to real brokers and clients, and what they said.
//!
//! A recording can be played twice. Its actions become a [`Scenario`](crate::Scenario) that our
//! engine runs ([`Recording::scenario`]); and what was done and said becomes a lane of its own, which
//! shows what real Kafka did ([`Recording::experiment`] has both side by side).

mod client;
mod cluster;
mod document;
mod experiment;
mod play;
mod playback;
mod read;
mod share;
mod told;
mod value;

pub use document::{
    Action, Deed, GroupKind, NodeDeed, PartitionOf, RecordOf, Recording, RecordingError, Said,
    Saying, SetupGroup, SetupTopic,
};
pub use experiment::{OpenError, open};
pub use play::Lacking;
pub(crate) use playback::Playback;
pub use told::Recorded;
pub(crate) use told::Sent;
