//! What is named in a run: every id is an index of its own type, so that a queue cannot be
//! taken for a worker.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            /// The id as an index into a list.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

id! {
    /// A lane of the scenario, counted from 0 in the order of the document.
    LaneId(u8)
}
id! {
    /// A message as the workload numbers it, from 1. The same number is the same key, the same
    /// work and the same fate in every lane.
    MessageId(u32)
}
id! {
    /// One of the copies of a message that a queue lane has: the first one is 0. A topic puts a
    /// copy into each subscribed queue, and a producer that sends again makes another. A message
    /// that a move task takes out of a dead-letter queue is a new one to SQS and the same to us.
    CopyId(u8)
}
id! {
    /// A producer of the workload, counted from 0 in the order of the document.
    ProducerId(u16)
}
id! {
    /// Whoever does work in a lane: a worker of an SQS lane or a consumer of a Kafka lane,
    /// counted from 0 over the whole lane.
    ActorId(u16)
}
id! {
    /// A queue of an SQS lane.
    QueueId(u16)
}
id! {
    /// A topic of a Kafka lane, or an SNS topic of a queue lane.
    TopicId(u16)
}
id! {
    /// A partition within its topic.
    PartitionId(u16)
}
id! {
    /// A broker of a Kafka lane, counted from 0; its node.id is one more.
    BrokerId(u16)
}

impl BrokerId {
    /// Its node.id, as documents and people write it: from 1 on.
    #[must_use]
    pub const fn node(self) -> u32 {
        self.0 as u32 + 1
    }

    /// The broker with this node.id.
    #[must_use]
    pub fn of_node(node: u32) -> Option<Self> {
        u16::try_from(node.checked_sub(1)?).ok().map(Self)
    }
}
id! {
    /// The epoch of a partition's leader: rises with each change of its leader. KIP-101.
    LeaderEpoch(u32)
}
id! {
    /// A group of a Kafka lane: first the consumer groups, then the share groups.
    GroupId(u16)
}
id! {
    /// The generation of a classic consumer group: rises by one with each completed rebalance.
    Generation(u32)
}
id! {
    /// The epoch of a share group: rises by one with each change of its members or of what can be
    /// assigned. A member's epoch is that of the target it has come to. KIP-932.
    GroupEpoch(u32)
}
id! {
    /// The place of a record in its partition. Kafka counts in 64 bits; the limits of a scenario
    /// keep ours far below 2^32, and a trace event has to stay small.
    Offset(u32)
}

impl Offset {
    /// The offset that comes after this one: what a committed offset means is "read this next".
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One partition of one topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic.
    pub topic: TopicId,
    /// The partition within it.
    pub partition: PartitionId,
}

impl TopicPartition {
    /// The partition `partition` of `topic`.
    #[must_use]
    pub const fn new(topic: u16, partition: u16) -> Self {
        Self {
            topic: TopicId(topic),
            partition: PartitionId(partition),
        }
    }
}
