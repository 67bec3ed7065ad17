//! Runs the files of `vectors/kafka`.

mod accumulator;
mod assignors;
mod defaults;
mod java_hash;
mod murmur2;
mod randoms;
mod reconciliation;
mod sticky_partitioner;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{CaseResult, Outcome};

/// Runs the file `name` (without folder) whose text is `text`; an error says why it cannot be read.
pub fn run(name: &str, text: &str) -> Result<Vec<CaseResult>, String> {
    match name {
        "murmur2.json" => run_each(name, text, murmur2::run),
        "assignors-classic.json" => run_each(name, text, assignors::run_classic),
        "assignors-consumer-protocol.json" => run_each(name, text, assignors::run_server),
        "sticky-partitioner.json" => run_each(name, text, sticky_partitioner::run),
        "accumulator.json" => run_each(name, text, accumulator::run),
        "java-hash-order.json" => run_each(name, text, java_hash::run),
        "reconciliation-consumer-protocol.json" => run_each(name, text, reconciliation::run),
        "defaults.json" => {
            let properties: Vec<defaults::Case> = parse(name, text)?;
            Ok(properties.into_iter().map(defaults::run).collect())
        }
        _ => Err(format!(
            "{name}: no vector file of this name is known for vectors/kafka"
        )),
    }
}

/// A file of cases. What else it says about itself is for people.
#[derive(Deserialize)]
struct File<C> {
    cases: Vec<C>,
}

fn run_each<C: DeserializeOwned>(
    name: &str,
    text: &str,
    run: impl Fn(C) -> CaseResult,
) -> Result<Vec<CaseResult>, String> {
    let file: File<C> = parse(name, text)?;
    Ok(file.cases.into_iter().map(run).collect())
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))
}

/// Passed if both are the same.
fn compare<T: PartialEq + std::fmt::Debug>(id: String, expected: &T, got: &T) -> CaseResult {
    let outcome = if expected == got {
        Outcome::Passed
    } else {
        Outcome::Failed {
            expected: format!("{expected:?}"),
            got: format!("{got:?}"),
        }
    };
    CaseResult { id, outcome }
}

fn skip(id: String, reason: impl Into<String>) -> CaseResult {
    CaseResult {
        id,
        outcome: Outcome::Skipped {
            reason: reason.into(),
        },
    }
}

#[cfg(test)]
mod tests;
