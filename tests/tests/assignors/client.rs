//! The assignors that a leader runs.

use broker_lab_core::TopicPartition;
use broker_lab_core::kafka::assignor::{Assignor, MemberSubscription};
use proptest::prelude::*;

use crate::groups::{
    Claims, Group, Subscriptions, assert_once_each, assert_subscribed, cases, groups, spread, times,
};

fn assign(assignor: Assignor, group: &Group) -> Vec<Vec<TopicPartition>> {
    assignor.assign(&group.topics, &group.members)
}

/// Everybody has what it had, but for those who had nothing before.
#[track_caller]
fn assert_only_newcomers_get(before: &[Vec<TopicPartition>], after: &[Vec<TopicPartition>]) {
    for (before, after) in before
        .iter()
        .zip(after)
        .filter(|(before, _)| !before.is_empty())
    {
        let got = after.iter().find(|partition| !before.contains(partition));
        assert_eq!(got, None);
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn every_partition_is_assigned_once(group in groups(Subscriptions::Any, Claims::Any)) {
        for assignor in [Assignor::Range, Assignor::RoundRobin, Assignor::Sticky] {
            assert_once_each(&group, &assign(assignor, &group));
        }
        let cooperative = assign(Assignor::CooperativeSticky, &group);
        prop_assert!(times(&cooperative).values().all(|times| *times == 1));
    }

    #[test]
    fn nobody_gets_what_it_did_not_ask_for(group in groups(Subscriptions::Any, Claims::Sound)) {
        for assignor in Assignor::ALL {
            // The sticky ones overlook an empty subscription that comes first.
            let is_sticky = !matches!(assignor, Assignor::Range | Assignor::RoundRobin);
            let overlooked = group.members[0].topics.is_empty();
            if !(is_sticky && overlooked) {
                assert_subscribed(&group, &assign(assignor, &group));
            }
        }
    }

    #[test]
    fn range_is_even_in_every_topic_whatever_the_racks(
        group in groups(Subscriptions::Any, Claims::Any),
    ) {
        let assignment = assign(Assignor::Range, &group);
        for topic in &group.topics {
            let lists: Vec<Vec<TopicPartition>> = group
                .members
                .iter()
                .zip(&assignment)
                .filter(|(member, _)| member.topics.contains(&topic.topic))
                .map(|(_, list)| list.iter().filter(|tp| tp.topic == topic.topic).copied().collect())
                .collect();
            prop_assert!(spread(lists.iter()) <= 1);
        }
        let plain = group.clone().without_racks();
        let plain = assign(Assignor::Range, &plain);
        let sizes = |assignment: &[Vec<TopicPartition>]| -> usize {
            assignment.iter().map(Vec::len).sum()
        };
        prop_assert_eq!(sizes(&assignment), sizes(&plain));
        for partitions in plain {
            let mut pairs = partitions.iter().zip(partitions.iter().skip(1));
            prop_assert!(pairs.all(|(one, next)| {
                one.topic != next.topic || one.partition.0 + 1 == next.partition.0
            }), "not in one piece");
        }
    }

    #[test]
    fn equal_subscriptions_get_equal_shares(group in groups(Subscriptions::Equal, Claims::Any)) {
        for assignor in [Assignor::RoundRobin, Assignor::Sticky] {
            prop_assert!(spread(assign(assignor, &group).iter()) <= 1);
        }
    }

    #[test]
    fn range_and_round_robin_do_not_look_at_orders(
        group in groups(Subscriptions::Any, Claims::Any),
    ) {
        let mut reversed = group.clone();
        reversed.members.reverse();
        reversed.topics.reverse();
        for assignor in [Assignor::Range, Assignor::RoundRobin] {
            let mut assignment = assign(assignor, &reversed);
            assignment.reverse();
            prop_assert_eq!(assign(assignor, &group), assignment);
        }
    }

    #[test]
    fn sticky_moves_nothing_when_nothing_changes(
        group in groups(Subscriptions::Equal, Claims::Any),
    ) {
        let group = group.without_racks();
        let first = assign(Assignor::Sticky, &group);
        let second = assign(Assignor::Sticky, &group.after(&first, 9));
        prop_assert_eq!(first, second);
    }

    /// Where subscriptions differ, Kafka may go on moving after a first assignment; it does not go
    /// on for long.
    #[test]
    fn sticky_comes_to_rest(group in groups(Subscriptions::Any, Claims::Any)) {
        let mut group = group.without_racks();
        let mut assignment = assign(Assignor::Sticky, &group);
        let mut rounds = 0;
        loop {
            group = group.after(&assignment, 9);
            let next = assign(Assignor::Sticky, &group);
            if next == assignment {
                break;
            }
            assignment = next;
            rounds += 1;
            prop_assert!(rounds < 3);
        }
    }

    #[test]
    fn sticky_gives_only_to_newcomers_when_members_join(
        group in groups(Subscriptions::Equal, Claims::Sound),
        joins in 1..4_usize,
    ) {
        let mut group = group.without_racks();
        let joins = joins.min(group.members.len() - 1);
        let later = group.members.split_off(group.members.len() - joins);
        let first = assign(Assignor::Sticky, &group);
        if first.iter().any(Vec::is_empty) {
            // Who has nothing cannot be told from a newcomer.
            return Ok(());
        }
        let mut group = group.after(&first, 4);
        for newcomer in later {
            group.members.push(MemberSubscription {
                group_instance_id: newcomer.group_instance_id,
                ..MemberSubscription::new(newcomer.member, newcomer.topics)
            });
        }
        let second = assign(Assignor::Sticky, &group);
        assert_only_newcomers_get(&first, &second);
    }

    /// The promise of KIP-429: a partition goes to a member only if it has it already, or nobody
    /// has it.
    #[test]
    fn cooperative_takes_nothing_from_under_anybody(
        group in groups(Subscriptions::Any, Claims::Sound),
    ) {
        let assignment = assign(Assignor::CooperativeSticky, &group);
        for (member, partitions) in group.members.iter().zip(&assignment) {
            for partition in partitions.iter().filter(|tp| !member.owned.contains(tp)) {
                let mut members = group.members.iter();
                prop_assert!(!members.any(|other| other.owned.contains(partition)));
            }
        }
    }

    #[test]
    fn cooperative_needs_one_rebalance_more(group in groups(Subscriptions::Equal, Claims::Sound)) {
        let group = group.without_racks();
        let first = assign(Assignor::CooperativeSticky, &group);
        let second = assign(Assignor::CooperativeSticky, &group.after(&first, 4));
        assert_once_each(&group, &second);
        for (before, after) in first.iter().zip(&second) {
            prop_assert!(before.iter().all(|partition| after.contains(partition)));
        }
    }

    /// Where subscriptions differ, what the follow-up hands out may be moved again.
    #[test]
    fn cooperative_comes_to_rest(group in groups(Subscriptions::Any, Claims::Sound)) {
        let mut group = group.without_racks();
        let mut rounds = 0;
        loop {
            let assignment = assign(Assignor::CooperativeSticky, &group);
            let is_whole = times(&assignment).len() == group.wanted().len();
            let is_last = is_whole && group.members.iter().zip(&assignment).all(|(member, got)| {
                member.owned.iter().all(|partition| got.contains(partition))
            });
            if is_last {
                break;
            }
            group = group.after(&assignment, 4 + rounds);
            rounds += 1;
            prop_assert!(rounds < 5);
        }
    }
}
