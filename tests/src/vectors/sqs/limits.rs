//! Ranges and defaults: what the core has must be the file's, to the last field.

use broker_lab_core::lambda;
use broker_lab_core::sns;
use broker_lab_core::sqs::parameter::{self, Bound, Parameter, Unit};
use serde_json::{Map, Value, json};

use super::{CaseResult, Stop, result};

/// What the file says for people.
const WORDS: [&str; 2] = ["source", "note"];

/// Every limit of the core that the file has.
pub(super) fn parameters() -> impl Iterator<Item = &'static Parameter> {
    parameter::parameters()
        .chain(lambda::parameter::parameters())
        .chain(sns::parameter::parameters())
}

pub(super) fn run(limit: &Value) -> Result<CaseResult, String> {
    let name = limit
        .get("parameter")
        .and_then(Value::as_str)
        .ok_or("a limit without a parameter")?;
    let ours = parameters().find(|parameter| parameter.name == name);
    let came = match ours {
        Some(parameter) => compare(limit, parameter),
        None => Err(Stop::failed(limit.to_string(), "no such limit")),
    };
    Ok(result(name.to_owned(), came))
}

fn compare(limit: &Value, parameter: &Parameter) -> Result<(), Stop> {
    let mut expected = limit.as_object().cloned().unwrap_or_default();
    expected.retain(|field, _| !WORDS.contains(&field.as_str()));
    let mut got = written(parameter);
    // Any error: AWS does not document its name.
    if expected.get("error") == Some(&json!("*")) && got["error"].is_string() {
        got.insert("error".to_owned(), json!("*"));
    }
    if expected == got {
        return Ok(());
    }
    let (expected, got) = (Value::Object(expected), Value::Object(got));
    Err(Stop::failed(expected.to_string(), got.to_string()))
}

/// The parameter as the file writes it.
fn written(parameter: &Parameter) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("parameter", json!(parameter.name));
    put("unit", json!(unit(parameter.unit)));
    match parameter.bound {
        Bound::Between(least, most) => {
            put("min", json!(least));
            put("max", json!(most));
        }
        Bound::AtMost(most) => {
            put("max", json!(most));
        }
        Bound::MoreThanPart(parts) => {
            put(
                "value",
                json!(1.0 / f64::from(u32::try_from(parts).unwrap_or(1))),
            );
        }
        Bound::AtLeast(least) => {
            put("min", json!(least));
        }
        Bound::Fixed(only) => {
            put("value", json!(only));
        }
        Bound::Magnitude(most) => {
            put("min", json!(-i128::from(most)));
            put("max", json!(most));
        }
    }
    if let Some(default) = parameter.default {
        put("default", json!(default));
    }
    put("error", json!(parameter.error.map(|error| error.name())));
    if let Some(error) = parameter.error_as_queue_attribute {
        put("error_as_queue_attribute", json!(error.name()));
    }
    fields
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::Messages => "messages",
        Unit::Bytes => "bytes",
        Unit::Entries => "entries",
        Unit::Characters => "characters",
        Unit::Receives => "receives",
        Unit::Queues => "queues",
        Unit::MessagesPerSecond => "messages/s",
        Unit::Tasks => "tasks",
        Unit::CallsPerSecond => "calls/s",
        Unit::Share => "share, exceeded",
        Unit::Invocations => "invocations",
        Unit::InvocationsPerMinute => "invocations/min",
        Unit::Pollers => "pollers",
        Unit::FunctionTimeouts => "times the function timeout",
        Unit::Attributes => "attributes",
        Unit::RawAttributes => "attributes; more: discarded",
        Unit::Attempts => "attempts over 23 days",
        Unit::Keys => "keys",
        Unit::Combinations => "combinations",
        Unit::Policies => "policies",
        Unit::FiveDecimals => "five decimals",
    }
}
