//! The choice of an assignor.

use super::input::{MemberSubscription, TopicMetadata};
use super::range;
use crate::ids::TopicPartition;

/// An assignor of the classic protocol: a value of `partition.assignment.strategy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// `range`, the first of the default list and so what a group uses that chooses nothing.
    #[default]
    Range,
}

impl Assignor {
    /// The name under which members propose it. `ConsumerPartitionAssignor.name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
        }
    }

    /// The partitions of each member, in the order of `members`.
    #[must_use]
    pub fn assign(
        self,
        topics: &[TopicMetadata],
        members: &[MemberSubscription],
    ) -> Vec<Vec<TopicPartition>> {
        match self {
            Self::Range => range::assign(topics, members),
        }
    }
}

/// An assignor that the coordinator of a group of the consumer protocol runs: a value of
/// `group.remote.assignor`. KIP-848.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerAssignor {
    /// `range`: the client's without racks.
    /// `org.apache.kafka.coordinator.group.assignor.RangeAssignor`.
    #[default]
    Range,
}

impl ServerAssignor {
    /// The name under which a broker offers it. `ConsumerGroupPartitionAssignor.name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
        }
    }

    /// The partitions of each member, in the order of `members`.
    #[must_use]
    pub fn assign(
        self,
        topics: &[TopicMetadata],
        members: &[MemberSubscription],
    ) -> Vec<Vec<TopicPartition>> {
        match self {
            Self::Range => range::assign_without_racks(topics, members),
        }
    }
}
