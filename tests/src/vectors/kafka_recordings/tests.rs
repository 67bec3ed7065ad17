//! What is played, what is not, and that nothing passes for nothing.

use broker_lab_core::{Recording, SimTime};

use super::cluster::ClusterShown;
use super::facts::{Plays, compare as compare_fact};
use super::shown::{Done, Shown};
use super::*;
use crate::vectors::tally::Folder;

const FOLDER: Folder = Folder {
    name: "kafka-recordings",
    run,
};

/// What is played, with how many facts hold, do not hold, and are skipped.
const PLAYED: &[(&str, [usize; 3])] = &[
    ("broadcast-range.json", [9, 0, 0]),
    ("commit-before-work-range.json", [6, 0, 0]),
    ("crash-range.json", [6, 0, 0]),
    ("idle-range.json", [5, 0, 0]),
    ("join-range.json", [5, 0, 0]),
    ("leave-range.json", [5, 0, 0]),
    ("reset-latest-range.json", [9, 0, 0]),
    ("share-basic.json", [3, 0, 0]),
    ("clean-stop.json", [7, 0, 0]),
    ("last-in-sync-dies-unclean-false.json", [6, 0, 0]),
    ("last-in-sync-dies-unclean-true.json", [6, 0, 0]),
    ("leader-killed-acks-1.json", [6, 0, 0]),
    ("leader-killed-acks-all.json", [6, 0, 0]),
    ("lost-answer-idempotence-false.json", [2, 0, 0]),
    ("lost-answer-idempotence-true.json", [2, 0, 0]),
    ("two-of-three-down.json", [7, 0, 0]),
    ("share-crash.json", [3, 0, 0]),
    ("share-lock-timeout.json", [3, 0, 0]),
    ("share-outcomes.json", [3, 0, 0]),
];

fn facts(text: &str) -> Vec<Fact> {
    let file: File = serde_json::from_str(text).unwrap();
    file.facts
}

/// The facts that hold if our play had shown `ours`.
fn held(text: &str, ours: &Shown) -> Vec<Fact> {
    let recording = Recording::from_json(text).unwrap();
    let plays = Plays {
        recording: &recording,
        recorded: &Shown::recorded(&recording),
        ours,
        cluster: &ClusterShown::default(),
    };
    let holds = |fact: &Fact| compare_fact(fact, plays).is_ok_and(|compared| compared.holds);
    facts(text).into_iter().filter(holds).collect()
}

#[test]
fn recordings_of_groups_are_reproduced() {
    for (file, expected) in PLAYED {
        FOLDER.check(file, *expected);
    }
}

#[test]
fn a_play_that_shows_nothing_has_only_the_facts_that_say_nothing() {
    for (file, _) in PLAYED {
        for fact in held(&FOLDER.text(file), &Shown::default()) {
            let says_nothing = match fact.fact.as_str() {
                "processed_more_than_once" => fact.value == serde_json::json!({}),
                "acknowledged_and_lost" | "readable_twice" => fact.value == serde_json::json!([]),
                _ => false,
            };
            assert!(says_nothing, "{file}: {fact:?}");
        }
    }
}

#[test]
fn a_record_too_many_or_too_few_and_another_member_are_seen() {
    let text = FOLDER.text("leave-range.json");
    let recording = Recording::from_json(&text).unwrap();
    let recorded = Shown::recorded(&recording);
    let about = |ours: &Shown| -> Vec<String> {
        let held = held(&text, ours).into_iter();
        held.map(|fact| fact.fact)
            .filter(|fact| fact.starts_with("processed"))
            .collect()
    };
    assert_eq!(about(&recorded), ["processed", "processed_more_than_once"]);
    let with = |change: &dyn Fn(&mut Vec<Done>)| {
        let mut ours = recorded.clone();
        let group = ours.groups.get_mut("billing").unwrap();
        change(group.processed.get_mut("orders-1").unwrap());
        about(&ours)
    };
    assert_eq!(with(&|done| done.push(done[3].clone())), [""; 0]);
    let only_once = ["processed_more_than_once"];
    assert_eq!(with(&|done| done.truncate(14)), only_once);
    assert_eq!(with(&|done| done.swap(3, 4)), only_once);
    assert_eq!(
        with(&|done| done[14].member = String::from("c1")),
        only_once
    );
    // Taken over before the other was closed.
    assert_eq!(with(&|done| done[10].at = SimTime::ZERO), only_once);
}

#[test]
fn more_again_than_an_interval_holds_is_seen() {
    let text = FOLDER.text("crash-range.json");
    let recording = Recording::from_json(&text).unwrap();
    let mut ours = Shown::recorded(&recording);
    let about = |ours: &Shown| {
        held(&text, ours)
            .iter()
            .filter(|f| f.fact.starts_with("processed"))
            .count()
    };
    assert_eq!(about(&ours), 2);
    let group = ours.groups.get_mut("billing").unwrap();
    let done = group.processed.get_mut("orders-2").unwrap();
    let taken_over = done.iter().position(|done| done.member == "c1").unwrap();
    let again = done[taken_over].clone();
    let all_again = (0..again.offset).rev().map(|offset| Done {
        offset,
        ..again.clone()
    });
    for done_again in all_again {
        done.insert(taken_over, done_again);
    }
    assert_eq!(about(&ours), 0);
}

#[test]
fn a_fact_that_the_events_do_not_bear_out_is_no_pass() {
    let text = FOLDER.text("leave-range.json");
    let recording = Recording::from_json(&text).unwrap();
    let shown = Shown::recorded(&recording);
    let changed = text.replace("\"orders-1\":[[0,\"c1\"]", "\"orders-1\":[[0,\"c2\"]");
    assert_ne!(changed, text);
    let is_processed = |fact: &Fact| fact.fact == "processed";
    assert!(held(&text, &shown).iter().any(is_processed));
    assert!(!held(&changed, &shown).iter().any(is_processed));
}

#[test]
fn every_fact_of_the_folder_is_counted() {
    let folder =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/kafka-recordings");
    let (mut files, mut facts) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".json") {
            let cases = run(name, &FOLDER.text(name)).unwrap();
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
