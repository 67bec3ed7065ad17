//! Runs the files of `vectors/kafka-recordings`: what real brokers and clients did is done in our
//! engine as well, and each fact of the recording is compared with what our trace shows.

mod callbacks;
mod cluster;
mod deeds;
mod facts;
mod play;
mod processed;
mod shown;
#[cfg(test)]
mod staged;
mod takeover;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use broker_lab_core::Recording;

use super::{CaseResult, Outcome};
pub use facts::Compared;
use facts::Fact;

/// What came of one fact of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactResult {
    /// The recording, the fact's name, its group, and its number in the file.
    pub id: String,
    /// Both sides; or why they could not be compared.
    pub outcome: FactOutcome,
}

/// What came of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactOutcome {
    /// It was compared.
    Compared(Compared),
    /// It could not be compared, which is no pass.
    Unknown(String),
    /// It was not, because the recording cannot be played yet.
    Skipped(String),
}

/// The facts of a recording; the rest is read by the core.
#[derive(Deserialize)]
struct File {
    facts: Vec<Fact>,
}

/// Plays the file `name` (without folder) whose text is `text`, and compares each of its facts; an
/// error says why it cannot be read.
pub fn compare(name: &str, text: &str) -> Result<Vec<FactResult>, String> {
    let recording = Recording::from_json(text).map_err(|error| format!("{name}: {error}"))?;
    let File { facts } = serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))?;
    let outcomes = play::outcomes(&recording, &facts);
    let named = (0_usize..).zip(facts.iter().zip(outcomes));
    let named = named.map(|(number, (fact, outcome))| FactResult {
        id: [&recording.id, &fact.fact, &fact.group, &number.to_string()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
        outcome,
    });
    Ok(named.collect())
}

/// Runs the file `name` (without folder) whose text is `text`, one case per fact; an error says
/// why it cannot be read.
pub fn run(name: &str, text: &str) -> Result<Vec<CaseResult>, String> {
    let results = compare(name, text)?.into_iter().map(|result| CaseResult {
        id: result.id,
        outcome: match result.outcome {
            FactOutcome::Compared(compared) if compared.holds => Outcome::Passed,
            FactOutcome::Compared(compared) => Outcome::Failed {
                expected: format!("{} ({})", compared.recorded, compared.bound),
                got: compared.ours,
            },
            FactOutcome::Unknown(why) => Outcome::Failed {
                expected: String::from("a fact that can be compared"),
                got: why,
            },
            FactOutcome::Skipped(reason) => Outcome::Skipped { reason },
        },
    });
    Ok(results.collect())
}
