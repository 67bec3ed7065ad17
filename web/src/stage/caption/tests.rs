//! What the page says of a run, in captions and flags, is what happens in it.

use broker_lab_core::scenario::Command;
use broker_lab_core::trace::What;
use broker_lab_core::{LaneId, Run, Scenario, SimDuration, SimTime};

use super::Caption;
use crate::stage::view::Glance;
use crate::timeline::flags;

/// A run with commands.
fn run(name: &str, commands: &[&str]) -> Run {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/scenarios");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    let mut scenario = Scenario::from_json(&text).unwrap();
    let commands = commands
        .iter()
        .map(|text| Command::from_json(text).unwrap());
    scenario.commands.extend(commands);
    Run::complete(Scenario::from_json(&scenario.to_json()).unwrap())
}

fn lane(run: &Run, name: &str) -> LaneId {
    let mut ids = (0..).map(LaneId).zip(&run.cast().lanes);
    ids.find(|(_, cast)| cast.name == name).unwrap().0
}

fn caption_at(run: &Run, id: LaneId, now: SimTime) -> Caption {
    let world = run.world_at(now);
    super::of(Glance {
        lane: id,
        cast: run.cast().lane(id).unwrap(),
        noun: &run.cast().noun,
        world: &world.lanes[id.index()],
        trace: run.trace(),
        now,
    })
}

/// The caption right after the first event of a lane that is such a one.
#[track_caller]
fn caption_after(run: &Run, name: &str, is: impl Fn(What) -> bool) -> Caption {
    let id = lane(run, name);
    let mut events = run.trace().iter();
    let event = events.find(|event| event.lane == id && is(event.what));
    caption_at(run, id, event.unwrap().at)
}

/// The captions of a whole run of a lane, each once, a tenth of a second apart.
fn captions(run: &Run, name: &str) -> Vec<Caption> {
    let id = lane(run, name);
    let end = run.scenario().horizon.as_millis() / 100;
    let at = (0..=end).map(|n| SimTime::ZERO + SimDuration::from_millis(n * 100));
    let mut all: Vec<Caption> = at.map(|now| caption_at(run, id, now)).collect();
    all.dedup();
    all
}

#[test]
fn each_answer_that_a_client_does_not_expect_is_told() {
    let late = run("late-delete", &[]);
    let ignored = caption_after(&late, "standard", |what| {
        matches!(what, What::DeleteIgnored { .. })
    });
    assert!(ignored.text.contains("by an old receipt"), "{ignored:?}");
    let failed = caption_after(&late, "fifo", |what| {
        matches!(what, What::DeleteFailed { .. })
    });
    assert!(failed.text.contains("answers with an error"), "{failed:?}");
    let twice = run("sent-twice", &[]);
    let swallowed = caption_after(&twice, "fifo", |what| {
        matches!(what, What::Deduplicated { .. })
    });
    assert_eq!(swallowed.term, "deduplication", "{swallowed:?}");
    assert!(swallowed.text.contains("nothing is stored again"));
    let stored = captions(&twice, "standard");
    let is_second = |one: &Caption| one.text.contains("a second time: to a standard queue");
    assert!(stored.iter().any(is_second), "{stored:?}");
}

#[test]
fn what_is_done_to_a_queue_is_told_and_flagged() {
    let run = run(
        "dead-letters-and-back",
        &[
            r#"{"at":"5s","set_queue_attributes":{"queue":"orders","visibility_timeout":"9s"}}"#,
            r#"{"at":"8s","purge":"orders"}"#,
            r#"{"at":"14s","purge":"orders"}"#,
            r#"{"at":"17s","cancel_message_move_task":"orders-dlq"}"#,
        ],
    );
    let id = LaneId(0);
    let says = |seconds, words: &str, term| {
        let found = caption_at(&run, id, SimTime::ZERO + SimDuration::from_secs(seconds));
        assert!(found.text.contains(words), "at {seconds} s: {found:?}");
        assert_eq!(found.term, term);
    };
    says(5, "VisibilityTimeout of orders", "SetQueueAttributes");
    says(8, "All in orders is deleted", "PurgeQueue");
    says(14, "refuses to purge orders", "PurgeQueueInProgress");
    says(17, "SQS refuses", "StartMessageMoveTask");
    let flags = flags(run.trace(), run.cast(), 1_000);
    for text in [
        "VisibilityTimeout of orders",
        "orders purged",
        "purge of orders refused",
        "redrive of orders-dlq refused",
        "redrive of orders-dlq begins",
        "redrive of orders-dlq ends",
    ] {
        assert!(
            flags.iter().any(|flag| flag.text == text),
            "{text}: {flags:?}"
        );
    }
}

#[test]
fn what_sns_cannot_deliver_is_told_and_flagged() {
    let run = run(
        "fan-out",
        &[
            r#"{"at":"100ms","deny":"to-bill"}"#,
            r#"{"at":"3s","allow":"to-bill"}"#,
            r#"{"at":"4s","unreachable":{"queue":"to-count","lasts":"3s"}}"#,
        ],
    );
    let all = captions(&run, "topic");
    for words in [
        "of to-bill does not let the topic in",
        "cannot deliver order 1 to to-bill, and its subscription has no dead-letter queue",
        "of to-bill lets the topic in again",
        "SNS cannot reach to-count",
        "SNS reaches to-count again",
        "had to try",
        "copies never came to their queues",
    ] {
        assert!(
            all.iter().any(|one| one.text.contains(words)),
            "{words}: {all:#?}"
        );
    }
    let kept = captions(&self::run("topic-cannot-deliver", &[]), "kept");
    let words = "puts it into undelivered, the dead-letter queue of the subscription";
    assert!(kept.iter().any(|one| one.text.contains(words)), "{kept:#?}");
    let last = kept.last().unwrap();
    assert!(
        last.text.contains("5 orders") || last.text.contains("5 set aside in undelivered"),
        "{last:?}"
    );
    let flags = flags(run.trace(), run.cast(), 1_000);
    for text in [
        "to-bill denies SNS",
        "order 1 not delivered to to-bill",
        "SNS reaches to-count again",
    ] {
        assert!(
            flags.iter().any(|flag| flag.text == text),
            "{text}: {flags:?}"
        );
    }
}

#[test]
fn a_call_that_is_throttled_is_told() {
    let text = r#"{ "version": 1, "title": "t", "noun": "job", "seed": 1, "horizon": "5s",
        "workload": { "producers": [{ "name": "p", "rate": "400/s", "count": 400, "keys": ["a"] }] },
        "lanes": [{ "name": "queue", "sqs": { "queues": [{ "name": "jobs.fifo" }], "workers": [] } }] }"#;
    let run = Run::complete(Scenario::from_json(text).unwrap());
    let told = caption_after(&run, "queue", |what| {
        matches!(what, What::RequestThrottled { .. })
    });
    assert_eq!(told.term, "RequestThrottled");
    let words =
        "jobs.fifo refuses to take job 301: a FIFO queue takes 300 calls of a kind in a second.";
    assert!(
        told.text.to_lowercase().contains(&words.to_lowercase()),
        "{told:?}"
    );
}

#[test]
fn what_nobody_will_do_any_more_is_never_told_as_done() {
    let purged = run("competing-workers", &[r#"{"at":"4s","purge":"orders"}"#]);
    for lane in &purged.cast().lanes {
        let last = captions(&purged, &lane.name).pop().unwrap();
        assert!(last.text.contains("nobody does any more"), "{last:?}");
    }
    let early = run("delete-before-work", &[]);
    let told: Vec<Caption> = early
        .cast()
        .lanes
        .iter()
        .flat_map(|lane| captions(&early, &lane.name))
        .collect();
    let lost = |one: &Caption| one.text.contains("nobody will do it any more");
    assert!(told.iter().any(lost), "{told:?}");
    assert!(told.iter().any(|one| one.term == "at-most-once"));
}

#[test]
fn a_group_that_waits_is_told_with_the_one_it_waits_for() {
    let stuck = run("fifo-stuck-group", &[]);
    let all: Vec<Caption> = stuck
        .cast()
        .lanes
        .iter()
        .flat_map(|lane| captions(&stuck, &lane.name))
        .collect();
    for words in ["of its group wait behind it", "cannot be received before"] {
        assert!(all.iter().any(|one| one.text.contains(words)), "{all:?}");
    }
}

#[test]
fn what_is_put_off_is_not_called_forgotten() {
    let batch = run("lambda-partial-batch", &[]);
    for name in ["whole", "partial"] {
        let all = captions(&batch, name);
        let left = |one: &Caption| one.term == "batch item failure";
        assert!(all.iter().any(left), "{name}: {all:?}");
        let untold = |one: &Caption| one.text.contains("The queue is told nothing");
        assert!(!all.iter().any(untold), "{name}: {all:?}");
    }
}

#[test]
#[ignore = "prints all captions of all scenes for a person to read"]
fn everything_that_is_said() {
    for preset in &crate::link::presets::ALL {
        let run = run(preset.name, &[]);
        for lane in &run.cast().lanes {
            println!("## {} {}", preset.name, lane.name);
            for one in captions(&run, &lane.name) {
                println!("- {} [{}]", one.text, one.term);
            }
        }
    }
}

/// What the page says before it has the captions is what they say.
#[test]
fn the_opening_scene_begins_with_its_captions() {
    let opening = run("one-workload", &[]);
    let world = opening.world_at(SimTime::ZERO);
    for (id, world) in (0..).map(LaneId).zip(&world.lanes) {
        let glance = |now| Glance {
            lane: id,
            cast: opening.cast().lane(id).unwrap(),
            noun: &opening.cast().noun,
            world,
            trace: opening.trace(),
            now,
        };
        let at_first = super::at_first(glance(SimTime::ZERO));
        assert_eq!(at_first, super::of(glance(SimTime::ZERO)));
        let later = super::at_first(glance(SimTime::from_micros(1)));
        assert_eq!(later, Caption::default());
    }
}
