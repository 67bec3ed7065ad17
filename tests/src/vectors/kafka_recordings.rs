//! Runs the files of `vectors/kafka-recordings`: what real brokers and clients did.

use serde::Deserialize;
use serde_json::Value;

use super::{CaseResult, Outcome};

/// A recording, of which only what a case needs is read.
#[derive(Deserialize)]
struct Recording {
    id: String,
    setup: Setup,
    /// What a simulation of the same must show.
    facts: Vec<Value>,
}

#[derive(Deserialize)]
struct Setup {
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Classic,
    Consumer,
    Share,
}

/// Runs the file `name` (without folder) whose text is `text`, one case per fact; an error says
/// why it cannot be read.
pub fn run(name: &str, text: &str) -> Result<Vec<CaseResult>, String> {
    let recording: Recording =
        serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))?;
    let reason = reason(&recording.setup);
    let case = |(number, fact): (usize, &Value)| {
        let about = fact.get("fact").and_then(Value::as_str).unwrap_or("fact");
        CaseResult {
            id: format!("{} {about} {number}", recording.id),
            outcome: Outcome::Skipped {
                reason: reason.to_owned(),
            },
        }
    };
    Ok(recording.facts.iter().enumerate().map(case).collect())
}

/// What is missing to play a recording.
fn reason(setup: &Setup) -> &'static str {
    let has = |kind| setup.groups.iter().any(|group| group.kind == kind);
    if has(Kind::Share) {
        "share groups (KIP-932) are not simulated yet"
    } else if has(Kind::Consumer) {
        "the consumer protocol (KIP-848) is not simulated yet"
    } else if has(Kind::Classic) {
        "recordings of classic groups are not played yet"
    } else {
        "recordings of producers, replication and retention are not played yet"
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn every_fact_of_the_folder_is_counted_and_none_is_passed() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/kafka-recordings");
        let (mut files, mut facts) = (0, 0);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".json") {
                let cases = run(name, &fs::read_to_string(&path).unwrap()).unwrap();
                let is_skipped =
                    |case: &CaseResult| matches!(case.outcome, Outcome::Skipped { .. });
                assert!(cases.iter().all(is_skipped), "{name}");
                assert!(!cases.is_empty(), "{name}");
                files += 1;
                facts += cases.len();
            }
        }
        assert_eq!((files, facts), (50, 275));
    }

    #[test]
    fn what_is_no_recording_is_an_error() {
        assert!(run("crash.json", "{}").is_err());
        assert!(run("crash.json", r#"{"id": "x", "setup": {}}"#).is_err());
    }
}
