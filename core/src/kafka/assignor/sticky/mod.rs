//! Sticky and cooperative-sticky: as even as it can be, and of that what moves least.
//! `org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor` with `StickyAssignor` and
//! `CooperativeStickyAssignor`.
//!
//! Members bring what they had. Of two that claim the same partition the one of the later
//! generation is right ([`claims`]). If all subscribe to the same, quotas decide
//! ([`constrained`]); if not, partitions are moved until no move helps ([`general`]).
//!
//! The cooperative one then takes out what would change hands ([`transfers`]): who has it revokes
//! it, and the rebalance that follows gives it to its new owner.

mod claims;
mod constrained;
mod general;
mod movements;
mod racks;
mod transfers;

use super::group::Group;
use super::input::{MemberSubscription, TopicMetadata};
use crate::ids::TopicPartition;
use claims::Claims;
use racks::Racks;

/// How members give up partitions. `ConsumerPartitionAssignor.RebalanceProtocol`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalanceProtocol {
    /// All of them before they join, whatever they get again.
    Eager,
    /// Only those that somebody else is to have, after the assignment is known. KIP-429.
    Cooperative,
}

/// The partitions of each member, in the order of `members`; each list by topic and partition.
///
/// The order of `members` decides who keeps one more than others, and who is the first to claim a
/// disputed partition. In Kafka it is that of a hash map of the member ids.
pub(super) fn assign(
    topics: &[TopicMetadata],
    members: &[MemberSubscription],
    protocol: RebalanceProtocol,
) -> Vec<Vec<TopicPartition>> {
    if members.is_empty() {
        return Vec::new();
    }
    let group = Group::new(topics, members);
    let racks = Racks::new(&group);
    let claims = Claims::new(&group, protocol);
    let (mut owners, transfers) = if group.subscribes_alike() {
        constrained::assign(&group, &racks, &claims)
    } else {
        let owners = general::assign(&group, &racks, &claims);
        let transfers = transfers::between(&group, &owners);
        (owners, transfers)
    };
    if protocol == RebalanceProtocol::Cooperative {
        for slot in transfers {
            owners[slot] = None;
        }
    }
    group.written(&owners)
}
