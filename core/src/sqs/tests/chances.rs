//! What a standard queue does by chance: a model, off unless it is set.

use super::*;
use crate::scenario::Percent;
use crate::sqs::Chances;

fn chances(redelivers: u8, reorders: u8, short_poll_misses: u8) -> Chances {
    Chances {
        redelivers: Percent(redelivers),
        reorders: Percent(reorders),
        short_poll_misses: Percent(short_poll_misses),
    }
}

fn lab_with(chances: Chances, seed: u32) -> Lab {
    let mut lab = lab();
    lab.service.set_chances(JOBS, chances, seed).unwrap();
    lab
}

const TEN: [&str; 10] = ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"];

fn send_ten(lab: &mut Lab) {
    TEN.iter().for_each(|body| lab.send(body));
}

#[test]
fn a_delete_that_misses_a_copy_brings_it_back_once_at_its_timeout() {
    let mut lab = lab_with(chances(100, 0, 0), 1).with(AttributeChange::VisibilityTimeout(10));
    lab.send("m1");
    let first = lab.receive_one();
    assert_eq!(
        lab.at(3_000).delete(first.receipt_handle),
        Deletion::Deleted("m1")
    );
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);
    assert_eq!(lab.delete(first.receipt_handle), Deletion::Gone);
    let gone = lab.change_visibility(first.receipt_handle, 0);
    assert_eq!(gone, Err(ChangeVisibilityError::Gone));
    assert_eq!(lab.at(9_999).receive(), []);
    let again = lab.at(10_000).receive_one();
    assert_eq!((again.body, again.receive_count), ("m1", 2));
    lab.delete(again.receipt_handle);
    assert_eq!(lab.at(60_000).receive(), [], "once");
    assert_eq!(
        lab.times(|effect| matches!(effect, Effect::Undeleted { .. })),
        1
    );
}

#[test]
fn a_copy_of_a_message_that_was_visible_is_there_at_once_and_ends_a_wait() {
    let mut lab = lab_with(chances(100, 0, 0), 1);
    lab.send("m1");
    let late = lab.receive_up_to(1, 0)[0].receipt_handle;
    assert_eq!(lab.delete(late), Deletion::Deleted("m1"));
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
    assert_eq!(lab.receive_one().receive_count, 2);
}

#[test]
fn a_missed_copy_goes_with_a_purge_and_with_its_retention() {
    let mut lab = lab_with(chances(100, 0, 0), 1).with(AttributeChange::MessageRetentionPeriod(60));
    lab.send("m1");
    let receipt = lab.receive_up_to(1, 100)[0].receipt_handle;
    lab.delete(receipt);
    assert_eq!(lab.at(200_000).receive(), []);
    assert_eq!(
        lab.times(|effect| matches!(effect, Effect::Expired { .. })),
        0
    );
    lab.send("m2");
    let receipt = lab.receive_one().receipt_handle;
    lab.delete(receipt);
    lab.purge().unwrap();
    assert_eq!(lab.at(250_000).receive(), []);
}

#[test]
fn reordering_picks_any_visible_message_and_loses_none() {
    let order = |seed| {
        let mut lab = lab_with(chances(0, 100, 0), seed);
        send_ten(&mut lab);
        bodies(&lab.receive())
    };
    assert_ne!(order(1), TEN);
    assert_ne!(order(1), order(2));
    assert_eq!(order(1), order(1));
    let mut sorted = order(1);
    sorted.sort_unstable();
    assert_eq!(sorted, TEN);
}

#[test]
fn a_short_poll_overlooks_some_and_a_long_one_none() {
    let mut lab = lab_with(chances(0, 0, 50), 1);
    send_ten(&mut lab);
    let some = lab.receive_up_to(10, 0).len();
    assert!((1..10).contains(&some), "{some}");
    assert_eq!(
        lab.counts(JOBS),
        [10, 0, 0],
        "what was overlooked is still there"
    );
    let draws: Vec<usize> = (0..20).map(|_| lab.receive_up_to(10, 0).len()).collect();
    assert!(
        draws.iter().any(|draw| *draw != draws[0]),
        "drawn anew at each poll"
    );
    let waiter = lab.wait(1);
    assert_eq!(lab.got(waiter).len(), 10);

    let mut lab = lab_with(chances(0, 0, 100), 1);
    send_ten(&mut lab);
    assert_eq!(lab.receive(), []);
    let waiter = lab.wait(1);
    assert_eq!(lab.got(waiter).len(), 10);
}

#[test]
fn what_is_overlooked_is_still_the_backlog_of_its_tenant() {
    let mut lab = lab_with(chances(0, 0, 99), 1);
    for _ in 0..40 {
        let request = SendRequest {
            content_id: None,
            ..lab.request("a")
        };
        lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
            .unwrap();
    }
    for _ in 0..3 {
        lab.wait(1);
    }
    let noisy = |lab: &mut Lab| {
        let counts = lab.call(|service, now, effects| service.fair_counts(now, JOBS, effects));
        counts.unwrap().noisy_groups
    };
    assert_eq!(noisy(&mut lab), 1);
    lab.receive();
    assert_eq!(noisy(&mut lab), 1);
}

#[test]
fn no_chance_changes_nothing_and_a_fifo_queue_takes_none() {
    let play = |lab: &mut Lab| {
        send_ten(lab);
        let got = lab.receive();
        got.iter().for_each(|message| {
            lab.delete(message.receipt_handle);
        });
        lab.at(100_000);
        lab.told.clone()
    };
    assert_eq!(play(&mut lab()), play(&mut lab_with(chances(0, 0, 0), 7)));

    let mut fifo = fifo_lab();
    fifo.service
        .set_chances(JOBS, chances(100, 100, 100), 7)
        .unwrap();
    fifo.post_all(&["a1", "a2", "a3"]);
    let got = fifo.receive();
    assert_eq!(bodies(&got), ["a1", "a2", "a3"]);
    fifo.delete(got[0].receipt_handle);
    assert_eq!(fifo.at(30_000).counts(JOBS), [2, 0, 0]);
}
