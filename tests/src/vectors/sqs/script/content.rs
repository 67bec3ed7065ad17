//! What messages carry, as a script writes it.

use broker_lab_core::sqs::content::{AttributeValue, MessageAttribute, MessageAttributes};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Message attributes: a text (String), a number (Number) or a list (String.Array) by its name.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Attributes(Map<String, Value>);

impl Attributes {
    /// As the core takes them; an error is what the runner does not know.
    pub(in super::super) fn read(&self) -> Result<MessageAttributes, String> {
        let read = |(name, value): (&String, &Value)| match value {
            Value::String(text) => Ok(MessageAttribute::string(name, text)),
            Value::Number(number) => Ok(MessageAttribute::number(name, number.to_string())),
            Value::Array(_) => Ok(MessageAttribute::string_array(name, value.to_string())),
            Value::Null | Value::Bool(_) | Value::Object(_) => {
                Err(format!("a message attribute cannot be {value}"))
            }
        };
        self.0.iter().map(read).collect()
    }
}

/// The value of an attribute that came: numbers and lists are texts too.
pub(in super::super) fn value(attribute: &MessageAttribute) -> String {
    match &attribute.value {
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::Bytes(bytes) => format!("{bytes:?}"),
    }
}
