//! What a script needs that is not simulated yet, told by the names it uses.

use serde_json::Value;

const SNS: &str = "SNS topics are not simulated yet";
const ATTRIBUTES: &str = "message attributes are not simulated yet";
const DIGESTS: &str = "MD5 digests are not simulated yet";

/// The operations, queue attributes, parameters and expectations of later parts. Where a script
/// uses several, the first of this list is the reason.
const NAMES_OF_LATER: [(&str, &[&str]); 3] = [
    (
        SNS,
        &["Publish", "Subscribe", "Unsubscribe", "topic", "envelope"],
    ),
    (DIGESTS, &["MD5OfMessageBody", "MD5OfMessageAttributes"]),
    (ATTRIBUTES, &["MessageAttributes", "MessageAttributeNames"]),
];

/// The first reason not to run a script.
pub(super) fn reason(script: &Value) -> Option<String> {
    let has_topics = script
        .get("topics")
        .and_then(Value::as_array)
        .is_some_and(|topics| !topics.is_empty());
    if has_topics {
        return Some(SNS.to_owned());
    }
    let mut used = Vec::new();
    collect(script, &mut used);
    let is_used = |names: &[&str]| names.iter().any(|name| used.contains(name));
    NAMES_OF_LATER
        .iter()
        .find(|(_, names)| is_used(names))
        .map(|(reason, _)| (*reason).to_owned())
}

/// The fields and the operations that a script uses.
fn collect<'a>(value: &'a Value, used: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                used.push(name);
                if let ("op", Some(operation)) = (name.as_str(), value.as_str()) {
                    used.push(operation);
                }
                collect(value, used);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, used)),
        _ => {}
    }
}
