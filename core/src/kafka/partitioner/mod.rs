//! Which partition a record goes to.
//!
//! A record with a key: [`keyed`], always the same partition. One without: [`sticky`], one
//! partition for as long as a batch of it is open and then another by chance, in favour of those
//! whose batches go out quickly; [`accumulator`] is where the batches wait.
//!
//! Random numbers are drawn by the caller.

pub mod accumulator;
pub mod keyed;
pub(super) mod record_size;
pub mod sticky;

pub use accumulator::{
    AccumulatorSettings, AdaptivePartitioning, Append, Drained, OpenedBatch, RecordAccumulator,
};
pub use keyed::{murmur2, partition_for_key, to_positive};
pub use sticky::{LoadStats, OpenBatch, StickyPartitioner};
