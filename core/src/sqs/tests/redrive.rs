//! When a message moves to the dead-letter queue, and as what it arrives there.

use super::*;

const NO_HIDING: AttributeChange = AttributeChange::VisibilityTimeout(0);

#[test]
fn the_receive_after_the_last_allowed_one_moves_the_message() {
    let mut lab = lab().with(NO_HIDING).with_redrive(3);
    lab.send("m1");
    for count in 1..=3 {
        assert_eq!(lab.receive_one().receive_count, count);
    }
    assert_eq!(lab.counts(DEAD), [0, 0, 0]);
    assert!(lab.receive().is_empty());
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
}

#[test]
fn nothing_moves_while_nobody_receives() {
    let mut lab = lab().with_redrive(1);
    lab.send("m1");
    lab.receive_one();
    assert_eq!(lab.at(3_600_000).counts(JOBS), [1, 0, 0]);
    assert_eq!(lab.counts(DEAD), [0, 0, 0]);
}

#[test]
fn the_receive_that_moves_one_message_goes_on_to_the_next() {
    let mut lab = lab().with(NO_HIDING).with_redrive(1);
    lab.send("poison");
    lab.receive_one();
    lab.send("good");
    assert_eq!(bodies(&lab.receive()), ["good"]);
    assert_eq!(bodies(&lab.receive_from(DEAD)), ["poison"]);
}

/// The receive that moved the message is not counted (observed on AWS).
#[test]
fn a_dead_letter_keeps_its_count_and_its_send_time_and_says_where_it_comes_from() {
    let mut lab = lab().with(NO_HIDING).with_redrive(2);
    lab.at(10).send("m1");
    assert_eq!(lab.at(20).receive_one().dead_letter_source, None);
    lab.receive();
    lab.at(30).receive();
    let dead = lab.at(40).receive_from(DEAD)[0];
    assert_eq!((dead.body, dead.receive_count), ("m1", 3));
    assert_eq!(dead.sent_at, SimTime::from_millis(10));
    assert_eq!(dead.first_received_at, SimTime::from_millis(20));
    assert_eq!(dead.dead_letter_source, Some(JOBS));
}

#[test]
fn a_dead_letter_queue_counts_its_own_receives_for_its_own_policy() {
    let mut lab = lab().with(NO_HIDING).with_redrive(2);
    let last = lab.service.add_queue(QueueAttributes::default());
    lab.set(DEAD, &[NO_HIDING, redrive(last, 1)]).unwrap();
    lab.send("m1");
    for _ in 0..3 {
        lab.receive();
    }
    assert_eq!(lab.receive_from(DEAD)[0].receive_count, 3);
    assert!(lab.receive_from(DEAD).is_empty());
    let dead = lab.receive_from(last)[0];
    assert_eq!(
        (dead.receive_count, dead.dead_letter_source),
        (4, Some(DEAD))
    );
}

#[test]
fn a_policy_set_later_counts_the_receives_of_before() {
    let mut lab = lab().with(NO_HIDING);
    lab.send("m1");
    lab.receive_one();
    lab.receive_one();
    lab.set(JOBS, &[redrive(DEAD, 2)]).unwrap();
    assert!(lab.receive().is_empty());
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
}

#[test]
fn a_raised_limit_gives_further_receives_and_no_policy_gives_all() {
    let mut lab = lab().with(NO_HIDING).with_redrive(1);
    lab.send("m1");
    lab.receive_one();
    lab.set(JOBS, &[redrive(DEAD, 2)]).unwrap();
    lab.receive_one();
    lab.set(JOBS, &[AttributeChange::RedrivePolicy(None)])
        .unwrap();
    lab.receive_one();
    assert_eq!(lab.counts(DEAD), [0, 0, 0]);
}

#[test]
fn a_dead_letter_goes_to_a_receive_that_waits_for_it() {
    let mut lab = lab().with(NO_HIDING).with_redrive(1);
    let waiter = lab.ask(DEAD, long_poll(20));
    lab.send("m1");
    lab.receive_one();
    assert!(lab.at(2_000).receive().is_empty());
    assert_eq!(bodies(&lab.got(waiter)), ["m1"]);
}

#[test]
fn an_expired_dead_letter_is_gone_by_the_age_of_its_first_send() {
    let mut lab = lab().with(NO_HIDING).with_redrive(1);
    lab.send("m1");
    lab.receive_one();
    lab.at(200_000).receive();
    lab.set(DEAD, &[AttributeChange::MessageRetentionPeriod(300)])
        .unwrap();
    assert_eq!(lab.at(299_999).counts(DEAD), [1, 0, 0]);
    assert_eq!(lab.at(300_000).counts(DEAD), [0, 0, 0]);
}

/// Nothing is due in the past afterwards: whoever owns the clock could not go there.
#[test]
fn a_dead_letter_that_is_too_old_for_its_queue_expires_as_it_arrives() {
    let mut lab = lab().with(NO_HIDING).with_redrive(1);
    lab.set(DEAD, &[AttributeChange::MessageRetentionPeriod(60)])
        .unwrap();
    lab.send("m1");
    lab.receive_one();
    lab.at(61_000);
    let waiter = lab.ask(DEAD, long_poll(20));
    assert!(lab.receive().is_empty());
    assert!(lab.got(waiter).is_empty());
    assert_eq!(lab.counts(DEAD), [0, 0, 0]);
    let expired = |effect: &Effect<&str>| matches!(effect, Effect::Expired { queue: DEAD, .. });
    assert_eq!(lab.times(expired), 1);
    assert!(lab.service.next_timeout() > Some(lab.now));
}
