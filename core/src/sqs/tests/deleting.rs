//! Which receipt deletes what. DeleteMessage (API).

use super::super::ErrorCode;
use super::*;

#[test]
fn the_newest_receipt_deletes_also_after_its_timeout() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    assert_eq!(lab.at(60_000).delete(receipt), Deletion::Deleted("m1"));
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);
}

#[test]
fn the_newest_receipt_deletes_also_what_was_given_back() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    lab.change_visibility(receipt, 0).unwrap();
    assert_eq!(lab.delete(receipt), Deletion::Deleted("m1"));
    assert!(lab.receive().is_empty());
}

#[test]
fn an_older_receipt_is_taken_and_deletes_nothing() {
    let mut lab = lab();
    lab.send("m1");
    let old = lab.receive_one().receipt_handle;
    let new = lab.at(30_000).receive_one().receipt_handle;
    assert_eq!(lab.delete(old), Deletion::Stale("m1"));
    assert_eq!(lab.counts(JOBS), [0, 1, 0]);
    // Nor once the message is visible again.
    assert_eq!(lab.at(60_000).delete(old), Deletion::Stale("m1"));
    assert_eq!(lab.delete(new), Deletion::Deleted("m1"));
}

#[test]
fn deleting_what_is_gone_is_no_error() {
    let mut lab = lab();
    lab.send("m1");
    lab.send("m2");
    let got = lab.receive();
    lab.delete(got[0].receipt_handle);
    assert_eq!(lab.delete(got[0].receipt_handle), Deletion::Gone);
    lab.purge().unwrap();
    assert_eq!(lab.delete(got[1].receipt_handle), Deletion::Gone);
    assert_eq!(Deletion::<&str>::Gone.code(), None);
}

#[test]
fn a_receipt_that_was_never_issued_is_refused() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    let never = [
        ReceiptHandle {
            queue: DEAD,
            ..receipt
        },
        ReceiptHandle {
            message: 1,
            ..receipt
        },
        ReceiptHandle {
            receive: 0,
            ..receipt
        },
        ReceiptHandle {
            receive: 2,
            ..receipt
        },
    ];
    for unknown in never {
        assert_eq!(lab.delete(unknown), Deletion::InvalidReceipt, "{unknown:?}");
    }
    assert_eq!(lab.counts(JOBS), [0, 1, 0]);
}

#[test]
fn a_receipt_of_before_does_not_delete_a_dead_letter() {
    let mut lab = lab().with_redrive(1);
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    lab.at(30_000).receive();
    assert_eq!(lab.delete(receipt), Deletion::Gone);
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
}

#[test]
fn there_is_nothing_to_delete_in_a_queue_that_does_not_exist() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = ReceiptHandle {
        queue: NOWHERE,
        ..lab.receive_one().receipt_handle
    };
    let deletion = lab.delete(receipt);
    assert_eq!(deletion.code(), Some(ErrorCode::QueueDoesNotExist));
}
