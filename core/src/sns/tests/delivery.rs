use super::super::retry::{ATTEMPTS, delay_before};
use super::{
    BILLING, ContentBasedDeduplication, DEAD, DeliveryAnswer, DeliveryForm, DeliveryId, Effect,
    FifoThroughputScope, MAIL, Subscription, fifo, filtered, in_group, message, raw, raw_fifo,
    standard, text,
};
use crate::sqs::content::MessageAttribute;
use crate::time::SimTime;

fn with_dead_letters(subscription: Subscription) -> Subscription {
    Subscription {
        dead_letter_queue: Some(DEAD),
        ..subscription
    }
}

#[test]
fn a_server_side_error_is_tried_again_after_the_pauses() {
    let mut lab = standard();
    lab.topic.subscribe(raw(BILLING)).unwrap();
    lab.publish(&message("m")).unwrap();
    for attempt in 2..=20 {
        let before = lab.now;
        lab.answer(0, DeliveryAnswer::ServerError);
        let pause = delay_before(attempt).unwrap();
        if pause.as_micros() > 0 {
            assert!(lab.effects.is_empty());
            lab.wait();
        }
        assert_eq!(lab.now, before + pause, "{attempt}");
        let [Effect::Attempt { attempt: got, .. }] = lab.effects.as_slice() else {
            panic!("{:?}", lab.effects);
        };
        assert_eq!(*got, attempt);
    }
    lab.answer(0, DeliveryAnswer::Delivered);
    assert!(lab.effects.is_empty() && lab.topic.next_timeout().is_none());
}

#[test]
fn when_all_attempts_have_failed_the_message_is_dead_or_gone() {
    for subscription in [raw(BILLING), with_dead_letters(raw(BILLING))] {
        let mut lab = standard();
        lab.topic.subscribe(subscription.clone()).unwrap();
        lab.publish(&message("m")).unwrap();
        for _ in 1..ATTEMPTS {
            lab.answer(0, DeliveryAnswer::ServerError);
            if lab.effects.is_empty() {
                lab.wait();
            }
        }
        lab.answer(0, DeliveryAnswer::ServerError);
        match lab.effects.as_slice() {
            [Effect::DeadLettered { to, attempts, .. }] => {
                assert_eq!((*to, *attempts), (DEAD, ATTEMPTS));
                assert!(subscription.dead_letter_queue.is_some());
            }
            [Effect::Discarded { attempts, .. }] => {
                assert_eq!(*attempts, ATTEMPTS);
                assert!(subscription.dead_letter_queue.is_none());
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(lab.topic.next_timeout(), None);
    }
}

#[test]
fn a_client_side_error_is_not_tried_again() {
    let mut lab = standard();
    lab.topic
        .subscribe(with_dead_letters(raw(BILLING)))
        .unwrap();
    lab.topic.subscribe(raw(MAIL)).unwrap();
    lab.publish(&message("m")).unwrap();
    lab.answer(0, DeliveryAnswer::ClientError);
    assert!(matches!(
        lab.effects.as_slice(),
        [Effect::DeadLettered { to, attempts: 1, .. }] if *to == DEAD
    ));
    lab.answer(1, DeliveryAnswer::ClientError);
    assert!(matches!(
        lab.effects.as_slice(),
        [Effect::Discarded { attempts: 1, .. }]
    ));
    assert_eq!(lab.topic.next_timeout(), None);
}

#[test]
fn what_a_policy_does_not_take_is_no_failure() {
    let mut lab = standard();
    let subscription = with_dead_letters(filtered(BILLING, r#"{"store": ["books"]}"#));
    lab.topic.subscribe(subscription).unwrap();
    lab.publish(&message("m")).unwrap();
    assert!(matches!(
        lab.effects.as_slice(),
        [Effect::FilteredOut { message: "m", .. }]
    ));
}

#[test]
fn raw_delivery_hands_on_ten_attributes_at_most() {
    let attributes: Vec<MessageAttribute> = (0..11).map(|n| text(&format!("k{n}"), "x")).collect();
    let mut lab = standard();
    lab.topic.subscribe(raw(BILLING)).unwrap();
    let envelope = Subscription {
        form: DeliveryForm::Envelope,
        ..raw(MAIL)
    };
    lab.topic.subscribe(envelope).unwrap();
    let mut request = message("m");
    request.attributes = &attributes[..10];
    lab.publish(&request).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "m"), (MAIL, "m")]);
    request.attributes = &attributes;
    lab.publish(&request).unwrap();
    assert_eq!(lab.attempts(), [(MAIL, "m")]);
    assert!(matches!(
        lab.effects.first(),
        Some(Effect::Discarded { delivery, .. }) if delivery.queue == BILLING
    ));
}

#[test]
fn a_fifo_topic_keeps_a_group_in_order_while_one_of_it_is_tried_again() {
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    lab.topic.subscribe(raw_fifo(BILLING)).unwrap();
    lab.publish(&in_group("a1", "a", "1")).unwrap();
    for attempt in 2..=4 {
        lab.answer(0, DeliveryAnswer::ServerError);
        assert_eq!(lab.attempts().len(), usize::from(attempt < 4));
    }
    lab.publish(&in_group("a2", "a", "2")).unwrap();
    assert_eq!(lab.attempts(), []);
    lab.publish(&in_group("b1", "b", "3")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "b1")]);
    lab.wait();
    assert_eq!(lab.attempts(), [(BILLING, "a1")]);
    lab.answer(0, DeliveryAnswer::Delivered);
    assert_eq!(lab.attempts(), [(BILLING, "a2")]);
    lab.answer(1, DeliveryAnswer::Delivered);
    lab.publish(&in_group("a3", "a", "4")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "a3")]);
}

#[test]
fn a_standard_topic_does_not_wait_for_others() {
    let mut lab = standard();
    lab.topic.subscribe(raw(BILLING)).unwrap();
    lab.publish(&message("m1")).unwrap();
    lab.publish(&message("m2")).unwrap();
    assert_eq!(lab.attempts(), [(BILLING, "m2")]);
}

#[test]
fn unsubscribe_drops_what_was_to_be_tried_again() {
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    let id = lab.topic.subscribe(raw(BILLING)).unwrap();
    lab.publish(&in_group("a1", "a", "1")).unwrap();
    for _ in 0..3 {
        lab.answer(0, DeliveryAnswer::ServerError);
    }
    assert_eq!(lab.topic.next_timeout(), Some(SimTime::from_millis(1_000)));
    lab.topic.unsubscribe(id);
    assert_eq!(lab.topic.next_timeout(), None);
    // An answer that comes late is not looked at.
    lab.answer(0, DeliveryAnswer::ServerError);
    assert!(lab.effects.is_empty() && lab.topic.next_timeout().is_none());
    let again = lab.topic.subscribe(raw(BILLING)).unwrap();
    assert_ne!(again, id);
    lab.publish(&in_group("a2", "a", "2")).unwrap();
    assert!(matches!(
        lab.effects.as_slice(),
        [Effect::Attempt {
            id: DeliveryId(1),
            ..
        }]
    ));
}
