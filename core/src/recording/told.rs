//! What a recorded lane of a scenario holds: a recording without its setup, which is the lane's own
//! document.

use serde::{Serialize, Serializer};

use super::document::{Action, Deed, PartitionOf, RecordingError, Said};
use super::value::Value;
use crate::bytes::{self, Bytes};
use crate::scenario::json::{Broken, Reader};
use crate::time::SimTime;

/// What is kept of a recording, by its own names.
const KEPT: [&str; 4] = ["kafka_version", "actions", "events", "facts"];
/// What an event says of clients that nothing here is made of.
const LEFT_OUT: [&str; 4] = ["member_id", "all", "key", "value"];

/// A recording as a lane of a scenario holds it: what was done, what was said, and which offsets
/// were committed when all was over, in the recording's own form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    kafka_version: String,
    /// An object; nothing of it is there where the document came as bytes.
    root: Value,
}

/// The same, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// What was done, in the order of time.
    pub(crate) actions: Vec<Action>,
    /// What was said, in the order of time.
    pub(crate) events: Vec<Said>,
    /// What was committed when all was over.
    pub(crate) committed: Vec<Kept>,
}

/// A record that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// When.
    pub(crate) at: SimTime,
    /// Its key.
    pub(crate) key: Option<String>,
}

/// A committed offset, as an admin read it when all was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Of which group.
    pub(crate) group: String,
    /// For what.
    pub(crate) partition: PartitionOf,
    /// The offset to be read next.
    pub(crate) offset: u32,
}

impl Recorded {
    /// What a lane keeps of a whole recording.
    pub(super) fn of(root: &Value) -> Self {
        let Value::Object(fields) = root else {
            return Self::default();
        };
        let kept = fields
            .iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()));
        let kept = kept.map(|(name, value)| {
            let value = match (name.as_str(), value) {
                ("events", Value::List(events)) => {
                    Value::List(events.iter().map(without_ids).collect())
                }
                ("facts", Value::List(facts)) => {
                    let facts = facts.iter();
                    let committed = facts.filter(|fact| fact.text("fact") == "committed");
                    Value::List(committed.cloned().collect())
                }
                _ => value.clone(),
            };
            (name.clone(), value)
        });
        Self::new(Value::Object(kept.collect()))
    }

    fn new(root: Value) -> Self {
        Self {
            kafka_version: root.text("kafka_version").to_owned(),
            root,
        }
    }

    /// Which Kafka it was: `4.3.0`.
    #[must_use]
    pub fn kafka_version(&self) -> &str {
        &self.kafka_version
    }

    /// What was done and said.
    ///
    /// # Errors
    ///
    /// It is not of the form of a recording.
    pub(crate) fn told(&self) -> Result<Told, RecordingError> {
        Told::of(&self.root)
    }

    /// What was sent, in the order of time.
    ///
    /// # Errors
    ///
    /// It is not of the form of a recording.
    pub(crate) fn sent(&self) -> Result<Vec<Sent>, RecordingError> {
        let actions = self.told()?.actions.into_iter();
        let sent = actions.filter_map(|action| match action.deed {
            Deed::Produce { key, .. } => Some(Sent {
                at: SimTime::ZERO + action.at,
                key,
            }),
            _ => None,
        });
        Ok(sent.collect())
    }

    /// Reads it from a document; whether it is sound, [`Recorded::told`] knows.
    pub(crate) fn read_json(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        *self = Self::new(Value::read_json(json)?);
        Ok(())
    }
}

/// An event without the random ids of clients, and without what stands in the actions already.
fn without_ids(event: &Value) -> Value {
    let Value::Object(fields) = event else {
        return event.clone();
    };
    let fields = fields.iter();
    let kept = fields.filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    Value::Object(kept.cloned().collect())
}

impl Serialize for Recorded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root.serialize(serializer)
    }
}

/// As bytes it is its version alone: the page gets what was done and said as events of the run.
impl Bytes for Recorded {
    fn write(&self, out: &mut Vec<u8>) {
        self.kafka_version.write(out);
    }

    fn read(from: &mut bytes::Reader<'_>) -> Self {
        Self {
            kafka_version: Bytes::read(from),
            root: Value::Other,
        }
    }
}
