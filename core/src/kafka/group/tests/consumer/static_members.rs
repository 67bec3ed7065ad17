//! Members with an instance id.

use super::super::lab::at;
use super::lab::{Lab, id, lab, tp};
use crate::kafka::assignor::InstanceId;
use crate::kafka::group::consumer::{
    ConsumerGroupState, HeartbeatError, HeartbeatRequest, MemberEpoch, MemberState, OffsetError,
};
use ConsumerGroupState::{Assigning, Reconciling, Stable};

const SEAT: Option<InstanceId> = Some(InstanceId(1));

/// Two static members with two partitions each.
fn two() -> Lab {
    let mut lab = lab(4);
    lab.start_as(1, id(1, 0), SEAT);
    lab.run_until(at(2_000));
    lab.start_as(2, id(2, 0), Some(InstanceId(2)));
    lab.run_until(at(20_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
    assert_eq!(lab.state(), (Stable, 3, 3));
    lab
}

#[test]
fn a_member_that_comes_back_disturbs_nobody() {
    let mut lab = two();
    lab.happened.clear();
    lab.leave(1, MemberEpoch::LEAVE_STATIC).unwrap();
    assert_eq!(lab.state(), (Reconciling, 3, 3));
    assert!(lab.group.partition_epoch(tp(0)).is_some(), "not free");
    lab.run_until(at(30_000));
    lab.start_as(1, id(1, 1), SEAT);
    assert_eq!(lab.state(), (Stable, 3, 3));
    assert_eq!(lab.member(id(1, 1)), Some((MemberState::Stable, 3)));
    lab.run_until(at(30_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
    assert_eq!(lab.group.member_count(), 2);
}

/// The session of the member that left goes on from its last heartbeat.
#[test]
fn a_member_that_stays_away_is_thrown_out() {
    let mut lab = two();
    lab.leave(1, MemberEpoch::LEAVE_STATIC).unwrap();
    lab.run_until(at(64_999));
    assert_eq!(lab.state(), (Reconciling, 3, 3));
    lab.run_until(at(65_000));
    assert_eq!(lab.state(), (Assigning, 4, 3));
    lab.run_until(at(70_000));
    assert_eq!(lab.owned(), [[0, 1, 2, 3]]);
}

/// The timer of the old member finds nobody.
#[test]
fn the_member_that_came_back_has_a_session_of_its_own() {
    let mut lab = two();
    lab.leave(1, MemberEpoch::LEAVE_STATIC).unwrap();
    lab.run_until(at(64_000));
    lab.start_as(1, id(1, 1), SEAT);
    lab.run_until(at(120_000));
    assert_eq!(lab.state(), (Stable, 3, 3));
}

/// Whoever crashed has not left: its process finds its seat taken until its session is over.
#[test]
fn a_seat_that_was_not_left_is_taken() {
    let mut lab = two();
    lab.crash(1);
    lab.start_as(1, id(1, 1), SEAT);
    assert_eq!(lab.refused, [(1, HeartbeatError::UnreleasedInstanceId)]);
    lab.run_until(at(66_000));
    lab.start_as(1, id(1, 2), SEAT);
    lab.run_until(at(100_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
}

#[test]
fn the_old_member_is_fenced_by_the_one_that_took_its_seat() {
    let mut lab = two();
    let old = lab.clients[&1].clone();
    lab.leave(1, MemberEpoch::LEAVE_STATIC).unwrap();
    lab.start_as(1, id(1, 1), SEAT);
    let request = HeartbeatRequest {
        instance: SEAT,
        ..HeartbeatRequest::alive(old.member, MemberEpoch(3))
    };
    assert_eq!(lab.send(&request), Err(HeartbeatError::FencedInstanceId));
    let commit = lab.commit(old.member, 3, &[(0, 1)]);
    assert_eq!(commit, Err(OffsetError::UnknownMemberId));
}

/// What it has counts from epoch 0, so that it may commit at whichever epoch it knows.
#[test]
fn a_member_that_is_away_cannot_commit_and_one_that_is_back_can() {
    let mut lab = two();
    lab.leave(1, MemberEpoch::LEAVE_STATIC).unwrap();
    let commit = lab.commit(id(1, 0), 3, &[(0, 1)]);
    assert_eq!(commit, Err(OffsetError::StaleMemberEpoch));
    lab.start_as(1, id(1, 1), SEAT);
    assert_eq!(lab.commit(id(1, 1), 1, &[(0, 1)]), Ok(()));
}

#[test]
fn a_static_member_may_leave_for_good() {
    let mut lab = two();
    lab.leave(1, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.state(), (Assigning, 4, 3));
    lab.start_as(1, id(1, 1), SEAT);
    lab.run_until(at(60_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
}
