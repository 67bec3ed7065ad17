//! The end of messages that nobody deletes, and purges.

use super::*;

const A_MINUTE: AttributeChange = AttributeChange::MessageRetentionPeriod(60);

fn expired(effect: &Effect<&'static str>) -> bool {
    matches!(effect, Effect::Expired { .. })
}

#[test]
fn a_message_is_gone_at_the_moment_its_retention_ends() {
    let mut lab = lab().with(A_MINUTE);
    lab.at(100).send("m1");
    assert_eq!(lab.at(60_099).counts(JOBS), [1, 0, 0]);
    assert_eq!(lab.at(60_100).counts(JOBS), [0, 0, 0]);
    assert_eq!(lab.times(expired), 1);
}

#[test]
fn the_retention_goes_on_in_flight_and_a_late_delete_is_no_error() {
    let mut lab = lab()
        .with(A_MINUTE)
        .with(AttributeChange::VisibilityTimeout(300));
    lab.send("m1");
    let receipt = lab.at(30_000).receive_one().receipt_handle;
    assert_eq!(lab.at(59_999).counts(JOBS), [0, 1, 0]);
    assert_eq!(lab.at(60_000).counts(JOBS), [0, 0, 0]);
    assert_eq!(lab.delete(receipt), Deletion::Gone);
    // The timeout that was still to come shows nothing.
    assert_eq!(lab.at(400_000).counts(JOBS), [0, 0, 0]);
    assert_eq!(
        lab.times(|effect| matches!(effect, Effect::BecameVisible { .. })),
        0
    );
}

#[test]
fn the_retention_runs_from_the_send_the_delay_included() {
    let mut lab = lab().with(A_MINUTE);
    lab.try_send("m1", Some(SimDuration::from_secs(60)))
        .unwrap();
    lab.try_send("m2", Some(SimDuration::from_secs(59)))
        .unwrap();
    assert_eq!(lab.at(59_000).counts(JOBS), [1, 0, 1]);
    // One that would become visible as it expires never does.
    assert_eq!(lab.at(60_000).counts(JOBS), [0, 0, 0]);
    assert_eq!(lab.times(expired), 2);
    let became_visible = |effect: &Effect<&str>| matches!(effect, Effect::BecameVisible { .. });
    assert_eq!(lab.times(became_visible), 1);
}

#[test]
fn a_shorter_retention_holds_at_once_for_what_is_there() {
    let mut lab = lab();
    lab.send("old");
    lab.at(100_000).send("new");
    lab.at(110_000).set(JOBS, &[A_MINUTE]).unwrap();
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
    assert_eq!(bodies(&lab.receive()), ["new"]);
}

#[test]
fn a_purge_takes_what_is_visible_in_flight_and_delayed() {
    let mut lab = lab();
    lab.send("in flight");
    lab.receive_one();
    lab.send("visible");
    lab.try_send("delayed", Some(SimDuration::from_secs(1)))
        .unwrap();
    assert_eq!(lab.counts(JOBS), [1, 1, 1]);
    lab.at(500).purge().unwrap();
    assert_eq!(lab.counts(JOBS), [0, 0, 0]);
    lab.send("after");
    assert_eq!(bodies(&lab.at(40_000).receive()), ["after"]);
}

#[test]
fn a_second_purge_within_a_minute_is_refused() {
    let mut lab = lab();
    lab.at(1_000).purge().unwrap();
    assert_eq!(lab.at(60_999).purge(), Err(PurgeError::InProgress));
    assert_eq!(lab.at(61_000).purge(), Ok(()));
}

#[test]
fn a_purge_leaves_receives_waiting() {
    let mut lab = lab();
    let waiter = lab.wait(20);
    lab.at(1_000).purge().unwrap();
    lab.at(2_000).send("m1");
    assert_eq!(lab.answers(), [(2_000, waiter, vec!["m1"])]);
}
