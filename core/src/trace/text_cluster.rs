//! The golden form of what happens among brokers and to producers.

use std::fmt;

use super::cluster::{ClusterWhat, ElectionKind, LinkEnd, LinkState};
use super::producer::{AcksKind, ProduceError, ProducerWhat};
use crate::ids::{BrokerId, TopicPartition};

impl fmt::Display for ClusterWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (broker, does) = match *self {
            Self::BrokerKilled { broker } => (broker, "was killed"),
            Self::BrokerStopping { broker } => (broker, "wants to stop"),
            Self::BrokerStopped { broker } => (broker, "has stopped"),
            Self::BrokerFrozen { broker } => (broker, "stands still"),
            Self::BrokerThawed { broker } => (broker, "goes on"),
            Self::BrokerStarting { broker } => (broker, "starts"),
            Self::BrokerStarted { broker } => (broker, "has registered"),
            Self::BrokerFenced { broker } => (broker, "is fenced"),
            Self::BrokerUnfenced { broker } => (broker, "is unfenced"),
            _ => return self.fmt_partition(f),
        };
        write!(f, "broker {} {does}", broker.node())
    }
}

impl ClusterWhat {
    fn fmt_partition(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::LeaderElected {
                partition,
                leader,
                epoch,
                election,
            } => match leader {
                Some(leader) => write!(
                    f,
                    "{partition} is to be led by broker {} in epoch {epoch} ({election})",
                    leader.node()
                ),
                None => write!(f, "{partition} has no leader in epoch {epoch}"),
            },
            Self::LeaderBegan {
                partition,
                broker,
                epoch,
            } => write!(
                f,
                "broker {} leads {partition} in epoch {epoch}",
                broker.node()
            ),
            Self::CutOff {
                partition,
                offset,
                message,
            } => write!(f, "{partition} {offset} is gone: {message}"),
            Self::Back {
                partition,
                offset,
                message,
            } => write!(f, "{partition} {offset} is back: {message}"),
            Self::Replicated {
                partition,
                broker,
                end,
            } => write!(f, "broker {} has {partition} up to {end}", broker.node()),
            Self::Truncated {
                partition,
                broker,
                end,
            } => write!(f, "broker {} truncates {partition} to {end}", broker.node()),
            Self::HighWatermarkMoved { partition, offset } => {
                write!(f, "{partition} can be read up to {offset}")
            }
            Self::AppendedAside {
                partition,
                broker,
                offset,
                message,
            } => write!(
                f,
                "broker {} appended {message} to its own {partition} {offset}",
                broker.node()
            ),
            _ => self.fmt_set(f),
        }
    }

    fn fmt_set(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (broker, partition, is): (BrokerId, TopicPartition, _) = match *self {
            Self::JoinedIsr { partition, broker } => (broker, partition, "is in sync with"),
            Self::LeftIsr { partition, broker } => (broker, partition, "is not in sync with"),
            Self::JoinedElr { partition, broker } => (broker, partition, "is eligible for"),
            Self::LeftElr { partition, broker } => (broker, partition, "is not eligible for"),
            _ => return self.fmt_settings(f),
        };
        write!(f, "broker {} {is} {partition}", broker.node())
    }

    fn fmt_settings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ControllerKilled { controller } => {
                write!(f, "controller {} was killed", controller + 1)
            }
            Self::ControllerStarted { controller } => {
                write!(f, "controller {} is back", controller + 1)
            }
            Self::ControllerElected { controller } => {
                write!(f, "controller {} is active", controller + 1)
            }
            Self::MinInsyncReplicasChanged { topic, min } => {
                write!(f, "topic {topic} min.insync.replicas={min}")
            }
            Self::UncleanElectionChanged { topic, enabled } => {
                write!(f, "topic {topic} unclean.leader.election.enable={enabled}")
            }
            Self::LinkChanged { one, other, state } => {
                write!(f, "the link from {one} to {other} is {state}")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for ElectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preferred => "preferred",
            Self::Clean => "clean",
            Self::Unclean => "unclean",
            Self::Nobody => "nobody",
        })
    }
}

impl fmt::Display for LinkEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broker { broker } => write!(f, "broker {}", broker.node()),
            Self::Controllers {} => f.write_str("the controllers"),
            Self::Producer { producer } => write!(f, "producer {producer}"),
        }
    }
}

impl fmt::Display for LinkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sound => "sound",
            Self::Cut => "cut",
            Self::Slow => "slow",
            Self::Lossy => "lossy",
        })
    }
}

impl fmt::Display for ProducerWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Acknowledged {
                producer,
                message,
                offset,
            } => match offset {
                Some(offset) => write!(f, "producer {producer}: {message} is written at {offset}"),
                None => write!(f, "producer {producer}: {message} is sent"),
            },
            Self::Failed {
                producer,
                message,
                error,
            } => write!(
                f,
                "producer {producer}: {message} failed: {}",
                error.exception()
            ),
            Self::Retried {
                producer,
                partition,
                error,
                records,
                retry_in,
            } => write!(
                f,
                "producer {producer} sends {records} records to {partition} again in {} ms: {}",
                retry_in.0,
                error.code()
            ),
            Self::DuplicateIgnored {
                producer,
                partition,
                offset,
                records,
            } => write!(
                f,
                "{partition} has {records} records of producer {producer} already at {offset}"
            ),
            Self::AnswerLost { producer, broker } => write!(
                f,
                "the answer of broker {} to producer {producer} is lost",
                broker.node()
            ),
            Self::Dropped { producer, message } => {
                write!(f, "producer {producer}: {message} got lost")
            }
            Self::EpochBumped { producer, epoch } => {
                write!(f, "producer {producer} goes on with epoch {epoch}")
            }
            Self::SettingsChanged {
                producer,
                acks,
                idempotence,
            } => write!(
                f,
                "producer {producer} acks={acks} enable.idempotence={idempotence}"
            ),
        }
    }
}

impl ProduceError {
    /// The name of the error in Kafka's protocol; of a timeout at the client, the exception's.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            Self::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
            Self::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            Self::OutOfOrderSequence => "OUT_OF_ORDER_SEQUENCE_NUMBER",
            Self::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            Self::Network => "NETWORK_EXCEPTION",
            Self::Timeout => "TimeoutException",
        }
    }

    /// The name of the exception that a callback gets.
    #[must_use]
    pub const fn exception(self) -> &'static str {
        match self {
            Self::NotLeaderOrFollower => "NotLeaderOrFollowerException",
            Self::NotEnoughReplicas => "NotEnoughReplicasException",
            Self::NotEnoughReplicasAfterAppend => "NotEnoughReplicasAfterAppendException",
            Self::OutOfOrderSequence => "OutOfOrderSequenceException",
            Self::InvalidProducerEpoch => "InvalidProducerEpochException",
            Self::Network => "NetworkException",
            Self::Timeout => "TimeoutException",
        }
    }
}

impl fmt::Display for AcksKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zero => "0",
            Self::One => "1",
            Self::All => "all",
        })
    }
}
