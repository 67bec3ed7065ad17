use serde_json::{Value, json};

use super::super::{DeliveryForm, Notification, content, envelope};
use super::{number, text};
use crate::ids::{MessageId, QueueId};
use crate::run::Run;
use crate::scenario::Scenario;
use crate::sqs::SequenceNumber;
use crate::sqs::content::{AttributeValue, MessageAttribute};
use crate::time::{SimDuration, SimTime};

fn written(notification: &Notification<'_>) -> Value {
    serde_json::from_str(&envelope(notification)).unwrap()
}

const PLAIN: Notification<'_> = Notification {
    message_id: "id-1",
    topic: "events",
    subject: None,
    message: "say \"hi\"",
    published_at: SimTime::from_millis(12_345),
    sequence_number: None,
    attributes: &[],
};

#[test]
fn the_fields_of_an_envelope() {
    let fields = written(&PLAIN);
    assert_eq!(fields["Type"], "Notification");
    assert_eq!(fields["MessageId"], "id-1");
    assert_eq!(fields["Message"], "say \"hi\"");
    assert_eq!(fields["Timestamp"], "1970-01-01T00:00:12.345Z");
    assert_eq!(fields["SignatureVersion"], "1");
    assert!(fields["TopicArn"].as_str().unwrap().ends_with(":events"));
    for name in ["Signature", "SigningCertURL", "UnsubscribeURL"] {
        assert!(fields[name].is_string(), "{name}");
    }
    for name in ["Subject", "SequenceNumber", "MessageAttributes"] {
        assert!(fields.get(name).is_none(), "{name}");
    }
}

#[test]
fn attributes_are_types_and_values() {
    let bytes = |name: &str, bytes: &[u8]| MessageAttribute {
        name: name.to_owned(),
        data_type: "Binary".to_owned(),
        value: AttributeValue::Bytes(bytes.to_vec()),
    };
    let attributes = [
        text("store", "books"),
        number("n", "3"),
        bytes("one", b"a"),
        bytes("two", b"ab"),
        bytes("three", b"abc"),
        bytes("high", &[0xff, 0xfe, 0xfd, 0x3e]),
    ];
    let fields = written(&Notification {
        subject: Some("orders"),
        sequence_number: Some(SequenceNumber(7)),
        attributes: &attributes,
        ..PLAIN
    });
    assert_eq!(fields["Subject"], "orders");
    assert_eq!(fields["SequenceNumber"], "00000000000000000007");
    assert_eq!(
        fields["MessageAttributes"],
        json!({
            "store": {"Type": "String", "Value": "books"},
            "n": {"Type": "Number", "Value": "3"},
            "one": {"Type": "Binary", "Value": "YQ=="},
            "two": {"Type": "Binary", "Value": "YWI="},
            "three": {"Type": "Binary", "Value": "YWJj"},
            "high": {"Type": "Binary", "Value": "//79Pg=="},
        })
    );
}

#[test]
fn times_are_dates() {
    let at = |days: u64, seconds: u64| {
        let published_at = SimTime::ZERO + SimDuration::from_secs(days * 86_400 + seconds);
        let fields = written(&Notification {
            published_at,
            ..PLAIN
        });
        fields["Timestamp"].as_str().unwrap().to_owned()
    };
    assert_eq!(at(31, 86_399), "1970-02-01T23:59:59.000Z");
    assert_eq!(at(364, 0), "1970-12-31T00:00:00.000Z");
    // Two years and a leap year's end of February.
    assert_eq!(at(365 * 2 + 59, 0), "1972-02-29T00:00:00.000Z");
    assert_eq!(at(365 * 2 + 60, 0), "1972-03-01T00:00:00.000Z");
}

/// A queue of which a message is looked at: what a consumer finds in it.
fn found(form: DeliveryForm) -> super::super::Content {
    let raw = form == DeliveryForm::Raw;
    let document = format!(
        r#"{{ "version": 1, "title": "t", "noun": "order", "seed": 1, "horizon": "5s",
              "workload": {{ "producers": [{{ "name": "shop", "rate": "1/s", "keys": ["ada"] }}] }},
              "lanes": [{{ "name": "q", "sqs": {{ "queues": [{{ "name": "bills" }}],
                "topics": [{{ "name": "events", "subscriptions": [
                  {{ "queue": "bills", "raw_message_delivery": {raw} }}] }}],
                "send_to": "events" }} }}] }}"#
    );
    let run = Run::complete(Scenario::from_json(&document).unwrap());
    let lane = &run.cast().lanes[0];
    assert_eq!(lane.form(QueueId(0)), Some(form));
    let message = run.trace().message(MessageId(2)).unwrap();
    content((run.cast(), lane), QueueId(0), (MessageId(2), message)).unwrap()
}

#[test]
fn what_a_consumer_finds_is_the_envelope_or_what_was_published() {
    let raw = found(DeliveryForm::Raw);
    assert_eq!(raw.body, "order 2");
    let attributes = [("producer", "shop"), ("key", "ada")];
    assert_eq!(
        raw.attributes,
        attributes.map(|(name, value)| (name, value.to_owned()))
    );
    let wrapped = found(DeliveryForm::Envelope);
    assert!(wrapped.attributes.is_empty());
    let short: Value = serde_json::from_str(&wrapped.body).unwrap();
    let whole = written(&Notification {
        message: "order 2",
        attributes: &attributes.map(|(name, value)| text(name, value)),
        ..PLAIN
    });
    let keys = |fields: &Value| {
        fields
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&short), keys(&whole));
    for name in [
        "Type",
        "TopicArn",
        "Message",
        "SignatureVersion",
        "MessageAttributes",
    ] {
        assert_eq!(short[name], whole[name], "{name}");
    }
}
