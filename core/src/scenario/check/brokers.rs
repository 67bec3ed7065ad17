//! Checks brokers, replicas, producers of a log lane, and what commands do to them.

use super::words::{count, known};
use crate::cast::{Cast, LaneCast, LaneKind};
use crate::scenario::fault::Inspector;
use crate::scenario::{Acks, Command, KafkaLane, KafkaProducer, Scenario, SetLink, Topic, limits};
use crate::time::SimDuration;

const MILLISECOND: SimDuration = SimDuration::from_millis(1);
const DAY: SimDuration = SimDuration::from_secs(86_400);

pub(super) fn check_cluster(i: &mut Inspector, lane: &KafkaLane) {
    i.within("brokers", lane.brokers, limits::BROKERS);
    i.within("controllers", lane.controllers, limits::CONTROLLERS);
    let lengths = [
        ("replica_lag_time_max", lane.replica_lag_time_max),
        ("broker_session_timeout", lane.broker_session_timeout),
        ("broker_heartbeat_interval", lane.broker_heartbeat_interval),
        (
            "leader_imbalance_check_interval",
            lane.leader_imbalance_check_interval,
        ),
    ];
    for (field, length) in lengths {
        i.within(field, length, SimDuration::from_millis(100)..=DAY);
    }
    if lane.broker_heartbeat_interval >= lane.broker_session_timeout {
        i.at("broker_heartbeat_interval", |i| {
            i.fault(format_args!(
                "{} is not below the broker_session_timeout of {}",
                lane.broker_heartbeat_interval, lane.broker_session_timeout
            ));
        });
    }
    count(i, "producers", lane.producers.len(), limits::PRODUCERS);
    i.each("producers", &lane.producers, check_producer);
}

pub(super) fn check_replicas(i: &mut Inspector, lane: &KafkaLane, topic: &Topic) {
    let brokers = 1..=lane.brokers.max(1);
    i.within("replication_factor", topic.replication_factor, brokers);
    i.within(
        "min_insync_replicas",
        topic.min_insync_replicas,
        1..=*limits::BROKERS.end(),
    );
    let assignment = &topic.replica_assignment;
    if assignment.is_empty() {
        return;
    }
    if assignment.len() != topic.partitions as usize {
        i.at("replica_assignment", |i| {
            i.fault(format_args!(
                "is of {} partitions, the topic has {}",
                assignment.len(),
                topic.partitions
            ));
        });
    }
    i.each("replica_assignment", assignment, |i, replicas| {
        let mut apart = replicas.clone();
        apart.sort_unstable();
        apart.dedup();
        let sound = |node: &u32| (1..=lane.brokers).contains(node);
        if apart.len() != topic.replication_factor as usize
            || apart.len() != replicas.len()
            || !apart.iter().all(sound)
        {
            i.fault(format_args!(
                "is not {} different brokers of 1..={}",
                topic.replication_factor, lane.brokers
            ));
        }
    });
}

fn check_producer(i: &mut Inspector, producer: &KafkaProducer) {
    let lengths = [
        ("linger", producer.linger, SimDuration::ZERO),
        ("delivery_timeout", producer.delivery_timeout, MILLISECOND),
        ("request_timeout", producer.request_timeout, MILLISECOND),
        ("retry_backoff", producer.retry_backoff, MILLISECOND),
        ("retry_backoff_max", producer.retry_backoff_max, MILLISECOND),
    ];
    for (field, length, least) in lengths {
        if let Some(length) = length {
            i.within(field, length, least..=DAY);
        }
    }
    if let Some(size) = producer.batch_size {
        i.within("batch_size", size, 0..=limits::BATCH_SIZE);
    }
    if let Some(size) = producer.value_size {
        i.within("value_size", size, 0..=limits::BATCH_SIZE);
    }
    if let Some(most) = producer.max_in_flight_requests_per_connection {
        i.within("max_in_flight_requests_per_connection", most, 1..=1_000);
    }
    idempotence(i, producer);
}

/// Idempotence needs other settings; that it was asked for with others is refused.
fn idempotence(i: &mut Inspector, producer: &KafkaProducer) {
    if producer.enable_idempotence == Some(true)
        && let Some(why) = producer.not_idempotent()
    {
        i.at("enable_idempotence", |i| {
            i.fault(format_args!("does not go with this: {why}"));
        });
    }
}

impl Scenario {
    /// The producers that lanes have settings for have to be there.
    pub(super) fn check_producer_names(&self, i: &mut Inspector) {
        let names: Vec<&str> = self
            .workload
            .producers
            .iter()
            .map(|producer| producer.name.as_str())
            .collect();
        for (n, lane) in self.lanes.iter().enumerate() {
            let producers = lane.kafka.iter().flat_map(|lane| &lane.producers);
            for name in producers.filter_map(|producer| producer.name.as_ref()) {
                i.at(format_args!("lanes[{n}].kafka"), |i| {
                    known(i, "producers", name, &names);
                });
            }
        }
    }
}

/// Checks what a command does to brokers and producers; how many such things it does.
pub(super) fn check_broker_command(i: &mut Inspector, cast: &Cast, command: &Command) -> usize {
    let logs = cast
        .lanes
        .iter()
        .filter(|lane| lane.kind == LaneKind::Kafka);
    let logs: Vec<&LaneCast> = logs.collect();
    let brokers = logs.iter().map(|lane| u32::from(lane.brokers)).max();
    let controllers = logs.iter().map(|lane| u32::from(lane.controllers)).max();
    let nodes = [
        ("kill_broker", command.kill_broker, brokers),
        ("stop_broker", command.stop_broker, brokers),
        ("start_broker", command.start_broker, brokers),
        ("freeze_broker", command.freeze_broker, brokers),
        ("thaw_broker", command.thaw_broker, brokers),
        ("kill_controller", command.kill_controller, controllers),
        ("start_controller", command.start_controller, controllers),
    ];
    let mut given = 0;
    for (field, node, most) in nodes {
        let Some(node) = node else { continue };
        given += 1;
        match most {
            Some(most) => i.within(field, node, 1..=most),
            None => i.at(field, |i| i.fault("needs a log lane, and there is none")),
        }
    }
    let producers: Vec<&str> = cast.producers.iter().map(String::as_str).collect();
    if let Some(producer) = &command.lose_next_answer {
        given += 1;
        known(i, "lose_next_answer", producer, &producers);
    }
    if let Some(set) = &command.set_topic {
        given += 1;
        i.at("set_topic", |i| {
            let topics = logs.iter().flat_map(|lane| &lane.places);
            known(
                i,
                "topic",
                &set.topic,
                &topics.map(String::as_str).collect::<Vec<_>>(),
            );
            if let Some(min) = set.min_insync_replicas {
                i.within("min_insync_replicas", min, 1..=*limits::BROKERS.end());
            }
            if set.min_insync_replicas.is_none() && set.unclean_leader_election_enable.is_none() {
                i.fault("changes nothing: give a setting and its new value");
            }
        });
    }
    if let Some(set) = &command.set_producer {
        given += 1;
        i.at("set_producer", |i| {
            known(i, "producer", &set.producer, &producers);
            if set.acks.is_none() && set.enable_idempotence.is_none() {
                i.fault("changes nothing: give a setting and its new value");
            }
            if set.enable_idempotence == Some(true) && set.acks.unwrap_or_default() != Acks::All {
                i.at("enable_idempotence", |i| i.fault("needs acks \"all\""));
            }
        });
    }
    if let Some(link) = &command.set_link {
        given += 1;
        i.at("set_link", |i| check_link(i, link, (brokers, &producers)));
    }
    given
}

fn check_link(i: &mut Inspector, link: &SetLink, (brokers, producers): (Option<u32>, &[&str])) {
    let named = (1..=brokers.unwrap_or(0)).map(|node| format!("broker-{node}"));
    let named: Vec<String> = named.collect();
    let mut ends: Vec<&str> = named.iter().map(String::as_str).collect();
    ends.push("controllers");
    ends.extend_from_slice(producers);
    known(i, "from", &link.from, &ends);
    known(i, "to", &link.to, &ends);
    let is_broker = |end: &str| named.iter().any(|name| name == end);
    if link.from == link.to || !(is_broker(&link.from) || is_broker(&link.to)) {
        i.fault("is between no broker and something else");
    }
    if let Some(latency) = link.latency {
        i.within("latency", latency, limits::LATENCY);
    }
    let wrongs = [link.cut, link.latency.is_some(), link.loss.is_some()];
    if wrongs.iter().filter(|wrong| **wrong).count() > 1 {
        i.fault("has several of cut, latency and loss: give one of them, or none for a sound link");
    }
}
