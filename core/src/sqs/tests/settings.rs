//! SetQueueAttributes: ranges, names, redrive policies.

use super::super::{
    AttributeName, ErrorCode, RedriveAllowPolicy, RedrivePolicyError, UnknownAttribute, parameter,
};
use super::*;

#[test]
fn numbers_are_held_to_their_ranges() {
    type Change = fn(i64) -> AttributeChange;
    let ranges: [(Change, i64, i64); 5] = [
        (AttributeChange::VisibilityTimeout, 0, 43_200),
        (AttributeChange::DelaySeconds, 0, 900),
        (AttributeChange::MaximumMessageSize, 1_024, 1_048_576),
        (AttributeChange::MessageRetentionPeriod, 60, 1_209_600),
        (AttributeChange::ReceiveMessageWaitTimeSeconds, 0, 20),
    ];
    let mut lab = lab();
    for (change, least, most) in ranges {
        for number in [least, most] {
            assert_eq!(lab.set(JOBS, &[change(number)]), Ok(()));
        }
        for number in [least - 1, most + 1, -1, i64::MIN, i64::MAX] {
            let refused = lab.set(JOBS, &[change(number)]).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::InvalidAttributeValue);
        }
    }
}

#[test]
fn the_same_number_has_another_error_in_a_call_than_as_an_attribute() {
    let refused = parameter::DELAY_SECONDS.check_seconds(901).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidParameterValue);
    let as_attribute = refused.code_as_queue_attribute();
    assert_eq!(as_attribute, ErrorCode::InvalidAttributeValue);
    assert_eq!(refused.to_string(), "DelaySeconds 901 is not in 0..=900");
}

#[test]
fn of_several_changes_all_are_made_or_none() {
    let mut lab = lab();
    let delay = AttributeChange::DelaySeconds(5);
    let too_much = AttributeChange::VisibilityTimeout(43_201);
    assert!(lab.set(JOBS, &[delay.clone(), too_much]).is_err());
    let unchanged = QueueAttributes::default();
    assert_eq!(lab.service.attributes(JOBS), Ok(&unchanged));
    lab.set(JOBS, &[delay, AttributeChange::VisibilityTimeout(1)])
        .unwrap();
    let changed = QueueAttributes {
        delay: SimDuration::from_secs(5),
        visibility_timeout: SimDuration::from_secs(1),
        ..unchanged
    };
    assert_eq!(lab.service.attributes(JOBS), Ok(&changed));
}

#[test]
fn an_unknown_attribute_has_an_error_of_its_own() {
    assert_eq!("DelaySeconds".parse(), Ok(AttributeName::DelaySeconds));
    for name in ["NoSuchAttribute", "delaySeconds", ""] {
        let unknown = name.parse::<AttributeName>().unwrap_err();
        assert_eq!(unknown, UnknownAttribute(name.to_owned()));
        assert_eq!(unknown.code(), ErrorCode::InvalidAttributeName);
    }
}

#[test]
fn a_redrive_policy_needs_a_queue_that_exists_and_a_count_in_range() {
    let mut lab = lab();
    let mut refused = |dead_letter_target: Option<QueueId>, count: Option<&str>| {
        let request = RedrivePolicyRequest {
            dead_letter_target,
            max_receive_count: count.map(str::to_owned),
        };
        let set = lab.set(JOBS, &[AttributeChange::RedrivePolicy(Some(request))]);
        match set.unwrap_err() {
            SetAttributesError::RedrivePolicy(error) => error,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(None, Some("3")), RedrivePolicyError::NoTarget);
    for count in [None, Some("many"), Some("2.5"), Some("")] {
        assert_eq!(refused(Some(DEAD), count), RedrivePolicyError::NoCount);
    }
    for count in ["0", "1001", "-1"] {
        let error = refused(Some(DEAD), Some(count));
        assert!(matches!(error, RedrivePolicyError::Count(_)), "{error}");
    }
    assert_eq!(
        refused(Some(NOWHERE), Some("3")),
        RedrivePolicyError::NoSuchQueue
    );
    assert_eq!(refused(Some(JOBS), Some("3")), RedrivePolicyError::Itself);
}

#[test]
fn a_dead_letter_queue_says_whose_it_will_be() {
    let mut lab = lab();
    let allows = |policy| [AttributeChange::RedriveAllowPolicy(policy)];
    let refused = Err(SetAttributesError::RedrivePolicy(
        RedrivePolicyError::NotAllowed,
    ));
    let cases = [
        (RedriveAllowPolicy::DenyAll, refused),
        (RedriveAllowPolicy::ByQueue(vec![NOWHERE, DEAD]), refused),
        (RedriveAllowPolicy::ByQueue(vec![NOWHERE, JOBS]), Ok(())),
        (RedriveAllowPolicy::AllowAll, Ok(())),
    ];
    for (policy, expected) in cases {
        lab.set(DEAD, &allows(policy)).unwrap();
        assert_eq!(lab.set(JOBS, &[redrive(DEAD, 1)]), expected);
    }
    let sources = |count: u16| RedriveAllowPolicy::ByQueue((0..count).map(QueueId).collect());
    assert_eq!(lab.set(DEAD, &allows(sources(10))), Ok(()));
    let refused = lab.set(DEAD, &allows(sources(11)));
    assert_eq!(refused, Err(SetAttributesError::TooManySources(11)));
}

#[test]
fn a_new_timeout_and_a_new_delay_hold_for_what_comes_after() {
    let mut lab = lab().with(AttributeChange::DelaySeconds(10));
    lab.send("delayed");
    let changes = [
        AttributeChange::DelaySeconds(0),
        AttributeChange::VisibilityTimeout(1),
    ];
    lab.set(JOBS, &changes).unwrap();
    lab.send("at once");
    assert_eq!(bodies(&lab.receive()), ["at once"]);
    lab.set(JOBS, &[AttributeChange::VisibilityTimeout(60)])
        .unwrap();
    assert_eq!(bodies(&lab.at(1_000).receive()), ["at once"]);
    assert_eq!(bodies(&lab.at(10_000).receive()), ["delayed"]);
}
