//! The golden form of an event: one line that a person can read in a diff.

use std::fmt;

use super::event::Event;
use super::text_queue::Item;
use super::what::What;
use crate::ids::TopicPartition;

impl fmt::Display for Event {
    /// `7.200000 lane 0: worker 2 received message 6 from queue 0 (receive 1, hidden 10000 ms)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.at.as_micros();
        let (whole, part) = (micros / 1_000_000, micros % 1_000_000);
        write!(f, "{whole}.{part:06} lane {}: {}", self.lane, self.what)
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Sent { producer, message } => write!(f, "producer {producer} sent {message}"),
            Self::WorkStarted {
                actor,
                message,
                copy,
                takes,
            } => {
                let item = Item(message, copy);
                write!(f, "actor {actor} starts {item}, {} ms", takes.0)
            }
            Self::WorkFinished {
                actor,
                message,
                copy,
            } => write!(f, "actor {actor} finished {}", Item(message, copy)),
            Self::WorkFailed {
                actor,
                message,
                copy,
            } => write!(f, "actor {actor} failed on {}", Item(message, copy)),
            Self::ActorStarted { actor } => write!(f, "actor {actor} started"),
            Self::ActorCrashed { actor } => write!(f, "actor {actor} crashed"),
            Self::ActorStopped { actor } => write!(f, "actor {actor} stopped"),
            Self::Poisoned { message } => write!(f, "{message} is poison from now on"),
            _ => self.fmt_log(f),
        }
    }
}

impl What {
    fn fmt_log(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Appended {
                partition,
                offset,
                message,
            } => write!(f, "{message} appended to {partition} at {offset}"),
            Self::Polled {
                actor,
                partition,
                from,
                to,
            } => write!(f, "actor {actor} polled {partition} from {from} to {to}"),
            Self::PositionSet {
                actor,
                partition,
                offset,
                origin,
            } => write!(
                f,
                "actor {actor} reads {partition} from {offset} ({origin})"
            ),
            Self::Committed {
                actor,
                partition,
                offset,
            } => write!(f, "actor {actor} committed {partition} {offset}"),
            Self::CommitRefused {
                actor,
                partition,
                offset,
                error,
            } => write!(
                f,
                "actor {actor} could not commit {partition} {offset}: {error}"
            ),
            _ => self.fmt_group(f),
        }
    }

    fn fmt_group(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::JoinSent { actor } => write!(f, "actor {actor} joins its group"),
            Self::RebalanceStarted {
                group,
                actor,
                reason,
            } => match actor {
                Some(actor) => write!(f, "group {group} rebalances: actor {actor} {reason}"),
                None => write!(f, "group {group} rebalances: {reason}"),
            },
            Self::GenerationStarted {
                group,
                generation,
                members,
            } => write!(
                f,
                "group {group} generation {generation}, {members} members"
            ),
            Self::GroupStable { group } => write!(f, "group {group} is stable"),
            Self::SessionExpired { group, actor } => {
                write!(f, "group {group}: session of actor {actor} expired")
            }
            Self::RebalanceTimedOut { group, actor } => {
                write!(f, "group {group}: actor {actor} did not join in time")
            }
            Self::Assigned {
                actor,
                partition,
                generation,
            } => write!(
                f,
                "actor {actor} owns {partition} in generation {generation}"
            ),
            Self::Revoked { actor, partition } => write!(f, "actor {actor} gave up {partition}"),
            Self::Share { what } => write!(f, "{what}"),
            Self::Cluster { what } => write!(f, "{what}"),
            Self::Producer { what } => write!(f, "{what}"),
            _ => self.fmt_consumer(f),
        }
    }
}
