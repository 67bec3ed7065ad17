//! CreateQueue and DeleteQueue: names, creating again, what is left of a deleted queue.

use super::super::{
    CreateQueueError, DeduplicationId, ErrorCode, MessageGroup, QueueNameError, Registry,
};
use super::*;

/// A service whose queues have names.
struct Account {
    lab: Lab,
    registry: Registry,
}

fn account() -> Account {
    let lab = Lab {
        service: Service::new(),
        ..lab()
    };
    Account {
        lab,
        registry: Registry::new(),
    }
}

impl Account {
    fn create(
        &mut self,
        name: &str,
        changes: &[AttributeChange],
    ) -> Result<QueueId, CreateQueueError> {
        let registry = &mut self.registry;
        self.lab
            .call(|service, now, effects| registry.create(now, service, (name, changes), effects))
    }

    #[track_caller]
    fn refused(&mut self, name: &str, changes: &[AttributeChange]) -> ErrorCode {
        self.create(name, changes).unwrap_err().code()
    }

    #[track_caller]
    fn delete(&mut self, queue: QueueId) {
        let delete = self
            .lab
            .call(|service, now, effects| service.delete_queue(now, queue, effects));
        delete.unwrap();
    }
}

#[test]
fn a_name_is_1_to_80_letters_digits_hyphens_and_underscores() {
    let mut account = account();
    for name in ["a", "A-z_0-9", &"n".repeat(80)] {
        account.create(name, &[]).unwrap();
    }
    for name in ["", &"n".repeat(81)] {
        let refused = account.create(name, &[]);
        let length = CreateQueueError::Name(QueueNameError::Length);
        assert_eq!(refused, Err(length), "{name}");
    }
    for name in ["a b", "a!b", "a.b", "a/b", "ä", ".fifo.x"] {
        let refused = account.create(name, &[]);
        let characters = CreateQueueError::Name(QueueNameError::Characters);
        assert_eq!(refused, Err(characters), "{name}");
    }
    assert_eq!(account.refused("", &[]), ErrorCode::InvalidParameterValue);
}

#[test]
fn created_again_as_it_is_a_queue_stays_as_it_is() {
    let mut account = account();
    let delay = [AttributeChange::DelaySeconds(0)];
    let timeout = [AttributeChange::VisibilityTimeout(2)];
    let jobs = account.create("jobs", &timeout).unwrap();
    account.lab.send("m1");
    for same in [&timeout[..], &delay, &[]] {
        assert_eq!(account.create("jobs", same), Ok(jobs));
    }
    assert_eq!(account.lab.counts(jobs), [1, 0, 0]);
    let created = |effect: &Effect<_>| matches!(effect, Effect::QueueCreated { .. });
    assert_eq!(account.lab.times(created), 1);
}

#[test]
fn created_again_with_other_attributes_is_refused() {
    let mut account = account();
    let seconds = AttributeChange::VisibilityTimeout;
    let jobs = account.create("jobs", &[seconds(2)]).unwrap();
    assert_eq!(
        account.refused("jobs", &[seconds(3)]),
        ErrorCode::QueueNameExists
    );
    // What counts is what the queue has now.
    account.lab.set(jobs, &[seconds(3)]).unwrap();
    assert_eq!(account.create("jobs", &[seconds(3)]), Ok(jobs));
    assert_eq!(
        account.refused("jobs", &[seconds(2)]),
        ErrorCode::QueueNameExists
    );
}

#[test]
fn attributes_are_checked_before_there_is_a_queue() {
    let mut account = account();
    let too_long = [AttributeChange::VisibilityTimeout(43_201)];
    assert_eq!(
        account.refused("jobs", &too_long),
        ErrorCode::InvalidAttributeValue
    );
    let dead = account.registry.id(&mut account.lab.service, "dead");
    assert_eq!(
        account.refused("jobs", &[redrive(dead, 1)]),
        ErrorCode::InvalidParameterValue
    );
    let jobs = account.registry.id(&mut account.lab.service, "jobs");
    assert_eq!(
        account.lab.service.attributes(jobs).unwrap_err().code(),
        ErrorCode::QueueDoesNotExist
    );
    account.create("dead", &[]).unwrap();
    assert_eq!(account.create("jobs", &[redrive(dead, 1)]), Ok(jobs));
    assert_eq!(account.registry.name(jobs), Some("jobs"));
}

#[test]
fn no_call_finds_a_deleted_queue() {
    let mut account = account();
    let jobs = account.create("jobs", &[]).unwrap();
    account.lab.send("m1");
    let receipt = account.lab.receive_one().receipt_handle;
    account.delete(jobs);
    let lab = &mut account.lab;
    let gone = ErrorCode::QueueDoesNotExist;
    assert_eq!(lab.try_send("m2", None).unwrap_err().code(), gone);
    assert_eq!(lab.delete(receipt).code(), Some(gone));
    let changed = lab.change_visibility(receipt, 0);
    assert_eq!(changed.unwrap_err().code(), gone);
    assert_eq!(lab.purge().unwrap_err().code(), gone);
    assert_eq!(lab.set(jobs, &[]).unwrap_err().code(), gone);
    assert_eq!(lab.service.counts(jobs).unwrap_err().code(), gone);
    let again = lab.call(|service, now, effects| service.delete_queue(now, jobs, effects));
    assert_eq!(again.unwrap_err().code(), gone);
    let received = (1, short_poll());
    let received = lab.call(|service, now, effects| service.receive(now, jobs, received, effects));
    assert_eq!(received.unwrap_err().code(), gone);
    assert_eq!(lab.service.next_timeout(), None);
}

#[test]
fn a_receive_that_waits_at_a_deleted_queue_gets_nothing() {
    let mut account = account();
    let jobs = account.create("jobs", &[]).unwrap();
    let waiter = account.lab.wait(20);
    account.lab.at(5_000);
    account.delete(jobs);
    assert_eq!(account.lab.answers(), [(5_000, waiter, vec![])]);
}

#[test]
fn the_name_of_a_deleted_queue_rests_for_a_minute() {
    let mut account = account();
    let jobs = account.create("jobs", &[]).unwrap();
    account.lab.send("m1");
    let old = account.lab.receive_one().receipt_handle;
    account.lab.at(1_000);
    account.delete(jobs);
    account.lab.at(60_999);
    assert_eq!(
        account.refused("jobs", &[]),
        ErrorCode::QueueDeletedRecently
    );
    account.lab.at(61_000);
    assert_eq!(account.create("jobs", &[]), Ok(jobs));
    assert_eq!(account.lab.counts(jobs), [0, 0, 0]);
    account.lab.send("m2");
    // A receipt of the old queue is not one of the new message.
    assert_eq!(account.lab.delete(old), Deletion::Gone);
    assert_eq!(account.lab.counts(jobs), [1, 0, 0]);
}

#[test]
fn a_deleted_queue_can_be_purged_as_soon_as_it_is_made_again() {
    let mut account = account();
    let jobs = account.create("jobs", &[]).unwrap();
    account.lab.purge().unwrap();
    account.delete(jobs);
    account.lab.at(60_000);
    account.create("jobs", &[]).unwrap();
    account.lab.purge().unwrap();
}

/// Our choice: a message is not lost because its dead-letter queue was.
#[test]
fn without_its_dead_letter_queue_a_policy_does_nothing() {
    let mut account = account();
    let jobs = account.create("jobs", &[]).unwrap();
    let dead = account.create("dead", &[]).unwrap();
    let changes = [AttributeChange::VisibilityTimeout(0), redrive(dead, 1)];
    account.lab.set(jobs, &changes).unwrap();
    account.lab.send("m1");
    account.lab.receive_one();
    account.delete(dead);
    assert_eq!(account.lab.receive_one().receive_count, 2);
    account.lab.at(60_000);
    account.create("dead", &[]).unwrap();
    assert!(account.lab.receive().is_empty());
    assert_eq!(account.lab.counts(dead), [1, 0, 0]);
}

#[test]
fn a_fifo_queue_and_its_name_go_together() {
    let mut account = account();
    let fifo = |is_fifo| [AttributeChange::FifoQueue(is_fifo)];
    let orders = account.create("orders.fifo", &fifo(true)).unwrap();
    let attributes = account.lab.service.attributes(orders).unwrap();
    assert!(attributes.fifo.is_some());
    assert_eq!(account.create("orders.fifo", &fifo(true)), Ok(orders));
    for (name, changes) in [
        ("orders", &fifo(true)[..]),
        ("bills.fifo", &[]),
        ("bills.fifo", &fifo(false)),
        (".fifo", &fifo(true)),
    ] {
        let refused = account.refused(name, changes);
        assert_eq!(refused, ErrorCode::InvalidParameterValue, "{name}");
    }
    let long = format!("{}.fifo", "n".repeat(75));
    account.create(&long, &fifo(true)).unwrap();
    let longer = format!("{}.fifo", "n".repeat(76));
    let refused = account.refused(&longer, &fifo(true));
    assert_eq!(refused, ErrorCode::InvalidParameterValue);
}

/// Observed on AWS: even as false, FIFO attributes are unknown to a standard queue.
#[test]
fn a_standard_queue_has_no_fifo_attributes() {
    let mut account = account();
    for change in [
        AttributeChange::FifoQueue(false),
        AttributeChange::ContentBasedDeduplication(false),
    ] {
        let refused = account.refused("jobs", &[change]);
        assert_eq!(refused, ErrorCode::InvalidAttributeName);
    }
}

#[test]
fn a_fifo_queue_made_again_starts_anew() {
    let mut account = account();
    let fifo = [AttributeChange::FifoQueue(true)];
    let orders = account.create("orders.fifo", &fifo).unwrap();
    let send = |lab: &mut Lab| {
        let request = SendRequest {
            group: Some(MessageGroup(1)),
            deduplication_id: Some(DeduplicationId(1)),
            ..SendRequest::new("m1")
        };
        lab.call(|service, now, effects| service.send(now, orders, request, effects))
            .unwrap();
    };
    send(&mut account.lab);
    account.lab.receive_one();
    account.delete(orders);
    account.lab.at(60_000);
    account.create("orders.fifo", &fifo).unwrap();
    // The id is not remembered, and the group is not held up.
    send(&mut account.lab);
    assert_eq!(account.lab.receive_one().body, "m1");
}

#[test]
fn a_dead_letter_queue_is_of_the_type_of_its_source() {
    let mut account = account();
    let dead = account.create("dead", &[]).unwrap();
    let changes = [AttributeChange::FifoQueue(true), redrive(dead, 1)];
    let refused = account.refused("orders.fifo", &changes);
    assert_eq!(refused, ErrorCode::InvalidParameterValue);
}
