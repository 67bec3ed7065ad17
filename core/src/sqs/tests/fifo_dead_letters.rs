//! Dead letters of FIFO queues. Using dead-letter queues (DG).

use super::*;
use crate::sqs::{Deduplication, RedrivePolicyError};

fn poisoned() -> Lab {
    fifo_lab()
        .with(AttributeChange::VisibilityTimeout(1))
        .with_redrive(1)
}

#[test]
fn a_dead_letter_leaves_its_group_and_the_follower_comes_in_the_same_receive() {
    let mut lab = poisoned();
    lab.post_all(&["a1", "a2"]);
    assert_eq!(bodies(&lab.receive_up_to(1, 1)), ["a1"]);
    assert_eq!(bodies(&lab.at(1_000).receive()), ["a2"]);
    assert_eq!(lab.counts(JOBS), [0, 1, 0]);
    let dead = lab.receive_from(DEAD);
    assert_eq!(bodies(&dead), ["a1"]);
    assert_eq!(dead[0].receive_count, 2);
    assert_eq!(dead[0].group, Some(group("a")));
    assert_eq!(dead[0].dead_letter_source, Some(JOBS));
}

#[test]
fn the_message_id_becomes_the_deduplication_id_and_the_time_starts_anew() {
    let mut lab = poisoned();
    lab.post("a1");
    lab.receive();
    lab.at(5_000).receive();
    let dead = lab.receive_from(DEAD);
    assert_eq!(dead[0].deduplication, Some(Deduplication::MessageId));
    assert_eq!(dead[0].sent_at, SimTime::from_millis(5_000));
}

#[test]
fn two_dead_letters_with_the_same_deduplication_id_are_two() {
    let mut lab = poisoned();
    let scope = crate::sqs::DeduplicationScope::MessageGroup;
    lab.set(JOBS, &[AttributeChange::DeduplicationScope(scope)])
        .unwrap();
    lab.post_as("a1", "same").unwrap();
    lab.post_as("b1", "same").unwrap();
    assert_eq!(lab.receive().len(), 2);
    assert_eq!(lab.at(1_000).receive(), []);
    assert_eq!(bodies(&lab.receive_from(DEAD)), ["a1", "b1"]);
}

#[test]
fn a_moved_message_alone_does_not_end_a_wait_but_its_follower_does() {
    let mut lab = poisoned();
    lab.post("a1");
    lab.receive();
    let waiter = lab.wait(20);
    lab.at(1_000);
    assert_eq!(lab.counts(DEAD), [1, 0, 0]);
    assert_eq!(lab.got(waiter), []);
    lab.at(2_000).post("a2");
    assert_eq!(bodies(&lab.got(waiter)), ["a2"]);
}

#[test]
fn the_dead_letter_queue_is_of_the_same_type() {
    let mut service: Service<&'static str> = Service::new();
    let fifo = service.add_queue(QueueAttributes::fifo());
    let standard = service.add_queue(QueueAttributes::default());
    let mut set = |source, target| {
        let changes = [redrive(target, 1)];
        service.set_attributes(SimTime::ZERO, source, &changes, &mut Vec::new())
    };
    let refused = Err(SetAttributesError::RedrivePolicy(
        RedrivePolicyError::OtherType,
    ));
    assert_eq!(set(fifo, standard), refused);
    assert_eq!(set(standard, fifo), refused);
}
