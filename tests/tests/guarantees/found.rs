//! What random scenarios have found, each as the smallest document that shows it.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::scenario::Command;
use broker_lab_core::trace::{RebalanceReason, What};
use broker_lab_core::{ActorId, LaneId, Run, Scenario, SimDuration, SimTime};
use broker_lab_tests::checkers;

use crate::strategy::with_run;

/// A queue lane and a log lane, with `workload`, `workers` and settings of the `group`.
fn scenario(workload: &str, (workers, group): (&str, &str), rest: &str) -> Scenario {
    let document = format!(
        r#"{{ "version": 1, "title": "Found", "seed": 1, "horizon": "120s", "workload": {workload},
             "lanes": [
               {{ "name": "queue", "sqs": {{
                 "queues": [{{ "name": "orders", "visibility_timeout": "5s" }}],
                 "workers": [{{ "name": "worker", "queue": "orders", {workers} }}] }} }},
               {{ "name": "log", "kafka": {{
                 "group_initial_rebalance_delay": "0s", "topics": [{{ "name": "orders" }}],
                 "groups": [{{ "name": "billing", "topics": ["orders"],
                               "auto_offset_reset": "earliest", {group} }}] }} }} ] {rest} }}"#
    );
    Scenario::from_json(&document).expect("a sound document")
}

const ONE: (&str, &str) = (r#""count": 1"#, r#""members": 1"#);

fn verdicts(run: &Run, guarantee: Guarantee, at: SimTime) -> [Verdict; 2] {
    [LaneId(0), LaneId(1)].map(|lane| run.guarantees().verdict(lane, guarantee, at))
}

fn at_the_end(scenario: Scenario, guarantee: Guarantee) -> [Verdict; 2] {
    let run = Run::complete(scenario);
    verdicts(&run, guarantee, run.simulated_until())
}

/// The visibility timeout ends at the very moment at which the delete arrives: the message became
/// visible first, and is gone then.
#[test]
fn a_delete_is_told_after_what_was_due_before_it() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 1, "keys": ["ada"] }],
                        "work": { "takes": "1s" } }"#;
    let scenario = scenario(workload, ONE, r#", "network": { "latency": "2s" }"#);
    with_run(scenario, |run, seen| {
        checkers::queue::messages_go_through_their_states(seen).unwrap();
        let of_the_queue: Vec<String> = run
            .trace()
            .iter()
            .filter(|event| event.lane == LaneId(0) && event.at == SimTime::from_millis(7_000))
            .map(|event| event.what.to_string())
            .collect();
        assert_eq!(
            of_the_queue,
            [
                "1 became visible in queue 0",
                "actor 0 deleted 1 from queue 0"
            ]
        );
    });
}

/// Messages that commands send have numbers after all others, and their place by time.
#[test]
fn order_is_judged_by_the_time_of_sending_and_not_by_the_number() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 4, "keys": ["ada"] }],
                        "work": { "takes": "100ms" } }"#;
    let send = r#", "commands": [{ "at": "500ms", "send": "ada" }]"#;
    let scenario = scenario(workload, ONE, send);
    assert_eq!(
        at_the_end(scenario, Guarantee::OrderPerKey),
        [Verdict::Kept; 2]
    );
}

/// What is committed and still in hand is not lost.
#[test]
fn a_commit_before_the_work_loses_nothing_without_a_crash() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "2/s", "count": 4, "keys": ["ada"] }],
                        "work": { "takes": "2s" } }"#;
    let group = r#""members": 1, "enable_auto_commit": false, "commit": "before_work""#;
    let scenario = |rest| scenario(workload, (r#""count": 1"#, group), rest);
    let calm = at_the_end(scenario(""), Guarantee::NothingLost);
    assert_eq!(calm, [Verdict::Kept; 2]);
    let crash = r#", "commands": [{ "at": "3s", "crash": "billing-1" }]"#;
    let [_, log] = at_the_end(scenario(crash), Guarantee::NothingLost);
    let at = SimTime::from_millis(3_000);
    assert!(
        matches!(log, Verdict::Broken { at: when, .. } if when == at),
        "{log:?}"
    );
}

/// One more message is to come: what was kept for good before the edit is kept so far.
#[test]
fn a_message_sent_by_an_edit_of_a_long_run_is_waited_for() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "200/s", "count": 8000, "keys": ["ada"] }],
                        "work": { "takes": "1ms" } }"#;
    let many = (r#""count": 5"#, r#""members": 1, "max_poll_records": 5"#);
    let run = Run::complete(scenario(workload, many, ""));
    let (settled, later) = (SimTime::from_millis(90_000), SimDuration::from_secs(100));
    assert_eq!(
        verdicts(&run, Guarantee::NothingLost, settled),
        [Verdict::Kept; 2]
    );
    let send = Command {
        at: later,
        send: Some(String::from("ada")),
        ..Command::default()
    };
    let mut edited = run.with_command(send).unwrap();
    assert!(!edited.trace().is_empty(), "it goes on from a checkpoint");
    while edited.simulated_until() < settled {
        edited.advance(100);
    }
    let so_far = edited.simulated_until();
    assert!(
        so_far < SimTime::ZERO + later,
        "the message is still to come"
    );
    assert_eq!(
        verdicts(&edited, Guarantee::NothingLost, so_far),
        [Verdict::SoFar; 2]
    );
    while edited.advance(u32::MAX).is_none() {}
    assert_eq!(
        verdicts(&edited, Guarantee::NothingLost, settled),
        [Verdict::SoFar; 2]
    );
    let end = edited.simulated_until();
    assert_eq!(
        verdicts(&edited, Guarantee::NothingLost, end),
        [Verdict::Kept; 2]
    );
}

#[test]
fn a_failure_of_a_key_that_nothing_has_means_no_message() {
    let document = r#"{ "version": 1, "title": "Found", "seed": 1, "horizon": "60s",
        "workload": { "producers": [{ "name": "p", "rate": "1/s", "count": 3 }],
                      "work": { "takes": "1s" },
                      "failures": [{ "key": "zoe", "always": true }] },
        "lanes": [{ "name": "queue", "sqs": { "queues": [{ "name": "orders" }],
            "workers": [{ "name": "worker", "queue": "orders" }] } }] }"#;
    let run = Run::complete(Scenario::from_json(document).unwrap());
    let failed = |what| matches!(what, What::WorkFailed { .. });
    assert!(!run.trace().iter().any(|event| failed(event.what)));
}

/// The leave is on the wire when the process starts anew: the group hears of it all the same.
#[test]
fn a_consumer_that_leaves_and_is_back_at_once_has_left() {
    let workload = r#"{ "producers": [], "work": { "takes": "1s" } }"#;
    let commands = r#", "network": { "latency": "500ms" }, "commands": [
        { "at": "20s", "remove": "billing-1" }, { "at": "20200ms", "restart": "billing-1" }]"#;
    let run = Run::complete(scenario(workload, ONE, commands));
    let left = run.trace().iter().find_map(|event| match event.what {
        What::RebalanceStarted {
            reason: RebalanceReason::MemberLeft,
            ..
        } => Some(event.at),
        _ => None,
    });
    assert_eq!(left, Some(SimTime::from_millis(20_500)));
}

/// A process that stood still does not know that its group went on without it.
#[test]
fn a_consumer_joins_again_when_an_automatic_commit_is_refused() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 1, "start": "5s", "keys": ["ada"] }],
                        "work": { "takes": "500ms" } }"#;
    let group = r#""members": 1, "session_timeout": "6s", "auto_commit_interval": "10s""#;
    let commands = r#", "commands": [{ "at": "6s", "freeze": "billing-1" },
                                     { "at": "20s", "thaw": "billing-1" }]"#;
    let run = Run::complete(scenario(workload, (r#""count": 0"#, group), commands));
    let log = || run.trace().iter().filter(|event| event.lane == LaneId(1));
    let refused = |what| matches!(what, What::CommitRefused { .. });
    let refused = log().find(|event| refused(event.what)).expect("a refusal");
    let again = |what| matches!(what, What::JoinSent { actor: ActorId(0) });
    let mut joins = log().filter(|event| again(event.what));
    let latency = run.scenario().network.latency;
    assert_eq!(refused.at, SimTime::from_millis(20_000) + latency);
    assert!(joins.any(|event| event.at == refused.at + latency));
    let lost = |what| {
        matches!(
            what,
            What::Lost {
                actor: ActorId(0),
                ..
            }
        )
    };
    assert!(log().any(|event| lost(event.what)));
}
