//! The most that a standard queue has in flight. Standard queue quotas (DG).

use super::super::limits;
use super::*;

/// A lab with as many messages in flight as there can be, and one that is visible; the receipt
/// of the first.
fn full() -> (Lab, ReceiptHandle) {
    let mut lab = lab();
    (0..=limits::IN_FLIGHT_MAX).for_each(|_| lab.send("m"));
    let first = lab.receive()[0].receipt_handle;
    for _ in 1..limits::IN_FLIGHT_MAX / 10 {
        lab.ask(JOBS, short_poll());
    }
    assert_eq!(lab.counts(JOBS), [1, limits::IN_FLIGHT_MAX, 0]);
    lab.told.clear();
    (lab, first)
}

#[test]
fn at_the_limit_a_short_poll_is_refused_until_a_delete_makes_room() {
    let (mut lab, first) = full();
    let waiter = lab.wait(0);
    let answer = Err(OverLimit);
    assert_eq!(
        lab.told,
        [(SimTime::ZERO, Effect::Answered { waiter, answer })]
    );
    lab.delete(first);
    lab.receive_one();
}

#[test]
fn at_the_limit_a_long_poll_waits_for_room() {
    let (mut lab, first) = full();
    let over = lab.wait(2);
    let served = lab.at(1_000).wait(20);
    lab.at(3_000).delete(first);
    assert_eq!(
        lab.answers(),
        [(2_000, over, vec![]), (3_000, served, vec!["m"])]
    );
}

#[test]
fn just_below_the_limit_a_receive_gets_what_there_is_room_for() {
    let (mut lab, first) = full();
    lab.send("m");
    lab.delete(first);
    assert_eq!(lab.receive().len(), 1);
    assert_eq!(lab.counts(JOBS), [1, limits::IN_FLIGHT_MAX, 0]);
}
