//! The tables: sections of rows, each of which is `given` something and says what `then` is.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::{CaseResult, Stop, fair, lambda, result, sns_retries};

/// A row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) id: String,
    #[serde(rename = "title", default)]
    _title: IgnoredAny,
    #[serde(rename = "source", default)]
    _source: IgnoredAny,
    #[serde(rename = "note", default)]
    _note: IgnoredAny,
    pub(super) given: Value,
    pub(super) then: Value,
}

impl Case {
    /// Compares what came with what the row says, to the last field.
    pub(super) fn compare(&self, got: Value) -> Result<(), Stop> {
        if self.then == got {
            return Ok(());
        }
        Err(Stop::failed(self.then.to_string(), got.to_string()))
    }
}

/// A table that is run: one case of a section.
pub(super) type Table = fn(&str, &Case) -> Result<(), Stop>;

/// How the file `name` is run; none if there is no such file.
pub(super) fn of(name: &str) -> Option<Table> {
    match name {
        "table-lambda.json" => Some(lambda::run),
        "table-fair-queues.json" => Some(fair::run),
        "table-sns-retries.json" => Some(sns_retries::run),
        _ => None,
    }
}

pub(super) fn run(sections: BTreeMap<String, Vec<Case>>, table: Table) -> Vec<CaseResult> {
    let mut results = Vec::new();
    for (section, cases) in sections {
        for case in cases {
            let came = table(&section, &case);
            results.push(result(case.id, came));
        }
    }
    results
}

/// Reads what is given; what the runner does not know makes the case skipped.
pub(super) fn read<T: DeserializeOwned>(given: &Value) -> Result<T, Stop> {
    let unknown = |error| Stop::skipped(format!("not known to the runner: {error}"));
    serde_json::from_value(given.clone()).map_err(unknown)
}
