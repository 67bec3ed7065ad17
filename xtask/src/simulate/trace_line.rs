//! An event as a line of JSON, with names in place of numbers.

use std::fmt::{self, Write as _};

use broker_lab_core::trace::{
    CommitRefusal, Event, Millis, PositionOrigin, RebalanceReason, SubscriptionChange, What,
};
use broker_lab_core::workload::KeyId;
use broker_lab_core::{
    ActorId, CopyId, GroupId, LaneCast, MessageId, Offset, ProducerId, QueueId, Run, TopicId,
    TopicPartition,
};
use serde_json::Value;

/// The line of an event of `run`.
pub(super) fn of(event: &Event, run: &Run) -> String {
    let mut line = Line {
        text: String::from("{"),
        run,
        lane: run.cast().lane(event.lane),
    };
    line.add("at_us", event.at.as_micros());
    line.add("lane", line.lane.map_or("", |lane| &lane.name));
    line.add("kind", kind(&event.what));
    match event.what {
        What::Sent { producer, message } => {
            line.producer(producer);
            line.message(message);
        }
        What::WorkStarted {
            actor,
            message,
            copy,
            takes,
        } => {
            line.actor(actor);
            line.item(message, copy);
            line.millis("takes_ms", takes);
        }
        What::WorkFinished {
            actor,
            message,
            copy,
        }
        | What::WorkFailed {
            actor,
            message,
            copy,
        } => {
            line.actor(actor);
            line.item(message, copy);
        }
        What::ActorStarted { actor }
        | What::ActorCrashed { actor }
        | What::ActorStopped { actor } => line.actor(actor),
        What::Poisoned { message } => line.message(message),
        _ => line.queue_event(&event.what),
    }
    line.text.push('}');
    line.text
}

/// The name of the event in snake case.
fn kind(what: &What) -> String {
    let name = |debug: String| snake_case(debug.split(' ').next().unwrap_or_default());
    match what {
        What::Share { what } => format!("share_{}", name(format!("{what:?}"))),
        What::ConsumerGroup { what } => name(format!("{what:?}")),
        What::Cluster { what } => name(format!("{what:?}")),
        What::Producer { what } => format!("producer_{}", name(format!("{what:?}"))),
        What::Delivery { what } => format!("delivery_{}", name(format!("{what:?}"))),
        What::RequestThrottled { what } => format!("throttled_{}", name(format!("{what:?}"))),
        what => name(format!("{what:?}")),
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

pub(super) struct Line<'a> {
    text: String,
    run: &'a Run,
    lane: Option<&'a LaneCast>,
}

impl Line<'_> {
    pub(super) fn log(&mut self, what: &What) {
        match *what {
            What::Appended {
                partition,
                offset,
                message,
            } => {
                self.partition(partition);
                self.offset("offset", offset);
                self.message(message);
            }
            What::Polled {
                actor,
                partition,
                from,
                to,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.offset("from", from);
                self.offset("to", to);
            }
            What::PositionSet {
                actor,
                partition,
                offset,
                origin,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.offset("offset", offset);
                self.add("origin", written::<PositionOrigin>(origin));
            }
            What::Committed {
                actor,
                partition,
                offset,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.offset("offset", offset);
            }
            What::CommitRefused {
                actor,
                partition,
                offset,
                error,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.offset("offset", offset);
                self.add("error", written::<CommitRefusal>(error));
            }
            _ => self.group_change(what),
        }
    }

    fn group_change(&mut self, what: &What) {
        match *what {
            What::JoinSent { actor } => self.actor(actor),
            What::RebalanceStarted {
                group,
                actor,
                reason,
            } => {
                self.group(group);
                if let Some(actor) = actor {
                    self.actor(actor);
                }
                self.add("reason", written::<RebalanceReason>(reason));
            }
            What::GenerationStarted {
                group,
                generation,
                members,
            } => {
                self.group(group);
                self.add("generation", generation.0);
                self.add("members", members);
            }
            What::GroupStable { group } => self.group(group),
            What::SessionExpired { group, actor } | What::RebalanceTimedOut { group, actor } => {
                self.group(group);
                self.actor(actor);
            }
            What::Assigned {
                actor,
                partition,
                generation,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.add("generation", generation.0);
            }
            What::Revoked { actor, partition } => {
                self.actor(actor);
                self.partition(partition);
            }
            _ => self.consumer(what),
        }
    }

    fn consumer(&mut self, what: &What) {
        match *what {
            What::Synced { actor, generation } => {
                self.actor(actor);
                self.add("generation", generation.0);
            }
            What::Lost { actor, partition } => {
                self.actor(actor);
                self.partition(partition);
            }
            What::MaxPollExceeded { actor } | What::Frozen { actor } | What::Thawed { actor } => {
                self.actor(actor);
            }
            What::Slowed { actor, times } => {
                self.actor(actor);
                self.add("times", times);
            }
            What::ProtocolChosen { group, assignor } => {
                self.group(group);
                self.add("assignor", assignor.name());
            }
            What::StaticMemberReplaced {
                group,
                actor,
                before,
            } => {
                self.group(group);
                self.actor(actor);
                self.add("before", self.lane.map_or("", |lane| lane.actor(before)));
            }
            What::ConsumerFailed { actor, error } => {
                self.actor(actor);
                self.add("error", error.to_string());
            }
            What::ConsumerGroup { what } => self.consumer_group(what),
            What::Share { what } => self.share(what),
            What::Delivery { what } => self.delivery(what),
            What::RequestThrottled { what } => self.throttled(what),
            What::Cluster { what } => self.cluster(what),
            What::Producer { what } => self.produce(what),
            _ => self.admin(what),
        }
    }

    fn admin(&mut self, what: &What) {
        match *what {
            What::Paused { actor, partition } | What::Resumed { actor, partition } => {
                self.actor(actor);
                self.partition(partition);
            }
            What::OffsetReset {
                group,
                partition,
                offset,
            } => {
                self.group(group);
                self.partition(partition);
                self.offset("offset", offset);
            }
            What::OffsetResetRefused { group } => self.group(group),
            What::PartitionsAdded { topic, partitions } => self.partitions(topic, partitions),
            What::PartitionsSeen {
                actor,
                topic,
                partitions,
            } => {
                self.actor(actor);
                self.partitions(topic, partitions);
            }
            What::PartitionsSeenByProducer {
                producer,
                topic,
                partitions,
            } => {
                self.producer(producer);
                self.partitions(topic, partitions);
            }
            What::SubscriptionChanged {
                group,
                topic,
                change,
            } => {
                self.group(group);
                self.topic(topic);
                self.add("change", written::<SubscriptionChange>(change));
            }
            // An event that is new: at least its words.
            _ => self.add("text", what.to_string()),
        }
    }

    pub(super) fn add(&mut self, name: &str, value: impl Into<Value>) {
        let comma = if self.text.len() > 1 { "," } else { "" };
        // Writing into a string cannot fail.
        write!(self.text, "{comma}\"{name}\":{}", value.into()).unwrap_or_default();
    }

    pub(super) fn producer(&mut self, producer: ProducerId) {
        let run = self.run;
        self.add("producer", run.cast().producer(producer));
    }

    pub(super) fn producer_name(&self, producer: ProducerId) -> &str {
        self.run.cast().producer(producer)
    }

    pub(super) fn message(&mut self, message: MessageId) {
        self.add("message", message.0);
        if let Some(key) = self.run.trace().message(message).and_then(|sent| sent.key) {
            self.add("key", self.run.cast().keys.name(key));
        }
    }

    pub(super) fn tenant(&mut self, tenant: KeyId) {
        self.add("tenant", self.run.cast().keys.name(tenant));
    }

    /// A message, and which copy of it if there can be several.
    pub(super) fn item(&mut self, message: MessageId, copy: CopyId) {
        self.message(message);
        if copy.0 > 0 {
            self.add("copy", copy.0);
        }
    }

    pub(super) fn millis(&mut self, name: &str, length: Millis) {
        self.add(name, length.0);
    }

    pub(super) fn offset(&mut self, name: &str, offset: Offset) {
        self.add(name, offset.0);
    }

    pub(super) fn actor(&mut self, actor: ActorId) {
        self.add("actor", self.lane.map_or("", |lane| lane.actor(actor)));
    }

    pub(super) fn queue(&mut self, name: &str, queue: QueueId) {
        self.add(name, self.lane.map_or("", |lane| lane.queue(queue)));
    }

    pub(super) fn group(&mut self, group: GroupId) {
        self.add("group", self.lane.map_or("", |lane| lane.group(group)));
    }

    pub(super) fn topic(&mut self, topic: TopicId) {
        self.add("topic", self.lane.map_or("", |lane| lane.topic(topic)));
    }

    fn partitions(&mut self, topic: TopicId, partitions: u16) {
        self.topic(topic);
        self.add("partitions", partitions);
    }

    pub(super) fn partition(&mut self, partition: TopicPartition) {
        let topic = self.lane.map_or("", |lane| lane.topic(partition.topic));
        self.add("topic", topic);
        self.add("partition", partition.partition.0);
    }
}

/// A plain enum in snake case.
pub(super) fn written<T: fmt::Debug>(value: T) -> String {
    snake_case(&format!("{value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;
    use broker_lab_core::Scenario;

    fn complete(name: &str) -> Run {
        let path = place::root().join("static/scenarios").join(name);
        Run::complete(Scenario::from_json(&place::read(&path).unwrap()).unwrap())
    }

    #[test]
    fn a_line_names_who_where_and_what() {
        let run = complete("one-workload.json");
        let lines: Vec<String> = run.trace().iter().map(|event| of(event, &run)).collect();
        let says = |part: &str| lines.iter().any(|line| line.contains(part));
        assert!(says(
            "\"lane\":\"queue\",\"kind\":\"received\",\"queue\":\"orders\""
        ));
        assert!(says(
            "\"kind\":\"sent\",\"producer\":\"checkout\",\"message\":1,\"key\":\"ada\"}"
        ));
        assert!(says("\"topic\":\"orders\",\"partition\":0"));
    }

    #[test]
    fn every_event_of_our_scenarios_has_fields_of_its_own() {
        let folder = std::fs::read_dir(place::root().join("static/scenarios")).unwrap();
        for entry in folder {
            let run = complete(entry.unwrap().file_name().to_str().unwrap());
            for event in run.trace().iter() {
                let line: Value = serde_json::from_str(&of(event, &run)).unwrap();
                assert_eq!(line.get("text"), None, "{line}");
                assert_eq!(line["at_us"], event.at.as_micros());
            }
        }
    }

    #[test]
    fn names_are_written_in_snake_case() {
        assert_eq!(snake_case("UnknownMemberId"), "unknown_member_id");
    }
}
