//! Traces as text that a person reads in a diff.

use std::fmt::Write as _;

use broker_lab_core::{Cast, LaneCast, LaneKind, Run};

/// Who is who, and then every event on a line of its own.
#[must_use]
pub fn text(run: &Run) -> String {
    let mut text = format!("{}\n", run.scenario().title);
    for (n, lane) in run.cast().lanes.iter().enumerate() {
        text.push_str(&who_is_who(run.cast(), n, lane));
    }
    text.push('\n');
    for event in run.trace().iter() {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{event}");
    }
    text
}

fn who_is_who(cast: &Cast, n: usize, lane: &LaneCast) -> String {
    let listed = |what: &str, names: &mut dyn Iterator<Item = &str>| {
        let numbered = names.enumerate().map(|(n, name)| format!(" {n} {name}"));
        let numbered: Vec<String> = numbered.collect();
        format!("lane {n}, {}, {what}:{}\n", lane.name, numbered.join(","))
    };
    let places = match lane.kind {
        LaneKind::Sqs => "queues",
        LaneKind::Kafka => "topics",
    };
    let mut text = listed("producers", &mut cast.producers.iter().map(String::as_str));
    text += &listed("actors", &mut lane.actors.iter().map(|a| a.name.as_str()));
    text += &listed(places, &mut lane.places.iter().map(String::as_str));
    if lane.kind == LaneKind::Kafka {
        text += &listed("groups", &mut lane.teams.iter().map(String::as_str));
    }
    text
}
