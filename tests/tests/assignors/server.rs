//! The assignors that the coordinator of the consumer protocol runs.

use broker_lab_core::TopicPartition;
use broker_lab_core::kafka::assignor::ServerAssignor;
use proptest::prelude::*;

use crate::groups::{
    Claims, Group, Subscriptions, assert_once_each, assert_subscribed, cases, groups, spread,
};

fn assign(assignor: ServerAssignor, group: &Group) -> Vec<Vec<TopicPartition>> {
    assignor.assign(&group.topics, &group.members)
}

fn moved(group: &Group, assignment: &[Vec<TopicPartition>]) -> usize {
    let members = group.members.iter().zip(assignment);
    let new = |owned: &[TopicPartition], got: &[TopicPartition]| {
        got.iter().filter(|tp| !owned.contains(tp)).count()
    };
    members.map(|(member, got)| new(&member.owned, got)).sum()
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn every_partition_is_assigned_once_to_who_wants_it(
        group in groups(Subscriptions::Any, Claims::Sound),
    ) {
        for assignor in ServerAssignor::ALL {
            let assignment = assign(assignor, &group);
            assert_once_each(&group, &assignment);
            assert_subscribed(&group, &assignment);
        }
    }

    #[test]
    fn uniform_is_even_over_all_topics(group in groups(Subscriptions::Equal, Claims::Sound)) {
        let assignment = assign(ServerAssignor::Uniform, &group);
        prop_assert!(spread(assignment.iter()) <= 1);
        // Nothing moves but what was free, and what was above somebody's share.
        let wanted = group.wanted();
        let most = wanted.len().div_ceil(group.members.len());
        let owned = group.members.iter().map(|member| {
            let owned = member.owned.iter();
            owned.filter(|tp| wanted.contains(tp)).count()
        });
        let free = wanted.len() - owned.clone().sum::<usize>();
        let least = wanted.len() / group.members.len();
        let above: usize = owned.map(|owned| owned.saturating_sub(least)).sum();
        prop_assert!(moved(&group, &assignment) <= free + above);
        prop_assert!(assignment.iter().all(|partitions| partitions.len() <= most));
    }

    #[test]
    fn uniform_moves_nothing_when_nothing_changes(
        group in groups(Subscriptions::Any, Claims::Sound),
    ) {
        let first = assign(ServerAssignor::Uniform, &group);
        let second = assign(ServerAssignor::Uniform, &group.after(&first, 4));
        prop_assert_eq!(first, second);
    }

    /// Range has no memory: what members had makes no difference.
    #[test]
    fn range_does_not_look_back(group in groups(Subscriptions::Any, Claims::Sound)) {
        let mut blank = group.clone();
        for member in &mut blank.members {
            member.owned.clear();
            member.rack = None;
        }
        let assignor = ServerAssignor::Range;
        prop_assert_eq!(assign(assignor, &group), assign(assignor, &blank));
    }
}
