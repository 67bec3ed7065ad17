//! What becomes of a message that its topic cannot bring to a queue.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::story;
use broker_lab_core::trace::{DeliveryWhat, What};
use broker_lab_core::world::Place;
use broker_lab_core::{LaneId, MessageId, Run, SimTime};

use crate::queues::{broken, run, world};

const ONE: &str = r#"{ "producers": [{ "name": "p", "rate": "1/s", "count": 1, "keys": ["ada"] }],
                       "work": { "takes": "2s" } }"#;

/// A topic with two queues and a worker for each. `billing` and `audit`: more of their
/// subscriptions.
fn lane(billing: &str, audit: &str) -> String {
    format!(
        r#"{{ "topics": [{{ "name": "events", "subscriptions": [
                {{ "queue": "billing"{billing} }}, {{ "queue": "audit"{audit} }}] }}],
              "queues": [{{ "name": "billing" }}, {{ "name": "audit" }}, {{ "name": "aside" }}],
              "send_to": "events",
              "workers": [{{ "name": "b", "queue": "billing" }},
                          {{ "name": "a", "queue": "audit" }}] }}"#
    )
}

const ASIDE: &str = r#", "redrive_policy": { "dead_letter_target": "aside" }"#;

/// The deliveries' events, each with its time in milliseconds.
fn deliveries(run: &Run) -> Vec<(u64, DeliveryWhat)> {
    let events = run.trace().iter();
    let deliveries = events.filter_map(|event| match event.what {
        What::Delivery { what } => Some((event.at.as_millis(), what)),
        _ => None,
    });
    deliveries.collect()
}

fn story(run: &Run) -> Vec<String> {
    let lines = story::of_message(run.trace(), run.cast(), LaneId(0), MessageId(1));
    lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn what_a_queue_denies_is_lost_at_once_and_only_there() {
    let run = run(ONE, &lane("", ""), r#"{ "at": "0s", "deny": "audit" }"#);
    let told = broken(&run, Guarantee::NothingLost);
    let lost = "1 is not delivered to queue 1 (client-side error, attempts: 1): lost";
    assert_eq!(told.as_deref(), Some(lost));
    assert_eq!(broken(&run, Guarantee::EveryTeam).as_deref(), Some(lost));
    assert_eq!(deliveries(&run).len(), 2);
    // It leaves at 5 ms, is refused at 10 ms, and SNS hears that at 15 ms.
    assert_eq!(deliveries(&run)[1].0, 15);
    let world = world(&run, run.simulated_until());
    assert_eq!((world.processed, world.deleted), (1, 1));
    assert_eq!(world.queues[1].deliveries.given_up, 1);
    assert!(world.queues[1].deliveries.is_denied);
    let told = story(&run);
    assert!(
        told.contains(&String::from("audit does not let the topic in, a client-side error that is not tried again: lost for audit")),
        "{told:#?}"
    );
}

#[test]
fn a_dead_letter_queue_of_the_subscription_keeps_it() {
    let deny = r#"{ "at": "0s", "deny": "audit" }"#;
    let run = run(ONE, &lane("", ASIDE), deny);
    for guarantee in [Guarantee::NothingLost, Guarantee::EveryTeam] {
        assert_eq!(broken(&run, guarantee).as_deref(), Some("1 set aside"));
    }
    let world = world(&run, run.simulated_until());
    let copies: Vec<_> = world.copies(MessageId(1)).map(|(_, copy)| *copy).collect();
    assert_eq!(copies.len(), 2);
    let aside = copies[1];
    assert_eq!((aside.place.now.queue().unwrap().0, aside.origin.0), (2, 1));
    let told = story(&run);
    assert_eq!(
        told.iter()
            .filter(|line| line.contains("stored in aside"))
            .count(),
        1,
        "{told:#?}"
    );
    // If that does not let SNS in either, it is lost after all.
    let both = format!(r#"{deny}, {{ "at": "0s", "deny": "aside" }}"#);
    let run = crate::queues::run(ONE, &lane("", ASIDE), &both);
    let told = broken(&run, Guarantee::NothingLost).unwrap();
    assert!(
        told.ends_with("(no way to its dead-letter queue, attempts: 1): lost"),
        "{told}"
    );
}

#[test]
fn an_outage_is_bridged_by_the_retries_of_sns() {
    let outage = r#"{ "at": "0s", "unreachable": { "queue": "audit", "lasts": "5s" } }"#;
    let run = run(ONE, &lane("", ""), outage);
    assert_eq!(broken(&run, Guarantee::NothingLost), None);
    let failed: Vec<(u64, u32, u32)> = deliveries(&run)
        .into_iter()
        .filter_map(|(at, what)| match what {
            DeliveryWhat::Failed {
                attempt, retry_in, ..
            } => Some((at, attempt, retry_in.0)),
            _ => None,
        })
        .collect();
    // Three at once, one and one second later, then with back-off; 10 ms for the way to the queue
    // and back.
    let expected = [
        (15, 1, 0),
        (25, 2, 0),
        (35, 3, 1_000),
        (1_045, 4, 1_000),
        (2_055, 5, 1_000),
        (3_065, 6, 1_395),
        (4_470, 7, 1_946),
    ];
    assert_eq!(failed, expected);
    let retrying = |millis| world(&run, SimTime::from_millis(millis)).queues[1].deliveries;
    assert_eq!(retrying(3_000).retrying, 1);
    assert!(retrying(3_000).unreachable_until.is_some());
    assert_eq!(retrying(6_430).retrying, 0);
    assert_eq!(retrying(6_430).unreachable_until, None);
    let audit = world(&run, SimTime::from_millis(6_421)).queues[1];
    assert_eq!(audit.in_flight, 1);
}

#[test]
fn a_message_that_comes_nowhere_is_gone() {
    let nowhere = r#"{ "at": "0s", "deny": "audit" }, { "at": "0s", "deny": "billing" }"#;
    let run = run(ONE, &lane("", ""), nowhere);
    let world = world(&run, run.simulated_until());
    let message = world.message(MessageId(1)).unwrap();
    assert_eq!(message.place.now, Place::Undelivered);
    assert_eq!(world.unsettled().count(), 0);
}

#[test]
fn errors_by_the_seed_change_when_and_not_whether() {
    let many = r#"{ "producers": [{ "name": "p", "rate": "10/s", "count": 40, "keys": ["ada"] }],
                    "work": { "takes": "0s" } }"#;
    let errors = r#", "delivery_errors": "50%""#;
    let run = run(many, &lane(errors, ""), "");
    assert_eq!(broken(&run, Guarantee::NothingLost), None);
    let failed = deliveries(&run)
        .iter()
        .filter(|(_, what)| matches!(what, DeliveryWhat::Failed { .. }))
        .count();
    assert!((25..80).contains(&failed), "{failed}");
    assert_eq!(world(&run, run.simulated_until()).deleted, 80);
}
