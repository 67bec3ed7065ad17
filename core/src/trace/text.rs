//! The golden form of an event: one line that a person can read in a diff.

use std::fmt;

use super::event::{CommitRefusal, Event, PositionOrigin, RebalanceReason, What};
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
                takes,
            } => write!(f, "actor {actor} starts {message}, {} ms", takes.0),
            Self::WorkFinished { actor, message } => write!(f, "actor {actor} finished {message}"),
            Self::WorkFailed { actor, message } => write!(f, "actor {actor} failed on {message}"),
            Self::ActorStarted { actor } => write!(f, "actor {actor} started"),
            Self::ActorCrashed { actor } => write!(f, "actor {actor} crashed"),
            Self::ActorStopped { actor } => write!(f, "actor {actor} stopped"),
            Self::Poisoned { message } => write!(f, "{message} is poison from now on"),
            Self::Enqueued { .. }
            | Self::Delayed { .. }
            | Self::Received { .. }
            | Self::BecameVisible { .. }
            | Self::Deleted { .. }
            | Self::DeleteIgnored { .. }
            | Self::DeadLettered { .. }
            | Self::Expired { .. } => self.fmt_sqs(f),
            _ => self.fmt_kafka(f),
        }
    }
}

impl What {
    fn fmt_sqs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Enqueued { queue, message } => write!(f, "queue {queue} stored {message}"),
            Self::Delayed {
                queue,
                message,
                delay,
            } => write!(f, "queue {queue} stored {message}, delayed {} ms", delay.0),
            Self::Received {
                queue,
                actor,
                message,
                receive_count,
                timeout,
            } => write!(
                f,
                "actor {actor} received {message} from queue {queue} (receive {receive_count}, hidden {} ms)",
                timeout.0
            ),
            Self::BecameVisible { queue, message } => {
                write!(f, "{message} became visible in queue {queue}")
            }
            Self::Deleted {
                queue,
                actor,
                message,
            } => write!(f, "actor {actor} deleted {message} from queue {queue}"),
            Self::DeleteIgnored {
                queue,
                actor,
                message,
            } => write!(
                f,
                "actor {actor} deleted {message} from queue {queue} by an old receipt: it stays"
            ),
            Self::DeadLettered { from, to, message } => {
                write!(
                    f,
                    "{message} moved from queue {from} to dead-letter queue {to}"
                )
            }
            Self::Expired { queue, message } => write!(f, "{message} expired in queue {queue}"),
            _ => Ok(()),
        }
    }

    fn fmt_kafka(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
            _ => Ok(()),
        }
    }
}

impl fmt::Display for PositionOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Committed => "committed",
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::SeekBack => "back to the record that failed",
        })
    }
}

impl fmt::Display for CommitRefusal {
    /// The names of org.apache.kafka.common.protocol.Errors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Self::IllegalGeneration => "ILLEGAL_GENERATION",
            Self::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
        })
    }
}

impl fmt::Display for RebalanceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MemberJoined => "joined",
            Self::MemberLeft => "left",
            Self::SessionExpired => "was not heard of",
            Self::MemberRejoined => "joined again",
            Self::MembersDidNotSync => "members did not sync",
        })
    }
}
