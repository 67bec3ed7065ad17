//! What messages are known by beside what they carry: groups, deduplication ids, sequence numbers.
//!
//! Clients write text; inside, a text is a small number. Who calls the service keeps the list of
//! texts, checks a new one with [`check_id`], and gives equal texts equal numbers.

use std::fmt;

use super::error::ErrorCode;
use super::limits;

/// MessageGroupId: on a FIFO queue what is kept in order, on a standard queue a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageGroup(pub u32);

impl MessageGroup {
    pub(super) const FIRST: Self = Self(0);
    pub(super) const LAST: Self = Self(u32::MAX);
}

/// MessageDeduplicationId, as a client gives it or as made of a body's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeduplicationId(pub u32);

/// ReceiveRequestAttemptId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiveAttempt(pub u32);

/// The MessageDeduplicationId of a message in a FIFO queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deduplication {
    /// It was sent with this id, or with this content.
    Id(DeduplicationId),
    /// It is a dead letter: its message id takes the place of the id it was sent with. Learn how
    /// to configure a dead-letter queue redrive (DG).
    MessageId,
}

/// SequenceNumber of a message in a FIFO queue: rises with each message that is stored.
///
/// AWS gives 20 digits, not consecutive. Ours count from 1 in each queue, a choice; a dead letter
/// gets a new one in its new queue, which is not documented either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceNumber(pub u64);

impl fmt::Display for SequenceNumber {
    /// 20 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

/// InvalidParameterValue: a MessageGroupId, MessageDeduplicationId or ReceiveRequestAttemptId is
/// not 1 to 128 letters, digits and punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("InvalidParameterValue: an id is 1 to 128 letters, digits and punctuation characters")]
pub struct InvalidId;

impl InvalidId {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::InvalidParameterValue
    }
}

/// Checks the text of a MessageGroupId, a MessageDeduplicationId or a ReceiveRequestAttemptId:
/// 1 to 128 of `a-z`, `A-Z`, `0-9` and the punctuation of ASCII. SendMessage, ReceiveMessage (API).
///
/// # Errors
///
/// It is too long, empty, or has another character, a space for one.
pub fn check_id(text: &str) -> Result<(), InvalidId> {
    if limits::ID_LENGTH.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(InvalidId)
    }
}
