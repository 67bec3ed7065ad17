//! Checks share groups.

use super::lanes::subscription;
use super::words::{known, name};
use crate::kafka::defaults;
use crate::scenario::fault::Inspector;
use crate::scenario::{
    AutoOffsetReset, OnShareFailure, ShareAcknowledge, ShareAcknowledgementMode, ShareCommit,
    ShareGroup, limits,
};
use crate::time::SimDuration;

const MILLISECOND: SimDuration = SimDuration::from_millis(1);
const HOUR: SimDuration = SimDuration::from_secs(3_600);

pub(super) fn check_share_group(i: &mut Inspector, group: &ShareGroup, topics: &[&str]) {
    name(i, "name", &group.name);
    i.within("members", group.members, 0..=defaults::SHARE_MAX_SIZE);
    subscription(i, &group.topics, topics);
    let session = group.share_session_timeout;
    let second = SimDuration::from_secs(1);
    i.within("share_session_timeout", session, second..=HOUR);
    let heartbeat = group.share_heartbeat_interval;
    let shortest = SimDuration::from_millis(100);
    i.within("share_heartbeat_interval", heartbeat, shortest..=HOUR);
    if heartbeat >= session {
        i.at("share_heartbeat_interval", |i| {
            i.fault(format_args!(
                "{heartbeat} is not below the share_session_timeout of {session}"
            ));
        });
    }
    if group.share_auto_offset_reset == AutoOffsetReset::None {
        i.at("share_auto_offset_reset", |i| {
            i.fault("none is not one of latest, earliest, by_duration");
        });
    }
    i.within(
        "share_record_lock_duration",
        group.share_record_lock_duration,
        defaults::SHARE_RECORD_LOCK_DURATION_RANGE,
    );
    i.within(
        "share_delivery_count_limit",
        group.share_delivery_count_limit,
        defaults::SHARE_DELIVERY_COUNT_LIMIT_RANGE,
    );
    i.within(
        "share_partition_max_record_locks",
        group.share_partition_max_record_locks,
        defaults::SHARE_PARTITION_MAX_RECORD_LOCKS_RANGE,
    );
    i.within("max_poll_records", group.max_poll_records, 1..=1_000_000);
    i.within("retry_backoff", group.retry_backoff, MILLISECOND..=HOUR);
    if let Some(renew) = &group.renew {
        i.at("renew", |i| i.within("every", renew.every, shortest..=HOUR));
    }
    if group.share_acknowledgement_mode == ShareAcknowledgementMode::Implicit {
        explicit_only(i, group);
    }
    check_members(i, group);
}

/// In implicit mode `acknowledge()` throws IllegalStateException. `KafkaShareConsumer`.
fn explicit_only(i: &mut Inspector, group: &ShareGroup) {
    let given = [
        ("commit", group.commit == ShareCommit::AfterRecord),
        (
            "on_failure",
            matches!(
                group.on_failure,
                OnShareFailure::Release | OnShareFailure::Reject
            ),
        ),
        ("renew", group.renew.is_some()),
        ("outcomes", !group.outcomes.is_empty()),
    ];
    for (field, given) in given {
        if given {
            i.at(field, |i| {
                i.fault("needs \"share_acknowledgement_mode\": \"explicit\"");
            });
        }
    }
}

/// What is said of certain messages and of certain members.
fn check_members(i: &mut Inspector, group: &ShareGroup) {
    i.each("outcomes", &group.outcomes, |i, outcome| {
        let names: Vec<&str> = group.consumers.iter().map(|c| c.name.as_str()).collect();
        if let Some(consumer) = &outcome.consumer {
            known(i, "consumer", consumer, &names);
        }
        let holds = outcome.acknowledge == ShareAcknowledge::None;
        match outcome.hold {
            Some(hold) if holds => i.within("hold", hold, limits::WORK),
            Some(_) => i.at("hold", |i| i.fault("needs \"acknowledge\": \"none\"")),
            None if holds => i.at("hold", |i| {
                i.fault("is missing: with \"acknowledge\": \"none\" say for how long");
            }),
            None => {}
        }
    });
    if !group.consumers.is_empty() && group.members != ShareGroup::default().members {
        i.at("members", |i| i.fault("has no place beside consumers"));
    }
    i.each("consumers", &group.consumers, |i, consumer| {
        name(i, "name", &consumer.name);
        let latest = *limits::HORIZON.end();
        i.within("start", consumer.start, SimDuration::ZERO..=latest);
        if let Some(most) = consumer.max_poll_records {
            i.within("max_poll_records", most, 1..=1_000_000);
        }
        if let Some(takes) = consumer.takes {
            i.within("takes", takes, limits::WORK);
        }
    });
}
