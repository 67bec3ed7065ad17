//! The assignor that the coordinator of a share group runs.

use broker_lab_core::kafka::assignor::{MemberSubscription, ShareAssignor, TopicMetadata};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{ActorId, TopicId, TopicPartition};
use proptest::prelude::*;

use crate::groups::{
    Claims, Group, Subscriptions, assert_subscribed, cases, groups, spread, times,
};

fn assign(group: &Group) -> Vec<Vec<TopicPartition>> {
    ShareAssignor::Simple.assign(&group.topics, &group.members, |_| true)
}

/// Whether members shall have one more together than there is, as a quotient in a double is a
/// little too large.
fn is_rounded_up(shares: usize, members: usize) -> bool {
    let (shares, members) = (shares as f64, members as f64);
    shares / members * members > shares
}

/// Of 29 partitions seven members shall have 30, five for the first and the last of them:
/// 29 ÷ 7 × 7 is 29.000000000000004 in Java. Somebody does not get what it shall have.
#[test]
fn a_quotient_that_is_rounded_up_leaves_somebody_short() {
    assert!(is_rounded_up(29, 7));
    let topics = [TopicMetadata::new(TopicId(0), 29)];
    let members: Vec<_> = (0..7)
        .map(|actor| {
            let id = MemberId {
                actor: ActorId(actor),
                incarnation: 0,
            };
            MemberSubscription::new(id, vec![TopicId(0)])
        })
        .collect();
    let assignment = ShareAssignor::Simple.assign(&topics, &members, |_| true);
    let sizes: Vec<usize> = assignment.iter().map(Vec::len).collect();
    assert_eq!(sizes, [5, 4, 4, 4, 4, 4, 4]);
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn equal_subscriptions_share_alike(group in groups(Subscriptions::Equal, Claims::Any)) {
        let wanted = group.wanted();
        let assignment = assign(&group);
        assert_subscribed(&group, &assignment);
        let times = times(&assignment);
        prop_assert_eq!(times.len(), wanted.len());
        let sharing = group.members.len().div_ceil(wanted.len().max(1));
        if !is_rounded_up(sharing * wanted.len(), group.members.len()) {
            prop_assert!(spread(assignment.iter()) <= 1);
        }
        prop_assert!(times.values().all(|times| *times <= sharing));
    }

    #[test]
    fn each_topic_is_shared_by_its_own_subscribers(
        group in groups(Subscriptions::Any, Claims::Any),
    ) {
        let assignment = assign(&group);
        for topic in &group.topics {
            let subscribers = group.members.iter().zip(&assignment);
            let lists: Vec<Vec<TopicPartition>> = subscribers
                .filter(|(member, _)| member.topics.contains(&topic.topic))
                .map(|(_, list)| list.iter().filter(|tp| tp.topic == topic.topic).copied().collect())
                .collect();
            let wants = |topics: &Vec<_>| topics.contains(&topic.topic);
            let equal = group.members.iter().all(|member| {
                member.topics == group.members[0].topics
            });
            if !equal && group.members.iter().any(|member| wants(&member.topics)) {
                prop_assert!(spread(lists.iter()) <= 1, "no topic is large enough for rounding");
                prop_assert_eq!(times(&lists).len(), usize::from(topic.partitions));
            }
        }
    }

    #[test]
    fn nothing_moves_when_nothing_changes(group in groups(Subscriptions::Any, Claims::Any)) {
        let first = assign(&group);
        prop_assert_eq!(&assign(&group.after(&first, 4)), &first);
    }

    #[test]
    fn what_cannot_be_assigned_is_not(group in groups(Subscriptions::Equal, Claims::Any)) {
        let even = |partition: TopicPartition| partition.partition.0.is_multiple_of(2);
        let assignment = ShareAssignor::Simple.assign(&group.topics, &group.members, even);
        prop_assert!(assignment.iter().flatten().all(|partition| even(*partition)));
        let wanted = group.wanted().into_iter().filter(|partition| even(*partition));
        prop_assert_eq!(times(&assignment).len(), wanted.count());
    }
}
