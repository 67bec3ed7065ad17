//! Received messages, and comparing them with what a script expects.

use std::rc::Rc;

use broker_lab_core::sqs::{self, Body, ReceiptHandle};
use serde::Serialize;

use super::Stop;
use super::script::Received;

/// What the runner's messages carry: their name in the script, and their text. A message that is
/// handed on keeps its letter, so the letter is its message id too.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) name: Rc<str>,
    pub(super) text: Rc<str>,
}

impl Body for Letter {
    fn text(&self) -> Option<&str> {
        Some(&self.text)
    }
}

/// A message as a receive was given it.
#[derive(Clone, Debug)]
pub(super) struct Got {
    pub(super) handle: ReceiptHandle,
    pub(super) name: Rc<str>,
    receive_count: u32,
    sent_ms: u64,
    first_received_ms: u64,
    dead_letter_source: Option<String>,
}

impl Got {
    pub(super) fn of(received: &sqs::Received<Letter>, queues: &[String]) -> Self {
        let source = received.dead_letter_source;
        Self {
            handle: received.receipt_handle,
            name: Rc::clone(&received.body.name),
            receive_count: received.receive_count,
            sent_ms: received.sent_at.as_millis(),
            first_received_ms: received.first_received_at.as_millis(),
            dead_letter_source: source.and_then(|queue| queues.get(queue.index()).cloned()),
        }
    }

    /// The message with those attributes that `expected` names.
    fn like(&self, expected: &Received) -> Received {
        Received {
            is: self.name.to_string(),
            receive_count: expected.receive_count.map(|_| self.receive_count),
            sent_ms: expected.sent_ms.map(|_| self.sent_ms),
            first_received_ms: expected.first_received_ms.map(|_| self.first_received_ms),
            dead_letter_source: expected
                .dead_letter_source
                .as_ref()
                .map(|_| self.dead_letter_source.clone()),
            new_id: expected.new_id.map(|_| false),
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
        is: String::new(),
        receive_count: Some(0),
        sent_ms: None,
        first_received_ms: None,
        dead_letter_source: None,
        new_id: None,
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
