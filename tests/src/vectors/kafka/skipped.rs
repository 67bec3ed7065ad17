//! The files whose part of the simulation does not exist yet.

use serde::Deserialize;

use super::{CaseResult, skip};

#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
}

/// What is missing to run the file `name`; none if there is no such file.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    match name {
        "sticky-partitioner.json" | "accumulator.json" => {
            Some("records without a key are not simulated yet")
        }
        _ => None,
    }
}

pub(super) fn run(case: Case, reason: &str) -> CaseResult {
    skip(case.id, reason)
}
