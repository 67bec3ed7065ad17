//! What an assignor is given.

use super::uuid::Uuid;
use crate::ids::{Generation, PartitionId, TopicId, TopicPartition};
use crate::kafka::group::MemberId;

/// `client.rack` of a consumer, `broker.rack` of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RackId(pub u16);

/// `group.instance.id`, in the order of the names. KIP-345.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u16);

/// A topic as the metadata show it to who assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicMetadata {
    /// Which topic; the order of these ids is the order of the names.
    pub topic: TopicId,
    /// The topic's id in the cluster. Only the server's assignors look at it, where its order or
    /// its place in a hash map decides. KIP-516.
    pub id: Uuid,
    /// The hash code of its name in Java. Only the sticky assignors look at it, where they undo one
    /// of several moves.
    pub name_hash: u32,
    /// How many partitions it has.
    pub partitions: u16,
    /// Per partition the racks of its replicas; empty if no broker has a rack.
    pub racks: Vec<Vec<RackId>>,
}

impl TopicMetadata {
    /// A topic of which no racks are known, and whose id in the cluster we choose, like the hash
    /// code of its name: its number, see [`Uuid::of_topic`].
    #[must_use]
    pub const fn new(topic: TopicId, partitions: u16) -> Self {
        Self {
            topic,
            id: Uuid::of_topic(topic),
            name_hash: topic.0 as u32,
            partitions,
            racks: Vec::new(),
        }
    }

    /// The racks of the replicas of `partition`.
    pub(super) fn racks_of(&self, partition: PartitionId) -> &[RackId] {
        self.racks
            .get(partition.index())
            .map_or(&[], |racks| racks.as_slice())
    }
}

/// A member, what it subscribes to, and what it had. `ConsumerPartitionAssignor.Subscription` for
/// the assignors of the client, `GroupSpec` for those of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSubscription {
    /// Who; the order of these ids is the order of the real member ids as text.
    pub member: MemberId,
    /// `group.instance.id`; none for a dynamic member.
    pub group_instance_id: Option<InstanceId>,
    /// `client.rack`; none if it is not set, then every replica is as near as another. KIP-881.
    pub rack: Option<RackId>,
    /// What it wants to read, each topic once. A topic without metadata gives nothing, but it
    /// makes a subscription differ from others.
    pub topics: Vec<TopicId>,
    /// What it had: for sticky its last assignment, which it sends in its user data; for
    /// cooperative-sticky what it still owns, which is a field of the subscription; for the
    /// server's assignors its part of the previous target. Range and round robin do not look.
    pub owned: Vec<TopicPartition>,
    /// The generation in which it got that, as the subscription's field says it; none for a member
    /// that has just started or was fenced. KIP-792. The server's assignors do not look.
    pub generation: Option<Generation>,
    /// The same as the user data say it; none if there are none, and then sticky does not know
    /// what the member had. It differs from `generation` after the member was fenced.
    pub user_data_generation: Option<Generation>,
}

impl MemberSubscription {
    /// A dynamic member without a rack that had nothing.
    #[must_use]
    pub const fn new(member: MemberId, topics: Vec<TopicId>) -> Self {
        Self {
            member,
            group_instance_id: None,
            rack: None,
            topics,
            owned: Vec::new(),
            generation: None,
            user_data_generation: None,
        }
    }

    /// Orders members as range and round robin do: static ones by instance id, then dynamic ones
    /// by member id. `AbstractPartitionAssignor.MemberInfo.compareTo`.
    pub(super) fn rank(&self) -> (bool, Option<InstanceId>, MemberId) {
        (
            self.group_instance_id.is_none(),
            self.group_instance_id,
            self.member,
        )
    }
}
