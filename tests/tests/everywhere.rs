//! Native and browser agree: the same source runs in both, against the same recorded hashes.
//!
//! `UPDATE_TRACES=1 cargo test -p broker-lab-tests --test everywhere` records anew, natively.

use broker_lab_core::trace::TraceHash;
use broker_lab_core::{Run, Scenario};
use broker_lab_tests::random;
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../static/scenarios/", $name)))),*]
    };
}

/// Every scenario that comes with the page.
const SCENARIOS: &[(&str, &str)] = scenarios![
    "commit-before-work.json",
    "competing-workers.json",
    "crash-and-reprocess.json",
    "crash.json",
    "dead-letter-looked-at.json",
    "dead-letters-and-back.json",
    "delay-and-expiry.json",
    "delete-before-work.json",
    "fair-queue.json",
    "fan-out.json",
    "fifo-stuck-group.json",
    "fourth-consumer.json",
    "frozen-consumer.json",
    "hot-key.json",
    "lambda-partial-batch.json",
    "late-delete.json",
    "one-workload.json",
    "poison.json",
    "rebalance-storm.json",
    "replay.json",
    "same-crash-recorded.json",
    "sent-twice.json",
    "share-group.json",
    "static-restart.json",
    "three-rebalances.json",
    "timeout-too-short.json",
    "topic-cannot-deliver.json",
    "two-groups.json",
    "two-kinds-one-queue.json",
];

/// Random scenarios are those of the seeds below this.
const SEEDS: u64 = 50;

/// `crash.json 0123456789abcdef`, one line each.
fn simulated() -> impl Iterator<Item = String> {
    let shipped = SCENARIOS.iter().map(|(name, text)| {
        let scenario = Scenario::from_json(text).expect("a shipped scenario is sound");
        format!("{name} {}", hash(scenario))
    });
    let random = (0..SEEDS).map(|seed| format!("seed-{seed} {}", hash(random::scenario(seed))));
    shipped.chain(random)
}

fn hash(scenario: Scenario) -> TraceHash {
    TraceHash::of(Run::complete(scenario).trace())
}

#[cfg(target_arch = "wasm32")]
fn recorded() -> String {
    include_str!("../traces/hashes.txt").to_owned()
}

#[cfg(not(target_arch = "wasm32"))]
fn recorded() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/traces/hashes.txt");
    if std::env::var_os("UPDATE_TRACES").is_some() {
        let text: String = simulated().map(|line| line + "\n").collect();
        std::fs::write(path, text).expect("traces/hashes.txt can be written");
    }
    std::fs::read_to_string(path).expect("traces/hashes.txt can be read")
}

#[wasm_bindgen_test(unsupported = test)]
fn every_trace_has_its_recorded_hash() {
    let recorded = recorded();
    let simulated: Vec<String> = simulated().collect();
    let differing: Vec<_> = simulated
        .iter()
        .zip(recorded.lines())
        .filter(|(simulated, recorded)| simulated != recorded)
        .collect();
    assert!(
        differing.is_empty(),
        "simulated and recorded differ (UPDATE_TRACES=1 records): {differing:#?}"
    );
    assert_eq!(simulated.len(), recorded.lines().count());
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_scenario_of_the_page_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of scenarios")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".json"))
        .collect();
    files.sort_unstable();
    let listed: Vec<&str> = SCENARIOS.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, files);
}
