//! What is wrong is told with its place and what is allowed.

use crate::sound::{faults, refused, with};

#[test]
fn an_unknown_field_is_named_with_its_place_and_those_that_are_known() {
    refused(
        &with("\"rate\":", "\"rates\":"),
        &[
            "workload.producers[0].rates: unknown field; known are name, rate, count, start, keys, key_choice, sends",
        ],
    );
}

#[test]
fn an_unknown_name_is_told_with_those_there_are() {
    refused(
        &with(
            "\"dead_letter_target\":\"orders-dlq\"",
            "\"dead_letter_target\":\"dlq\"",
        ),
        &[
            "lanes[0].sqs.queues[0].redrive_policy.dead_letter_target: \"dlq\" is not one of orders, orders-dlq",
        ],
    );
    refused(
        &with("\"queue\":\"orders\"", "\"queue\":\"order\""),
        &["lanes[0].sqs.workers[0].queue: \"order\" is not one of orders, orders-dlq"],
    );
    refused(
        &with("\"topics\":[\"orders\"]", "\"topics\":[\"order\"]"),
        &["lanes[1].kafka.groups[0].topics: \"order\" is not one of orders"],
    );
    refused(
        &with("\"crash\":\"worker-3\"", "\"crash\":\"worker-4\""),
        &[
            "commands[0].crash: \"worker-4\" is not one of worker-1, worker-2, worker-3, billing-1, billing-2, analytics-1",
        ],
    );
    refused(
        &with("\"crash\":\"worker-3\"", "\"add\":\"workers\""),
        &["commands[0].add: \"workers\" is not one of worker, billing, analytics"],
    );
}

#[test]
fn what_is_out_of_range_is_told_with_the_range() {
    refused(
        &with("\"partitions\":3", "\"partitions\":0"),
        &["lanes[1].kafka.topics[0].partitions: 0 is not in 1..=1000"],
    );
    refused(
        &with(
            "\"visibility_timeout\":\"10s\"",
            "\"visibility_timeout\":\"13h\"",
        ),
        &["lanes[0].sqs.queues[0].visibility_timeout: 13h is not in 0s..=12h"],
    );
    refused(
        &with("\"replication_factor\":3", "\"replication_factor\":4"),
        &["lanes[1].kafka.topics[0].replication_factor: 4 is not in 1..=3"],
    );
    refused(
        &with("\"horizon\":\"40s\"", "\"horizon\":\"8d\""),
        &["horizon: 8d is not in 1s..=7d"],
    );
    refused(
        &with("\"at\":\"4s\"", "\"at\":\"41s\""),
        &["commands[0].at: 41s is not in 0s..=40s"],
    );
    refused(
        &with("\"version\":1", "\"version\":2"),
        &["version: 2 is not in 1..=1"],
    );
}

#[test]
fn a_wrong_type_is_told_with_the_right_one() {
    refused(
        &with("\"seed\":42", "\"seed\":\"42\""),
        &["seed: \"42\" is not a whole number from 0 to 4294967295"],
    );
    refused(
        &with("\"count\":12", "\"count\":-1"),
        &["workload.producers[0].count: -1 is not a whole number from 0 to 4294967295"],
    );
    refused(
        &with("\"takes\":\"1800ms\"", "\"takes\":1800"),
        &["workload.work.takes: 1800 is not a duration as a text, as in \"30s\""],
    );
    refused(
        &with("\"rate\":\"2/s\"", "\"rate\":\"2\""),
        &[
            "workload.producers[0].rate: \"2\" is not a rate: write a whole number from 1 to 100000, a slash and a time, as in \"4/s\", \"90/m\" or \"1/250ms\"",
        ],
    );
    refused(
        &with("\"lanes\":[", "\"lanes\":7,\"noun\":["),
        &["lanes: 7 is not a list", "noun: a list is not a text"],
    );
}

#[test]
fn what_contradicts_itself_is_told() {
    refused(
        &with(
            "\"heartbeat_interval\":\"2s\"",
            "\"heartbeat_interval\":\"6s\"",
        ),
        &["lanes[1].kafka.groups[0].heartbeat_interval: 6s is not below the session_timeout of 6s"],
    );
    refused(
        &with(
            "\"crash\":\"worker-3\"",
            "\"crash\":\"worker-3\",\"poison\":4",
        ),
        &["commands[0]: has 2 commands, exactly one beside \"at\" is allowed"],
    );
    refused(
        &with("\"name\":\"analytics\"", "\"name\":\"worker\""),
        &["lanes (workers and groups of all lanes): the name \"worker\" stands twice"],
    );
    let needs_two = |acks: &str| {
        let producer = format!(
            "\"brokers\":3,\"producers\":[{{\"acks\":\"{acks}\",\"enable_idempotence\":true}}]"
        );
        with("\"brokers\":3", &producer)
    };
    refused(
        &needs_two("1"),
        &[
            "lanes[1].kafka.producers[0].enable_idempotence: does not go with this: acks is not \"all\"",
        ],
    );
    assert_eq!(faults(&needs_two("all")), [""; 0]);
}

#[test]
fn what_is_no_json_is_told_with_its_line() {
    let cut = with("\"horizon\":\"40s\"", "\"horizon\":");
    assert_eq!(faults(&cut).len(), 1);
    assert!(
        faults(&cut)[0].contains("at line 1 column"),
        "{:?}",
        faults(&cut)
    );
    for text in ["", "{", "null", "[]", "7", "\u{feff}{}", "{}{}", "\"{}\""] {
        assert!(!faults(text).is_empty(), "{text}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_document() {
    let document = with("\"partitions\":3", "\"partitions\":0")
        .replacen("\"horizon\":\"40s\"", "\"horizon\":\"0s\"", 1)
        .replacen("\"max_receive_count\":3", "\"max_receive_count\":0", 1)
        .replacen("\"queue\":\"orders\"", "\"queue\":\"nowhere\"", 1);
    refused(
        &document,
        &[
            "horizon: 0s is not in 1s..=7d",
            "lanes[0].sqs.queues[0].redrive_policy.max_receive_count: 0 is not in 1..=1000",
            "lanes[0].sqs.workers[0].queue: \"nowhere\" is not one of orders, orders-dlq",
            "lanes[1].kafka.topics[0].partitions: 0 is not in 1..=1000",
        ],
    );
}
