//! Received messages, and comparing them with what a script expects.

use std::collections::BTreeMap;
use std::rc::Rc;

use broker_lab_core::sqs::content::{AttributeSelection, MessageAttribute};
use broker_lab_core::sqs::{self, Body, Deduplication, ReceiptHandle};
use serde::Serialize;
use serde_json::Value;

use super::Stop;
use super::names::Names;
use super::script::{Message, Received, value};

/// What the runner's messages carry: their name in the script, and their text. A message that is
/// handed on keeps its letter, so the letter is its message id too.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) name: Rc<str>,
    pub(super) text: Rc<str>,
    pub(super) attributes: Rc<[MessageAttribute]>,
    pub(super) system_attributes: Rc<[MessageAttribute]>,
    /// What was published, if it came through a topic.
    pub(super) published: Option<Rc<str>>,
}

impl Letter {
    pub(super) fn of(message: &Message, name: &str) -> Result<Self, Stop> {
        let attributes = message.attributes.read().map_err(Stop::Skipped)?;
        let system_attributes = message.system_attributes.read().map_err(Stop::Skipped)?;
        Ok(Self {
            name: Rc::from(name),
            text: message.text().into(),
            attributes: attributes.as_slice().into(),
            system_attributes: system_attributes.as_slice().into(),
            published: None,
        })
    }

    /// Whether the script calls it so: what was published is known by its text too.
    fn is_called(&self, name: &str) -> bool {
        *self.name == *name || self.published.as_deref() == Some(name)
    }

    /// Whether the text is an SNS notification of what was published.
    fn is_envelope(&self) -> bool {
        let Ok(Value::Object(fields)) = serde_json::from_str(&self.text) else {
            return false;
        };
        let field = |name: &str| fields.get(name).and_then(Value::as_str);
        let whole = ENVELOPE.iter().all(|name| field(name).is_some());
        whole
            && field("Type") == Some("Notification")
            && field("Message") == self.published.as_deref()
    }
}

/// The fields of every envelope. Amazon SNS raw message delivery (SNS).
const ENVELOPE: [&str; 9] = [
    "Type",
    "MessageId",
    "TopicArn",
    "Message",
    "Timestamp",
    "SignatureVersion",
    "Signature",
    "SigningCertURL",
    "UnsubscribeURL",
];

impl Body for Letter {
    fn text(&self) -> Option<&str> {
        Some(&self.text)
    }

    fn attributes(&self) -> &[MessageAttribute] {
        &self.attributes
    }

    fn system_attributes(&self) -> &[MessageAttribute] {
        &self.system_attributes
    }
}

/// A message as a receive was given it.
#[derive(Clone, Debug)]
pub(super) struct Got {
    pub(super) handle: ReceiptHandle,
    letter: Letter,
    attributes: BTreeMap<String, String>,
    receive_count: u32,
    sent_ms: u64,
    first_received_ms: u64,
    dead_letter_source: Option<String>,
    redrives: u32,
    group: Option<String>,
    deduplication_id: Option<String>,
    deduplication_id_is_id_of: Option<String>,
    sequence_number: Option<String>,
    /// What was sent to this queue with this sequence number.
    sequence_of: Option<String>,
}

impl Got {
    pub(super) fn of(
        received: &sqs::Received<Letter>,
        selection: &AttributeSelection,
        names: &Names<'_>,
    ) -> Self {
        let attributes = selection.of(&received.body.attributes);
        let source = received.dead_letter_source;
        let name = received.body.name.to_string();
        let (deduplication_id, is_id_of) = match received.deduplication {
            None => (None, None),
            Some(Deduplication::Id(id)) => (names.text(id.0), None),
            Some(Deduplication::MessageId) => (None, Some(name)),
        };
        let sequence = received.sequence_number;
        Self {
            handle: received.receipt_handle,
            letter: received.body.clone(),
            attributes: attributes
                .map(|one| (one.name.clone(), value(one)))
                .collect(),
            receive_count: received.receive_count,
            sent_ms: received.sent_at.as_millis(),
            first_received_ms: received.first_received_at.as_millis(),
            redrives: received.redrives,
            dead_letter_source: source.and_then(|queue| names.queues().get(queue.index()).cloned()),
            group: received.group.and_then(|group| names.text(group.0)),
            deduplication_id,
            deduplication_id_is_id_of: is_id_of,
            sequence_number: sequence.map(|sequence| sequence.to_string()),
            sequence_of: sequence.and_then(|sequence| names.sent_as(received.queue, sequence)),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.letter.name
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.letter.is_called(name)
    }

    /// The message with those attributes that `expected` names.
    fn like(&self, expected: &Received) -> Received {
        Received {
            is: if self.is_called(&expected.is) {
                expected.is.clone()
            } else {
                self.name().to_owned()
            },
            receive_count: expected.receive_count.map(|_| self.receive_count),
            sent_ms: expected.sent_ms.map(|_| self.sent_ms),
            first_received_ms: expected.first_received_ms.map(|_| self.first_received_ms),
            dead_letter_source: expected
                .dead_letter_source
                .as_ref()
                .map(|_| self.dead_letter_source.clone()),
            group: expected.group.as_ref().map(|_| self.group.clone()),
            deduplication_id: expected
                .deduplication_id
                .as_ref()
                .map(|_| self.deduplication_id.clone()),
            sequence_number: expected
                .sequence_number
                .as_ref()
                .map(|_| self.sequence_number.clone()),
            sequence_of: expected.sequence_of.as_ref().and(self.sequence_of.clone()),
            deduplication_id_is_id_of: expected
                .deduplication_id_is_id_of
                .as_ref()
                .and(self.deduplication_id_is_id_of.clone()),
            // Each redrive gives another message id.
            new_id: expected.new_id.map(|_| self.redrives > 0),
            attributes: expected
                .attributes
                .as_ref()
                .map(|_| self.attributes.clone()),
            envelope: expected.envelope.map(|_| self.letter.is_envelope()),
        }
    }

    fn is(&self, expected: &Received) -> bool {
        self.like(expected) == *expected
    }
}

/// The same messages in the same order.
pub(super) fn compare(expected: &[Received], got: &[Got]) -> Result<(), Stop> {
    let same = expected.len() == got.len()
        && expected
            .iter()
            .zip(got)
            .all(|(expected, got)| got.is(expected));
    if same { Ok(()) } else { differ(expected, got) }
}

/// The same messages in any order.
pub(super) fn compare_any_order(expected: &[Received], got: &[Got]) -> Result<(), Stop> {
    let mut left: Vec<&Got> = got.iter().collect();
    if expected.len() == got.len() && is_matched(expected, &mut left) {
        Ok(())
    } else {
        differ(expected, got)
    }
}

/// The same messages, those of each group in the same order.
pub(super) fn compare_per_group(
    expected: &[Received],
    got: &[Got],
    groups: &BTreeMap<String, String>,
) -> Result<(), Stop> {
    let Some(of_all) = expected
        .iter()
        .map(|message| groups.get(&message.is))
        .collect::<Option<Vec<_>>>()
    else {
        return Err(Stop::skipped("a message whose group is not said"));
    };
    let group_of = |got: &Got| {
        let mut named = groups.iter().filter(|(name, _)| got.is_called(name));
        named.next().map(|(_, group)| group)
    };
    let in_its_group = |got: &Got| got.group.is_none() || got.group.as_ref() == group_of(got);
    let same = expected.len() == got.len()
        && got.iter().all(in_its_group)
        && of_all.iter().all(|group| {
            let of_group = |name: &str| groups.get(name) == Some(*group);
            let expected = expected.iter().filter(|message| of_group(&message.is));
            let mut got = got
                .iter()
                .filter(|message| group_of(message) == Some(*group));
            expected
                .into_iter()
                .all(|expected| got.next().is_some_and(|got| got.is(expected)))
                && got.next().is_none()
        });
    if same { Ok(()) } else { differ(expected, got) }
}

/// Whether each expected message can have one of `left` to itself. Two expectations may fit the
/// same message, so a choice that leads nowhere is taken back.
fn is_matched(expected: &[Received], left: &mut Vec<&Got>) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return true;
    };
    for place in 0..left.len() {
        if left[place].is(first) {
            let chosen = left.remove(place);
            if is_matched(rest, left) {
                return true;
            }
            left.insert(place, chosen);
        }
    }
    false
}

fn differ(expected: &[Received], got: &[Got]) -> Result<(), Stop> {
    let nothing_named = Received {
        receive_count: Some(0),
        ..Received::default()
    };
    let like = |place: usize| expected.get(place).unwrap_or(&nothing_named);
    let got: Vec<Received> = (0..)
        .zip(got)
        .map(|(place, got)| got.like(like(place)))
        .collect();
    Err(Stop::failed(written(&expected), written(&got)))
}

fn written(messages: &impl Serialize) -> String {
    serde_json::to_string(messages).unwrap_or_default()
}
