//! What is said of share groups that cannot be.

use crate::sound::{faults, refused, with};

/// The sound document with a share group that has `settings`.
fn group(settings: &str) -> String {
    let group = format!(r#""share_groups":[{{"name":"crew","topics":["orders"],{settings}}}],"#);
    with("\"groups\":[", &format!("{group}\"groups\":["))
}

#[test]
fn a_share_group_with_kafkas_settings_is_sound() {
    let settings = r#""members":3,"share_session_timeout":"6s","share_heartbeat_interval":"500ms",
        "share_record_lock_duration":"3s","share_delivery_count_limit":3,
        "share_partition_max_record_locks":100,"share_auto_offset_reset":"earliest",
        "max_poll_records":1,"share_acknowledgement_mode":"explicit",
        "share_acquire_mode":"record_limit","commit":"after_record","on_failure":"release",
        "renew":{"every":"1s"},
        "outcomes":[{"message":2,"acknowledge":"none","hold":"6s"}]"#;
    assert_eq!(faults(&group(settings)), Vec::<String>::new());
}

#[test]
fn share_groups_are_held_to_what_kafka_takes() {
    refused(
        &group(
            r#""members":201,"share_record_lock_duration":"500ms","share_delivery_count_limit":1,"share_partition_max_record_locks":99,"share_session_timeout":"3s""#,
        ),
        &[
            "lanes[1].kafka.share_groups[0].members: 201 is not in 0..=200",
            "lanes[1].kafka.share_groups[0].share_heartbeat_interval: 5s is not below the share_session_timeout of 3s",
            "lanes[1].kafka.share_groups[0].share_record_lock_duration: 500ms is not in 1s..=1h",
            "lanes[1].kafka.share_groups[0].share_delivery_count_limit: 1 is not in 2..=10",
            "lanes[1].kafka.share_groups[0].share_partition_max_record_locks: 99 is not in 100..=10000",
        ],
    );
    refused(
        &group(r#""topics":["order"]"#).replacen(
            "\"topics\":[\"orders\"],\"topics\"",
            "\"topics\"",
            1,
        ),
        &["lanes[1].kafka.share_groups[0].topics: \"order\" is not one of orders"],
    );
}

/// In implicit mode `acknowledge()` is refused.
#[test]
fn what_is_said_of_single_records_needs_explicit_mode() {
    refused(
        &group(
            r#""commit":"after_record","on_failure":"reject","renew":{"every":"1s"},"outcomes":[{"message":1,"acknowledge":"reject"}]"#,
        ),
        &[
            "lanes[1].kafka.share_groups[0].commit: needs \"share_acknowledgement_mode\": \"explicit\"",
            "lanes[1].kafka.share_groups[0].on_failure: needs \"share_acknowledgement_mode\": \"explicit\"",
            "lanes[1].kafka.share_groups[0].renew: needs \"share_acknowledgement_mode\": \"explicit\"",
            "lanes[1].kafka.share_groups[0].outcomes: needs \"share_acknowledgement_mode\": \"explicit\"",
        ],
    );
}

#[test]
fn outcomes_and_consumers_have_to_fit() {
    refused(
        &group(
            r#""members":2,"share_acknowledgement_mode":"explicit","consumers":[{"name":"slow"}],"outcomes":[{"message":1,"acknowledge":"none"},{"message":2,"consumer":"quick","acknowledge":"accept","hold":"1s"}]"#,
        ),
        &[
            "lanes[1].kafka.share_groups[0].outcomes[0].hold: is missing: with \"acknowledge\": \"none\" say for how long",
            "lanes[1].kafka.share_groups[0].outcomes[1].consumer: \"quick\" is not one of slow",
            "lanes[1].kafka.share_groups[0].outcomes[1].hold: needs \"acknowledge\": \"none\"",
            "lanes[1].kafka.share_groups[0].members: has no place beside consumers",
        ],
    );
}

#[test]
fn names_are_unique_over_all_kinds_of_groups() {
    let document = group(r#""members":1"#).replacen("\"crew\"", "\"billing\"", 1);
    refused(
        &document,
        &["lanes (workers and groups of all lanes): the name \"billing\" stands twice"],
    );
}
