//! What a message carries, and what SQS takes of it.

use super::error::BodyError;
use super::worker::Item;
use crate::ids::MessageId;

/// What a message carries.
pub trait Body: Clone {
    /// The text that is sent; `None`: a text that SQS takes, without saying which.
    fn text(&self) -> Option<&str>;
}

/// A lane's workload says which message it is, not what is written in it.
impl Body for Item {
    fn text(&self) -> Option<&str> {
        None
    }
}

/// A message by its number, as [`Item`] has it.
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

/// Checks a body: at least one byte, at most `maximum_message_size` bytes of UTF-8, and only
/// #x9, #xA, #xD, #x20..#xD7FF, #xE000..#xFFFD and #x10000..#x10FFFF. SendMessage (API).
pub(super) fn check(text: &str, maximum_message_size: usize) -> Result<(), BodyError> {
    if text.is_empty() {
        return Err(BodyError::Empty);
    }
    if text.len() > maximum_message_size {
        return Err(BodyError::TooLong {
            bytes: text.len(),
            maximum: maximum_message_size,
        });
    }
    match text.chars().find(|&character| !is_allowed(character)) {
        Some(character) => Err(BodyError::Character(character)),
        None => Ok(()),
    }
}

const fn is_allowed(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'
    )
}
