//! Checks lanes: queues and workers, topics and groups.

use super::brokers::{check_cluster, check_replicas};
use super::groups::{check_consumer_protocol, check_protocol};
use super::queues::check_sqs;
use super::share::check_share_group;
use super::words::{count, known, name, name_fault, unique};
use crate::kafka::defaults;
use crate::scenario::fault::Inspector;
use crate::scenario::{CommitCall, CommitWhen, ConsumerGroup, KafkaLane, Lane, limits};
use crate::time::SimDuration;

pub(super) fn check_lane(i: &mut Inspector, lane: &Lane) {
    name(i, "name", &lane.name);
    match (&lane.sqs, &lane.kafka) {
        (Some(sqs), None) => i.at("sqs", |i| check_sqs(i, sqs)),
        (None, Some(kafka)) => i.at("kafka", |i| check_kafka(i, kafka)),
        (None, None) => i.fault("names no system: give sqs or kafka"),
        (Some(_), Some(_)) => i.fault("names two systems: give either sqs or kafka"),
    }
    if lane.recorded.is_some() && lane.kafka.is_none() {
        i.at("recorded", |i| {
            i.fault("needs kafka: what was recorded is a log");
        });
    }
}

fn check_kafka(i: &mut Inspector, lane: &KafkaLane) {
    check_cluster(i, lane);
    let delay = lane.group_initial_rebalance_delay;
    i.within(
        "group_initial_rebalance_delay",
        delay,
        SimDuration::ZERO..=SimDuration::from_secs(600),
    );
    i.within(
        "group_min_session_timeout",
        lane.group_min_session_timeout,
        SimDuration::from_millis(1)..=defaults::GROUP_MAX_SESSION_TIMEOUT,
    );
    i.within(
        "metadata_max_age",
        lane.metadata_max_age,
        SimDuration::from_millis(100)..=SimDuration::from_secs(86_400),
    );
    check_consumer_protocol(i, lane);
    let names: Vec<&str> = lane.topics.iter().map(|t| t.name.as_str()).collect();
    count(i, "topics", names.len(), limits::TOPICS);
    unique(i, "topics", names.iter().copied());
    if let Some(target) = &lane.send_to {
        known(i, "send_to", target, &names);
    }
    i.each("topics", &lane.topics, |i, topic| {
        name(i, "name", &topic.name);
        i.within("partitions", topic.partitions, limits::PARTITIONS);
        check_replicas(i, lane, topic);
    });
    let partitions: u64 = lane.topics.iter().map(|t| u64::from(t.partitions)).sum();
    if partitions > u64::from(*limits::PARTITIONS.end()) {
        i.at("topics", |i| {
            i.fault(format_args!(
                "{partitions} partitions in all, allowed are {}",
                limits::PARTITIONS.end()
            ));
        });
    }
    count(i, "groups", lane.groups.len(), limits::GROUPS);
    at_most_all_actors(i, "groups", lane.team_sizes());
    i.each("groups", &lane.groups, |i, group| {
        check_group(i, (lane, group), &names);
    });
    count(i, "share_groups", lane.share_groups.len(), limits::GROUPS);
    i.each("share_groups", &lane.share_groups, |i, group| {
        check_share_group(i, group, &names);
    });
}

/// Those whom commands add are counted later, with their names.
pub(super) fn at_most_all_actors(i: &mut Inspector, field: &str, sizes: impl Iterator<Item = u32>) {
    let all: u64 = sizes.map(u64::from).sum();
    if usize::try_from(all).is_ok_and(|all| all > limits::ACTORS) {
        i.at(field, |i| {
            i.fault(format_args!("{all} in all, allowed are {}", limits::ACTORS));
        });
    }
}

fn check_group(i: &mut Inspector, (lane, group): (&KafkaLane, &ConsumerGroup), topics: &[&str]) {
    name(i, "name", &group.name);
    i.within("members", group.members, 0..=1_000);
    check_consumers(i, group);
    subscription(i, &group.topics, topics);
    let range = lane.group_min_session_timeout..=defaults::GROUP_MAX_SESSION_TIMEOUT;
    i.within("session_timeout", group.session_timeout, range);
    let hour = SimDuration::from_secs(3_600);
    let millisecond = SimDuration::from_millis(1);
    i.within(
        "heartbeat_interval",
        group.heartbeat_interval,
        SimDuration::from_millis(100)..=hour,
    );
    if group.heartbeat_interval >= group.session_timeout {
        i.at("heartbeat_interval", |i| {
            i.fault(format_args!(
                "{} is not below the session_timeout of {}",
                group.heartbeat_interval, group.session_timeout
            ));
        });
    }
    i.within(
        "max_poll_interval",
        group.max_poll_interval,
        millisecond..=hour.times(24),
    );
    i.within("max_poll_records", group.max_poll_records, 1..=1_000_000);
    i.within(
        "auto_commit_interval",
        group.auto_commit_interval,
        millisecond..=hour,
    );
    i.within("retry_backoff", group.retry_backoff, millisecond..=hour);
    check_protocol(i, group);
    check_membership(i, group);
    check_commits(i, group);
}

fn check_membership(i: &mut Inspector, group: &ConsumerGroup) {
    let strategy = "partition_assignment_strategy";
    let assignors = group.partition_assignment_strategy.iter();
    unique(i, strategy, assignors.map(|assignor| assignor.name()));
    let ids = &group.group_instance_ids;
    count(i, "group_instance_ids", ids.len(), 0..=limits::ACTORS);
    i.each("group_instance_ids", ids, |i, id| {
        if let Some(what) = name_fault(id) {
            i.fault(what);
        }
    });
}

fn check_commits(i: &mut Inspector, group: &ConsumerGroup) {
    if group.enable_auto_commit {
        let by_itself = [
            ("commit", group.commit.is_some()),
            ("commit_call", group.commit_call == CommitCall::Async),
            ("commit_on_revoke", group.commit_on_revoke),
        ];
        for (field, given) in by_itself {
            if given {
                i.at(field, |i| i.fault("needs \"enable_auto_commit\": false"));
            }
        }
    } else if group.commit_on_revoke && group.commit == Some(CommitWhen::BeforeWork) {
        i.at("commit_on_revoke", |i| {
            i.fault("does not go with \"before_work\", which has committed already");
        });
    } else if group.commit.is_none() {
        i.at("commit", |i| {
            i.fault("is missing: with \"enable_auto_commit\": false give \"after_record\", \"after_poll\", \"before_work\" or \"never\"");
        });
    }
}

/// Consumers that are named one by one.
fn check_consumers(i: &mut Inspector, group: &ConsumerGroup) {
    if !group.consumers.is_empty() && group.members != ConsumerGroup::default().members {
        i.at("members", |i| i.fault("has no place beside consumers"));
    }
    i.each("consumers", &group.consumers, |i, consumer| {
        name(i, "name", &consumer.name);
        i.within(
            "start",
            consumer.start,
            SimDuration::ZERO..=*limits::HORIZON.end(),
        );
        if let Some(takes) = consumer.takes {
            i.within("takes", takes, limits::WORK);
        }
    });
}

pub(super) fn subscription(i: &mut Inspector, written: &[String], topics: &[&str]) {
    if written.is_empty() {
        i.at("topics", |i| {
            i.fault("is empty: a group subscribes to at least one topic");
        });
    }
    for topic in written {
        known(i, "topics", topic, topics);
    }
    unique(i, "topics", written.iter().map(String::as_str));
}

/// What can be told apart by name on the stage and in commands: worker sets and groups.
pub(super) fn team_names(lane: &Lane) -> impl Iterator<Item = &str> {
    let workers = lane
        .sqs
        .iter()
        .flat_map(|sqs| &sqs.workers)
        .map(|w| w.name.as_str());
    let groups = lane.kafka.iter().flat_map(KafkaLane::team_names);
    let functions = lane
        .sqs
        .iter()
        .flat_map(|sqs| &sqs.event_source_mappings)
        .map(|mapping| mapping.function_name.as_str());
    workers.chain(groups).chain(functions)
}
