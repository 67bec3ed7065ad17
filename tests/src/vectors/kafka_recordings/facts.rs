//! The facts of a recording, each compared with what our play of it shows.

use serde::Deserialize;
use serde_json::Value;

use broker_lab_core::Recording;

use super::cluster::ClusterShown;
use super::shown::{GroupShown, Shown};
use super::{callbacks, cluster, deeds, processed, takeover};

/// A fact as it is written.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Fact {
    pub(super) fact: String,
    #[serde(default)]
    pub(super) group: String,
    #[serde(default)]
    pub(super) topic: String,
    #[serde(default)]
    pub(super) member: String,
    pub(super) value: Value,
    #[serde(default)]
    pub(super) tolerance_ms: u64,
}

/// What came of a fact: both sides in words, and how far apart they may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Whether ours is the recording's, or near enough.
    pub holds: bool,
    /// What the recording says.
    pub recorded: String,
    /// What our play of it shows.
    pub ours: String,
    /// How far apart they may be: `exact`, or in words.
    pub bound: String,
}

impl Compared {
    /// Both sides must be the same.
    pub(super) fn exact<T: PartialEq + ?Sized>(
        (recorded, ours): (&T, &T),
        words: impl Fn(&T) -> String,
    ) -> Self {
        Self {
            holds: recorded == ours,
            recorded: words(recorded),
            ours: words(ours),
            bound: String::from("exact"),
        }
    }
}

/// What a fact is compared with.
#[derive(Clone, Copy)]
pub(super) struct Plays<'a> {
    pub(super) recording: &'a Recording,
    pub(super) recorded: &'a Shown,
    pub(super) ours: &'a Shown,
    pub(super) cluster: &'a ClusterShown,
}

/// The two sides of one group.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) recording: &'a Recording,
    pub(super) group: &'a str,
    pub(super) recorded: &'a GroupShown,
    pub(super) ours: &'a GroupShown,
}

/// Compares a fact; an error says why it cannot be compared, which is no pass.
pub(super) fn compare(fact: &Fact, plays: Plays<'_>) -> Result<Compared, String> {
    let nothing = GroupShown::default();
    let sides = Sides {
        recording: plays.recording,
        group: &fact.group,
        recorded: plays.recorded.groups.get(&fact.group).unwrap_or(&nothing),
        ours: plays.ours.groups.get(&fact.group).unwrap_or(&nothing),
    };
    if let Some(compared) = cluster::compare(fact, (plays.recording, plays.cluster)) {
        return Ok(compared);
    }
    match fact.fact.as_str() {
        "end_offsets" => {
            let ours = plays.ours.ends.get(&fact.topic);
            let recorded = serde_json::from_value(fact.value.clone()).ok();
            same(&recorded, &ours.cloned())
        }
        "committed" if deeds::passes_over(sides.recording, sides.group) => {
            processed::compare_last(&fact.value, sides)
        }
        "committed" => {
            let recorded = serde_json::from_value(fact.value.clone()).ok();
            same(&recorded, &Some(sides.ours.committed.clone()))
        }
        "processed" => processed::compare(&fact.value, sides),
        "processed_more_than_once" => processed::compare_repeats(&fact.value, sides),
        "callbacks" => callbacks::compare(&fact.value, sides),
        "taken_over_after_ms" => takeover::compare(fact, sides),
        "commit_failed" => commit_failed(fact, sides),
        other => Err(format!("no fact called {other} is known")),
    }
}

/// What must be the same; a fact that could not be read is none.
fn same<T>(recorded: &Option<T>, ours: &Option<T>) -> Result<Compared, String>
where
    T: PartialEq + serde::Serialize,
{
    if recorded.is_none() {
        return Err(String::from("its value is not of the form that is known"));
    }
    Ok(Compared::exact((recorded, ours), |side| {
        serde_json::to_string(side).unwrap_or_default()
    }))
}

/// The name of the error is exact; how often a refused commit was tried depends on milliseconds.
fn commit_failed(fact: &Fact, sides: Sides<'_>) -> Result<Compared, String> {
    let error = fact.value.as_str().ok_or("its value is no text")?;
    let of_member = |refused: &&super::shown::Refused| refused.member == fact.member;
    let ours: Vec<&str> = sides
        .ours
        .refused
        .iter()
        .filter(of_member)
        .map(|refused| refused.error.as_str())
        .collect();
    Ok(Compared {
        holds: ours.contains(&error),
        recorded: format!("{}: {error}", fact.member),
        ours: format!("{}: {}", fact.member, ours.join(", ")),
        bound: String::from("the same error, at least once"),
    })
}
