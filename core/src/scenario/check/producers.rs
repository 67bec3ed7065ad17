//! Checks producers: how fast they send, or which messages one by one.

use super::words::{count, known, name, name_fault};
use crate::scenario::fault::Inspector;
use crate::scenario::{KafkaLane, KeyChoice, Producer, Scenario, SendAt, SqsLane, limits};
use crate::time::SimDuration;

impl Scenario {
    pub(super) fn check_producer(&self, i: &mut Inspector, producer: &Producer) {
        name(i, "name", &producer.name);
        if producer.sends.is_empty() {
            check_rate(i, producer);
        } else {
            self.check_sends(i, producer);
        }
        let queues = self.lanes.iter().filter_map(|lane| lane.sqs.as_ref());
        let is_fifo = |lane: &SqsLane| lane.takes_only_groups();
        let has_fifo = queues.into_iter().any(is_fifo);
        if producer.sends.is_empty() && producer.keys.is_empty() && has_fifo {
            i.at("keys", |i| {
                i.fault(format_args!("is empty: {FIFO_NEEDS_KEYS}"));
            });
        }
        i.each("sends", &producer.sends, |i, send| {
            if has_fifo && send.key.is_none() {
                i.at("key", |i| {
                    i.fault(format_args!("is missing: {FIFO_NEEDS_KEYS}"));
                });
            }
        });
    }

    /// Messages that are named one by one.
    fn check_sends(&self, i: &mut Inspector, producer: &Producer) {
        let beside = [
            ("rate", producer.rate.is_some()),
            ("count", producer.count.is_some()),
            ("start", producer.start != SimDuration::ZERO),
            ("keys", !producer.keys.is_empty()),
            ("key_choice", producer.key_choice != KeyChoice::default()),
        ];
        for (field, _) in beside.iter().filter(|(_, given)| *given) {
            i.at(*field, |i| i.fault("has no place beside sends"));
        }
        count(i, "sends", producer.sends.len(), limits::SENDS);
        let mut before = SimDuration::ZERO;
        i.each("sends", &producer.sends, |i, send| {
            i.within("at", send.at, before..=*limits::HORIZON.end());
            before = before.max(send.at);
            if let Some(what) = send.key.as_deref().and_then(name_fault) {
                i.at("key", |i| i.fault(what));
            }
            for lane in self.lanes.iter().filter_map(|lane| lane.kafka.as_ref()) {
                check_target(i, send, lane);
            }
        });
    }
}

/// A topic and a partition of a message have to be there, in every log lane.
fn check_target(i: &mut Inspector, send: &SendAt, lane: &KafkaLane) {
    let names: Vec<&str> = lane.topics.iter().map(|t| t.name.as_str()).collect();
    if let Some(topic) = &send.topic {
        known(i, "topic", topic, &names);
    }
    let topic = send.topic.as_ref().or(lane.send_to.as_ref());
    let topic = match topic {
        Some(name) => lane.topics.iter().find(|topic| topic.name == *name),
        None => lane.topics.first(),
    };
    if let (Some(partition), Some(topic)) = (send.partition, topic) {
        i.within(
            "partition",
            partition,
            0..=topic.partitions.saturating_sub(1),
        );
    }
}

fn check_rate(i: &mut Inspector, producer: &Producer) {
    if producer.rate.is_none() {
        i.fault("says neither its rate nor, in sends, its messages one by one");
    }
    count(i, "keys", producer.keys.len(), limits::KEYS);
    i.each("keys", &producer.keys, |i, key| {
        if let Some(what) = name_fault(key) {
            i.fault(what);
        }
    });
}

const FIFO_NEEDS_KEYS: &str = "a FIFO queue needs keys, which are its MessageGroupIds";
