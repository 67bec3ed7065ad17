//! Exactly-once processing (DG): what was sent within five minutes is not stored again.

use super::*;
use crate::sqs::{DeduplicationScope, FifoThroughputLimit};

fn is_duplicate_of(first: &str, sent: Posted) -> bool {
    matches!(sent, Ok(Sent::Duplicate { first: body, .. }) if body == first)
}

#[test]
fn a_duplicate_is_accepted_answered_with_the_first_and_not_stored() {
    let mut lab = fifo_lab();
    let Ok(Sent::Stored { sequence_number }) = lab.post_as("a1", "same") else {
        panic!("the first is stored");
    };
    let again = lab.post_as("b1", "same");
    let first = Sent::Duplicate {
        first: "a1",
        sequence_number: sequence_number.unwrap(),
    };
    assert_eq!(
        again,
        Ok(first),
        "the id decides, not the body nor the group"
    );
    assert_eq!(bodies(&lab.receive()), ["a1"]);
}

#[test]
fn five_minutes_run_from_the_first_send_and_a_duplicate_does_not_prolong_them() {
    let mut lab = fifo_lab();
    lab.post_as("a1", "same").unwrap();
    let late = lab.at(299_999).post_as("a2", "same");
    assert!(is_duplicate_of("a1", late));
    let new = lab.at(300_000).post_as("a3", "same");
    assert!(matches!(new, Ok(Sent::Stored { .. })));
    assert!(is_duplicate_of("a3", lab.at(599_999).post_as("a4", "same")));
}

#[test]
fn deleting_the_first_does_not_forget_it() {
    let mut lab = fifo_lab();
    lab.post_as("a1", "same").unwrap();
    let receipt = lab.receive_one().receipt_handle;
    lab.delete(receipt);
    assert!(is_duplicate_of("a1", lab.post_as("a2", "same")));
}

#[test]
fn by_content_an_explicit_id_wins_and_one_that_is_the_hash_is_a_duplicate() {
    let mut lab = fifo_lab().with(AttributeChange::ContentBasedDeduplication(true));
    let mut send = |body: &'static str, id: Option<&'static str>| {
        let explicit = id.and_then(|id| lab.id(id));
        let request = SendRequest {
            deduplication_id: explicit,
            ..lab.request(body)
        };
        lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
    };
    send("a1", None).unwrap();
    assert!(is_duplicate_of("a1", send("a1", None)));
    assert!(matches!(send("a1", Some("x")), Ok(Sent::Stored { .. })));
    assert!(is_duplicate_of("a1", send("a2", Some("a1"))));
    assert!(matches!(send("a2", None), Ok(Sent::Stored { .. })));
}

#[test]
fn by_group_each_group_is_for_itself_and_a_changed_scope_holds_for_later_sends() {
    let mut lab = fifo_lab();
    let scope = |scope| [AttributeChange::DeduplicationScope(scope)];
    lab.post_as("a1", "same").unwrap();
    assert!(is_duplicate_of("a1", lab.post_as("b1", "same")));
    lab.set(JOBS, &scope(DeduplicationScope::MessageGroup))
        .unwrap();
    assert!(matches!(lab.post_as("b2", "same"), Ok(Sent::Stored { .. })));
    assert!(is_duplicate_of("a1", lab.post_as("a2", "same")));
    assert!(is_duplicate_of("b2", lab.post_as("b3", "same")));
    lab.set(JOBS, &scope(DeduplicationScope::Queue)).unwrap();
    assert!(
        is_duplicate_of("a1", lab.post_as("c1", "same")),
        "the first of them"
    );
}

#[test]
fn the_attributes_of_fifo_queues_are_for_them_and_fit_together() {
    let mut lab = fifo_lab();
    let per_group = AttributeChange::FifoThroughputLimit(FifoThroughputLimit::PerMessageGroupId);
    let by_group = AttributeChange::DeduplicationScope(DeduplicationScope::MessageGroup);
    let by_queue = AttributeChange::DeduplicationScope(DeduplicationScope::Queue);
    let unfit = Err(SetAttributesError::LimitNeedsScope);
    assert_eq!(lab.set(JOBS, std::slice::from_ref(&per_group)), unfit);
    assert_eq!(
        lab.set(JOBS, &[per_group.clone(), by_group.clone()]),
        Ok(())
    );
    assert_eq!(lab.set(JOBS, &[by_queue]), unfit);
    assert_eq!(lab.set(JOBS, &[AttributeChange::FifoQueue(true)]), Ok(()));
    let fixed = Err(SetAttributesError::TypeIsFixed);
    assert_eq!(lab.set(JOBS, &[AttributeChange::FifoQueue(false)]), fixed);

    let mut standard = super::lab();
    let unknown = Err(SetAttributesError::OnlyFifo);
    for change in [
        AttributeChange::FifoQueue(false),
        AttributeChange::ContentBasedDeduplication(false),
        per_group,
        by_group,
    ] {
        assert_eq!(standard.set(JOBS, &[change]), unknown);
    }
}
