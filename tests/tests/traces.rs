//! Golden traces: what happens in a few small experiments, event by event.
//!
//! `UPDATE_TRACES=1 cargo test -p broker-lab-tests --test traces` writes them anew; the diff says
//! what has changed in words.
#![cfg(not(target_arch = "wasm32"))]

use std::path::Path;

use broker_lab_core::{Run, Scenario};
use broker_lab_tests::golden;

#[track_caller]
fn happens(name: &str, document: &str) {
    let scenario = Scenario::from_json(document).expect("a sound document");
    let simulated = golden::text(&Run::complete(scenario));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces");
    let path = folder.join(name).with_extension("txt");
    if std::env::var_os("UPDATE_TRACES").is_some() {
        std::fs::write(&path, &simulated).expect("the golden trace can be written");
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = (1..).zip(recorded.lines().zip(simulated.lines()));
    if let Some((n, (recorded, simulated))) = lines.find(|(_, (old, new))| old != new) {
        panic!(
            "{name}.txt:{n} (UPDATE_TRACES=1 records)\nrecorded:  {recorded}\nsimulated: {simulated}"
        );
    }
    let lengths = (recorded.lines().count(), simulated.lines().count());
    assert_eq!(
        lengths.0, lengths.1,
        "lines of {name}.txt, recorded and simulated"
    );
}

#[test]
fn a_worker_crashes_and_the_order_comes_back() {
    happens(
        "a-worker-crashes-and-the-order-comes-back",
        r#"{ "version": 1, "title": "A worker crashes and the order comes back", "noun": "order",
             "seed": 1, "horizon": "12s",
             "workload": { "producers": [{ "name": "checkout", "rate": "2/s", "count": 3 }],
                           "work": { "takes": "2s" } },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "5s" }],
               "workers": [{ "name": "worker", "queue": "orders", "count": 2 }] } }],
             "commands": [{ "at": "1s", "crash": "worker-2" },
                          { "at": "10s", "restart": "worker-2" }] }"#,
    );
}

#[test]
fn a_consumer_crashes_and_its_partition_moves() {
    happens(
        "a-consumer-crashes-and-its-partition-moves",
        r#"{ "version": 1, "title": "A consumer crashes and its partition moves", "noun": "order",
             "seed": 1, "horizon": "14s",
             "workload": { "producers": [{ "name": "checkout", "rate": "2/s", "count": 4,
                                           "start": "3s", "keys": ["ada", "ben"] }],
                           "work": { "takes": "1500ms" } },
             "lanes": [{ "name": "log", "kafka": {
               "group_initial_rebalance_delay": "0s",
               "topics": [{ "name": "orders", "partitions": 2 }],
               "groups": [{ "name": "billing", "topics": ["orders"], "members": 2,
                 "session_timeout": "6s", "heartbeat_interval": "2s", "max_poll_records": 1,
                 "enable_auto_commit": false, "commit": "after_record",
                 "auto_offset_reset": "earliest" }] } }],
             "commands": [{ "at": "4s", "crash": "billing-2" }] }"#,
    );
}

#[test]
fn a_share_group_works_on_one_partition_and_gives_up_on_poison() {
    happens(
        "a-share-group-works-on-one-partition-and-gives-up-on-poison",
        r#"{ "version": 1, "title": "A share group works on one partition and gives up on poison",
             "noun": "job", "seed": 1, "horizon": "18s",
             "workload": { "producers": [{ "name": "shop", "rate": "4/s", "count": 5,
                                           "start": "6s", "keys": ["ada"] }],
                           "work": { "takes": "700ms" },
                           "failures": [{ "message": 2, "always": true }] },
             "lanes": [{ "name": "log", "kafka": { "topics": [{ "name": "jobs" }], "groups": [],
               "share_groups": [{ "name": "crew", "topics": ["jobs"], "members": 2,
                 "share_auto_offset_reset": "earliest", "share_delivery_count_limit": 2,
                 "share_acknowledgement_mode": "explicit", "on_failure": "release",
                 "max_poll_records": 1 }] } }],
             "commands": [{ "at": "6500ms", "crash": "crew-2" },
                          { "at": "9s", "restart": "crew-2" }] }"#,
    );
}

#[test]
fn a_lock_runs_out_under_slow_work() {
    happens(
        "a-lock-runs-out-under-slow-work",
        r#"{ "version": 1, "title": "A lock runs out under slow work", "noun": "job", "seed": 1,
             "horizon": "16s",
             "workload": { "producers": [{ "name": "shop", "rate": "1/s", "count": 1,
                                           "start": "6s", "keys": ["ada"] }],
                           "work": { "takes": "1s" } },
             "lanes": [{ "name": "log", "kafka": { "topics": [{ "name": "jobs" }], "groups": [],
               "share_groups": [{ "name": "crew", "topics": ["jobs"],
                 "consumers": [{ "name": "slow", "takes": "5s" }, { "name": "quick" }],
                 "share_auto_offset_reset": "earliest", "share_record_lock_duration": "3s",
                 "share_acknowledgement_mode": "explicit" }] } }] }"#,
    );
}

#[test]
fn a_visibility_timeout_too_short_processes_twice() {
    happens(
        "a-visibility-timeout-too-short-processes-twice",
        r#"{ "version": 1, "title": "A visibility timeout too short processes twice",
             "noun": "order", "seed": 1, "horizon": "10s",
             "workload": { "producers": [{ "name": "checkout", "rate": "1/s", "count": 1 }],
                           "work": { "takes": "3s" } },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "2s" }],
               "workers": [{ "name": "worker", "queue": "orders", "count": 2 }] } }] }"#,
    );
}

#[test]
fn poison_goes_to_the_dead_letter_queue() {
    happens(
        "poison-goes-to-the-dead-letter-queue",
        r#"{ "version": 1, "title": "Poison goes to the dead-letter queue", "noun": "order",
             "seed": 1, "horizon": "12s",
             "workload": { "producers": [{ "name": "checkout", "rate": "1/s", "count": 3 }],
                           "work": { "takes": "500ms" },
                           "failures": [{ "message": 2, "always": true }] },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "3s",
                   "redrive_policy": { "dead_letter_target": "orders-dlq", "max_receive_count": 2 } },
                 { "name": "orders-dlq" }],
               "workers": [{ "name": "worker", "queue": "orders" }] } }] }"#,
    );
}

#[test]
fn who_deletes_before_the_work_loses_by_a_crash() {
    happens(
        "who-deletes-before-the-work-loses-by-a-crash",
        r#"{ "version": 1, "title": "Who deletes before the work loses by a crash", "noun": "order",
             "seed": 1, "horizon": "12s",
             "workload": { "producers": [{ "name": "checkout", "rate": "2/s", "count": 2 }],
                           "work": { "takes": "2s" } },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "3s" }],
               "workers": [{ "name": "worker", "queue": "orders", "delete": "before_work" }] } }],
             "commands": [{ "at": "1s", "crash": "worker-1" },
                          { "at": "2s", "restart": "worker-1" }] }"#,
    );
}

#[test]
fn a_stuck_message_stops_only_its_group() {
    happens(
        "a-stuck-message-stops-only-its-group",
        r#"{ "version": 1, "title": "A stuck message stops only its group", "noun": "order",
             "seed": 1, "horizon": "12s",
             "workload": { "producers": [{ "name": "checkout", "rate": "10/s", "count": 4,
                                           "keys": ["ada", "ben"] }],
                           "work": { "takes": "500ms" },
                           "failures": [{ "message": 1, "times": 1 }] },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders.fifo", "visibility_timeout": "3s" }],
               "workers": [{ "name": "worker", "queue": "orders.fifo", "count": 2 }] } }],
             "commands": [{ "at": "9s", "resend": 4 }] }"#,
    );
}

#[test]
fn habits_of_workers_and_what_they_lead_to() {
    happens(
        "habits-of-workers-and-what-they-lead-to",
        r#"{ "version": 1, "title": "Habits of workers", "noun": "order",
             "seed": 1, "horizon": "20s",
             "workload": { "producers": [{ "name": "checkout", "rate": "4/s", "count": 3 }],
                           "work": { "takes": "3s" },
                           "failures": [{ "message": 2, "times": 2 }] },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "2s" }],
               "workers": [{ "name": "worker", "queue": "orders", "concurrency": 2,
                             "max_number_of_messages": 10, "idempotent": true,
                             "heartbeat": { "every": "1s", "extends_to": "2s" },
                             "back_off": { "base": "1s", "max": "15m" } }] } }],
             "commands": [{ "at": "5s", "resend": 1 }] }"#,
    );
}

#[test]
fn dead_letters_are_moved_back_and_a_queue_is_changed_and_purged() {
    happens(
        "dead-letters-are-moved-back-and-a-queue-is-changed-and-purged",
        r#"{ "version": 1, "title": "To the dead-letter queue and back", "noun": "order",
             "seed": 1, "horizon": "30s",
             "workload": { "producers": [{ "name": "checkout", "rate": "4/s", "count": 3 }],
                           "work": { "takes": "200ms" },
                           "failures": [{ "message": 2, "times": 2 },
                                        { "message": 3, "times": 2 }] },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "2s",
                   "redrive_policy": { "dead_letter_target": "orders-dlq", "max_receive_count": 2 } },
                 { "name": "orders-dlq" }],
               "workers": [{ "name": "worker", "queue": "orders" }] } }],
             "commands": [
               { "at": "8s", "start_message_move_task": { "source": "orders-dlq",
                                                          "max_number_of_messages_per_second": 1 } },
               { "at": "12s", "remove": "worker-1" },
               { "at": "13s", "set_queue_attributes": { "queue": "orders", "delay": "2s",
                                                        "redrive_policy": "" } },
               { "at": "14s", "send": "ada" },
               { "at": "20s", "purge": "orders" },
               { "at": "21s", "purge": "orders" },
               { "at": "22s", "cancel_message_move_task": "orders-dlq" }] }"#,
    );
}

#[test]
fn a_function_reports_what_failed_of_its_batch() {
    happens(
        "a-function-reports-what-failed-of-its-batch",
        r#"{ "version": 1, "title": "A function reports what failed of its batch", "noun": "order",
             "seed": 1, "horizon": "20s",
             "workload": { "producers": [{ "name": "checkout", "rate": "100/s", "count": 4 }],
                           "work": { "takes": "500ms" },
                           "failures": [{ "message": 2, "times": 1 }] },
             "lanes": [{ "name": "queue", "sqs": {
               "queues": [{ "name": "orders", "visibility_timeout": "6s" }],
               "event_source_mappings": [{ "function_name": "resize", "queue": "orders",
                   "maximum_batching_window": "1s", "maximum_concurrency": 2,
                   "report_batch_item_failures": true }] } }] }"#,
    );
}

#[test]
fn a_topic_gives_each_queue_a_copy_that_its_filter_policy_wants() {
    happens(
        "a-topic-gives-each-queue-a-copy-that-its-filter-policy-wants",
        r#"{ "version": 1, "title": "A topic gives each queue a copy that its filter policy wants",
             "noun": "order", "seed": 1, "horizon": "12s",
             "workload": { "producers": [{ "name": "checkout", "rate": "2/s", "count": 3,
                                           "keys": ["ada", "ben"] }],
                           "work": { "takes": "500ms" } },
             "lanes": [{ "name": "queue", "sqs": {
               "topics": [{ "name": "events", "subscriptions": [
                 { "queue": "billing", "raw_message_delivery": true },
                 { "queue": "audit", "filter_policy": "{\"key\": [{\"prefix\": \"b\"}]}" }] }],
               "queues": [{ "name": "billing" }, { "name": "audit" }], "send_to": "events",
               "workers": [{ "name": "biller", "queue": "billing" },
                           { "name": "auditor", "queue": "audit" }] } }],
             "commands": [{ "at": "5s", "resend": 2 }] }"#,
    );
}

#[test]
fn a_topic_tries_again_and_gives_up() {
    happens(
        "a-topic-tries-again-and-gives-up",
        r#"{ "version": 1, "title": "A topic tries again and gives up",
             "noun": "order", "seed": 1, "horizon": "20s",
             "workload": { "producers": [{ "name": "checkout", "rate": "1/s", "count": 3 }],
                           "work": { "takes": "500ms" } },
             "lanes": [{ "name": "queue", "sqs": {
               "topics": [{ "name": "events", "subscriptions": [
                 { "queue": "billing" },
                 { "queue": "audit",
                   "redrive_policy": { "dead_letter_target": "undelivered" } }] }],
               "queues": [{ "name": "billing" }, { "name": "audit" }, { "name": "undelivered" }],
               "send_to": "events",
               "workers": [{ "name": "biller", "queue": "billing" },
                           { "name": "auditor", "queue": "audit" }] } }],
             "commands": [{ "at": "500ms", "unreachable": { "queue": "billing", "lasts": "5s" } },
                          { "at": "500ms", "deny": "audit" },
                          { "at": "1500ms", "allow": "audit" },
                          { "at": "1800ms", "deny": "billing" }] }"#,
    );
}
