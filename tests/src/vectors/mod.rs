//! Runs the vector files: answers of the real systems, compared case by case with ours.
//!
//! A case is passed, failed, or skipped with the reason; what is not covered yet is never
//! counted as passed.

pub mod kafka;
pub mod kafka_recordings;
pub mod sqs;
#[cfg(test)]
mod tally;

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Our answer is the real system's.
    Passed,
    /// Our answer differs.
    Failed {
        /// What the real system answered.
        expected: String,
        /// What we answered.
        got: String,
    },
    /// Not run.
    Skipped {
        /// Why: the part of the simulation that does not exist yet.
        reason: String,
    },
}

/// One case of a vector file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The case's id in its file.
    pub id: String,
    /// What came of it.
    pub outcome: Outcome,
}
