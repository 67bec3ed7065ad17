//! What an assignor is given.

use crate::ids::{PartitionId, TopicId};
use crate::kafka::group::MemberId;

/// `client.rack` of a consumer, `broker.rack` of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RackId(pub u16);

/// `group.instance.id`, in the order of the names. KIP-345.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u16);

/// A topic as the leader's metadata show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicMetadata {
    /// Which topic.
    pub topic: TopicId,
    /// How many partitions it has.
    pub partitions: u16,
    /// Per partition the racks of its replicas; empty if no broker has a rack.
    pub racks: Vec<Vec<RackId>>,
}

impl TopicMetadata {
    /// A topic of which no racks are known.
    #[must_use]
    pub const fn new(topic: TopicId, partitions: u16) -> Self {
        Self {
            topic,
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

/// A member and what it subscribes to. `ConsumerPartitionAssignor.Subscription`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSubscription {
    /// Who.
    pub member: MemberId,
    /// `group.instance.id`; none for a dynamic member.
    pub group_instance_id: Option<InstanceId>,
    /// `client.rack`; none if it is not set, then every replica is as near as another. KIP-881.
    pub rack: Option<RackId>,
    /// What it wants to read. A topic without metadata is ignored.
    pub topics: Vec<TopicId>,
}

impl MemberSubscription {
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
