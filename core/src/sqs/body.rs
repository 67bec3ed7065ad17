//! What a message carries, and what SQS takes of it.

use super::content::{self, MessageAttribute};
use super::error::BodyError;
use super::worker::Item;
use crate::ids::MessageId;

/// What a message carries.
pub trait Body: Clone {
    /// The text that is sent; `None`: a text that SQS takes, without saying which.
    fn text(&self) -> Option<&str>;

    /// Its message attributes.
    fn attributes(&self) -> &[MessageAttribute] {
        &[]
    }

    /// Its message system attributes.
    fn system_attributes(&self) -> &[MessageAttribute] {
        &[]
    }
}

/// A lane's workload says which message it is, not what is written in it.
impl Body for Item {
    fn text(&self) -> Option<&str> {
        None
    }
}

/// A message by its number: which one it is, not what is written in it.
impl Body for MessageId {
    fn text(&self) -> Option<&str> {
        None
    }
}

impl Body for &str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

/// The size that SQS and SNS hold a message to: the UTF-8 bytes of its text, and of each message
/// attribute its name, its data type and its value (observed on AWS). System attributes do not
/// count. SendMessage (API); Publish (SNS API).
pub fn bytes(body: &impl Body) -> usize {
    let attributes = body.attributes().iter().map(MessageAttribute::bytes);
    body.text().map_or(0, str::len) + attributes.sum::<usize>()
}

/// Checks a message: a text of at least one byte and of characters that are allowed, attributes
/// as they have to be, and at most `maximum_message_size` bytes in all. SendMessage (API). Which
/// fault is told if there are several is our choice.
pub(super) fn check(body: &impl Body, maximum_message_size: usize) -> Result<(), BodyError> {
    let Some(text) = body.text() else {
        return Ok(());
    };
    if text.is_empty() {
        return Err(BodyError::Empty);
    }
    content::check_attributes(body.attributes())?;
    content::check_system_attributes(body.system_attributes())?;
    let bytes = bytes(body);
    if bytes > maximum_message_size {
        let maximum = maximum_message_size;
        return Err(BodyError::TooLong { bytes, maximum });
    }
    match content::first_refused(text) {
        Some(character) => Err(BodyError::Character(character)),
        None => Ok(()),
    }
}
