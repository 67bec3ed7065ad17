//! Runs the files of `vectors/sqs`.

mod attributes;
mod digests;
mod fair;
mod lambda;
mod limits;
mod messages;
mod names;
mod play;
mod script;
mod sns_retries;
mod tables;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{CaseResult, Outcome};

/// Runs the file `name` (without folder) whose text is `text`; an error says why it cannot be read.
pub fn run(name: &str, text: &str) -> Result<Vec<CaseResult>, String> {
    match name {
        "scripts.json" | "details.json" => {
            let scripts: Vec<Value> = parse(name, text)?;
            scripts
                .into_iter()
                .map(|script| run_script(script).map_err(|error| format!("{name}: {error}")))
                .collect()
        }
        "limits.json" => {
            let limits: Vec<Value> = parse(name, text)?;
            limits
                .into_iter()
                .map(|limit| limits::run(&limit).map_err(|error| format!("{name}: {error}")))
                .collect()
        }
        _ => {
            let table = tables::of(name).ok_or_else(|| {
                format!("{name}: no vector file of this name is known for vectors/sqs")
            })?;
            Ok(tables::run(parse(name, text)?, table))
        }
    }
}

/// Why a case is not passed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    /// Our answer differs.
    Failed { expected: String, got: String },
    /// It needs what is not simulated, or says what the runner does not know.
    Skipped(String),
}

impl Stop {
    fn failed(expected: impl Into<String>, got: impl Into<String>) -> Self {
        let (expected, got) = (expected.into(), got.into());
        Self::Failed { expected, got }
    }

    fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped(reason.into())
    }
}

fn run_script(script: Value) -> Result<CaseResult, String> {
    let id = script
        .get("id")
        .and_then(Value::as_str)
        .ok_or("a script without an id")?
        .to_owned();
    let came = script::read(script).and_then(|script| play::play(&script));
    Ok(result(id, came))
}

fn result(id: String, came: Result<(), Stop>) -> CaseResult {
    let outcome = match came {
        Ok(()) => Outcome::Passed,
        Err(Stop::Failed { expected, got }) => Outcome::Failed { expected, got },
        Err(Stop::Skipped(reason)) => Outcome::Skipped { reason },
    };
    CaseResult { id, outcome }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests;
