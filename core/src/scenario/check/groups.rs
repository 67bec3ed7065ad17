//! Checks the protocols of groups, and what commands do to consumers.

use super::words::known;
use crate::cast::{Cast, LaneKind};
use crate::kafka::defaults;
use crate::scenario::fault::Inspector;
use crate::scenario::{Command, ConsumerGroup, GroupProtocol, KafkaLane, limits};
use crate::time::SimDuration;

/// Checks what a command does to consumers; how many such things it does.
pub(super) fn check_consumer_command(i: &mut Inspector, cast: &Cast, command: &Command) -> usize {
    let logs = cast
        .lanes
        .iter()
        .filter(|lane| lane.kind == LaneKind::Kafka);
    // Members of share groups cannot be stopped for a while or slowed down, yet.
    let actors = logs.flat_map(|lane| {
        let share = lane.first_share_group;
        lane.actors.iter().filter(move |actor| actor.team < share)
    });
    let names: Vec<&str> = actors.map(|actor| actor.name.as_str()).collect();
    let mut given = 0;
    for (field, consumer) in [("freeze", &command.freeze), ("thaw", &command.thaw)] {
        let Some(consumer) = consumer else { continue };
        given += 1;
        known(i, field, consumer, &names);
    }
    if let Some(slow) = &command.slow_down {
        given += 1;
        i.at("slow_down", |i| {
            known(i, "consumer", &slow.consumer, &names);
            i.within("times", slow.times, limits::SLOWNESS);
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
