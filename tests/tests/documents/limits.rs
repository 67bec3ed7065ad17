//! No document is too large to be refused, and none that is accepted runs forever.

use broker_lab_core::scenario::limits;
use broker_lab_core::{Run, Scenario, Stop};

use crate::sound::{faults, refused, with};

#[test]
fn every_limit_is_told_with_what_is_allowed() {
    let many = |n: usize, entry: &str| vec![entry; n].join(",");
    refused(
        &with("\"rate\":\"2/s\",\"count\":12", "\"rate\":\"100000/s\""),
        &["workload.producers: 3900001 messages until the horizon, allowed are 1000000"],
    );
    refused(
        &with("\"partitions\":3", "\"partitions\":1001"),
        &[
            "lanes[1].kafka.topics[0].partitions: 1001 is not in 1..=1000",
            "lanes[1].kafka.topics: 1001 partitions in all, allowed are 1000",
        ],
    );
    let crashes = many(1_001, r#"{"at":"4s","crash":"worker-3"}"#);
    refused(
        &with("\"commands\":[", &format!("\"commands\":[{crashes},")),
        &["commands: has 1003 entries, allowed are 0..=1000"],
    );
    let adds = many(998, r#"{"at":"4s","add":"worker"}"#);
    refused(
        &with("\"commands\":[", &format!("\"commands\":[{adds},")),
        &["lanes[0]: 1001 workers or consumers, allowed are 1000"],
    );
    refused(
        &with("\"count\":3", "\"count\":1001"),
        &[
            "lanes[0].sqs.workers: 1001 in all, allowed are 1000",
            "lanes[0].sqs.workers[0].count: 1001 is not in 0..=1000",
        ],
    );
    let title = "x".repeat(limits::TITLE_CHARS + 1);
    refused(
        &with("\"title\":\"Sound\"", &format!("\"title\":\"{title}\"")),
        &["title: longer than 120 characters"],
    );
    let spaces = " ".repeat(limits::DOCUMENT_BYTES);
    refused(
        &format!("{{{spaces}}}"),
        &["1048578 bytes is over the limit of 1048576"],
    );
}

/// Numbers that would overflow, and lists that would grow beyond any memory, are refused before
/// anything is made of them.
#[test]
fn no_document_is_too_large_to_be_refused() {
    let endless = with(
        "\"horizon\":\"40s\"",
        "\"horizon\":\"18446744073709551615us\"",
    )
    .replacen(
        "\"rate\":\"2/s\",\"count\":12",
        "\"rate\":\"100000/1us\"",
        1,
    )
    .replacen("\"start\":\"1s\"", "\"start\":\"0s\"", 1);
    let told = faults(&endless);
    assert!(
        told.iter()
            .any(|fault| fault.contains("messages until the horizon")),
        "{told:?}"
    );

    let producer = r#"{"name":"p","rate":"100000/1us","keys":["a"]},"#.repeat(16);
    let sixteen = with("\"producers\":[", &format!("\"producers\":[{producer}")).replacen(
        "\"horizon\":\"40s\"",
        "\"horizon\":\"200000d\"",
        1,
    );
    assert!(
        faults(&sixteen)
            .iter()
            .any(|fault| fault.contains("messages until the horizon"))
    );

    let crowd: String = (0..10_000)
        .map(|n| format!(r#"{{"name":"w{n}","count":1000,"queue":"orders"}},"#))
        .collect();
    refused(
        &with("\"workers\":[", &format!("\"workers\":[{crowd}")),
        &[
            "lanes[0].sqs.workers: has 10001 entries, allowed are 0..=100",
            "lanes[0].sqs.workers: 10000003 in all, allowed are 1000",
        ],
    );
}

/// Neither work nor network nor poll takes any time: time never goes on.
#[test]
fn a_document_that_would_run_forever_stops_at_the_limit() {
    let document = with(
        "\"takes\":\"1800ms\",\"varies\":\"40%\"",
        "\"takes\":\"0s\"",
    )
    .replacen(
        "\"horizon\":\"40s\"",
        "\"horizon\":\"40s\",\"network\":{\"latency\":\"0s\"}",
        1,
    )
    .replacen("\"count\":3,", "\"count\":3,\"wait_time\":\"0s\",", 1);
    let scenario = Scenario::from_json(&document).unwrap();
    assert_eq!(Run::complete(scenario).stop(), Some(Stop::Limit));
}

/// As much as the check lets through: it ends, whatever ends it.
#[test]
fn the_largest_documents_end() {
    let busy = with("\"rate\":\"2/s\",\"count\":12", "\"rate\":\"25000/s\"")
        .replacen("\"takes\":\"1800ms\"", "\"takes\":\"1ms\"", 1)
        .replacen("\"count\":3", "\"count\":900", 1)
        .replacen("\"partitions\":3", "\"partitions\":1000", 1)
        .replacen("\"members\":2", "\"members\":600", 1);
    let long = with("\"horizon\":\"40s\"", "\"horizon\":\"7d\"").replacen(
        "\"rate\":\"2/s\",\"count\":12",
        "\"rate\":\"99/m\"",
        1,
    );
    for document in [busy, long] {
        let scenario = Scenario::from_json(&document).unwrap();
        assert!(Run::complete(scenario).stop().is_some());
    }
}

/// A snapshot of a hundred thousand reading positions is taken when as many events have happened.
#[test]
fn a_large_world_has_few_snapshots() {
    let many =
        |n: usize, entry: &dyn Fn(usize) -> String| (0..n).map(entry).collect::<Vec<_>>().join(",");
    let groups = many(100, &|n| {
        format!(r#"{{"name":"g{n}","topics":["orders"],"auto_offset_reset":"earliest"}}"#)
    });
    let keys = many(1_000, &|n| format!("\"k{n}\""));
    let document = format!(
        r#"{{"version":1,"title":"Large","seed":1,"horizon":"4s",
             "workload":{{"producers":[{{"name":"p","rate":"1000/s","keys":[{keys}]}}],
                          "work":{{"takes":"1ms"}}}},
             "lanes":[{{"name":"log","kafka":{{
                 "group_initial_rebalance_delay":"0s",
                 "topics":[{{"name":"orders","partitions":1000}}],"groups":[{groups}]}}}}]}}"#
    );
    let run = Run::complete(Scenario::from_json(&document).unwrap());
    let (events, snapshots) = (run.trace().len(), run.history().snapshot_count());
    assert!(events > 300_000, "{events}");
    assert!(
        snapshots <= 1 + events / 100_000,
        "{snapshots} snapshots of {events} events"
    );
}
