//! Commits, and what stays of them.

use super::lab::{at, lab};
use crate::ids::{Offset, TopicPartition};
use crate::kafka::group::classic::{CommitError, GroupState};

const P0: TopicPartition = TopicPartition::new(0, 0);

#[test]
fn offsets_survive_an_empty_group() {
    let mut lab = lab(3);
    lab.start(1);
    lab.run_until(at(5_000));
    let owner = lab.consumers[&1].clone();
    assert_eq!(lab.commit(&owner, 0, 7), Ok(()));
    lab.crash(1);
    lab.run_until(at(100_000));
    assert_eq!(lab.state().0, GroupState::Empty);
    assert_eq!(lab.group.committed(P0), Some(Offset(7)));
    assert_eq!(lab.group.committed(TopicPartition::new(0, 1)), None);
}

#[test]
fn a_commit_of_an_old_generation_is_refused() {
    let mut lab = lab(3);
    lab.start(1);
    lab.run_until(at(5_000));
    let before = lab.consumers[&1].clone();
    lab.start(2);
    assert_eq!(
        lab.commit(&before, 0, 5),
        Ok(()),
        "until the next generation"
    );
    lab.run_until(at(10_000));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(
        lab.commit(&before, 0, 9),
        Err(CommitError::IllegalGeneration)
    );
    assert_eq!(lab.group.committed(P0), Some(Offset(5)));
}

#[test]
fn a_commit_of_a_member_that_was_thrown_out_is_refused() {
    let mut lab = lab(3);
    lab.start(1);
    lab.start(2);
    lab.run_until(at(10_000));
    let frozen = lab.consumers[&1].clone();
    lab.crash(1);
    lab.run_until(at(70_000));
    assert_eq!(lab.state(), (GroupState::Stable, 2));
    assert_eq!(lab.commit(&frozen, 0, 9), Err(CommitError::UnknownMemberId));
    assert_eq!(lab.group.committed(P0), None);
}

#[test]
fn a_commit_keeps_the_session_alive() {
    let mut lab = lab(3);
    lab.start(1);
    lab.run_until(at(5_000));
    let silent = lab.consumers.remove(&1).unwrap();
    lab.run_until(at(40_000));
    assert_eq!(lab.commit(&silent, 0, 1), Ok(()));
    lab.run_until(at(84_999));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    lab.run_until(at(85_000));
    assert_eq!(lab.state(), (GroupState::Empty, 2));
}
