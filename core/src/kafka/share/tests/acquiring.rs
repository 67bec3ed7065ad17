//! Who gets how many records, and in which order.

use super::lab::lab;
use crate::kafka::share::AcknowledgeType::{Accept, Release};

#[test]
fn members_of_one_partition_get_different_records() {
    let mut lab = lab(10);
    assert_eq!(lab.fetch(0, 2), [(0, 1), (1, 1)]);
    assert_eq!(lab.fetch(1, 3), [(2, 1), (3, 1), (4, 1)]);
    assert_eq!(lab.fetch(0, 1), [(5, 1)]);
    assert_eq!((lab.states().as_str(), lab.window()), ("001110", (0, 6)));
}

#[test]
fn what_is_available_again_comes_before_what_is_new() {
    let mut lab = lab(6);
    lab.fetch(0, 4);
    lab.say(0, (1, 1), Release).unwrap();
    assert_eq!(lab.fetch(1, 3), [(1, 2), (4, 1), (5, 1)]);
    assert_eq!(lab.states(), "010011");
}

#[test]
fn nothing_is_acquired_beyond_the_end_of_the_log() {
    let mut lab = lab(0);
    assert_eq!(lab.fetch(0, 5), []);
    lab.log_end = 2;
    assert_eq!(lab.fetch(0, 5), [(0, 1), (1, 1)]);
    assert_eq!(lab.fetch(1, 5), []);
}

/// KIP-1206: batches are acquired whole, even if that is more than was asked for.
#[test]
fn batch_optimized_does_not_divide_the_batches_of_the_log() {
    let mut lab = lab(30).batches_of(10);
    assert_eq!(lab.fetch(0, 3).len(), 10);
    assert_eq!(lab.fetch(1, 11).len(), 20);
}

#[test]
fn record_limit_divides_them_and_leaves_the_rest_available() {
    let mut lab = lab(30).batches_of(10).record_limit();
    assert_eq!(lab.fetch(0, 3), [(0, 1), (1, 1), (2, 1)]);
    assert_eq!(
        (lab.states().as_str(), lab.window()),
        ("000.......", (0, 10))
    );
    assert_eq!(lab.fetch(1, 2), [(3, 1), (4, 1)]);
    assert_eq!(
        lab.fetch(0, 7).len(),
        7,
        "five of the first batch, two of the next"
    );
    assert_eq!(lab.states(), "000110000000........");
}

/// A batch that came back whole is given out whole again, unless the mode says otherwise.
#[test]
fn what_was_acquired_together_comes_back_together() {
    for (record_limit, gets) in [(false, 6), (true, 2)] {
        let mut lab = lab(6);
        if record_limit {
            lab = lab.record_limit();
        }
        lab.fetch(0, 6);
        lab.say(0, (0, 5), Release).unwrap();
        assert_eq!(lab.fetch(1, 2).len(), gets);
    }
}

/// `SharePartition.createBatches`: new records are acquired in batches of the client's size, which
/// end where batches of the log do.
#[test]
fn new_records_are_acquired_in_batches_of_the_client() {
    let mut lab = lab(40).batches_of(4);
    lab.batch_size = 10;
    assert_eq!(lab.fetch(0, 30).len(), 32);
    // Each comes back by itself: 12 records, as the log's batches have it.
    lab.say(0, (0, 31), Release).unwrap();
    assert_eq!(lab.fetch(1, 1).len(), 12);
}

/// share.partition.max.record.locks limits all from the start to the end offset, finished records
/// in between included.
#[test]
fn no_more_is_acquired_when_the_partition_is_full() {
    let mut lab = lab(300).max_record_locks(100);
    assert_eq!(lab.fetch(0, 60).len(), 60);
    assert_eq!(lab.fetch(1, 60).len(), 40);
    assert_eq!(lab.fetch(0, 60).len(), 0);
    lab.say(1, (60, 99), Accept).unwrap();
    assert_eq!(
        lab.fetch(0, 60).len(),
        0,
        "the first 60 hold the start offset back"
    );
    lab.say(0, (5, 6), Release).unwrap();
    assert_eq!(lab.fetch(1, 60), [(5, 2), (6, 2)]);
    lab.say(0, (0, 4), Accept).unwrap();
    assert_eq!(lab.window(), (5, 100));
    assert_eq!(lab.fetch(0, 60).len(), 5);
}

/// The real recording share-outcomes: with a limit of 3, the second time a record comes with
/// others, the third and last time alone.
#[test]
fn the_last_delivery_of_a_record_is_alone() {
    let mut lab = lab(2).limit(3);
    lab.fetch(0, 500);
    lab.say(0, (0, 0), Accept).unwrap();
    lab.say(0, (1, 1), Release).unwrap();
    lab.log_end = 4;
    assert_eq!(lab.fetch(0, 500), [(1, 2), (2, 1), (3, 1)]);
    lab.say(0, (2, 3), Accept).unwrap();
    lab.say(0, (1, 1), Release).unwrap();
    lab.log_end = 6;
    assert_eq!(lab.fetch(0, 500), [(1, 3)]);
    lab.say(0, (1, 1), Release).unwrap();
    assert_eq!(
        lab.window(),
        (4, 4),
        "archived, and the start offset has passed it"
    );
    assert_eq!(lab.fetch(0, 500), [(4, 1), (5, 1)]);
}

/// KAFKA-17541: half of a batch that has come back often, then a quarter, then one by one.
#[test]
fn a_batch_that_comes_back_often_is_delivered_in_pieces() {
    let mut lab = lab(16).limit(6);
    let mut sizes = Vec::new();
    for _ in 0..3 {
        let got = lab.fetch(0, 500);
        sizes.push(got.len());
        lab.say(0, (got[0].0, got.last().unwrap().0), Release)
            .unwrap();
    }
    assert_eq!(sizes, [16, 16, 16]);
    assert_eq!(
        lab.fetch(0, 500).len(),
        8,
        "delivered three times: half of it"
    );
    lab.say(0, (0, 7), Release).unwrap();
    assert_eq!(lab.fetch(0, 500).len(), 4, "four times: a quarter");
    lab.say(0, (0, 3), Release).unwrap();
    assert_eq!(lab.fetch(0, 500), [(0, 6)], "the last time: alone");
}

#[test]
fn pieces_end_before_a_record_that_is_delivered_for_the_last_time() {
    let mut lab = lab(4).limit(4);
    lab.fetch(0, 500);
    lab.say(0, (0, 3), Release).unwrap();
    assert_eq!(lab.fetch(0, 500).len(), 4);
    lab.say(0, (0, 3), Release).unwrap();
    // Throttled from the second delivery on, so half of four.
    assert_eq!(lab.fetch(0, 500), [(0, 3), (1, 3)]);
    lab.say(0, (1, 1), Release).unwrap();
    assert_eq!(lab.states(), "0...");
    assert_eq!(lab.fetch(1, 500), [(1, 4)]);
    assert_eq!(lab.fetch(1, 500), [(2, 3), (3, 3)]);
}
