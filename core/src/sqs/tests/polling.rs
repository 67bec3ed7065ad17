//! Long polls: what ends the wait, and who is served first.

use super::*;

#[test]
fn a_short_poll_of_an_empty_queue_is_answered_at_once() {
    let mut lab = lab();
    let waiter = lab.wait(0);
    assert_eq!(lab.answers(), [(0, waiter, vec![])]);
}

#[test]
fn a_receive_gets_the_oldest_messages_and_no_more_than_it_asks_for() {
    let mut lab = lab();
    for body in ["m1", "m2", "m3"] {
        lab.send(body);
    }
    let request = ReceiveRequest {
        max_number_of_messages: 2,
        ..short_poll()
    };
    let waiter = lab.ask(JOBS, request);
    assert_eq!(lab.answers(), [(0, waiter, vec!["m1", "m2"])]);
    assert_eq!(lab.counts(JOBS), [1, 2, 0]);
}

#[test]
fn a_message_goes_to_the_longest_waiting_receive() {
    let mut lab = lab();
    let first = lab.wait(20);
    let second = lab.at(100).wait(20);
    let third = lab.at(200).wait(1);
    lab.at(1_000).send("m1");
    lab.at(2_000).send("m2");
    assert_eq!(
        lab.answers(),
        [
            (1_000, first, vec!["m1"]),
            (1_200, third, vec![]),
            (2_000, second, vec!["m2"]),
        ]
    );
}

#[test]
fn a_long_poll_does_not_wait_to_fill_its_batch() {
    let mut lab = lab();
    lab.send("m1");
    let first = lab.wait(20);
    let second = lab.wait(20);
    lab.at(500).send("m2");
    let expected = [(0, first, vec!["m1"]), (500, second, vec!["m2"])];
    assert_eq!(lab.answers(), expected);
}

#[test]
fn the_queues_own_wait_holds_where_the_receive_names_none() {
    let mut lab = lab().with(AttributeChange::ReceiveMessageWaitTimeSeconds(2));
    let request = ReceiveRequest {
        wait_time: None,
        ..short_poll()
    };
    let waits = lab.ask(JOBS, request);
    let does_not = lab.wait(0);
    lab.at(5_000);
    assert_eq!(
        lab.answers(),
        [(0, does_not, vec![]), (2_000, waits, vec![])]
    );
}

#[test]
fn a_timeout_a_delay_and_a_give_back_end_the_wait() {
    let mut lab = lab();
    lab.send("m1");
    let receipt = lab.receive_one().receipt_handle;
    let of_timeout = lab.at(15_000).wait(20);
    lab.at(31_000);
    lab.try_send("m2", Some(SimDuration::from_secs(3))).unwrap();
    let of_delay = lab.wait(20);
    let of_give_back = lab.at(35_000).wait(20);
    lab.at(36_000).change_visibility(receipt, 0).unwrap();
    assert_eq!(
        lab.answers()[1..],
        [
            (30_000, of_timeout, vec!["m1"]),
            (34_000, of_delay, vec!["m2"]),
            (36_000, of_give_back, vec!["m1"]),
        ]
    );
}

#[test]
fn what_becomes_visible_at_the_end_of_the_wait_is_given() {
    let mut lab = lab();
    lab.try_send("m1", Some(SimDuration::from_secs(5))).unwrap();
    let waiter = lab.wait(5);
    lab.at(10_000);
    assert_eq!(lab.answers(), [(5_000, waiter, vec!["m1"])]);
}

#[test]
fn a_message_given_with_timeout_zero_goes_on_to_the_next_waiter() {
    let mut lab = lab().with(AttributeChange::VisibilityTimeout(0));
    let first = lab.wait(20);
    let second = lab.wait(20);
    lab.at(10).send("m1");
    let expected = [(10, first, vec!["m1"]), (10, second, vec!["m1"])];
    assert_eq!(lab.answers(), expected);
}

#[test]
fn a_message_that_moves_to_the_dead_letter_queue_does_not_end_the_wait() {
    let mut lab = lab().with_redrive(1);
    lab.send("m1");
    lab.receive_one();
    let waiter = lab.at(20_000).wait(20);
    assert_eq!(lab.at(30_000).counts(DEAD), [1, 0, 0]);
    lab.at(32_000).send("m2");
    assert_eq!(lab.answers()[1..], [(32_000, waiter, vec!["m2"])]);
}

#[test]
fn a_receive_that_hangs_up_gets_neither_message_nor_answer() {
    let mut lab = lab();
    let gone = lab.wait(20);
    let stays = lab.wait(20);
    lab.service.cancel_receive(gone);
    lab.at(10).send("m1");
    assert_eq!(lab.at(30_000).answers(), [(10, stays, vec!["m1"])]);
}
