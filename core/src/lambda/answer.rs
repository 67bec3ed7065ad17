//! Reading what a function returned: JSON, which the developer guide describes by examples.

use serde_json::Value;

use super::response::{Answer, Identifier};

impl Answer<String> {
    /// Reads the text that a function returned.
    ///
    /// # Where the guide is silent
    ///
    /// An object without batchItemFailures is success, like one where it is null: a misspelt list
    /// goes unnoticed. Empty text or an empty list counts as an empty answer. Any other value in
    /// place of the object, of the list or of one of its items is complete failure: it cannot be
    /// read as what the guide asks for. All of this is our choice.
    #[must_use]
    pub fn read(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Empty;
        }
        serde_json::from_str(text).map_or(Self::Unreadable, |answer: Value| Self::of(&answer))
    }

    fn of(answer: &Value) -> Self {
        let fields = match answer {
            Value::Object(fields) => fields,
            Value::Null => return Self::Empty,
            Value::String(text) if text.is_empty() => return Self::Empty,
            Value::Array(items) if items.is_empty() => return Self::Empty,
            Value::String(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_) => {
                return Self::Unreadable;
            }
        };
        match fields.get("batchItemFailures") {
            None | Some(Value::Null) => Self::Empty,
            Some(Value::Array(items)) => Self::Failures(items.iter().map(identifier).collect()),
            Some(_) => Self::Unreadable,
        }
    }
}

fn identifier(item: &Value) -> Identifier<String> {
    match item.get("itemIdentifier").and_then(Value::as_str) {
        Some(message) if !message.is_empty() => Identifier::Message(message.to_owned()),
        Some(_) | None => Identifier::Invalid,
    }
}
