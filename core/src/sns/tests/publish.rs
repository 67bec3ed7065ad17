use super::super::Novelty;
use super::{
    BILLING, ContentBasedDeduplication, DeliveryAnswer, Effect, FifoThroughputScope, MAIL,
    PublishError, PublishRequest, Topic, TopicAttributes, fifo, group, id, in_group, message, raw,
    raw_fifo, standard, text,
};
use crate::sqs::ErrorCode;
use crate::sqs::content::AttributeError;
use crate::time::SimTime;

#[test]
fn body_and_attributes_are_held_to_the_topics_size() {
    let publish = |size: usize, maximum_message_size: usize| {
        let body = "x".repeat(size);
        let mut topic = Topic::<&str>::new(TopicAttributes {
            maximum_message_size,
            ..TopicAttributes::default()
        });
        let request = PublishRequest {
            message: body.as_str(),
            attributes: &[text("k", "x")],
            message_group_id: None,
            message_deduplication_id: None,
            content_id: None,
        };
        topic.publish(SimTime::ZERO, &request, &mut Vec::new())
    };
    assert!(publish(262_136, 262_144).is_ok());
    let refused = publish(262_137, 262_144).unwrap_err();
    assert_eq!(
        refused,
        PublishError::TooLong {
            bytes: 262_145,
            maximum: 262_144
        }
    );
    assert_eq!(refused.code(), ErrorCode::InvalidParameter);
    assert!(publish(262_137, 1_048_576).is_ok());
}

#[test]
fn what_sns_does_not_take() {
    let mut lab = standard();
    assert_eq!(lab.publish(&message("")), Err(PublishError::Empty));
    let attributes = [text("k", "")];
    let request = PublishRequest {
        attributes: &attributes,
        ..message("m")
    };
    let refused = lab.publish(&request).unwrap_err();
    assert_eq!(refused, PublishError::Attribute(AttributeError::NoValue));
    assert_eq!(refused.code(), ErrorCode::InvalidParameterValue);
    assert_eq!(
        lab.publish(&in_group("m", "a", "1")),
        Err(PublishError::DeduplicationIdOnStandard)
    );
}

#[test]
fn a_fifo_topic_needs_a_group_and_an_id() {
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    assert_eq!(lab.publish(&message("m")), Err(PublishError::NoGroup));
    let without_id = PublishRequest {
        message_group_id: Some(group("a")),
        ..message("m")
    };
    assert_eq!(
        lab.publish(&without_id),
        Err(PublishError::NoDeduplicationId)
    );
    let mut by_content = fifo(ContentBasedDeduplication::On, FifoThroughputScope::Topic);
    by_content.topic.subscribe(raw_fifo(BILLING)).unwrap();
    by_content.publish(&without_id).unwrap();
    let Some(Effect::Attempt { delivery, .. }) = by_content.effects.first() else {
        panic!("{:?}", by_content.effects);
    };
    assert_eq!(delivery.message_deduplication_id, Some(id("m")));
}

#[test]
fn a_fifo_topic_drops_duplicates_of_five_minutes() {
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    lab.topic.subscribe(raw(BILLING)).unwrap();
    let mut at = |millis: u64, text: &'static str, group: &'static str| {
        lab.now = SimTime::from_millis(millis);
        let published = lab.publish(&in_group(text, group, "same")).unwrap();
        let attempts = lab.attempts().len();
        lab.answer(0, DeliveryAnswer::Delivered);
        (published.novelty, published.sequence_number.0, attempts)
    };
    assert_eq!(at(0, "a1", "a"), (Novelty::New, 1, 1));
    assert_eq!(at(200_000, "a1 again", "a"), (Novelty::Duplicate, 1, 0));
    assert_eq!(at(299_999, "b1", "b"), (Novelty::Duplicate, 1, 0));
    // Counted from the first, and over at that very instant.
    assert_eq!(at(300_000, "a2", "a"), (Novelty::New, 2, 1));
}

#[test]
fn with_the_scope_message_group_each_group_has_its_own_ids() {
    let mut lab = fifo(
        ContentBasedDeduplication::Off,
        FifoThroughputScope::MessageGroup,
    );
    lab.topic.subscribe(raw(BILLING)).unwrap();
    let mut novelty = |group: &'static str| {
        let published = lab.publish(&in_group("m", group, "same"));
        published.unwrap().novelty
    };
    assert_eq!(novelty("a"), Novelty::New);
    assert_eq!(novelty("b"), Novelty::New);
    assert_eq!(novelty("a"), Novelty::Duplicate);
}

#[test]
fn an_explicit_id_that_is_the_contents_is_a_duplicate() {
    let mut lab = fifo(ContentBasedDeduplication::On, FifoThroughputScope::Topic);
    let by_content = PublishRequest {
        message_group_id: Some(group("a")),
        ..message("m")
    };
    assert_eq!(lab.publish(&by_content).unwrap().novelty, Novelty::New);
    let explicit = in_group("other", "a", "m");
    assert_eq!(lab.publish(&explicit).unwrap().novelty, Novelty::Duplicate);
}

#[test]
fn groups_and_ids_go_where_they_mean_something() {
    let ids = |lab: &super::Lab| {
        let delivery = |effect: &Effect<_>| match effect {
            Effect::Attempt { delivery, .. } => {
                (delivery.message_group_id, delivery.message_deduplication_id)
            }
            other => panic!("{other:?}"),
        };
        lab.effects.iter().map(delivery).collect::<Vec<_>>()
    };
    let mut lab = fifo(ContentBasedDeduplication::Off, FifoThroughputScope::Topic);
    lab.topic.subscribe(raw_fifo(BILLING)).unwrap();
    lab.topic.subscribe(raw(MAIL)).unwrap();
    lab.publish(&in_group("m", "a", "1")).unwrap();
    assert_eq!(ids(&lab), [(Some(group("a")), Some(id("1"))), (None, None)]);
    let mut lab = standard();
    lab.topic.subscribe(raw(BILLING)).unwrap();
    let request = PublishRequest {
        message_group_id: Some(group("tenant")),
        ..message("m")
    };
    lab.publish(&request).unwrap();
    assert_eq!(ids(&lab), [(Some(group("tenant")), None)]);
}
