//! EventBridge Pipes poll a queue in the same way, with a filter, an enrichment and a target in
//! place of a function. Only the source's settings are here; filter and enrichment are left out.

use std::ops::RangeInclusive;

use super::limits;
use crate::time::SimDuration;

/// PipeSourceSqsQueueParameters, checked. (EventBridge Pipes API)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipeSource {
    /// BatchSize.
    pub batch_size: u32,
    /// MaximumBatchingWindowInSeconds.
    pub window: SimDuration,
}

/// What is wrong with a pipe's source. The reference names the ranges and no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipeSourceError {
    /// BatchSize.
    #[error("BatchSize {0} is not in 1..=10000")]
    BatchSize(i64),
    /// MaximumBatchingWindowInSeconds.
    #[error("MaximumBatchingWindowInSeconds {0} is not in 0..=300")]
    Window(i64),
}

impl PipeSource {
    /// Checks PipeSourceSqsQueueParameters: BatchSize and MaximumBatchingWindowInSeconds as a
    /// client writes them. `None`: left out, as for a mapping (the reference names no default).
    ///
    /// # Errors
    ///
    /// One of them is out of its range.
    pub fn check(batch_size: Option<i64>, window: Option<i64>) -> Result<Self, PipeSourceError> {
        let written = batch_size.unwrap_or_else(|| limits::BATCH_SIZE_DEFAULT.into());
        let range: RangeInclusive<u32> = limits::PIPE_BATCH_SIZE;
        let batch_size = u32::try_from(written).ok();
        let batch_size = batch_size
            .filter(|size| range.contains(size))
            .ok_or(PipeSourceError::BatchSize(written))?;
        let written = window.unwrap_or(0);
        let window = u64::try_from(written).map(SimDuration::from_secs).ok();
        let window = window
            .filter(|window| limits::PIPE_WINDOW.contains(window))
            .ok_or(PipeSourceError::Window(written))?;
        Ok(Self { batch_size, window })
    }
}
