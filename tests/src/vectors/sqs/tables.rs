//! The tables whose part of the simulation does not exist yet: sections of rows.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CaseResult, Stop, result};

/// A row, of which only the name is read.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
}

/// What is missing to run the file `name`; none if there is no such file.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    match name {
        "table-lambda.json" => Some("Lambda event source mappings are not simulated yet"),
        "table-fair-queues.json" => Some("fair queues are not simulated yet"),
        "table-sns-retries.json" => Some("deliveries of SNS are not simulated yet"),
        _ => None,
    }
}

pub(super) fn run(sections: BTreeMap<String, Vec<Case>>, reason: &str) -> Vec<CaseResult> {
    let cases = sections.into_values().flatten();
    cases
        .map(|case| result(case.id, Err(Stop::skipped(reason))))
        .collect()
}
