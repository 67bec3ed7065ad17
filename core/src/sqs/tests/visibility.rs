//! What is hidden, for how long, and who can change it.

use super::*;

#[test]
fn a_received_message_is_visible_again_at_the_moment_its_timeout_ends() {
    let mut lab = lab();
    lab.send("m1");
    lab.at(100).receive_one();
    assert_eq!(lab.counts(JOBS), [0, 1, 0]);
    assert!(lab.at(30_099).receive().is_empty());
    let again = lab.at(30_100).receive_one();
    assert_eq!((again.body, again.receive_count), ("m1", 2));
}

#[test]
fn each_receive_has_a_handle_of_its_own_and_the_first_receive_is_remembered() {
    let mut lab = lab();
    lab.at(50).send("m1");
    let first = lab.at(100).receive_one();
    let second = lab.at(40_000).receive_one();
    assert_ne!(first.receipt_handle, second.receipt_handle);
    for message in [first, second] {
        assert_eq!(message.sent_at, SimTime::from_millis(50));
        assert_eq!(message.first_received_at, SimTime::from_millis(100));
    }
}

#[test]
fn received_with_timeout_zero_a_message_stays_visible_and_the_receive_counts() {
    let mut lab = lab().with(AttributeChange::VisibilityTimeout(0));
    lab.send("m1");
    assert_eq!(lab.receive_one().receive_count, 1);
    assert_eq!(lab.receive_one().receive_count, 2);
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
}

#[test]
fn a_new_timeout_counts_from_the_call_and_holds_for_that_receive_alone() {
    let mut lab = lab();
    lab.send("m1");
    let first = lab.receive_one();
    lab.at(20_000)
        .change_visibility(first.receipt_handle, 5)
        .unwrap();
    assert!(lab.at(24_999).receive().is_empty());
    lab.at(25_000).receive_one();
    assert!(lab.at(54_999).receive().is_empty());
    assert_eq!(lab.at(55_000).receive_one().receive_count, 3);
}

#[test]
fn the_last_change_wins() {
    let mut lab = lab();
    lab.send("m1");
    let first = lab.receive_one();
    lab.change_visibility(first.receipt_handle, 20).unwrap();
    lab.at(400)
        .change_visibility(first.receipt_handle, 2)
        .unwrap();
    assert!(lab.at(2_399).receive().is_empty());
    lab.at(2_400).receive_one();
    assert_eq!(lab.at(20_000).counts(JOBS), [0, 1, 0]);
}

#[test]
fn a_message_stays_in_flight_for_twelve_hours_in_all() {
    let mut lab = lab().with(AttributeChange::VisibilityTimeout(43_200));
    lab.send("m1");
    let receipt = lab.at(1_000).receive_one().receipt_handle;
    lab.at(11_000);
    let too_long = Err(ChangeVisibilityError::TooLong);
    assert_eq!(lab.change_visibility(receipt, 43_191), too_long);
    assert_eq!(lab.change_visibility(receipt, 43_190), Ok(()));
    assert_eq!(lab.at(43_200_999).counts(JOBS), [0, 1, 0]);
    assert_eq!(lab.at(43_201_000).counts(JOBS), [1, 0, 0]);
}

#[test]
fn an_older_receipt_can_give_back_what_another_worker_holds() {
    let mut lab = lab();
    lab.send("m1");
    let first = lab.receive_one();
    lab.at(30_000).receive_one();
    lab.at(31_000)
        .change_visibility(first.receipt_handle, 0)
        .unwrap();
    assert_eq!(lab.receive_one().receive_count, 3);
}

#[test]
fn changing_what_is_visible_again_does_nothing() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    assert_eq!(lab.at(31_000).change_visibility(receipt, 10), Ok(()));
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
}

#[test]
fn changing_what_is_gone_or_was_never_received_is_refused() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    let never = ReceiptHandle {
        receive: 2,
        ..receipt
    };
    let nowhere = ReceiptHandle {
        queue: NOWHERE,
        ..receipt
    };
    let refused = lab.change_visibility(never, 0);
    assert_eq!(refused, Err(ChangeVisibilityError::InvalidReceipt));
    let refused = lab.change_visibility(nowhere, 0);
    assert!(matches!(refused, Err(ChangeVisibilityError::Queue(_))));
    lab.delete(receipt);
    let refused = lab.change_visibility(receipt, 10);
    assert_eq!(refused, Err(ChangeVisibilityError::Gone));
}

/// Available CloudWatch metrics: ApproximateAgeOfOldestMessage (DG).
#[test]
fn received_three_times_a_message_goes_behind_the_others() {
    let mut lab = lab().with(AttributeChange::VisibilityTimeout(0));
    lab.send("often");
    lab.receive();
    lab.receive();
    lab.send("new");
    assert_eq!(bodies(&lab.receive()), ["often", "new"]);
    assert_eq!(bodies(&lab.receive()), ["new", "often"]);
    lab.send("newer");
    assert_eq!(bodies(&lab.receive()), ["new", "newer", "often"]);
    // Among those that were received often, the oldest comes first again.
    assert_eq!(bodies(&lab.receive()), ["newer", "often", "new"]);
    assert_eq!(bodies(&lab.receive()), ["newer", "often", "new"]);
    assert_eq!(bodies(&lab.receive()), ["often", "new", "newer"]);
}
