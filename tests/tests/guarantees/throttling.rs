//! What becomes of calls that a FIFO queue refuses for their rate.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::story;
use broker_lab_core::trace::{ThrottleWhat, What};
use broker_lab_core::{LaneId, MessageId, Run, SimDuration};
use broker_lab_tests::checkers::{self, Seen};

use crate::queues::{broken, run, world};

/// So many sends a second for two seconds, over so many groups.
fn sends(rate: u32, keys: u32) -> String {
    let keys: Vec<String> = (0..keys).map(|n| format!("\"k{n}\"")).collect();
    format!(
        r#"{{ "producers": [{{ "name": "p", "rate": "{rate}/s", "count": {}, "keys": [{}] }}],
              "work": {{ "takes": "0s" }} }}"#,
        2 * rate,
        keys.join(",")
    )
}

/// A queue that a few workers take batches from.
fn lane(name: &str, more: &str) -> String {
    format!(
        r#"{{ "queues": [{{ "name": "{name}"{more} }}],
              "workers": [{{ "name": "w", "count": 2, "queue": "{name}",
                             "max_number_of_messages": 10 }}] }}"#
    )
}

/// How many calls of each action were throttled: sends, receives, deletes.
fn throttled(run: &Run) -> [usize; 3] {
    let events = run.trace().iter();
    events.fold([0; 3], |[sends, receives, deletes], event| {
        match event.what {
            What::RequestThrottled { what } => match what {
                ThrottleWhat::Send { .. } => [sends + 1, receives, deletes],
                ThrottleWhat::Receive { .. } => [sends, receives + 1, deletes],
                ThrottleWhat::Delete { .. } => [sends, receives, deletes + 1],
            },
            _ => [sends, receives, deletes],
        }
    })
}

/// All rules of a trace hold.
fn is_sound(run: &Run) {
    let sound = checkers::all(Seen {
        scenario: run.scenario(),
        cast: run.cast(),
        trace: run.trace(),
    });
    assert_eq!(sound, Ok(()));
}

#[test]
fn a_fifo_queue_takes_300_sends_a_second_and_the_others_come_later() {
    let fifo = run(&sends(400, 50), &lane("jobs.fifo", ""), "");
    is_sound(&fifo);
    assert!(throttled(&fifo)[0] >= 200, "{:?}", throttled(&fifo));
    assert_eq!(broken(&fifo, Guarantee::NothingLost), None);
    let world = world(&fifo, fifo.simulated_until());
    assert_eq!((world.sent, world.deleted), (800, 800));
    assert_eq!(
        usize::try_from(world.queues[0].throttled).unwrap(),
        throttled(&fifo).iter().sum::<usize>()
    );
    // The 301st of the first second.
    let lines = story::of_message(fifo.trace(), fifo.cast(), LaneId(0), MessageId(301));
    assert!(
        lines[1].text.starts_with("jobs.fifo refuses the send"),
        "{lines:?}"
    );
    let standard = run(&sends(400, 50), &lane("jobs", ""), "");
    assert_eq!(throttled(&standard), [0; 3]);
}

#[test]
fn with_high_throughput_a_group_is_throttled_and_not_the_queue() {
    let high = r#", "deduplication_scope": "message_group",
                   "fifo_throughput_limit": "per_message_group_id""#;
    let many = run(&sends(400, 50), &lane("jobs.fifo", high), "");
    assert_eq!(throttled(&many), [0; 3]);
    let one = run(&sends(400, 1), &lane("jobs.fifo", high), "");
    is_sound(&one);
    assert!(throttled(&one)[0] >= 200, "{:?}", throttled(&one));
    assert_eq!(throttled(&one)[1], 0, "a receive names no group");
    assert_eq!(world(&one, one.simulated_until()).deleted, 800);
}

#[test]
fn a_poll_loop_that_does_not_wait_is_throttled() {
    let hasty = r#"{ "queues": [{ "name": "jobs.fifo" }],
                     "workers": [{ "name": "w", "count": 4, "queue": "jobs.fifo",
                                   "wait_time": "0s" }] }"#;
    let run = run(&sends(10, 5), hasty, r#"{ "at": "20s", "crash": "w-1" }"#);
    is_sound(&run);
    let [sends, receives, deletes] = throttled(&run);
    assert!((sends, deletes) == (0, 0) && receives > 20, "{receives}");
    assert_eq!(world(&run, run.simulated_until()).deleted, 20);
}

/// All messages of two seconds are delayed until 10 s, and then there at once.
const AT_ONCE: &str =
    r#"{ "at": "10s", "set_queue_attributes": { "queue": "jobs.fifo", "delay": "0s" } }"#;

#[test]
fn deletes_of_many_threads_are_throttled_and_come_again() {
    let workers = r#"{ "queues": [{ "name": "jobs.fifo", "delay": "10m" }],
                       "workers": [{ "name": "w", "count": 60, "queue": "jobs.fifo",
                                     "max_number_of_messages": 10, "concurrency": 10 }] }"#;
    let run = run(&sends(290, 580), workers, AT_ONCE);
    is_sound(&run);
    assert!(throttled(&run)[2] >= 250, "{:?}", throttled(&run));
    assert_eq!(world(&run, run.simulated_until()).deleted, 580);
    assert_eq!(broken(&run, Guarantee::NothingLost), None);
    let deleted_late = (1..=580).map(MessageId).find_map(|message| {
        let lines = story::of_message(run.trace(), run.cast(), LaneId(0), message);
        lines
            .into_iter()
            .find(|line| line.text.contains("refuses the delete"))
    });
    assert!(deleted_late.is_some());
}

#[test]
fn a_batch_of_lambda_is_one_call() {
    let lambda = r#"{ "queues": [{ "name": "jobs.fifo", "delay": "10m" }],
                      "event_source_mappings": [{ "function_name": "f", "queue": "jobs.fifo",
                                                  "maximum_concurrency": 50 }] }"#;
    let run = run(&sends(290, 580), lambda, AT_ONCE);
    is_sound(&run);
    let deletes = run.trace().iter().filter_map(|event| match event.what {
        What::Deleted { .. } => Some(event.at),
        _ => None,
    });
    let deletes: Vec<_> = deletes.collect();
    assert_eq!(deletes.len(), 580);
    let second = SimDuration::from_secs(1);
    let in_a_second = deletes.iter().filter(|at| at.since(deletes[0]) < second);
    assert!(in_a_second.count() > 400, "far more than 300 messages");
    assert_eq!(throttled(&run), [0; 3], "and fewer than 300 calls");
}
