//! Leaves, crashes, and the end of a group.

use super::super::lab::at;
use super::lab::{Lab, id, lab, tp};
use crate::ids::Offset;
use crate::kafka::group::consumer::{
    ConsumerGroupState, DeleteError, Effect, EpochReason, FenceReason, HeartbeatError,
    HeartbeatRequest, MemberEpoch,
};
use ConsumerGroupState::{Assigning, Dead, Empty, Stable};

fn two() -> Lab {
    let mut lab = lab(4);
    lab.start(1);
    lab.run_until(at(2_000));
    lab.start(2);
    lab.run_until(at(20_000));
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
    lab
}

/// Its partitions are free at once; the others get them with their next heartbeat.
#[test]
fn a_leave_is_noticed_with_the_next_heartbeat_of_the_others() {
    let mut lab = two();
    lab.run_until(at(21_000));
    lab.leave(2, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.state(), (Assigning, 4, 3));
    assert_eq!(lab.group.partition_epoch(tp(3)), None);
    lab.run_until(at(24_999));
    assert_eq!(lab.owned(), [[0, 1]]);
    lab.run_until(at(25_000));
    assert_eq!(lab.owned(), [[0, 1, 2, 3]]);
    assert_eq!(lab.state(), (Stable, 4, 4));
}

#[test]
fn a_crash_is_noticed_when_the_session_is_over() {
    let mut lab = two();
    // Its last heartbeat was at 17 s.
    lab.crash(2);
    lab.run_until(at(61_999));
    assert_eq!(lab.state(), (Stable, 3, 3));
    lab.run_until(at(62_000));
    assert_eq!(lab.state(), (Assigning, 4, 3));
    let fenced = Effect::MemberFenced {
        member: id(2, 0),
        reason: FenceReason::SessionExpired,
    };
    assert_eq!(lab.when(|effect| *effect == fenced), Some(at(62_000)));
    lab.run_until(at(65_000));
    assert_eq!(lab.owned(), [[0, 1, 2, 3]]);
}

#[test]
fn a_member_that_was_thrown_out_joins_again_under_the_same_id() {
    let mut lab = two();
    let frozen = lab.crash(2);
    lab.run_until(at(70_000));
    lab.clients.insert(2, frozen);
    lab.run_until(at(100_000));
    assert_eq!(lab.refused, [(2, HeartbeatError::UnknownMemberId)]);
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
    let reasons = lab.happened.iter().filter_map(|(_, effect)| match effect {
        Effect::GroupEpochBumped { epoch, reason } => Some((epoch.0, *reason)),
        _ => None,
    });
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [
            (2, EpochReason::MemberJoined(id(1, 0))),
            (3, EpochReason::MemberJoined(id(2, 0))),
            (4, EpochReason::MemberFenced(id(2, 0))),
            (5, EpochReason::MemberJoined(id(2, 0))),
        ]
    );
}

#[test]
fn the_last_one_leaves_an_empty_group_with_its_offsets() {
    let mut lab = two();
    lab.commit(id(1, 0), 3, &[(0, 7)]).unwrap();
    lab.leave(1, MemberEpoch::LEAVE).unwrap();
    lab.leave(2, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.state().0, Empty);
    assert_eq!(lab.group.offsets().get(tp(0)), Some(Offset(7)));
    assert_eq!(lab.group.next_timeout(), None);
    lab.run_until(at(30_000));
    lab.start(3);
    assert_eq!(lab.state(), (Stable, 6, 6));
}

#[test]
fn only_an_empty_group_can_be_deleted() {
    let mut lab = two();
    let mut effects = Vec::new();
    assert_eq!(
        lab.group.delete(&mut effects),
        Err(DeleteError::NonEmptyGroup)
    );
    lab.leave(1, MemberEpoch::LEAVE).unwrap();
    lab.leave(2, MemberEpoch::LEAVE).unwrap();
    assert_eq!(lab.group.delete(&mut effects), Ok(()));
    assert_eq!(effects, [Effect::StateChanged { state: Dead }]);
    assert_eq!(
        lab.group.delete(&mut effects),
        Err(DeleteError::GroupIdNotFound)
    );
    lab.start(1);
    assert_eq!(lab.state(), (Stable, 2, 2));
}

#[test]
fn who_is_not_there_cannot_leave() {
    let mut lab = two();
    let request = HeartbeatRequest::alive(id(7, 0), MemberEpoch::LEAVE);
    assert_eq!(lab.send(&request), Err(HeartbeatError::UnknownMemberId));
}

/// A process that starts again is another member: its old self is waited for.
#[test]
fn a_restarted_client_waits_for_its_old_self() {
    let mut lab = two();
    lab.crash(2);
    lab.start_as(2, id(2, 1), None);
    lab.run_until(at(55_000));
    assert_eq!(lab.group.members(), [id(1, 0), id(2, 0), id(2, 1)]);
    lab.run_until(at(80_000));
    assert_eq!(lab.group.members(), [id(1, 0), id(2, 1)]);
    assert_eq!(lab.owned(), [[0, 1], [2, 3]]);
    assert_eq!(
        lab.group.current(id(2, 1)).unwrap().member_epoch,
        MemberEpoch(5)
    );
}
