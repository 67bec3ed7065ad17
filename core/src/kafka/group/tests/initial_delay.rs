//! How long a group that was empty waits.

use super::lab::{at, lab, secs};
use crate::ids::Generation;
use crate::kafka::assignor::Assignor;
use crate::kafka::group::classic::{Effect, GroupState};

const FIRST: Effect = Effect::GenerationStarted {
    generation: Generation(1),
    protocol: Some(Assignor::Range),
};

#[test]
fn the_first_member_waits_three_seconds() {
    let mut lab = lab(6);
    lab.run_until(at(1_000));
    lab.start(1);
    lab.run_until(at(3_999));
    assert_eq!(lab.state(), (GroupState::PreparingRebalance, 0));
    lab.run_until(at(4_000));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    assert_eq!(lab.shares(), [6]);
}

#[test]
fn members_that_come_meanwhile_are_in_the_first_generation() {
    let mut lab = lab(6);
    for consumer in [1, 2, 3] {
        lab.start(consumer);
    }
    lab.run_until(at(10_000));
    assert_eq!(lab.state(), (GroupState::Stable, 1));
    assert_eq!(lab.shares(), [2, 2, 2]);
}

/// Each stretch that brings somebody is followed by another one of three seconds.
#[test]
fn each_arrival_prolongs_the_wait_to_the_end_of_another_stretch() {
    let mut lab = lab(6);
    lab.start(1);
    lab.run_until(at(2_000));
    lab.start(2);
    lab.run_until(at(5_000));
    lab.start(3);
    lab.run_until(at(20_000));
    assert_eq!(lab.when(|effect| *effect == FIRST), Some(at(9_000)));
    assert_eq!(lab.shares(), [2, 2, 2]);
}

/// With a rebalance timeout of 7 s the stretches are 3 s, 3 s, and the last second.
#[test]
fn the_wait_is_at_most_the_rebalance_timeout() {
    let mut lab = lab(6);
    lab.rebalance_timeout = secs(7);
    for consumer in 1..=10 {
        lab.start(consumer);
        lab.run_until(lab.now + secs(1));
    }
    lab.run_until(at(7_500));
    assert_eq!(lab.when(|effect| *effect == FIRST), Some(at(7_000)));
}

/// A peculiarity of the real code: when the last one that is waited for is gone, the wait is over.
#[test]
fn the_end_of_a_session_ends_the_wait() {
    let mut lab = lab(6);
    lab.start(1);
    let mut request = lab.join_request(2);
    request.session_timeout = secs(2);
    lab.group.join(lab.now, request, &mut Vec::new());
    lab.run_until(at(10_000));
    assert_eq!(lab.when(|effect| *effect == FIRST), Some(at(2_000)));
}
