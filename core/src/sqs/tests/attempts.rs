//! ReceiveMessage ReceiveRequestAttemptId (API).

use super::*;
use crate::sqs::ReceiveAttempt;

/// A receive that is made again is the same attempt.
fn attempt(lab: &mut Lab, most: u8, number: u32) -> Vec<Message> {
    let request = ReceiveRequest {
        max_number_of_messages: most,
        attempt: Some(ReceiveAttempt(number)),
        ..short_poll()
    };
    let waiter = lab.ask(JOBS, request);
    lab.got(waiter)
}

fn handles(got: &[Message]) -> Vec<(ReceiptHandle, u32)> {
    let handles = got
        .iter()
        .map(|got| (got.receipt_handle, got.receive_count));
    handles.collect()
}

#[test]
fn a_repeated_attempt_gives_the_same_and_the_timeout_starts_anew() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2", "a3"]);
    let first = attempt(&mut lab, 2, 7);
    assert_eq!(bodies(&first), ["a1", "a2"]);
    let again = attempt(lab.at(20_000), 1, 7);
    assert_eq!(
        handles(&again),
        handles(&first),
        "the receive does not count again"
    );
    assert_eq!(attempt(&mut lab, 10, 8), [], "another attempt");
    assert_eq!(lab.at(49_999).counts(JOBS), [1, 2, 0]);
    assert_eq!(lab.at(50_000).counts(JOBS), [3, 0, 0]);
    assert_eq!(lab.delete(first[0].receipt_handle), Deletion::Expired("a1"));
}

#[test]
fn what_is_visible_again_comes_back_unless_somebody_else_was_given_it() {
    let mut lab = fifo_lab();
    lab.post("a1");
    let first = attempt(&mut lab, 1, 7);
    let again = attempt(lab.at(31_000), 1, 7);
    assert_eq!(handles(&again), handles(&first));
    assert_eq!(lab.at(61_000).receive_one().receive_count, 2);
    assert_eq!(attempt(&mut lab, 1, 7), []);
}

#[test]
fn an_attempt_is_spent_when_one_of_its_messages_was_deleted_or_changed() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2", "b1"]);
    let got = attempt(&mut lab, 2, 7);
    lab.delete(got[1].receipt_handle);
    assert_eq!(
        bodies(&attempt(&mut lab, 10, 7)),
        ["b1"],
        "a new receive under the same id"
    );
    let got = attempt(&mut lab, 10, 7);
    assert_eq!(bodies(&got), ["b1"]);
    lab.change_visibility(got[0].receipt_handle, 40).unwrap();
    assert_eq!(attempt(&mut lab, 10, 7), []);
}

#[test]
fn an_attempt_is_remembered_for_five_minutes_from_the_first() {
    let mut lab = fifo_lab().with(AttributeChange::VisibilityTimeout(3_600));
    lab.post("a1");
    assert_eq!(attempt(&mut lab, 1, 7).len(), 1);
    assert_eq!(attempt(lab.at(299_999), 1, 7).len(), 1);
    assert_eq!(attempt(lab.at(300_000), 1, 7).len(), 0);
}

#[test]
fn a_receive_that_got_nothing_is_made_again() {
    let mut lab = fifo_lab();
    assert_eq!(attempt(&mut lab, 1, 7), []);
    lab.post("a1");
    assert_eq!(bodies(&attempt(&mut lab, 1, 7)), ["a1"]);
}

#[test]
fn a_standard_queue_repeats_nothing() {
    let mut lab = lab();
    lab.send("m1");
    assert_eq!(attempt(&mut lab, 1, 7).len(), 1);
    assert_eq!(attempt(&mut lab, 1, 7), []);
}
