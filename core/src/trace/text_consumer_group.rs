//! The golden form of what happens in a group of the consumer protocol.

use std::fmt;

use super::consumer_group::{ConsumerGroupWhat, Life};
use crate::kafka::group::consumer::MemberState;

impl fmt::Display for ConsumerGroupWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Joined { group, actor } => write!(f, "group {group}: actor {actor} joined"),
            Self::Left { group, actor, life } => {
                write!(f, "group {group}: actor {actor}{life} left")
            }
            Self::LeftForAWhile { group, actor } => {
                write!(f, "group {group}: actor {actor} left for a while")
            }
            Self::RevocationTimedOut { group, actor, life } => {
                write!(
                    f,
                    "group {group}: actor {actor}{life} did not revoke in time"
                )
            }
            Self::EpochBumped {
                group,
                epoch,
                actor,
                reason,
            } => {
                write!(f, "group {group} is at epoch {epoch}: ")?;
                match actor {
                    Some(actor) => write!(f, "actor {actor} {reason}"),
                    None => write!(f, "{reason}"),
                }
            }
            Self::TargetChanged {
                group,
                partition,
                actor,
            } => match actor {
                Some(actor) => write!(f, "group {group} wants {partition} at actor {actor}"),
                None => write!(f, "group {group} wants {partition} at nobody"),
            },
            Self::TargetComputed { group, epoch } => {
                write!(f, "group {group} has its target of epoch {epoch}")
            }
            Self::Given { actor, partition } => {
                write!(f, "{partition} is given to actor {actor}")
            }
            Self::RevocationPending { actor, partition } => {
                write!(f, "{partition} is to be revoked by actor {actor}")
            }
            Self::Released { actor, partition } => {
                write!(f, "{partition} is released by actor {actor}")
            }
            Self::Reconciled {
                actor,
                epoch,
                state,
            } => write!(f, "actor {actor} is at epoch {epoch}, {state}"),
        }
    }
}

impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Present => "",
            Self::Former => " as it was before",
        })
    }
}

impl fmt::Display for MemberState {
    /// The names of Kafka's `MemberState`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "STABLE",
            Self::UnrevokedPartitions => "UNREVOKED_PARTITIONS",
            Self::UnreleasedPartitions => "UNRELEASED_PARTITIONS",
        })
    }
}
