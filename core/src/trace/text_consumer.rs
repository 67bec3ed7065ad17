//! The golden form of what happens to a consumer, and the words of whys and hows in a log lane.

use std::fmt;

use super::reason::{
    CommitRefusal, ConsumerError, PositionOrigin, RebalanceReason, SubscriptionChange,
};
use super::what::What;

impl What {
    pub(super) fn fmt_consumer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Synced { actor, generation } => {
                write!(f, "actor {actor} has its part of generation {generation}")
            }
            Self::Lost { actor, partition } => write!(f, "actor {actor} has lost {partition}"),
            Self::MaxPollExceeded { actor } => {
                write!(
                    f,
                    "actor {actor} has not polled in time and stops its heartbeats"
                )
            }
            Self::Frozen { actor } => write!(f, "actor {actor} stands still"),
            Self::Thawed { actor } => write!(f, "actor {actor} goes on"),
            Self::Slowed { actor, times } => {
                write!(f, "actor {actor} takes {times} times as long from now on")
            }
            Self::ProtocolChosen { group, assignor } => {
                write!(f, "group {group} assigns by {}", assignor.name())
            }
            Self::StaticMemberReplaced {
                group,
                actor,
                before,
            } => write!(
                f,
                "group {group}: actor {actor} takes the place of actor {before}"
            ),
            Self::ConsumerFailed { actor, error } => write!(f, "actor {actor} fails: {error}"),
            Self::ConsumerGroup { what } => write!(f, "{what}"),
            _ => self.fmt_admin(f),
        }
    }

    /// What somebody has asked for.
    fn fmt_admin(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Paused { actor, partition } => write!(f, "actor {actor} pauses {partition}"),
            Self::Resumed { actor, partition } => write!(f, "actor {actor} resumes {partition}"),
            Self::OffsetReset {
                group,
                partition,
                offset,
            } => write!(f, "group {group}: {partition} reset to {offset}"),
            Self::OffsetResetRefused { group } => {
                write!(f, "group {group}: offsets could not be reset")
            }
            Self::PartitionsAdded { topic, partitions } => {
                write!(f, "topic {topic} has {partitions} partitions from now on")
            }
            Self::PartitionsSeen {
                actor,
                topic,
                partitions,
            } => write!(
                f,
                "actor {actor} sees {partitions} partitions of topic {topic}"
            ),
            Self::PartitionsSeenByProducer {
                producer,
                topic,
                partitions,
            } => write!(
                f,
                "producer {producer} sees {partitions} partitions of topic {topic}"
            ),
            Self::SubscriptionChanged {
                group,
                topic,
                change: SubscriptionChange::Subscribed,
            } => write!(f, "group {group} subscribes to topic {topic}"),
            Self::SubscriptionChanged { group, topic, .. } => {
                write!(f, "group {group} unsubscribes from topic {topic}")
            }
            _ => self.fmt_queue(f),
        }
    }
}

impl fmt::Display for ConsumerError {
    /// The names of the exceptions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOffsetForPartition => "NoOffsetForPartitionException",
            Self::OffsetOutOfRange => "OffsetOutOfRangeException",
            Self::FencedInstanceId => "FencedInstanceIdException",
            Self::InconsistentGroupProtocol => "InconsistentGroupProtocolException",
            Self::UnreleasedInstanceId => "UnreleasedInstanceIdException",
        })
    }
}

impl fmt::Display for PositionOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Committed => "committed",
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::SeekBack => "back to the record that failed",
            Self::ByDuration => "by duration",
            Self::Seek => "seek",
            Self::Truncation => "truncated",
        })
    }
}

impl fmt::Display for CommitRefusal {
    /// The names of org.apache.kafka.common.protocol.Errors; what the client alone knows has none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Self::IllegalGeneration => "ILLEGAL_GENERATION",
            Self::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
            Self::NotInGroup => "not in the group",
            Self::FencedInstanceId => "FENCED_INSTANCE_ID",
            Self::StaleMemberEpoch => "STALE_MEMBER_EPOCH",
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
            Self::SubscriptionChanged => "subscribes to other topics",
            Self::MetadataChanged => "its topics have other partitions",
            Self::RevocationTimedOut => "did not revoke in time",
            Self::StaticMemberReplaced => "is back under its instance id",
            Self::NotRecorded => "why is not recorded",
        })
    }
}
