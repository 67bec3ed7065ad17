//! Delays, bodies, and batches.

use super::super::batch::{BatchError, check_bytes, check_ids};
use super::super::{BodyError, QueueDoesNotExist, SendError};
use super::*;

#[test]
fn a_messages_own_delay_wins_over_the_queues_zero_too() {
    let mut lab = lab().with(AttributeChange::DelaySeconds(2));
    lab.try_send("now", Some(SimDuration::ZERO)).unwrap();
    lab.try_send("later", Some(SimDuration::from_secs(3)))
        .unwrap();
    lab.send("queue's");
    assert_eq!(lab.counts(JOBS), [1, 0, 2]);
    assert_eq!(bodies(&lab.at(1_999).receive()), ["now"]);
    assert_eq!(bodies(&lab.at(2_000).receive()), ["queue's"]);
    assert_eq!(bodies(&lab.at(3_000).receive()), ["later"]);
}

#[test]
fn the_delay_holds_once() {
    let mut lab = lab()
        .with(AttributeChange::DelaySeconds(900))
        .with(AttributeChange::VisibilityTimeout(1));
    lab.send("m1");
    lab.at(900_000).receive_one();
    lab.at(901_000).receive_one();
}

#[test]
fn a_queue_that_does_not_exist_is_told() {
    let mut lab = lab();
    let request = SendRequest::new("m1");
    let missing = QueueDoesNotExist(NOWHERE);
    let sent = lab.call(|service, now, effects| service.send(now, NOWHERE, request, effects));
    assert_eq!(sent, Err(SendError::Queue(missing)));
    let request = (1, short_poll());
    let received =
        lab.call(|service, now, effects| service.receive(now, NOWHERE, request, effects));
    assert_eq!(received, Err(missing));
    let purged = lab.call(|service, now, effects| service.purge(now, NOWHERE, effects));
    assert_eq!(purged, Err(PurgeError::Queue(missing)));
    let set = lab.set(NOWHERE, &[]);
    assert_eq!(set, Err(SetAttributesError::Queue(missing)));
    assert_eq!(lab.service.counts(NOWHERE), Err(missing));
    assert!(lab.told.is_empty());
}

#[test]
fn a_body_is_held_to_the_queues_size_in_bytes() {
    let mut lab = lab().with(AttributeChange::MaximumMessageSize(1_024));
    let fits: &'static str = "é".repeat(512).leak();
    let over: &'static str = "é".repeat(513).leak();
    assert_eq!(lab.try_send(fits, None), Ok(()));
    let (bytes, maximum) = (1_026, 1_024);
    let too_long = BodyError::TooLong { bytes, maximum };
    assert_eq!(lab.try_send(over, None), Err(SendError::Body(too_long)));
    assert_eq!(
        lab.try_send("", None),
        Err(SendError::Body(BodyError::Empty))
    );
    assert_eq!(lab.counts(JOBS), [1, 0, 0]);
}

#[test]
fn a_body_holds_the_characters_of_xml() {
    let mut lab = lab();
    for text in [
        "a\tb\r\nc",
        " ",
        "\u{7f}",
        "\u{d7ff}\u{e000}\u{fffd}",
        "\u{10000}📦\u{10ffff}",
    ] {
        assert_eq!(lab.try_send(text, None), Ok(()), "{text:?}");
    }
    for text in [
        "\0", "a\u{8}", "\u{b}", "\u{c}", "\u{e}", "\u{1f}b", "\u{fffe}", "\u{ffff}",
    ] {
        let refused = lab.try_send(text, None);
        let refused = matches!(refused, Err(SendError::Body(BodyError::Character(_))));
        assert!(refused, "{text:?}");
    }
}

#[test]
fn a_batch_has_one_to_ten_entries_with_different_ids() {
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
    let [longest, too_long] = [80, 81].map(|length| "i".repeat(length));
    assert_eq!(check_ids(&ids[..10]), Ok(()));
    assert_eq!(check_ids(&["A-z_9", &longest]), Ok(()));
    assert_eq!(check_ids(&[]), Err(BatchError::Empty));
    assert_eq!(check_ids(&ids), Err(BatchError::TooManyEntries(11)));
    assert_eq!(check_ids(&["a", "b", "a"]), Err(BatchError::IdsNotDistinct));
    for id in ["", "a b", "message:1", "é", &too_long] {
        assert_eq!(
            check_ids(&["a", id]),
            Err(BatchError::InvalidEntryId),
            "{id}"
        );
    }
}

#[test]
fn the_messages_of_a_batch_are_one_mebibyte_together_at_most() {
    assert_eq!(check_bytes(1_048_576), Ok(()));
    assert_eq!(check_bytes(1_048_577), Err(BatchError::TooLong(1_048_577)));
}
