//! What happens among brokers, and between producers and them, as lines of JSON.

use broker_lab_core::trace::{
    AcksKind, ClusterWhat, ElectionKind, LinkEnd, LinkState, ProduceError, ProducerWhat,
};

use super::trace_line::{Line, written};

impl Line<'_> {
    pub(super) fn cluster(&mut self, what: ClusterWhat) {
        match what {
            ClusterWhat::BrokerKilled { broker }
            | ClusterWhat::BrokerStopping { broker }
            | ClusterWhat::BrokerStopped { broker }
            | ClusterWhat::BrokerFrozen { broker }
            | ClusterWhat::BrokerThawed { broker }
            | ClusterWhat::BrokerStarting { broker }
            | ClusterWhat::BrokerStarted { broker }
            | ClusterWhat::BrokerFenced { broker }
            | ClusterWhat::BrokerUnfenced { broker } => self.add("broker", broker.0),
            ClusterWhat::LeaderElected {
                partition,
                leader,
                epoch,
                election,
            } => {
                self.partition(partition);
                self.add("leader", leader.map(|broker| broker.0));
                self.add("epoch", epoch.0);
                self.add("election", written::<ElectionKind>(election));
            }
            ClusterWhat::LeaderBegan {
                partition,
                broker,
                epoch,
            } => {
                self.partition(partition);
                self.add("broker", broker.0);
                self.add("epoch", epoch.0);
            }
            ClusterWhat::JoinedIsr { partition, broker }
            | ClusterWhat::LeftIsr { partition, broker }
            | ClusterWhat::JoinedElr { partition, broker }
            | ClusterWhat::LeftElr { partition, broker } => {
                self.partition(partition);
                self.add("broker", broker.0);
            }
            ClusterWhat::ControllerKilled { controller }
            | ClusterWhat::ControllerStarted { controller }
            | ClusterWhat::ControllerElected { controller } => self.add("controller", controller),
            _ => self.replica(what),
        }
    }

    fn replica(&mut self, what: ClusterWhat) {
        match what {
            ClusterWhat::CutOff {
                partition,
                offset,
                message,
            }
            | ClusterWhat::Back {
                partition,
                offset,
                message,
            } => {
                self.partition(partition);
                self.offset("offset", offset);
                self.message(message);
            }
            ClusterWhat::Replicated {
                partition,
                broker,
                end,
            }
            | ClusterWhat::Truncated {
                partition,
                broker,
                end,
            } => {
                self.partition(partition);
                self.add("broker", broker.0);
                self.offset("end", end);
            }
            ClusterWhat::HighWatermarkMoved { partition, offset } => {
                self.partition(partition);
                self.offset("offset", offset);
            }
            ClusterWhat::AppendedAside {
                partition,
                broker,
                offset,
                message,
            } => {
                self.partition(partition);
                self.add("broker", broker.0);
                self.offset("offset", offset);
                self.message(message);
            }
            ClusterWhat::MinInsyncReplicasChanged { topic, min } => {
                self.topic(topic);
                self.add("min_insync_replicas", min);
            }
            ClusterWhat::UncleanElectionChanged { topic, enabled } => {
                self.topic(topic);
                self.add("unclean_leader_election_enable", enabled);
            }
            ClusterWhat::LinkChanged { one, other, state } => {
                self.end("one", one);
                self.end("other", other);
                self.add("state", written::<LinkState>(state));
            }
            // An event that is new: at least its words.
            _ => self.add("text", what.to_string()),
        }
    }

    fn end(&mut self, name: &str, end: LinkEnd) {
        let end = match end {
            LinkEnd::Broker { broker } => format!("broker {broker}"),
            LinkEnd::Controllers {} => String::from("controllers"),
            LinkEnd::Producer { producer } => self.producer_name(producer).to_owned(),
        };
        self.add(name, end);
    }

    pub(super) fn produce(&mut self, what: ProducerWhat) {
        match what {
            ProducerWhat::Acknowledged {
                producer,
                message,
                offset,
            } => {
                self.producer(producer);
                self.message(message);
                if let Some(offset) = offset {
                    self.offset("offset", offset);
                }
            }
            ProducerWhat::Failed {
                producer,
                message,
                error,
            } => {
                self.producer(producer);
                self.message(message);
                self.add("error", written::<ProduceError>(error));
            }
            ProducerWhat::Retried {
                producer,
                partition,
                error,
                records,
                retry_in,
            } => {
                self.producer(producer);
                self.partition(partition);
                self.add("error", written::<ProduceError>(error));
                self.add("records", records);
                self.millis("retry_in_ms", retry_in);
            }
            ProducerWhat::DuplicateIgnored {
                producer,
                partition,
                offset,
                records,
            } => {
                self.producer(producer);
                self.partition(partition);
                self.offset("offset", offset);
                self.add("records", records);
            }
            ProducerWhat::AnswerLost { producer, broker } => {
                self.producer(producer);
                self.add("broker", broker.0);
            }
            ProducerWhat::Dropped { producer, message } => {
                self.producer(producer);
                self.message(message);
            }
            ProducerWhat::EpochBumped { producer, epoch } => {
                self.producer(producer);
                self.add("epoch", epoch);
            }
            ProducerWhat::SettingsChanged {
                producer,
                acks,
                idempotence,
            } => {
                self.producer(producer);
                self.add("acks", written::<AcksKind>(acks));
                self.add("enable_idempotence", idempotence);
            }
        }
    }
}
