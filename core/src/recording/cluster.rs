//! Brokers and producers of a recording, as our documents write them.

use super::document::{Deed, NodeDeed, Recording, Saying, SetupTopic};
use super::play::Lacking;
use crate::scenario::{Acks, Command, KafkaLane, KafkaProducer, Producer, SendAt, Topic};
use crate::time::{SimDuration, SimTime};

/// The producer of records whose place the recording says, or that all have the same settings.
const PRODUCER: &str = "producer";

/// How a record was sent.
struct Sender {
    settings: KafkaProducer,
    sends: Vec<SendAt>,
    values: Vec<String>,
}

impl Recording {
    /// What the recording says of its brokers, put into a lane.
    pub(super) fn set_up_brokers(&self, lane: &mut KafkaLane) {
        lane.brokers = self.brokers;
        if let Some(controllers) = self.controllers {
            lane.controllers = controllers;
        }
        if let Some(length) = self.replica_lag_time_max {
            lane.replica_lag_time_max = length;
        }
        if let Some(length) = self.broker_session_timeout {
            lane.broker_session_timeout = length;
        }
        // A session shorter than the default heartbeats allow was kept with more of them.
        lane.broker_heartbeat_interval = lane.broker_heartbeat_interval.min(
            SimDuration::from_micros(lane.broker_session_timeout.as_micros() * 2 / 3),
        );
    }

    /// A topic with its settings, its replicas placed as the recording's first leader tells.
    pub(super) fn topic(&self, topic: &SetupTopic) -> Result<Topic, Lacking> {
        let mut made = Topic {
            name: topic.name.clone(),
            partitions: topic.partitions,
            replication_factor: topic.replication_factor,
            replica_assignment: self.assignment(topic),
            ..Topic::default()
        };
        for (name, value) in &topic.configs {
            let unknown = || Lacking::of(format!("{name}={value} of a topic"));
            match name.as_str() {
                "min.insync.replicas" => {
                    made.min_insync_replicas = value.parse().map_err(|_no_number| unknown())?;
                }
                "unclean.leader.election.enable" => {
                    made.unclean_leader_election_enable = value == "true";
                }
                _ => return Err(unknown()),
            }
        }
        Ok(made)
    }

    /// The first leader that was seen is the preferred one; the others follow it as a placer puts
    /// them. Of several partitions the recording does not tell.
    fn assignment(&self, topic: &SetupTopic) -> Vec<Vec<u32>> {
        let leader = self.events.iter().find_map(|said| match &said.what {
            Saying::Partition { leader, .. } => *leader,
            _ => None,
        });
        let Some(leader) = leader.filter(|_| topic.partitions == 1) else {
            return Vec::new();
        };
        let ring = (0..topic.replication_factor).map(|n| (leader - 1 + n) % self.brokers + 1);
        vec![ring.collect()]
    }

    /// Who sent what: the producers of the workload, and their settings.
    pub(super) fn producers(&self) -> (Vec<Producer>, Vec<KafkaProducer>) {
        let senders = self.senders();
        let producers = senders.iter().map(|sender| Producer {
            name: sender.settings.name.clone().unwrap_or_default(),
            sends: sender.sends.clone(),
            ..Producer::default()
        });
        let producers = producers.collect();
        // With its place given it does not matter who sent a record, nor in which batch.
        let settings = senders.into_iter().map(|sender| sender.settings);
        let settings = settings.filter(|_| !self.has_places()).collect();
        (producers, settings)
    }

    /// The values of the records that each producer of [`Recording::scenario`] sends, in order.
    #[must_use]
    pub fn values(&self) -> Vec<Vec<String>> {
        let senders = self.senders().into_iter();
        senders.map(|sender| sender.values).collect()
    }

    fn has_places(&self) -> bool {
        self.actions
            .iter()
            .any(|action| matches!(&action.deed, Deed::Produce { place, .. } if place.is_some()))
    }

    fn senders(&self) -> Vec<Sender> {
        let mut senders: Vec<Sender> = Vec::new();
        let has_places = self.has_places();
        for action in &self.actions {
            let Deed::Produce {
                topic,
                key,
                value,
                acks,
                place,
            } = &action.deed
            else {
                continue;
            };
            let settings = if has_places {
                KafkaProducer {
                    name: Some(String::from(PRODUCER)),
                    ..KafkaProducer::default()
                }
            } else {
                self.settings(action.at, value, acks.as_deref())
            };
            let send = SendAt {
                at: action.at,
                key: key.clone(),
                topic: Some(topic.clone()),
                partition: place.map(|(partition, _)| partition),
            };
            let its = |sender: &&mut Sender| sender.settings == settings;
            if let Some(sender) = senders.iter_mut().find(its) {
                sender.sends.push(send);
                sender.values.push(value.clone());
            } else {
                senders.push(Sender {
                    settings,
                    sends: vec![send],
                    values: vec![value.clone()],
                });
            }
        }
        senders
    }

    /// The settings of the producer of a record. A recording says its `acks`, and whether it was
    /// idempotent in its title; for how long it tried, or that it did not try again, follows from how
    /// the record failed.
    fn settings(&self, at: SimDuration, value: &str, acks: Option<&str>) -> KafkaProducer {
        let acks = match acks {
            Some("0") => Acks::Zero,
            Some("1") => Acks::One,
            _ => Acks::All,
        };
        let mut settings = KafkaProducer {
            acks: Some(acks),
            // Acknowledged within 3 ms: it did not linger.
            linger: Some(SimDuration::ZERO),
            ..KafkaProducer::default()
        };
        let mut name = format!("{PRODUCER}-{}", acks.name());
        if let Some((_, idempotent)) = self.title.split_once("enable.idempotence=") {
            settings.enable_idempotence = Some(idempotent.starts_with("true"));
        }
        let failed = self.events.iter().find_map(|said| match &said.what {
            Saying::SendFailed { value: its, error } if its == value => Some((said.at, error)),
            _ => None,
        });
        if let Some((failed_at, error)) = failed {
            name = format!("{name}-{value}");
            if error == "TimeoutException" {
                // Callbacks come some milliseconds after the time is over.
                let tried = failed_at.since(SimTime::ZERO + at).as_millis() / 100 * 100;
                settings.delivery_timeout = Some(SimDuration::from_millis(tried.max(100)));
            } else {
                settings.retries = Some(0);
            }
        }
        settings.name = Some(name);
        settings
    }
}

/// What was done to a broker, as a command.
pub(super) fn command(command: &mut Command, broker: u32, deed: NodeDeed) {
    let field = match deed {
        NodeDeed::Kill => &mut command.kill_broker,
        NodeDeed::Stop => &mut command.stop_broker,
        NodeDeed::Start => &mut command.start_broker,
        NodeDeed::Freeze => &mut command.freeze_broker,
        NodeDeed::Thaw => &mut command.thaw_broker,
    };
    *field = Some(broker);
}
