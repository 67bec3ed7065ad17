//! What SendMessageBatch, DeleteMessageBatch and ChangeMessageVisibilityBatch refuse as a whole.
//! Everything else fails the entry alone.

use std::collections::BTreeSet;

use super::attributes::QueueAttributes;
use super::error::ErrorCode;
use super::limits;
use super::messages::SendRequest;

/// Why a batch is refused as a whole. SendMessageBatch (API); Message quotas (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No entries.
    #[error("EmptyBatchRequest: a batch needs an entry")]
    Empty,
    /// More than ten entries.
    #[error("TooManyEntriesInBatchRequest: {0} entries are more than ten")]
    TooManyEntries(usize),
    /// An id is not 1 to 80 letters, digits, hyphens and underscores.
    #[error("InvalidBatchEntryId: an id is 1 to 80 letters, digits, hyphens and underscores")]
    InvalidEntryId,
    /// Two entries have the same id.
    #[error("BatchEntryIdsNotDistinct: two entries have the same id")]
    IdsNotDistinct,
    /// The messages are longer together than 1 MiB.
    #[error("BatchRequestTooLong: {0} bytes are more than {max}", max = limits::BATCH_BYTES_MAX)]
    TooLong(usize),
    /// An entry for a FIFO queue has no MessageGroupId; a single send without one is answered
    /// otherwise (observed on AWS).
    #[error("InvalidParameterValue: an entry for a FIFO queue needs a MessageGroupId")]
    NoGroup,
    /// An entry for a FIFO queue has no deduplication id, and its content is not to be one.
    #[error("InvalidParameterValue: an entry for a FIFO queue needs a deduplication id")]
    NoDeduplicationId,
}

impl BatchError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Empty => ErrorCode::EmptyBatchRequest,
            Self::TooManyEntries(_) => ErrorCode::TooManyEntriesInBatchRequest,
            Self::InvalidEntryId => ErrorCode::InvalidBatchEntryId,
            Self::IdsNotDistinct => ErrorCode::BatchEntryIdsNotDistinct,
            Self::TooLong(_) => ErrorCode::BatchRequestTooLong,
            Self::NoGroup | Self::NoDeduplicationId => ErrorCode::InvalidParameterValue,
        }
    }
}

/// Checks the ids of a batch's entries. Which fault is told if there are several is our choice.
///
/// # Errors
///
/// The batch is refused as a whole.
pub fn check_ids(ids: &[&str]) -> Result<(), BatchError> {
    if ids.is_empty() {
        return Err(BatchError::Empty);
    }
    if !limits::BATCH_ENTRIES.contains(&ids.len()) {
        return Err(BatchError::TooManyEntries(ids.len()));
    }
    if !ids.iter().all(|id| is_entry_id(id)) {
        return Err(BatchError::InvalidEntryId);
    }
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return Err(BatchError::IdsNotDistinct);
    }
    Ok(())
}

/// Checks the bytes of all messages of a SendMessageBatch: at most 1 MiB, also where the queue's
/// MaximumMessageSize is smaller; that one holds for each message alone (observed on AWS).
///
/// # Errors
///
/// The batch is refused as a whole.
pub const fn check_bytes(bytes: usize) -> Result<(), BatchError> {
    if bytes > limits::BATCH_BYTES_MAX {
        Err(BatchError::TooLong(bytes))
    } else {
        Ok(())
    }
}

/// Checks that each entry of a SendMessageBatch to a FIFO queue has a group and a deduplication
/// id: these two faults refuse the whole batch (observed on AWS). A standard queue needs neither.
///
/// # Errors
///
/// The batch is refused as a whole.
pub fn check_fifo<'a, B: 'a>(
    attributes: &QueueAttributes,
    entries: impl IntoIterator<Item = &'a SendRequest<B>>,
) -> Result<(), BatchError> {
    let Some(fifo) = attributes.fifo else {
        return Ok(());
    };
    for entry in entries {
        if entry.group.is_none() {
            return Err(BatchError::NoGroup);
        }
        if entry.deduplication_id.is_none() && !fifo.content_based_deduplication {
            return Err(BatchError::NoDeduplicationId);
        }
    }
    Ok(())
}

fn is_entry_id(id: &str) -> bool {
    limits::BATCH_ENTRY_ID_LENGTH.contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
