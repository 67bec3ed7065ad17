//! Subscriptions that change, and topics that grow.

use super::super::lab::{at, secs};
use super::lab::{Lab, id, lab_with, topics};
use crate::ids::{TopicId, TopicPartition};
use crate::kafka::group::consumer::{
    ConsumerGroupSettings, ConsumerGroupState, Effect, EpochReason, HeartbeatRequest, MemberEpoch,
    MemberState,
};
use ConsumerGroupState::Stable;

/// One member of a group that subscribes to both topics, of 2 and 1 partitions.
fn both() -> Lab {
    let mut lab = lab_with(ConsumerGroupSettings::default(), &[2, 1]);
    lab.topics = vec![TopicId(0), TopicId(1)];
    lab.start(1);
    lab.run_until(at(10_000));
    assert_eq!(lab.state(), (Stable, 2, 2));
    assert_eq!(lab.clients[&1].owned.len(), 3);
    lab
}

fn bumps(lab: &Lab) -> Vec<(i32, EpochReason)> {
    let bumps = lab.happened.iter().filter_map(|(_, effect)| match effect {
        Effect::GroupEpochBumped { epoch, reason } => Some((epoch.0, *reason)),
        _ => None,
    });
    bumps.collect()
}

#[test]
fn new_partitions_are_found_with_the_next_heartbeat() {
    let mut lab = both();
    lab.run_until(at(11_000));
    lab.group.topics_changed(topics(&[4, 1]));
    lab.run_until(at(14_999));
    assert_eq!(lab.state(), (Stable, 2, 2));
    lab.run_until(at(15_000));
    assert_eq!(lab.state(), (Stable, 3, 3));
    assert_eq!(lab.clients[&1].owned.len(), 5);
    assert_eq!(bumps(&lab)[1], (3, EpochReason::MetadataChanged));
}

#[test]
fn partitions_of_other_topics_are_nothing_to_the_group() {
    let mut lab = lab_with(ConsumerGroupSettings::default(), &[2, 1]);
    lab.start(1);
    lab.group.topics_changed(topics(&[2, 9]));
    lab.run_until(at(10_000));
    assert_eq!(lab.state(), (Stable, 2, 2));
}

#[test]
fn a_topic_that_is_unsubscribed_is_given_up() {
    let mut lab = both();
    let member = id(1, 0);
    let request = HeartbeatRequest {
        topics: Some(vec![TopicId(0)]),
        ..HeartbeatRequest::alive(member, MemberEpoch(2))
    };
    let answer = lab.send(&request).unwrap();
    assert_eq!(
        answer.epoch,
        MemberEpoch(2),
        "not before it has given it up"
    );
    let rest = vec![TopicPartition::new(0, 0), TopicPartition::new(0, 1)];
    assert_eq!(answer.assignment, Some(rest.clone()));
    assert_eq!(
        bumps(&lab)[1],
        (3, EpochReason::SubscriptionChanged(member))
    );
    assert_eq!(
        lab.member(member),
        Some((MemberState::UnrevokedPartitions, 2))
    );
    let request = HeartbeatRequest {
        owned: Some(rest),
        ..HeartbeatRequest::alive(member, MemberEpoch(2))
    };
    assert_eq!(lab.send(&request).unwrap().epoch, MemberEpoch(3));
    assert_eq!(lab.state(), (Stable, 3, 3));
}

/// Within the assignment interval there is no other target yet, and it is given up all the same.
#[test]
fn a_topic_is_given_up_before_the_next_target() {
    let mut lab = lab_with(
        ConsumerGroupSettings {
            assignment_interval: secs(15),
            ..ConsumerGroupSettings::default()
        },
        &[2, 1],
    );
    lab.topics = vec![TopicId(0), TopicId(1)];
    lab.start(1);
    lab.run_until(at(1_000));
    let request = HeartbeatRequest {
        topics: Some(vec![TopicId(0)]),
        ..HeartbeatRequest::alive(id(1, 0), MemberEpoch(2))
    };
    let answer = lab.send(&request).unwrap();
    assert_eq!(answer.epoch, MemberEpoch(2));
    assert_eq!(answer.assignment.map(|own| own.len()), Some(2));
    assert_eq!(lab.state(), (ConsumerGroupState::Assigning, 3, 2));
}

#[test]
fn the_same_topics_in_another_order_are_the_same() {
    let mut lab = both();
    let request = HeartbeatRequest {
        topics: Some(vec![TopicId(1), TopicId(0), TopicId(1)]),
        ..HeartbeatRequest::alive(id(1, 0), MemberEpoch(2))
    };
    assert!(lab.send(&request).is_ok());
    assert_eq!(lab.state(), (Stable, 2, 2));
}
