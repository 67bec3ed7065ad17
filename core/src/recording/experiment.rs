//! A recording as an experiment: what real Kafka did in one lane, our simulation of the same setup and
//! actions in the other.

use super::document::{Recording, RecordingError};
use super::value::Value;
use crate::scenario::{Faults, Lane, Scenario};

/// What the lane that was recorded is called.
const RECORDED: &str = "recorded";

/// Why a text cannot be put on stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is neither of what can be opened.
    #[error("this is neither a scenario nor a recording of Kafka: {0}")]
    Neither(String),
    /// It is a scenario with faults.
    #[error("{0}")]
    Scenario(Faults),
    /// It is a recording that is broken.
    #[error("{0}")]
    Recording(RecordingError),
    /// It is a recording that a stage cannot show, or whose parts do not fit each other.
    #[error("this recording cannot be shown: {0}")]
    Unshown(String),
}

/// A document that a person opens: a scenario, or a recording, which becomes one.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn open(text: &str) -> Result<Scenario, OpenError> {
    let root = match Value::parse(text) {
        Ok(root) => root,
        Err(faults) => return Err(OpenError::Neither(faults.to_string())),
    };
    if root.get("setup").is_some() && root.get("lanes").is_none() {
        let recording = Recording::from_json(text).map_err(OpenError::Recording)?;
        return recording.experiment();
    }
    let parts = ["version", "horizon", "workload", "lanes"];
    if parts.iter().all(|part| root.get(part).is_none()) {
        let what = "it has no lanes, as a scenario has, and no setup, as a recording has";
        return Err(OpenError::Neither(String::from(what)));
    }
    Scenario::from_json(text).map_err(OpenError::Scenario)
}

impl Recording {
    /// An experiment with what was recorded, and beside it the simulation of the same setup and
    /// actions; alone, if our engine lacks something to play it.
    ///
    /// # Errors
    ///
    /// Nothing that a stage can show was recorded: no consumer said anything.
    pub fn experiment(&self) -> Result<Scenario, OpenError> {
        let unshown = |error: &dyn std::fmt::Display| OpenError::Unshown(error.to_string());
        let has_consumers = self.events.iter().any(|said| {
            let group = self.group_of(&said.who);
            group.is_some()
        });
        if !has_consumers {
            return Err(unshown(&"no consumer says anything in it"));
        }
        let starts = self.starts();
        let mut scenario = self.setup(&starts).map_err(|lacking| unshown(&lacking))?;
        let mut lane = Lane {
            name: String::from(RECORDED),
            ..scenario.lanes.first().cloned().unwrap_or_default()
        };
        lane.recorded = Some(self.recorded.clone());
        match self.scenario(&starts) {
            Ok(simulated) => {
                scenario = simulated;
                scenario.lanes.insert(0, lane);
                let version = &self.kafka_version;
                scenario.description = vec![format!(
                    "One lane was recorded from real Kafka {version}, with clients in processes of their own; its times are those of the recording. The other one is our simulation of the same setup and the same actions, at the same times."
                )];
            }
            Err(lacking) => {
                scenario.lanes = vec![lane];
                let alone = format!("Our simulation does not play it beside: {lacking}.");
                scenario.description = vec![alone];
            }
        }
        scenario.description.insert(0, sentence(&self.shows));
        scenario.check().map_err(|faults| unshown(&faults))?;
        Ok(scenario)
    }
}

/// A note of a recording as a sentence.
fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let end = if note.ends_with('.') { "" } else { "." };
    first
        .into_iter()
        .chain(letters)
        .chain(end.chars())
        .collect()
}
