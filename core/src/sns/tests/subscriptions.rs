use super::super::SubscribeError;
use super::{
    BILLING, ContentBasedDeduplication, DeliveryForm, FifoThroughputScope, MAIL, QueueKind,
    Subscription, fifo, filtered, message, raw, raw_fifo, standard, text,
};
use crate::ids::QueueId;
use crate::sqs::ErrorCode;

#[test]
fn every_subscription_gets_a_copy_of_what_comes_later() {
    let mut lab = standard();
    lab.topic.subscribe(raw(BILLING)).unwrap();
    lab.publish(&message("first")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "first")]);
    let id = lab.topic.subscribe(raw(MAIL)).unwrap();
    lab.publish(&message("second")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "second"), (MAIL, "second")]);
    lab.topic.unsubscribe(id);
    lab.topic.unsubscribe(id);
    lab.publish(&message("third")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "third")]);
    assert!(lab.topic.subscription(id).is_none());
}

#[test]
fn a_queue_is_subscribed_once() {
    let mut lab = standard();
    let id = lab.topic.subscribe(raw(BILLING)).unwrap();
    assert_eq!(lab.topic.subscribe(raw(BILLING)), Ok(id));
    let plain = Subscription::new(BILLING, QueueKind::Standard);
    assert_eq!(lab.topic.subscribe(plain), Ok(id));
    let other = filtered(BILLING, r#"{"k": ["v"]}"#);
    let refused = lab.topic.subscribe(other).unwrap_err();
    assert_eq!(refused, SubscribeError::OtherAttributes);
    assert_eq!(refused.code(), ErrorCode::InvalidParameter);
    let form = lab.topic.subscription(id).unwrap().form;
    assert_eq!(form, DeliveryForm::Raw);
    lab.publish(&message("m")).unwrap();
    assert_eq!(lab.attempts().len(), 1);
}

#[test]
fn fifo_queues_are_for_fifo_topics() {
    let refused = standard().topic.subscribe(raw_fifo(BILLING)).unwrap_err();
    assert_eq!(refused, SubscribeError::FifoQueue);
    assert_eq!(refused.code().name(), "InvalidParameter");
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    lab.topic.subscribe(raw_fifo(BILLING)).unwrap();
    lab.topic.subscribe(raw(MAIL)).unwrap();
}

#[test]
fn a_topic_has_two_hundred_policies() {
    let mut lab = standard();
    for queue in 0..200 {
        let subscription = filtered(QueueId(queue), r#"{"k": ["v"]}"#);
        lab.topic.subscribe(subscription).unwrap();
    }
    let one_more = filtered(QueueId(200), r#"{"k": ["v"]}"#);
    let refused = lab.topic.subscribe(one_more).unwrap_err();
    assert_eq!(refused.code().name(), "FilterPolicyLimitExceeded");
    lab.topic.subscribe(raw(QueueId(200))).unwrap();
}

#[test]
fn takers_are_those_whose_policy_matches() {
    let mut lab = standard();
    let books = lab
        .topic
        .subscribe(filtered(BILLING, r#"{"store": ["books"]}"#))
        .unwrap();
    let all = lab.topic.subscribe(raw(MAIL)).unwrap();
    let takers = |attributes: &[_]| lab.topic.takers(attributes, None).collect::<Vec<_>>();
    assert_eq!(takers(&[text("store", "books")]), [books, all]);
    assert_eq!(takers(&[text("store", "toys")]), [all]);
    assert_eq!(takers(&[]), [all]);
}
