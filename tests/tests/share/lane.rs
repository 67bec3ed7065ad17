//! Share groups as a lane has them: what is told of them, and what they promise.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::trace::{LockEnd, ShareWhat, What};
use broker_lab_core::world::{LaneWorld, ShareGroupWorld};
use broker_lab_core::{LaneId, MessageId, Run, Scenario, story};

const LANE: LaneId = LaneId(0);

/// Messages from 6 s on, one a second, with the work on each 500 ms; a group that begins at 5 s.
fn run((work, group, commands): (&str, &str, &str)) -> Run {
    let document = format!(
        r#"{{ "version": 1, "title": "Sharing", "seed": 1, "horizon": "60s", "noun": "job",
             "workload": {{ "producers": [{{ "name": "shop", "rate": "1/s", "start": "6s",
                                            "count": 4, "keys": ["ada"] }}],
                           "work": {{ "takes": "500ms" }} {work} }},
             "lanes": [{{ "name": "log", "kafka": {{
               "topics": [{{ "name": "jobs" }}], "groups": [],
               "share_groups": [{{ "name": "crew", "topics": ["jobs"],
                 "share_auto_offset_reset": "earliest",
                 "share_record_lock_duration": "3s", {group} }}] }} }}],
             "commands": [{commands}] }}"#
    );
    Run::complete(Scenario::from_json(&document).expect("a sound document"))
}

const EXPLICIT: &str = r#""share_acknowledgement_mode": "explicit""#;

fn group(run: &Run) -> ShareGroupWorld {
    let world = run.world_at(run.simulated_until());
    let Some(LaneWorld::Kafka(kafka)) = world.lanes.first() else {
        panic!("a log lane");
    };
    kafka.share_groups[0].clone()
}

fn told(run: &Run, message: u32) -> Vec<String> {
    let lines = story::of_message(run.trace(), run.cast(), LANE, MessageId(message));
    lines.into_iter().map(|line| line.text).collect()
}

fn verdict(run: &Run, guarantee: Guarantee) -> Verdict {
    let end = run.simulated_until();
    run.guarantees().verdict(LANE, guarantee, end)
}

fn is_broken(run: &Run, guarantee: Guarantee) -> bool {
    matches!(verdict(run, guarantee), Verdict::Broken { .. })
}

/// How many deliveries of a message ended so.
fn ends(run: &Run, wanted: LockEnd) -> usize {
    let events = run.trace().iter();
    let ended = events.filter(|event| {
        matches!(event.what, What::Share { what: ShareWhat::Released { end, .. } | ShareWhat::Archived { end, .. } } if end == wanted)
    });
    ended.count()
}

#[test]
fn every_record_is_processed_once_if_nothing_goes_wrong() {
    let run = run(("", r#""members": 2"#, ""));
    for guarantee in [Guarantee::NothingLost, Guarantee::ProcessedOnce] {
        assert_eq!(verdict(&run, guarantee), Verdict::Kept, "{guarantee:?}");
    }
    assert_eq!(group(&run).acknowledged, 4);
}

#[test]
fn a_record_that_fails_is_delivered_until_the_limit_and_then_archived() {
    let failures = r#", "failures": [{ "message": 2, "always": true }]"#;
    let settings =
        format!(r#"{EXPLICIT}, "on_failure": "release", "share_delivery_count_limit": 3"#);
    let run = run((failures, &settings, ""));
    assert_eq!(
        told(&run, 2),
        [
            "sent by shop",
            "appended to p0 at offset 1",
            "crew-1 gets it: delivery 1, locked for 3s",
            "crew-1 begins to work on it",
            "the work of crew-1 failed",
            "crew-1 gives it back: it can be acquired again",
            "crew-1 gets it, again: delivery 2, locked for 3s",
            "crew-1 begins to work on it, again",
            "the work of crew-1 failed",
            "crew-1 gives it back: it can be acquired again",
            "crew-1 gets it, again: delivery 3, locked for 3s",
            "crew-1 begins to work on it, again",
            "the work of crew-1 failed",
            "crew-1 gives it back, and it has been delivered as often as is allowed: archived, crew never sees it again",
        ]
    );
    assert!(is_broken(&run, Guarantee::NothingLost));
    let group = group(&run);
    assert_eq!((group.acknowledged, group.archived), (3, 1));
}

#[test]
fn a_record_that_is_rejected_comes_once() {
    let failures = r#", "failures": [{ "message": 2, "always": true }]"#;
    let settings = format!(r#"{EXPLICIT}, "on_failure": "reject""#);
    let run = run((failures, &settings, ""));
    let story = told(&run, 2);
    assert_eq!(
        story.last().map(String::as_str),
        Some("crew-1 rejects it: archived, crew never sees it again")
    );
    assert_eq!(
        story.iter().filter(|line| line.contains("gets it")).count(),
        1
    );
}

/// In implicit mode the next poll accepts everything: a failure nobody thought of is a loss.
#[test]
fn implicit_mode_accepts_what_has_failed() {
    let failures = r#", "failures": [{ "message": 2, "times": 1 }]"#;
    let run = run((failures, r#""members": 1"#, ""));
    assert!(is_broken(&run, Guarantee::NothingLost));
    assert_eq!(group(&run).acknowledged, 4);
}

/// The lock is shorter than the work: another member gets the record while it is worked on.
#[test]
fn a_lock_that_is_shorter_than_the_work_makes_two_work_at_once() {
    let failures = r#", "failures": []"#;
    let settings = format!(
        r#"{EXPLICIT}, "consumers": [{{ "name": "slow", "takes": "4s" }}, {{ "name": "quick" }}]"#
    );
    let run = run((failures, &settings, ""));
    assert!(is_broken(&run, Guarantee::OneConsumer));
    assert!(is_broken(&run, Guarantee::ProcessedOnce));
    assert!(ends(&run, LockEnd::LockTimeout) > 0);
    let refused = |event: &broker_lab_core::trace::Event| {
        let What::Share { what } = event.what else {
            return false;
        };
        matches!(what, ShareWhat::Refused { .. } | ShareWhat::Ignored { .. })
    };
    assert!(run.trace().iter().any(refused), "the late acknowledgement");
}

/// KIP-1222.
#[test]
fn a_renewed_lock_outlasts_the_work() {
    let settings = format!(
        r#"{EXPLICIT}, "renew": {{ "every": "1s" }}, "consumers": [{{ "name": "slow", "takes": "4s" }}, {{ "name": "quick" }}]"#
    );
    let run = run(("", &settings, ""));
    assert_eq!(verdict(&run, Guarantee::ProcessedOnce), Verdict::Kept);
    assert_eq!(ends(&run, LockEnd::LockTimeout), 0);
}

/// The connection of a process that dies is gone with it: its records come back long before its
/// session has ended, or its locks.
#[test]
fn the_records_of_a_killed_process_come_back_at_once() {
    let crash = r#"{ "at": "6200ms", "crash": "crew-1" }"#;
    let settings = format!(r#"{EXPLICIT}, "members": 2"#);
    let run = run(("", &settings, crash));
    let gone = run.trace().iter().find(|event| {
        matches!(
            event.what,
            What::Share {
                what: ShareWhat::Released {
                    end: LockEnd::SessionClosed,
                    ..
                }
            }
        )
    });
    assert_eq!(gone.map(|event| event.at.as_micros()), Some(6_205_000));
    assert_eq!(verdict(&run, Guarantee::NothingLost), Verdict::Kept);
    assert!(told(&run, 1).contains(&String::from("crew-1 is gone: it can be acquired again")));
}

/// A clean stop repeats the last poll in implicit mode, since closing accepts nothing.
#[test]
fn closing_in_implicit_mode_repeats_the_last_poll() {
    let remove = r#"{ "at": "6200ms", "remove": "crew-1" }"#;
    let implicit = run(("", r#""members": 2"#, remove));
    assert!(is_broken(&implicit, Guarantee::ProcessedOnce));
    let settings = format!(r#"{EXPLICIT}, "members": 2"#);
    let explicit = run(("", &settings, remove));
    assert_eq!(verdict(&explicit, Guarantee::ProcessedOnce), Verdict::Kept);
}

#[test]
fn a_group_that_begins_at_the_end_never_sees_what_was_there() {
    let settings = r#""consumers": [{ "name": "late", "start": "4s" }]"#;
    let run = run(("", settings, ""));
    assert!(!is_broken(&run, Guarantee::NothingLost), "earliest");
    let document = run.scenario().to_json();
    let latest = document.replace(
        r#""share_auto_offset_reset":"earliest""#,
        r#""share_auto_offset_reset":"latest""#,
    );
    let run = Run::complete(Scenario::from_json(&latest).expect("a sound document"));
    assert!(is_broken(&run, Guarantee::NothingLost));
    assert!(
        told(&run, 1)
            .iter()
            .any(|line| line.ends_with("it never sees this record"))
    );
}
