//! Which epochs a heartbeat may have.

use super::super::lab::{at, secs};
use super::lab::{Lab, id, lab, tp};
use crate::kafka::group::consumer::{
    ConsumerGroupState, HeartbeatError, HeartbeatRequest, MemberEpoch, MemberState,
};

/// Member 1 has 0–2 of 6 partitions at epoch 3, and was at epoch 2 before.
fn two() -> Lab {
    let mut lab = lab(6);
    lab.start(1);
    lab.run_until(at(2_000));
    lab.start(2);
    lab.run_until(at(20_000));
    assert_eq!(lab.member(id(1, 0)), Some((MemberState::Stable, 3)));
    lab
}

fn beat(epoch: i32, owned: Option<&[u16]>) -> HeartbeatRequest {
    HeartbeatRequest {
        owned: owned.map(|owned| owned.iter().copied().map(tp).collect()),
        ..HeartbeatRequest::alive(id(1, 0), MemberEpoch(epoch))
    }
}

#[test]
fn the_answer_to_a_plain_heartbeat_repeats_nothing() {
    let mut lab = two();
    let answer = lab.send(&beat(3, None)).unwrap();
    assert_eq!(answer.epoch, MemberEpoch(3));
    assert_eq!(answer.assignment, None);
    assert_eq!(answer.heartbeat_interval, secs(5));
}

/// The answer that told the new epoch may have been lost.
#[test]
fn the_epoch_before_is_taken_from_who_owns_no_more_than_it_was_given() {
    let mut lab = two();
    let fenced = Err(HeartbeatError::FencedMemberEpoch);
    assert_eq!(lab.send(&beat(2, None)), fenced);
    assert_eq!(lab.send(&beat(2, Some(&[0, 5]))), fenced);
    assert_eq!(lab.send(&beat(2, Some(&[0, 2]))).unwrap().epoch.0, 3);
    assert_eq!(lab.send(&beat(2, Some(&[]))).unwrap().epoch.0, 3);
}

#[test]
fn other_epochs_are_fenced() {
    let mut lab = two();
    for epoch in [1, 4] {
        let refused = lab.send(&beat(epoch, Some(&[])));
        assert_eq!(refused, Err(HeartbeatError::FencedMemberEpoch));
    }
}

#[test]
fn a_stranger_is_unknown_unless_it_joins() {
    let mut lab = two();
    let stranger = HeartbeatRequest::alive(id(7, 0), MemberEpoch(3));
    assert_eq!(lab.send(&stranger), Err(HeartbeatError::UnknownMemberId));
    let joins = HeartbeatRequest {
        epoch: MemberEpoch::JOIN,
        ..stranger
    };
    assert_eq!(
        lab.send(&joins).unwrap().epoch.0,
        3,
        "it subscribes to nothing"
    );
    assert_eq!(lab.group.member_count(), 3);
}

/// A fenced member that is still known keeps its epoch and its partitions.
#[test]
fn whoever_joins_again_while_it_is_known_is_told_what_it_has() {
    let mut lab = two();
    let request = HeartbeatRequest {
        epoch: MemberEpoch::JOIN,
        topics: Some(lab.topics.clone()),
        rebalance_timeout: Some(secs(300)),
        ..beat(0, Some(&[]))
    };
    let answer = lab.send(&request).unwrap();
    assert_eq!(answer.epoch, MemberEpoch(3));
    assert_eq!(answer.assignment, Some(vec![tp(0), tp(1), tp(2)]));
    assert_eq!(lab.state(), (ConsumerGroupState::Stable, 3, 3));
}

/// Refused heartbeats do not keep a session alive.
#[test]
fn a_refused_heartbeat_does_not_count() {
    let mut lab = two();
    lab.crash(1);
    for second in 21..=64 {
        lab.run_until(at(1_000 * second));
        assert!(lab.send(&beat(9, None)).is_err());
    }
    assert!(lab.group.current(id(1, 0)).is_some());
    lab.run_until(at(65_000));
    assert!(lab.group.current(id(1, 0)).is_none());
}
