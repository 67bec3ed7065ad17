//! Checks the protocols of groups, and what commands do to consumers, groups and topics.

use super::words::{known, unique};
use crate::cast::{Cast, LaneCast, LaneKind};
use crate::kafka::defaults;
use crate::scenario::fault::Inspector;
use crate::scenario::{
    Command, ConsumerGroup, GroupProtocol, KafkaLane, PartitionsOf, ResetOffsets, Seek, Subscribe,
    limits,
};
use crate::time::SimDuration;

/// Checks what a command does in log lanes; how many such things it does.
pub(super) fn check_log_command(i: &mut Inspector, cast: &Cast, command: &Command) -> usize {
    let logs: Vec<&LaneCast> = cast
        .simulated()
        .filter(|lane| lane.kind == LaneKind::Kafka)
        .collect();
    // What concerns a consumer group does not go for members of share groups, yet.
    let consumers = logs.iter().flat_map(|lane| {
        let share = lane.first_share_group;
        lane.actors.iter().filter(move |actor| actor.team < share)
    });
    let consumers: Vec<&str> = consumers.map(|actor| actor.name.as_str()).collect();
    let mut given = 0;
    for (field, consumer) in [("freeze", &command.freeze), ("thaw", &command.thaw)] {
        let Some(consumer) = consumer else { continue };
        given += 1;
        known(i, field, consumer, &consumers);
    }
    if let Some(slow) = &command.slow_down {
        given += 1;
        i.at("slow_down", |i| {
            known(i, "consumer", &slow.consumer, &consumers);
            i.within("times", slow.times, limits::SLOWNESS);
        });
    }
    for (field, of) in [("pause", &command.pause), ("resume", &command.resume)] {
        let Some(of) = of else { continue };
        given += 1;
        i.at(field, |i| check_partitions_of(i, (&logs, &consumers), of));
    }
    if let Some(seek) = &command.seek {
        given += 1;
        i.at("seek", |i| check_seek(i, (&logs, &consumers), seek));
    }
    if let Some(subscribe) = &command.subscribe {
        given += 1;
        i.at("subscribe", |i| check_subscribe(i, &logs, subscribe));
    }
    if let Some(reset) = &command.reset_offsets {
        given += 1;
        i.at("reset_offsets", |i| check_reset(i, &logs, reset));
    }
    if let Some(create) = &command.create_partitions {
        given += 1;
        i.at("create_partitions", |i| {
            let topics = logs.iter().flat_map(|lane| &lane.places);
            known(i, "topic", &create.topic, &names(topics));
            i.within("partitions", create.partitions, limits::PARTITIONS);
        });
    }
    given
}

/// The settings of the brokers for the consumer protocol.
pub(super) fn check_consumer_protocol(i: &mut Inspector, lane: &KafkaLane) {
    let session = lane.group_consumer_session_timeout;
    let heartbeat = lane.group_consumer_heartbeat_interval;
    let hour = SimDuration::from_secs(3_600);
    let shortest = SimDuration::from_millis(100);
    i.within("group_consumer_session_timeout", session, shortest..=hour);
    let field = "group_consumer_heartbeat_interval";
    i.within(field, heartbeat, shortest..=hour);
    if heartbeat >= session {
        i.at(field, |i| {
            i.fault(format_args!(
                "{heartbeat} is not below the group_consumer_session_timeout of {session}"
            ));
        });
    }
    let field = "group_consumer_assignment_interval";
    let interval = lane.group_consumer_assignment_interval;
    let longest = SimDuration::from_secs(600);
    i.within(field, interval, SimDuration::ZERO..=longest);
}

/// A client takes only the settings of its own protocol.
/// `ConsumerConfig.checkUnsupportedConfigsPostProcess`.
pub(super) fn check_protocol(i: &mut Inspector, group: &ConsumerGroup) {
    let strategy = &group.partition_assignment_strategy;
    let heartbeat = group.heartbeat_interval;
    let (protocol, refused): (_, &[_]) = match group.group_protocol {
        GroupProtocol::Classic => {
            let assignor = group.group_remote_assignor;
            ("classic", &[("group_remote_assignor", assignor.is_some())])
        }
        GroupProtocol::Consumer => (
            "consumer",
            &[
                (
                    "session_timeout",
                    group.session_timeout != defaults::SESSION_TIMEOUT,
                ),
                (
                    "heartbeat_interval",
                    heartbeat != defaults::HEARTBEAT_INTERVAL,
                ),
                ("partition_assignment_strategy", !strategy.is_empty()),
            ],
        ),
    };
    for (field, _) in refused.iter().filter(|(_, given)| *given) {
        i.at(field, |i| {
            i.fault(format_args!(
                "cannot be set with \"group_protocol\": \"{protocol}\""
            ));
        });
    }
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    names.map(String::as_str).collect()
}

/// A topic, and a partition of it, of one of `lanes`.
fn check_place(
    i: &mut Inspector,
    lanes: &[&LaneCast],
    (topic, partition): (Option<&String>, Option<u32>),
) {
    let Some(topic) = topic else {
        if partition.is_some() {
            i.at("partition", |i| i.fault("needs a topic"));
        }
        return;
    };
    let topics = lanes.iter().flat_map(|lane| &lane.places);
    known(i, "topic", topic, &names(topics));
    let counts = lanes
        .iter()
        .flat_map(|lane| lane.places.iter().zip(&lane.partitions));
    let count = counts
        .filter(|(name, _)| *name == topic)
        .map(|(_, count)| *count)
        .max();
    if let (Some(partition), Some(count)) = (partition, count) {
        i.within(
            "partition",
            partition,
            0..=u32::from(count).saturating_sub(1),
        );
    }
}

fn check_partitions_of(
    i: &mut Inspector,
    (lanes, consumers): (&[&LaneCast], &[&str]),
    of: &PartitionsOf,
) {
    known(i, "consumer", &of.consumer, consumers);
    let its = lane_of(lanes, |lane| {
        lane.actors.iter().any(|actor| actor.name == of.consumer)
    });
    check_place(i, &its, (of.topic.as_ref(), of.partition));
}

fn check_seek(i: &mut Inspector, (lanes, consumers): (&[&LaneCast], &[&str]), seek: &Seek) {
    known(i, "consumer", &seek.consumer, consumers);
    let its = lane_of(lanes, |lane| {
        lane.actors.iter().any(|actor| actor.name == seek.consumer)
    });
    check_place(i, &its, (seek.topic.as_ref(), seek.partition));
    let given = [seek.to_beginning, seek.to_end, seek.to_offset.is_some()];
    if given.iter().filter(|given| **given).count() != 1 {
        i.fault("needs exactly one of to_beginning, to_end, to_offset");
    }
}

fn check_subscribe(i: &mut Inspector, lanes: &[&LaneCast], subscribe: &Subscribe) {
    let groups = lanes.iter().flat_map(|lane| &lane.teams);
    known(i, "group", &subscribe.group, &names(groups));
    let its = lane_of(lanes, |lane| lane.teams.contains(&subscribe.group));
    let topics = names(its.iter().flat_map(|lane| &lane.places));
    for topic in &subscribe.topics {
        known(i, "topics", topic, &topics);
    }
    unique(i, "topics", subscribe.topics.iter().map(String::as_str));
    if subscribe.topics.is_empty() {
        i.at("topics", |i| {
            i.fault("is empty: a group subscribes to at least one topic");
        });
    }
}

fn check_reset(i: &mut Inspector, lanes: &[&LaneCast], reset: &ResetOffsets) {
    let groups = lanes.iter().flat_map(|lane| &lane.teams);
    known(i, "group", &reset.group, &names(groups));
    let its = lane_of(lanes, |lane| lane.teams.contains(&reset.group));
    check_place(i, &its, (reset.topic.as_ref(), reset.partition));
    let given = [
        reset.to_earliest,
        reset.to_latest,
        reset.to_offset.is_some(),
        reset.shift_by.is_some(),
        reset.by_duration.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        i.fault("needs exactly one of to_earliest, to_latest, to_offset, shift_by, by_duration");
    }
    if let Some(length) = reset.by_duration {
        let longest = *limits::HORIZON.end();
        i.within("by_duration", length, SimDuration::ZERO..=longest);
    }
}

fn lane_of<'a>(lanes: &[&'a LaneCast], is_it: impl Fn(&LaneCast) -> bool) -> Vec<&'a LaneCast> {
    lanes.iter().copied().filter(|lane| is_it(lane)).collect()
}
