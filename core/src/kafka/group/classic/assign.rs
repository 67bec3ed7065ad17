//! What the leader of a group does between its join and its sync.

use super::messages::{JoinedMember, MemberAssignment, Subscription};
use crate::ids::TopicId;
use crate::kafka::assignor::{Assignor, MemberSubscription, TopicMetadata};

/// Assigns what `members` subscribe to. `partitions` is the leader's metadata: the partition count of
/// a topic, none if there is no such topic; then its subscription counts for nothing.
/// `ConsumerCoordinator.onLeaderElected`.
#[must_use]
pub fn assign(
    protocol: Assignor,
    members: &[JoinedMember],
    partitions: impl Fn(TopicId) -> Option<u16>,
) -> Vec<MemberAssignment> {
    let mut subscribed: Vec<TopicId> = members
        .iter()
        .flat_map(|joined| joined.subscription.topics.iter().copied())
        .collect();
    subscribed.sort_unstable();
    subscribed.dedup();
    let topics: Vec<_> = subscribed
        .into_iter()
        .filter_map(|topic| Some(TopicMetadata::new(topic, partitions(topic)?)))
        .collect();
    let subscriptions: Vec<_> = members
        .iter()
        .map(|joined| subscription(protocol, joined))
        .collect();
    members
        .iter()
        .zip(protocol.assign(&topics, &subscriptions))
        .map(|(joined, partitions)| MemberAssignment {
            member: joined.member,
            partitions,
        })
        .collect()
}

/// What a member says, as the assignor reads it: sticky goes by the last assignment in the user
/// data, cooperative-sticky by what the member still owns.
fn subscription(protocol: Assignor, joined: &JoinedMember) -> MemberSubscription {
    let Subscription {
        topics,
        generation,
        owned,
        last,
    } = &joined.subscription;
    let owned = match (protocol, last) {
        (Assignor::Sticky, Some(last)) => &last.partitions,
        _ => owned,
    };
    MemberSubscription {
        group_instance_id: joined.group_instance_id,
        owned: owned.clone(),
        generation: *generation,
        user_data_generation: last.as_ref().map(|last| last.generation),
        ..MemberSubscription::new(joined.member, topics.clone())
    }
}
