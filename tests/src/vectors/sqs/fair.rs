//! `table-fair-queues.json`: who is noisy, who is served first, and who is quiet again, by the rule
//! that drives the queues.

use std::collections::BTreeMap;

use broker_lab_core::SimDuration;
use broker_lab_core::sqs::fair::{self, Activity, Noise, QuietLevel, Shares};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Stop;
use super::tables::{Case, read};

/// Shares of the processing time are written as parts of one.
const MILLION: u32 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    in_flight: BTreeMap<String, u32>,
    share_of_processing_time: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiting {
    in_flight: BTreeMap<String, u32>,
    noisy: Vec<String>,
    /// The groups of the messages that wait, oldest first.
    visible: Vec<Option<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    was_noisy: bool,
    backlog: u32,
    seconds_since_last_send: u64,
}

/// What a row says besides is a note.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    next_in_order: Vec<Option<String>>,
    #[serde(rename = "note", default)]
    _note: serde::de::IgnoredAny,
}

pub(super) fn run(_section: &str, case: &Case) -> Result<(), Stop> {
    let asks = |what: &str| case.then.get(what).is_some();
    if asks("noisy") {
        return case.compare(json!({ "noisy": noisy(&read(&case.given)?) }));
    }
    if asks("still_noisy") {
        return case.compare(json!({ "still_noisy": is_still_noisy(&read(&case.given)?) }));
    }
    let expected: Then = read(&case.then)?;
    let mut got = next_in_order(read(&case.given)?);
    // A row may say how it begins.
    got.truncate(expected.next_in_order.len());
    if got == expected.next_in_order {
        return Ok(());
    }
    Err(Stop::failed(case.then.to_string(), json!(got).to_string()))
}

fn noisy(figures: &Figures) -> Vec<Value> {
    let all = figures.in_flight.values().sum();
    let is_noisy = |(tenant, in_flight): &(&String, &u32)| {
        let share = figures.share_of_processing_time.get(*tenant);
        fair::is_noisy(Shares {
            in_flight: **in_flight,
            in_flight_of_all: all,
            processing: share.map_or(0, |share| (share * f64::from(MILLION)).round() as u64),
            processing_of_all: MILLION.into(),
        })
    };
    let noisy = figures.in_flight.iter().filter(is_noisy);
    noisy.map(|(tenant, _)| json!(tenant)).collect()
}

/// Gives one message after the other; each is in flight then.
fn next_in_order(mut waiting: Waiting) -> Vec<Option<String>> {
    let mut left: Vec<(usize, Option<String>)> = waiting.visible.drain(..).enumerate().collect();
    let mut given = Vec::new();
    while !left.is_empty() {
        let turn = |(place, tenant): &(usize, Option<String>)| {
            let tenant = tenant.as_ref();
            let noise = match tenant.is_some_and(|tenant| waiting.noisy.contains(tenant)) {
                true => Noise::Noisy,
                false => Noise::Quiet,
            };
            let in_flight = tenant.and_then(|tenant| waiting.in_flight.get(tenant));
            fair::turn(noise, in_flight.copied().unwrap_or(0), *place)
        };
        let first = (0..left.len()).min_by_key(|index| turn(&left[*index]));
        let (_, tenant) = left.remove(first.unwrap_or(0));
        if let Some(tenant) = &tenant {
            *waiting.in_flight.entry(tenant.clone()).or_insert(0) += 1;
        }
        given.push(tenant);
    }
    given
}

/// The rows say nothing of shares: they are as they were.
fn is_still_noisy(before: &Before) -> bool {
    let activity = Activity {
        backlog: before.backlog,
        since_last_send: SimDuration::from_secs(before.seconds_since_last_send),
    };
    let shares = Shares {
        in_flight: fair::OWN_IN_FLIGHT_MIN,
        in_flight_of_all: fair::OWN_IN_FLIGHT_MIN,
        processing: 1,
        processing_of_all: 1,
    };
    before.was_noisy && fair::stays_noisy(activity, shares, QuietLevel::default())
}
