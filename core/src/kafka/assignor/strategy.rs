//! The choice of an assignor.

use super::input::{MemberSubscription, TopicMetadata};
use super::sticky::RebalanceProtocol;
use super::{range, round_robin, simple, sticky, uniform};
use crate::ids::TopicPartition;

/// An assignor of the classic protocol: a value of `partition.assignment.strategy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// `range`, the first of the default list and so what a group uses that chooses nothing.
    #[default]
    Range,
    /// `roundrobin`.
    RoundRobin,
    /// `sticky`.
    Sticky,
    /// `cooperative-sticky`. KIP-429.
    CooperativeSticky,
}

impl Assignor {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Range,
        Self::RoundRobin,
        Self::Sticky,
        Self::CooperativeSticky,
    ];

    /// The name under which members propose it. `ConsumerPartitionAssignor.name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// The best way to give up partitions that it supports: cooperative-sticky supports the eager
    /// one too, the others only that. A consumer uses the best that all of its assignors support.
    /// `ConsumerPartitionAssignor.supportedProtocols`, `ConsumerCoordinator`.
    #[must_use]
    pub const fn protocol(self) -> RebalanceProtocol {
        match self {
            Self::Range | Self::RoundRobin | Self::Sticky => RebalanceProtocol::Eager,
            Self::CooperativeSticky => RebalanceProtocol::Cooperative,
        }
    }

    /// The partitions of each member, in the order of `members`; each list by topic and partition.
    ///
    /// The order of `members` counts for the two sticky ones, where Kafka has that of a hash map
    /// of the member ids. It does not for the others, nor does the order of `topics` ever.
    #[must_use]
    pub fn assign(
        self,
        topics: &[TopicMetadata],
        members: &[MemberSubscription],
    ) -> Vec<Vec<TopicPartition>> {
        match self {
            Self::Range => range::assign(topics, members),
            Self::RoundRobin => round_robin::assign(topics, members),
            Self::Sticky | Self::CooperativeSticky => {
                sticky::assign(topics, members, self.protocol())
            }
        }
    }
}

/// An assignor that the coordinator of a group of the consumer protocol runs: a value of
/// `group.remote.assignor`, and of `group.consumer.assignors` in the order of its default. KIP-848.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerAssignor {
    /// `uniform`, for groups that name none.
    #[default]
    Uniform,
    /// `range`: the client's without racks.
    /// `org.apache.kafka.coordinator.group.assignor.RangeAssignor`.
    Range,
}

impl ServerAssignor {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Range];

    /// The name under which a broker offers it. `ConsumerGroupPartitionAssignor.name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Range => "range",
        }
    }

    /// The partitions of each member, in the order of `members`; each list by topic and partition.
    ///
    /// What a member had is its part of the previous target. The orders of `members` and `topics`
    /// count for uniform, where Kafka has those of a hash map of the member ids and of a hash set
    /// of the topics' ids.
    #[must_use]
    pub fn assign(
        self,
        topics: &[TopicMetadata],
        members: &[MemberSubscription],
    ) -> Vec<Vec<TopicPartition>> {
        match self {
            Self::Uniform => uniform::assign(topics, members),
            Self::Range => range::assign_without_racks(topics, members),
        }
    }
}

/// An assignor that the coordinator of a share group runs: a value of `group.share.assignors`.
/// KIP-932.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShareAssignor {
    /// `simple`, the only one that Kafka has.
    #[default]
    Simple,
}

impl ShareAssignor {
    /// The name under which a broker offers it. `ShareGroupPartitionAssignor.name`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
        }
    }

    /// The partitions of each member, in the order of `members`; each list by topic and partition.
    /// One partition can be in several.
    ///
    /// What a member had is its part of the previous target. `is_assignable` is false for a
    /// partition whose share state is not there yet. The orders of `members` and `topics` count;
    /// Kafka has those of a hash map of the member ids, and of a hash set of the topics' names.
    #[must_use]
    pub fn assign(
        self,
        topics: &[TopicMetadata],
        members: &[MemberSubscription],
        is_assignable: impl Fn(TopicPartition) -> bool,
    ) -> Vec<Vec<TopicPartition>> {
        match self {
            Self::Simple => simple::assign(topics, members, is_assignable),
        }
    }
}
