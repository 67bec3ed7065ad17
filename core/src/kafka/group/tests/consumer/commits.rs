//! Whose commits are taken.

use super::super::lab::{at, secs};
use super::lab::{Lab, id, lab, tp};
use crate::ids::Offset;
use crate::kafka::group::consumer::{MemberEpoch, MemberState, OffsetError};

const STALE: Result<(), OffsetError> = Err(OffsetError::StaleMemberEpoch);
const UNKNOWN: Result<(), OffsetError> = Err(OffsetError::UnknownMemberId);

/// Member 1 has 0–2 of 6 partitions since epoch 2 and is at epoch 3; member 2 has 3–5 since 3.
fn two() -> Lab {
    let mut lab = lab(6);
    lab.start(1);
    lab.run_until(at(2_000));
    lab.start(2);
    lab.run_until(at(20_000));
    lab
}

#[test]
fn the_epoch_of_the_member_commits_whatever_it_says() {
    let mut lab = two();
    assert_eq!(lab.commit(id(1, 0), 3, &[(0, 5), (4, 1)]), Ok(()));
    assert_eq!(lab.group.offsets().get(tp(4)), Some(Offset(1)));
}

/// KIP-1251: the client may not have heard of the new epoch yet.
#[test]
fn an_older_epoch_commits_what_it_had_and_has() {
    let mut lab = two();
    assert_eq!(lab.commit(id(1, 0), 2, &[(0, 5)]), Ok(()));
    assert_eq!(lab.commit(id(1, 0), 2, &[(0, 9), (3, 9)]), STALE);
    assert_eq!(lab.group.offsets().get(tp(0)), Some(Offset(5)));
    assert_eq!(lab.commit(id(1, 0), 1, &[(0, 9)]), STALE);
    assert_eq!(lab.commit(id(2, 0), 2, &[(3, 9)]), STALE);
    assert_eq!(lab.commit(id(1, 0), 4, &[(0, 9)]), STALE);
}

#[test]
fn what_is_to_be_given_up_may_still_be_committed() {
    let mut lab = two();
    lab.clients.get_mut(&1).unwrap().revokes_in = secs(60);
    lab.start(3);
    lab.run_until(at(26_000));
    assert_eq!(
        lab.member(id(1, 0)),
        Some((MemberState::UnrevokedPartitions, 3))
    );
    assert_eq!(lab.commit(id(1, 0), 3, &[(2, 5)]), Ok(()));
    assert_eq!(lab.commit(id(1, 0), 2, &[(2, 6)]), Ok(()));
}

#[test]
fn whoever_was_thrown_out_commits_nothing() {
    let mut lab = two();
    lab.crash(2);
    lab.run_until(at(90_000));
    assert_eq!(lab.commit(id(2, 0), 3, &[(3, 9)]), UNKNOWN);
    assert_eq!(lab.commit(id(2, 0), -1, &[(3, 9)]), UNKNOWN);
    assert_eq!(lab.group.offsets().get(tp(3)), None);
}

/// A commit without an epoch is taken as an admin's: the group has nobody that it could hurt.
#[test]
fn the_last_one_may_commit_after_it_left() {
    let mut lab = lab(1);
    lab.start(1);
    lab.leave(1, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.commit(id(1, 0), 2, &[(0, 3)]), UNKNOWN);
    assert_eq!(lab.commit(id(1, 0), -1, &[(0, 3)]), Ok(()));
    assert_eq!(lab.group.offsets().get(tp(0)), Some(Offset(3)));
}

#[test]
fn a_commit_does_not_keep_a_session_alive() {
    let mut lab = two();
    lab.crash(2);
    lab.run_until(at(60_000));
    assert_eq!(lab.commit(id(2, 0), 3, &[(3, 9)]), Ok(()));
    lab.run_until(at(62_000));
    assert!(lab.group.current(id(2, 0)).is_none());
}

#[test]
fn offsets_are_given_to_members_at_their_epoch() {
    let lab = two();
    let fetch = |member, epoch| lab.group.fetch_offsets(member, MemberEpoch(epoch)).err();
    assert_eq!(fetch(id(1, 0), 3), None);
    assert_eq!(fetch(id(1, 0), 2), Some(OffsetError::StaleMemberEpoch));
    assert_eq!(fetch(id(7, 0), 3), Some(OffsetError::UnknownMemberId));
}

#[test]
fn an_admin_sets_offsets_only_while_nobody_is_there() {
    let mut lab = two();
    let zero = [(tp(0), Offset(0))];
    assert_eq!(lab.group.alter_offsets(&zero), UNKNOWN);
    lab.leave(1, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.group.alter_offsets(&zero), UNKNOWN);
    lab.leave(2, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.group.alter_offsets(&zero), Ok(()));
    assert_eq!(lab.group.offsets().get(tp(0)), Some(Offset(0)));
}
