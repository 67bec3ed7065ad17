//! FIFO queue delivery logic (DG), and what was observed on AWS.

use super::*;
use crate::sqs::{SendError, limits};

#[test]
fn of_a_group_everything_up_to_the_first_in_flight_can_be_received() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2", "a3"]);
    assert_eq!(bodies(&lab.receive_up_to(2, 30)), ["a1", "a2"]);
    assert_eq!(
        bodies(&lab.receive()),
        [""; 0],
        "a3 is behind what is in flight"
    );
    let second = lab.got(1)[1].receipt_handle;
    lab.change_visibility(lab.got(1)[0].receipt_handle, 0)
        .unwrap();
    assert_eq!(
        bodies(&lab.receive()),
        ["a1"],
        "a2 still hides itself and a3"
    );
    lab.change_visibility(second, 0).unwrap();
    assert_eq!(bodies(&lab.receive()), [""; 0], "a1 hides all behind it");
}

#[test]
fn deleting_one_of_two_in_flight_frees_nothing() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2", "a3"]);
    let got = lab.receive_up_to(2, 30);
    lab.delete(got[0].receipt_handle);
    assert_eq!(lab.receive(), []);
    assert_eq!(lab.counts(JOBS), [1, 1, 0]);
    lab.delete(got[1].receipt_handle);
    assert_eq!(bodies(&lab.receive()), ["a3"]);
}

#[test]
fn after_its_timeout_a_message_comes_before_those_behind_it() {
    let mut lab = fifo_lab().with(AttributeChange::VisibilityTimeout(2));
    lab.post_all(&["a1", "a2"]);
    assert_eq!(bodies(&lab.receive_up_to(1, 2)), ["a1"]);
    assert_eq!(lab.at(1_999).receive(), []);
    let got = lab.at(2_000).receive();
    assert_eq!(bodies(&got), ["a1", "a2"]);
    assert_eq!(got[0].receive_count, 2);
    assert_eq!(got[1].receive_count, 1);
}

#[test]
fn a_receive_takes_one_group_as_far_as_it_can_and_the_group_goes_to_the_end_of_the_line() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "b1", "b2", "c1", "a2"]);
    assert_eq!(bodies(&lab.receive_up_to(3, 0)), ["a1", "a2", "b1"]);
    assert_eq!(
        bodies(&lab.receive_up_to(10, 0)),
        ["c1", "a1", "a2", "b1", "b2"]
    );
}

#[test]
fn a_group_that_was_empty_stands_at_the_end_of_the_line() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "b1"]);
    let got = lab.receive_up_to(1, 30);
    lab.delete(got[0].receipt_handle);
    lab.post_all(&["c1", "a2"]);
    assert_eq!(bodies(&lab.receive()), ["b1", "c1", "a2"]);
}

#[test]
fn only_what_was_received_is_in_flight_the_rest_of_its_group_counts_as_visible() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2", "b1"]);
    lab.receive_up_to(1, 30);
    assert_eq!(lab.counts(JOBS), [2, 1, 0]);
}

#[test]
fn sequence_numbers_rise_and_stay() {
    let mut lab = fifo_lab();
    lab.post_all(&["b1", "a1", "b2"]);
    let first = lab.receive_up_to(10, 0);
    let numbers = |got: &[Message]| {
        let mut numbers: Vec<_> = got
            .iter()
            .map(|m| (m.body, m.sequence_number.unwrap()))
            .collect();
        numbers.sort_by_key(|(_, number)| *number);
        numbers
    };
    let in_order: Vec<_> = numbers(&first).iter().map(|(body, _)| *body).collect();
    assert_eq!(in_order, ["b1", "a1", "b2"]);
    assert_eq!(numbers(&lab.receive()), numbers(&first));
    assert_eq!(first[0].sequence_number.unwrap().to_string().len(), 20);
}

#[test]
fn a_standard_queue_has_groups_and_no_sequence_numbers() {
    let mut lab = lab();
    let request = lab.request("a1");
    let sent = lab.call(|service, now, effects| service.send(now, JOBS, request, effects));
    assert_eq!(
        sent,
        Ok(Sent::Stored {
            sequence_number: None
        })
    );
    let got = lab.receive_one();
    assert_eq!((got.group, got.sequence_number), (Some(group("a")), None));
    assert_eq!(got.deduplication, None);
}

#[test]
fn each_type_of_queue_refuses_what_it_does_not_take() {
    let mut lab = fifo_lab();
    let whole = SendRequest {
        deduplication_id: lab.id("d"),
        ..lab.request("a1")
    };
    let mut refused = |request: SendRequest<&'static str>| {
        let sent = lab.call(|service, now, effects| service.send(now, JOBS, request, effects));
        sent.unwrap_err()
    };
    let without_group = SendRequest {
        group: None,
        ..whole.clone()
    };
    assert_eq!(refused(without_group), SendError::NoGroup);
    let without_id = SendRequest {
        deduplication_id: None,
        ..whole.clone()
    };
    assert_eq!(refused(without_id), SendError::NoDeduplicationId);
    let with_delay = SendRequest {
        delay: Some(SimDuration::from_secs(1)),
        ..whole.clone()
    };
    assert_eq!(refused(with_delay), SendError::DelayOnFifo);
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);

    let mut lab = super::lab();
    let sent = lab.call(|service, now, effects| service.send(now, JOBS, whole, effects));
    assert_eq!(sent, Err(SendError::DeduplicationIdOnStandard));
}

#[test]
fn the_delay_is_the_queues_and_a_change_holds_for_what_is_there() {
    let mut lab = fifo_lab().with(AttributeChange::DelaySeconds(20));
    lab.post_all(&["a1", "b1"]);
    lab.at(5_000)
        .set(JOBS, &[AttributeChange::DelaySeconds(7)])
        .unwrap();
    assert_eq!(lab.counts(JOBS), [0, 0, 2]);
    assert_eq!(lab.at(6_999).receive(), []);
    assert_eq!(bodies(&lab.at(7_000).receive_up_to(1, 30)), ["a1"]);
    lab.set(JOBS, &[AttributeChange::DelaySeconds(10)]).unwrap();
    assert_eq!(
        lab.counts(JOBS),
        [0, 1, 1],
        "what was received has had its delay"
    );
    assert_eq!(lab.receive(), []);
    lab.set(JOBS, &[AttributeChange::DelaySeconds(0)]).unwrap();
    assert_eq!(bodies(&lab.receive()), ["b1"]);
    let told = |is_delayed: bool| {
        let is = |effect: &Effect<_>| match effect {
            Effect::Delayed { body: "b1", .. } => is_delayed,
            Effect::BecameVisible { body: "b1", .. } => !is_delayed,
            _ => false,
        };
        lab.times(is)
    };
    assert_eq!((told(true), told(false)), (2, 2));
}

#[test]
fn zero_as_a_messages_delay_is_the_queues() {
    let mut lab = fifo_lab().with(AttributeChange::DelaySeconds(2));
    let request = SendRequest {
        delay: Some(SimDuration::ZERO),
        deduplication_id: lab.id("d"),
        ..lab.request("a1")
    };
    let sent = lab.call(|service, now, effects| service.send(now, JOBS, request, effects));
    assert!(sent.is_ok());
    assert_eq!(lab.at(1_999).counts(JOBS), [0, 0, 1]);
    assert_eq!(bodies(&lab.at(2_000).receive()), ["a1"]);
}

#[test]
fn a_receipt_is_worth_nothing_after_its_timeout() {
    let mut lab = fifo_lab().with(AttributeChange::VisibilityTimeout(2));
    lab.post("a1");
    let first = lab.receive_one().receipt_handle;
    lab.at(1_000).change_visibility(first, 2).unwrap();
    lab.at(3_000);
    assert_eq!(lab.delete(first), Deletion::Expired("a1"));
    lab.change_visibility(first, 2).unwrap();
    let second = lab.receive_one().receipt_handle;
    assert_eq!(lab.delete(first), Deletion::Expired("a1"), "received again");
    let refused = lab.change_visibility(first, 0);
    assert_eq!(refused, Err(ChangeVisibilityError::Expired));
    assert_eq!(lab.delete(second), Deletion::Deleted("a1"));
    assert_eq!(lab.delete(second), Deletion::Gone);
}

#[test]
fn a_receipt_that_was_given_back_deletes_nothing() {
    let mut lab = fifo_lab();
    lab.post("a1");
    let receipt = lab.receive_one().receipt_handle;
    lab.change_visibility(receipt, 0).unwrap();
    assert_eq!(lab.delete(receipt), Deletion::Expired("a1"));
}

#[test]
fn a_waiting_receive_is_woken_by_what_frees_a_group_alone() {
    let mut lab = fifo_lab();
    lab.post("a1");
    let held = lab.receive_one().receipt_handle;
    let waiter = lab.wait(10);
    lab.at(1_000).post("a2");
    assert_eq!(lab.got(waiter), []);
    lab.at(2_000).delete(held);
    assert_eq!(bodies(&lab.got(waiter)), ["a2"]);

    let waiter = lab.wait(20);
    let held = lab.got(2)[0].receipt_handle;
    lab.at(3_000).change_visibility(held, 0).unwrap();
    assert_eq!(bodies(&lab.got(waiter)), ["a2"]);
}

/// A longer backlog of a blocked group hides all groups behind it. Avoid large backlogs (DG).
#[test]
fn groups_are_looked_for_among_the_first_120_000_messages() {
    let mut lab = fifo_lab();
    for number in 0..limits::FIFO_LOOKED_THROUGH {
        let request = SendRequest {
            deduplication_id: Some(DeduplicationId(number)),
            ..SendRequest {
                group: Some(group("a")),
                ..SendRequest::new("a")
            }
        };
        lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
            .unwrap();
    }
    lab.told.clear();
    let request = SendRequest {
        group: Some(group("b")),
        deduplication_id: Some(DeduplicationId(u32::MAX)),
        ..SendRequest::new("b1")
    };
    lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
        .unwrap();
    let got = lab.receive_up_to(1, 30);
    assert_eq!(bodies(&got), ["a"]);
    assert_eq!(lab.receive(), [], "b1 is number 120,001");
    lab.delete(got[0].receipt_handle);
    let got = lab.receive_up_to(2, 30);
    assert_eq!(bodies(&got), ["b1", "a"], "a went to the end of the line");
}

#[test]
fn at_the_limit_in_flight_nothing_is_returned_without_an_error() {
    let mut lab = fifo_lab();
    for number in 0..=limits::FIFO_IN_FLIGHT_MAX {
        let request = SendRequest {
            group: Some(MessageGroup(number)),
            deduplication_id: Some(DeduplicationId(number)),
            ..SendRequest::new("m")
        };
        lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
            .unwrap();
    }
    for _ in 0..limits::FIFO_IN_FLIGHT_MAX / 10 {
        lab.told.clear();
        assert_eq!(lab.receive_up_to(10, 43_200).len(), 10);
    }
    let last = lab.got(lab.last_waiter)[0].receipt_handle;
    assert_eq!(lab.receive(), []);
    assert_eq!(lab.counts(JOBS), [1, limits::FIFO_IN_FLIGHT_MAX, 0]);
    let waiter = lab.wait(20);
    lab.delete(last);
    assert_eq!(lab.got(waiter).len(), 1, "a deletion makes room");
}

#[test]
fn a_purge_forgets_groups_and_what_was_sent() {
    let mut lab = fifo_lab();
    lab.post_all(&["a1", "a2"]);
    lab.receive_up_to(1, 30);
    lab.purge().unwrap();
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);
    lab.post_all(&["a2", "a1"]);
    assert_eq!(bodies(&lab.receive()), ["a2", "a1"]);
}
