//! A sound document, to be spoilt in one place.

use broker_lab_core::Scenario;

/// The document with `part` replaced.
pub(crate) fn with(part: &str, replacement: &str) -> String {
    let sound: String = SOUND.split_whitespace().collect();
    assert!(Scenario::from_json(&sound).is_ok());
    assert!(sound.contains(part), "{part} is not in {sound}");
    sound.replacen(part, replacement, 1)
}

/// All that is wrong with a document, each with its place.
pub(crate) fn faults(document: &str) -> Vec<String> {
    match Scenario::from_json(document) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.iter().map(ToString::to_string).collect(),
    }
}

#[track_caller]
pub(crate) fn refused(document: &str, expected: &[&str]) {
    assert_eq!(faults(document), expected, "{document}");
}

const SOUND: &str = r#"{
    "version": 1, "title": "Sound", "seed": 42, "horizon": "40s",
    "workload": {
        "producers": [{ "name": "checkout", "rate": "2/s", "count": 12, "start": "1s",
                        "keys": ["ada", "ben", "ned", "oli"] }],
        "work": { "takes": "1800ms", "varies": "40%" } },
    "lanes": [
        { "name": "queue", "sqs": {
            "queues": [
                { "name": "orders", "visibility_timeout": "10s",
                  "redrive_policy": { "dead_letter_target": "orders-dlq", "max_receive_count": 3 } },
                { "name": "orders-dlq" }],
            "workers": [{ "name": "worker", "count": 3, "queue": "orders" }] } },
        { "name": "log", "kafka": {
            "brokers": 3,
            "topics": [{ "name": "orders", "partitions": 3, "replication_factor": 3 }],
            "groups": [
                { "name": "billing", "topics": ["orders"], "members": 2,
                  "session_timeout": "6s", "heartbeat_interval": "2s" },
                { "name": "analytics", "topics": ["orders"], "members": 1 }] } }],
    "commands": [{ "at": "4s", "crash": "worker-3" }, { "at": "6500ms", "crash": "billing-2" }] }"#;
