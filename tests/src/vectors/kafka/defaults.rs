//! The defaults of the real classes.

use broker_lab_core::kafka::defaults::{PROPERTIES, Scope, Value};
use serde::Deserialize;

use super::{CaseResult, compare, skip};

/// A property and its default.
#[derive(Deserialize)]
pub(super) struct Case {
    scope: String,
    property: String,
    default: serde_json::Value,
}

pub(super) fn run(case: Case) -> CaseResult {
    let id = format!("{} {}", case.scope, case.property);
    let ours = PROPERTIES
        .iter()
        .find(|known| known.name == case.property && scope(known.scope) == case.scope);
    match ours {
        Some(known) => compare(id, &case.default, &written(known.default)),
        None => skip(id, "the simulation does not use this property yet"),
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Producer => "producer",
        Scope::Consumer => "consumer",
        Scope::Broker => "broker",
        Scope::Group => "group",
        Scope::Topic => "topic",
    }
}

/// The value as Kafka writes it.
fn written(value: Value) -> serde_json::Value {
    match value {
        Value::Duration(length) => length.as_millis().into(),
        Value::Number(number) => number.into(),
        Value::Switch(on) => on.into(),
        Value::Word(word) => word.into(),
    }
}
