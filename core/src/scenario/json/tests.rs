//! What is read, and what is said of what cannot be.

use crate::scenario::{ConsumerGroup, KeyChoice, OnFailure, Producer, Scenario};

fn faults(text: &str) -> String {
    super::read::<Scenario>(text).unwrap_err().to_string()
}

#[test]
fn a_producer_is_read_as_it_is_written() {
    let text = " {\"name\" : \"a\\n\\\"\\u00e9\\ud83d\\ude00\u{e9}\", \"rate\": \"4/s\",\r\n\
                \t\"count\": 7, \"start\":null,\"keys\":[ \"x\" , \"\" ],\"key_choice\":\"random\" } ";
    let read: Producer = super::read(&text.replace("\"start\":null,", "")).unwrap();
    let expected = Producer {
        name: "a\n\"\u{e9}\u{1f600}\u{e9}".to_owned(),
        rate: Some("4/s".parse().unwrap()),
        count: Some(7),
        keys: vec!["x".to_owned(), String::new()],
        key_choice: KeyChoice::Random,
        ..Producer::default()
    };
    assert_eq!(read, expected);
    let error = super::read::<Producer>(text).unwrap_err().to_string();
    assert_eq!(
        error,
        "start: null is not a duration as a text, as in \"30s\""
    );
}

#[test]
fn what_is_not_said_has_its_default() {
    let read: ConsumerGroup =
        super::read(r#"{"name":"a","topics":[],"on_failure":"skip","commit":null}"#).unwrap();
    let expected = ConsumerGroup {
        name: "a".to_owned(),
        on_failure: OnFailure::Skip,
        ..ConsumerGroup::default()
    };
    assert_eq!(read, expected);
}

#[test]
fn everything_that_does_not_belong_is_named_with_its_place() {
    let text = r#"{
        "version": -1, "titel": {"a": [1, "}", {}]}, "title": 7, "noun": [1], "seed": 1.5,
        "horizon": "soon", "horizon": "9s",
        "lanes": [ {"name": "a", "sqs": {"queues": {}}},
                   {"kafka": {"topics": [{"name": "t", "partitions": "3"}],
                              "groups": [{"name": "g", "topics": [], "enable_auto_commit": 1,
                                          "auto_offset_reset": "newest", "commit": true}]}} ]
    }"#;
    let expected = "\
version: -1 is not a whole number from 0 to 4294967295
titel: unknown field; known are version, horizon, workload, lanes, title, description, suggestions, noun, seed, network, commands
title: 7 is not a text
noun: a list is not a text
seed: 1.5 is not a whole number from 0 to 4294967295
horizon: \"soon\" is not a duration: write a whole number and a unit, as in \"250ms\", \"30s\", \"5m\", \"12h\" or \"4d\"
horizon: is given twice
lanes[0].sqs.queues: an object is not a list
lanes[1].kafka.topics[0].partitions: \"3\" is not a whole number from 0 to 4294967295
lanes[1].kafka.groups[0].enable_auto_commit: 1 is not true or false
lanes[1].kafka.groups[0].auto_offset_reset: \"newest\" is not one of latest, earliest, none, by_duration:PT1H (ISO 8601)
lanes[1].kafka.groups[0].commit: true is not one of after_record, after_poll, before_work, never
lanes[1]: missing field \"name\"
missing field \"workload\"";
    assert_eq!(faults(text), expected);
}

#[test]
fn what_is_no_json_is_named_with_its_line() {
    for (text, says) in [
        ("", "not an object"),
        (
            "{\n  \"title\" \"a\"}",
            "a colon is expected at line 2 column 11, not `\"`",
        ),
        (
            "{\"title\": \"a\"",
            "a comma or the end of the object is expected",
        ),
        ("{\"title\": \"a", "a closing quote is expected"),
        ("{\"title\": \"\\x\"}", "an escaped character"),
        ("{\"title\": \"\\ud800\"}", "a whole character"),
        (
            "{\"title\": \"a\"} x",
            "the end of the document is expected",
        ),
        (
            "{\"title\": \"a\",}",
            "a text in quotes is expected at line 1 column 15",
        ),
        ("{\"lanes\": [1,]}", "a value is expected"),
        ("{\"x\": [", "a value is expected"),
        ("{title: 1}", "a text in quotes"),
        ("{\"title\": ?}", "a value is expected"),
    ] {
        let said = faults(text);
        assert!(
            said.contains(says) || text.is_empty() && said.contains("a value"),
            "{text}: {said}"
        );
    }
}

/// However deep what is passed over may be, the stack does not grow.
#[test]
fn deep_nesting_is_passed_over() {
    let deep = format!("{{\"x\": {}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(faults(&deep).starts_with("x: unknown field"));
}
