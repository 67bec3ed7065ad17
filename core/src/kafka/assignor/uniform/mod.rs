//! Uniform: as even as it can be over all topics together, and of that what moves least. The
//! default of groups of the consumer protocol.
//! `org.apache.kafka.coordinator.group.assignor.UniformAssignor`.
//!
//! It starts from the previous target, not from what members own. Racks do not count.

mod balancer;
mod heterogeneous;
mod homogeneous;

use super::group::Group;
use super::input::{MemberSubscription, TopicMetadata};
use crate::ids::TopicPartition;

/// The partitions of each member, in the order of `members`; each list by topic and partition.
///
/// The order of `members` decides, and if all subscribe to the same also that of `topics`. In Kafka
/// these are the orders of a hash map of member ids, and of a hash set of the topics' ids.
pub(super) fn assign(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
) -> Vec<Vec<TopicPartition>> {
    let group = Group::new(topics, members);
    let owners = if group.has_one_subscription() {
        homogeneous::assign(&group, topics)
    } else {
        heterogeneous::assign(&group)
    };
    group.written(&owners)
}
