//! What was done to the members of a group, and when: between which of these something happened.

use broker_lab_core::recording::{Deed, Recording};
use broker_lab_core::{SimDuration, SimTime};

/// Processes that are started within this time of each other can be up in any order: the
/// recordings' notes say that a start takes 0.5 to 1 s.
const TOGETHER: SimDuration = SimDuration::from_millis(500);

/// Consumers of one group that were started together, each within [`TOGETHER`] of the one before:
/// the group, and their places among all starts. One that was started alone is in none.
pub(super) fn bursts(recording: &Recording) -> Vec<(&str, Vec<usize>)> {
    let started = recording
        .actions
        .iter()
        .filter_map(|action| match &action.deed {
            Deed::StartConsumer { group, .. } => Some((group.as_str(), action.at)),
            _ => None,
        });
    let mut bursts: Vec<(&str, SimDuration, Vec<usize>)> = Vec::new();
    for (n, (group, at)) in started.enumerate() {
        let is_its = |(of, last, _): &&mut (&str, SimDuration, Vec<usize>)| {
            *of == group && at <= *last + TOGETHER
        };
        if let Some((_, last, burst)) = bursts.iter_mut().find(is_its) {
            *last = at;
            burst.push(n);
        } else {
            bursts.push((group, at, vec![n]));
        }
    }
    let several = bursts.into_iter().filter(|(_, _, burst)| burst.len() > 1);
    several.map(|(group, _, burst)| (group, burst)).collect()
}

/// Whether something was done to brokers. When they send their heartbeats, and how long each takes
/// to start, a recording does not tell.
pub(super) fn has_brokers(recording: &Recording) -> bool {
    let mut actions = recording.actions.iter();
    actions.any(|action| matches!(action.deed, Deed::Node { .. }))
}

/// When something was done to a member of `group`, in order.
pub(super) fn times(recording: &Recording, group: &str) -> Vec<SimTime> {
    let of_group = |member: &String| recording.group_of(member) == Some(group);
    let actions = recording.actions.iter();
    let times = actions.filter(|action| match &action.deed {
        Deed::StartConsumer { group: its, .. } => its == group,
        Deed::CloseConsumer(member)
        | Deed::CrashConsumer(member)
        | Deed::FreezeConsumer(member)
        | Deed::ThawConsumer(member)
        | Deed::SeekToBeginning(member) => of_group(member),
        Deed::Produce { .. } | Deed::Node { .. } | Deed::LoseNextAnswer | Deed::Other(_) => false,
    });
    times.map(|action| SimTime::ZERO + action.at).collect()
}

/// How many of the deeds came before `at`: the same number is between the same two.
pub(super) fn before(times: &[SimTime], at: SimTime) -> usize {
    times.partition_point(|deed| *deed <= at)
}

/// When the process of `member` was killed, or stopped by a signal.
pub(super) fn stopped_at(recording: &Recording, member: &str) -> Option<SimTime> {
    recording
        .actions
        .iter()
        .find_map(|action| match &action.deed {
            Deed::CrashConsumer(name) | Deed::FreezeConsumer(name) if name == member => {
                Some(SimTime::ZERO + action.at)
            }
            _ => None,
        })
}

/// A setting of the members of `group`, by Kafka's name.
pub(super) fn text_setting<'a>(
    recording: &'a Recording,
    group: &str,
    name: &str,
) -> Option<&'a str> {
    recording
        .actions
        .iter()
        .find_map(|action| match &action.deed {
            Deed::StartConsumer {
                group: its,
                properties,
                ..
            } if its == group => {
                let named = properties.iter().find(|(property, _)| property == name);
                named.map(|(_, value)| value.as_str())
            }
            _ => None,
        })
}

/// A setting in milliseconds.
pub(super) fn setting(recording: &Recording, group: &str, name: &str) -> Option<SimDuration> {
    let millis = text_setting(recording, group, name)?.parse().ok()?;
    Some(SimDuration::from_millis(millis))
}

/// Whether the random member ids of a run decide who gets which partition: the coordinator of the
/// consumer protocol and the sticky assignors go by the hash order of these ids.
pub(super) fn is_by_chance(recording: &Recording, group: &str) -> bool {
    let setting = |name| text_setting(recording, group, name);
    let strategy = setting("partition.assignment.strategy").unwrap_or_default();
    is_modern(recording, group) || strategy.ends_with("StickyAssignor")
}

/// Whether the consumers of `group` seek back to a record that always fails, in its partition alone. A
/// poll that returns it beside records of other partitions passes these over; which polls do so
/// depends on milliseconds.
pub(super) fn passes_over(recording: &Recording, group: &str) -> bool {
    text_setting(recording, group, "lab.poison").is_some()
}

/// Whether a group is one of the consumer protocol.
pub(super) fn is_modern(recording: &Recording, group: &str) -> bool {
    text_setting(recording, group, "group.protocol") == Some("consumer")
}
