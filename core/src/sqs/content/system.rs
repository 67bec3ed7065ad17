//! Message system attributes: AWSTraceHeader, which travels with a message beside its own
//! attributes.

use super::attribute::{AttributeValue, MessageAttribute};
use super::characters::first_refused;
use super::error::AttributeError;

const TRACE_HEADER: &str = "AWSTraceHeader";

/// Checks what is sent as MessageSystemAttributes: AWSTraceHeader alone, a String. Its size does
/// not count, and MD5OfMessageAttributes does not cover it. SendMessage (API); observed on AWS.
/// That the text is an X-Ray trace header is not checked.
pub(in crate::sqs) fn check(attributes: &[MessageAttribute]) -> Result<(), AttributeError> {
    attributes.iter().try_for_each(|attribute| {
        let AttributeValue::Text(text) = &attribute.value else {
            return Err(AttributeError::NoSystemAttribute);
        };
        if attribute.name != TRACE_HEADER || attribute.data_type != "String" {
            return Err(AttributeError::NoSystemAttribute);
        }
        if text.is_empty() {
            return Err(AttributeError::NoValue);
        }
        match first_refused(text) {
            Some(character) => Err(AttributeError::ValueCharacter(character)),
            None => Ok(()),
        }
    })
}
