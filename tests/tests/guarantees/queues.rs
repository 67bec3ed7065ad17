//! What each way of using a queue keeps and breaks, and what can be seen of it.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::metrics::QueueMetrics;
use broker_lab_core::trace::What;
use broker_lab_core::world::{Holds, LaneWorld, Place, SqsWorld};
use broker_lab_core::{ActorId, LaneId, MessageId, QueueId, Run, Scenario, SimDuration, SimTime};

/// A run of one queue lane.
pub(crate) fn run(workload: &str, lane: &str, commands: &str) -> Run {
    let document = format!(
        r#"{{ "version": 1, "title": "Queues", "seed": 1, "horizon": "400s", "workload": {workload},
             "lanes": [{{ "name": "queue", "sqs": {lane} }}], "commands": [{commands}] }}"#
    );
    Run::complete(Scenario::from_json(&document).expect("a sound document"))
}

const THREE: &str = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 3, "keys": ["ada"] }],
                         "work": { "takes": "2s" } }"#;

/// What first breaks a guarantee, in words; `None`: it is kept.
pub(crate) fn broken(run: &Run, guarantee: Guarantee) -> Option<String> {
    let verdict = run
        .guarantees()
        .verdict(LaneId(0), guarantee, run.simulated_until());
    match verdict {
        Verdict::Broken { event, .. } => run.trace().get(event).map(|e| e.what.to_string()),
        Verdict::Kept => None,
        Verdict::SetAside { messages } => Some(format!("{messages} set aside")),
        Verdict::SoFar => Some(String::from("so far")),
    }
}

pub(crate) fn world(run: &Run, at: SimTime) -> SqsWorld {
    match run.world_at(at).lanes.swap_remove(0) {
        LaneWorld::Sqs(world) => world,
        LaneWorld::Kafka(_) => panic!("it is a queue lane"),
    }
}

#[test]
fn deleting_before_the_work_loses_by_a_crash_and_only_then() {
    let lane = r#"{ "queues": [{ "name": "orders" }],
                    "workers": [{ "name": "w", "queue": "orders", "delete": "before_work" }] }"#;
    assert_eq!(broken(&run(THREE, lane, ""), Guarantee::NothingLost), None);
    let crash = r#"{ "at": "1s", "crash": "w-1" }, { "at": "9s", "restart": "w-1" }"#;
    let told = broken(&run(THREE, lane, crash), Guarantee::NothingLost);
    assert_eq!(told.as_deref(), Some("actor 0 crashed"));
}

#[test]
fn a_purge_and_a_retention_period_lose_what_nobody_has_done() {
    let lane = r#"{ "queues": [{ "name": "orders", "message_retention_period": "60s" }] }"#;
    let expired = broken(&run(THREE, lane, ""), Guarantee::NothingLost);
    assert_eq!(expired.as_deref(), Some("1 expired in queue 0"));
    let purge = r#"{ "at": "5s", "purge": "orders" }"#;
    let purged = broken(&run(THREE, lane, purge), Guarantee::NothingLost);
    assert_eq!(purged.as_deref(), Some("1 purged from queue 0"));
}

#[test]
fn a_send_that_is_repeated_is_a_duplicate_on_a_standard_queue_and_after_five_minutes() {
    let lane = |name: &str| {
        format!(
            r#"{{ "queues": [{{ "name": "{name}" }}], "workers": [{{ "name": "w", "queue": "{name}" }}] }}"#
        )
    };
    let soon = r#"{ "at": "30s", "resend": 1 }"#;
    let late = r#"{ "at": "301s", "resend": 1 }"#;
    let told = |name, when| broken(&run(THREE, &lane(name), when), Guarantee::NoDuplicateSends);
    let stored = Some(String::from("queue 0 stored 1 (copy 1)"));
    assert_eq!(told("orders", soon), stored);
    assert_eq!(told("orders.fifo", soon), None);
    assert_eq!(told("orders.fifo", late), stored);
}

#[test]
fn one_queue_gives_a_message_to_one_team_and_a_topic_to_all() {
    let workers = |billing, audit| {
        format!(
            r#""workers": [{{ "name": "b", "queue": "{billing}" }}, {{ "name": "a", "queue": "{audit}" }}]"#
        )
    };
    let shared = format!(
        r#"{{ "queues": [{{ "name": "one" }}], {} }}"#,
        workers("one", "one")
    );
    let told = broken(&run(THREE, &shared, ""), Guarantee::EveryTeam);
    assert_eq!(told.as_deref(), Some("actor 0 deleted 1 from queue 0"));
    let fan_out = format!(
        r#"{{ "topics": [{{ "name": "events", "subscriptions": [{{ "queue": "one" }}, {{ "queue": "two" }}] }}],
             "send_to": "events", "queues": [{{ "name": "one" }}, {{ "name": "two" }}], {} }}"#,
        workers("one", "two")
    );
    let run = run(THREE, &fan_out, "");
    assert_eq!(broken(&run, Guarantee::EveryTeam), None);
    assert_eq!(broken(&run, Guarantee::ProcessedOnce), None);
    let world = world(&run, run.simulated_until());
    assert_eq!((world.sent, world.processed), (3, 6));
}

#[test]
fn an_idempotent_worker_does_nothing_twice() {
    let lane = |more: &str| {
        format!(
            r#"{{ "queues": [{{ "name": "orders", "visibility_timeout": "1s" }}],
                 "workers": [{{ "name": "w", "queue": "orders", "count": 2{more} }}] }}"#
        )
    };
    let told = broken(&run(THREE, &lane(""), ""), Guarantee::ProcessedOnce);
    assert!(told.is_some_and(|told| told.contains("finished")));
    let run = run(THREE, &lane(r#", "idempotent": true"#), "");
    assert_eq!(broken(&run, Guarantee::ProcessedOnce), None);
}

#[test]
fn a_message_in_flight_blocks_all_of_its_group_behind_it() {
    let workload = r#"{ "producers": [{ "name": "p", "rate": "10/s", "count": 5, "keys": ["ada", "ben"] }],
                        "work": { "takes": "20s" } }"#;
    let lane =
        r#"{ "queues": [{ "name": "o.fifo" }], "workers": [{ "name": "w", "queue": "o.fifo" }] }"#;
    let run = run(workload, lane, "");
    let at = SimTime::from_millis(1_000);
    let world = world(&run, at);
    let key = |id: MessageId| run.trace().message(id).and_then(|message| message.key);
    // Numbers are in the order of arrival here.
    let mut holds = Holds::default();
    let turns = world.unsettled().map(|(id, _, message)| {
        let place = message.place.now;
        let behind = holds.pass(key(id), id, place);
        let is_in_flight = matches!(place, Place::InFlight(_));
        (id.0, is_in_flight, behind.map(|before| before.0))
    });
    assert_eq!(
        turns.collect::<Vec<_>>(),
        [
            (1, true, None),
            (2, false, None),
            (3, false, Some(1)),
            (4, false, None),
            (5, false, Some(1)),
        ]
    );
    let metrics = QueueMetrics::of(&world, (QueueId(0), at), key);
    assert_eq!((metrics.visible, metrics.not_visible), (4, 1));
    assert_eq!(metrics.age_of_oldest_message, SimDuration::from_millis(995));
    let expires = world
        .message(MessageId(2))
        .and_then(|m| world.expires_at(m));
    assert_eq!(expires, Some(SimTime::from_millis(345_600_105)));
}

/// A hundred messages of one tenant in flight: it is noisy, and the others go first.
#[test]
fn a_noisy_tenant_is_told_of() {
    let workload = r#"{ "producers": [
            { "name": "loud", "rate": "100/s", "count": 200, "keys": ["ada"] },
            { "name": "soft", "rate": "5/s", "count": 10, "keys": ["ben"], "start": "1s" }],
          "work": { "takes": "3s" } }"#;
    let lane = r#"{ "fair": true, "queues": [{ "name": "orders" }],
                    "workers": [{ "name": "w", "queue": "orders", "count": 40 }] }"#;
    let run = run(workload, lane, "");
    let noisy = run.trace().iter().find_map(|event| match event.what {
        What::TenantNoisy { tenant, .. } => Some((event.at, tenant)),
        _ => None,
    });
    let (at, tenant) = noisy.expect("a noisy tenant");
    assert_eq!(run.cast().keys.name(tenant), "ada");
    let world = world(&run, at);
    let key = |id: MessageId| run.trace().message(id).and_then(|message| message.key);
    let metrics = QueueMetrics::of(&world, (QueueId(0), at), key);
    assert_eq!(metrics.noisy_groups, 1);
    assert!(metrics.visible_in_quiet_groups <= metrics.visible);
}

#[test]
fn a_crash_between_the_work_and_the_delete_does_it_twice() {
    let lane = |more: &str| {
        format!(
            r#"{{ "queues": [{{ "name": "orders", "visibility_timeout": "10s" }}],
                  "workers": [{{ "name": "w", "queue": "orders"{more} }}] }}"#
        )
    };
    let crash = r#"{ "at": "2500ms", "crash": "w-1" }, { "at": "3s", "restart": "w-1" }"#;
    // The work on message 1 is over at 2.01 s, and it is deleted at 2.015 s or at 3.015 s.
    let at_once = run(THREE, &lane(""), crash);
    assert_eq!(broken(&at_once, Guarantee::ProcessedOnce), None);
    let late = lane(r#", "delete_delay": "1s""#);
    let told = broken(&run(THREE, &late, crash), Guarantee::ProcessedOnce);
    assert_eq!(told.as_deref(), Some("actor 0 finished 1"));
    let calm = run(THREE, &late, "");
    assert_eq!(broken(&calm, Guarantee::ProcessedOnce), None);
    let lingers = |millis| {
        let world = world(&calm, SimTime::from_millis(millis));
        world.has_done(ActorId(0), MessageId(1))
    };
    assert_eq!([2_000, 2_500, 3_100].map(lingers), [false, true, false]);
    // Who leaves deletes first.
    let leave = run(THREE, &late, r#"{ "at": "2500ms", "remove": "w-1" }"#);
    let deleted = leave.trace().iter().find_map(|event| match event.what {
        What::Deleted { message, .. } => Some((event.at.as_millis(), message.0)),
        _ => None,
    });
    assert_eq!(deleted, Some((3_015, 1)));
}

#[test]
fn what_lies_in_a_dead_letter_queue_undone_is_set_aside() {
    let fails = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 3 }],
                     "work": { "takes": "1s" }, "failures": [{ "message": 2, "always": true }] }"#;
    let lane = r#"{ "queues": [
          { "name": "orders", "visibility_timeout": "5s",
            "redrive_policy": { "dead_letter_target": "dlq", "max_receive_count": 2 } },
          { "name": "dlq", "message_retention_period": "RETENTION" }],
        "workers": [{ "name": "w", "queue": "orders" }] }"#;
    let kept = run(fails, &lane.replace("RETENTION", "4d"), "");
    let told = broken(&kept, Guarantee::NothingLost);
    assert_eq!(told.as_deref(), Some("1 set aside"));
    assert_eq!(broken(&kept, Guarantee::ProcessedOnce), None);
    // Until its time is over.
    let expires = run(fails, &lane.replace("RETENTION", "60s"), "");
    let told = broken(&expires, Guarantee::NothingLost);
    assert_eq!(told.as_deref(), Some("2 expired in queue 1"));
}
