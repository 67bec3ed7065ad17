//! What SQS refuses, and under which name.

use super::content::AttributeError;
use super::limits;
use super::parameter::OutOfRange;
use crate::ids::QueueId;

/// The errors of SQS and SNS, under the names of their API references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// On the wire: AWS.SimpleQueueService.NonExistentQueue.
    QueueDoesNotExist,
    /// A parameter of a call.
    InvalidParameterValue,
    /// An attribute of a queue.
    InvalidAttributeValue,
    /// An attribute that SQS does not know.
    InvalidAttributeName,
    /// No body.
    MissingParameter,
    /// A receipt handle that was never issued.
    ReceiptHandleIsInvalid,
    /// A character that no message may hold.
    InvalidMessageContents,
    /// A standard queue has as many messages in flight as it can have.
    OverLimit,
    /// The name is taken, by a queue with other attributes. On the wire: QueueAlreadyExists.
    QueueNameExists,
    /// A queue of this name was deleted less than 60 s ago.
    QueueDeletedRecently,
    /// A redrive task's source, destination, or the task itself.
    ResourceNotFoundException,
    /// A FIFO queue takes no more calls in this second.
    RequestThrottled,
    /// Lambda's, for what is wrong with an event source mapping.
    InvalidParameterValueException,
    /// The last purge was less than 60 s ago.
    PurgeQueueInProgress,
    /// A batch without entries.
    EmptyBatchRequest,
    /// A batch with more than ten.
    TooManyEntriesInBatchRequest,
    /// Two entries of a batch have the same id.
    BatchEntryIdsNotDistinct,
    /// The id of an entry is too long, empty, or has other characters.
    InvalidBatchEntryId,
    /// The messages of a batch are too long together.
    BatchRequestTooLong,
    /// SNS: a parameter of a call.
    InvalidParameter,
    /// SNS: too many filter policies.
    FilterPolicyLimitExceeded,
}

impl ErrorCode {
    /// The name in the API reference.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QueueDoesNotExist => "QueueDoesNotExist",
            Self::InvalidParameterValue => "InvalidParameterValue",
            Self::InvalidAttributeValue => "InvalidAttributeValue",
            Self::InvalidAttributeName => "InvalidAttributeName",
            Self::MissingParameter => "MissingParameter",
            Self::ReceiptHandleIsInvalid => "ReceiptHandleIsInvalid",
            Self::InvalidMessageContents => "InvalidMessageContents",
            Self::OverLimit => "OverLimit",
            Self::QueueNameExists => "QueueNameExists",
            Self::QueueDeletedRecently => "QueueDeletedRecently",
            Self::ResourceNotFoundException => "ResourceNotFoundException",
            Self::RequestThrottled => "RequestThrottled",
            Self::InvalidParameterValueException => "InvalidParameterValueException",
            Self::PurgeQueueInProgress => "PurgeQueueInProgress",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest => "TooManyEntriesInBatchRequest",
            Self::BatchEntryIdsNotDistinct => "BatchEntryIdsNotDistinct",
            Self::InvalidBatchEntryId => "InvalidBatchEntryId",
            Self::BatchRequestTooLong => "BatchRequestTooLong",
            Self::InvalidParameter => "InvalidParameter",
            Self::FilterPolicyLimitExceeded => "FilterPolicyLimitExceeded",
        }
    }
}

/// There is no such queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("QueueDoesNotExist: there is no queue {0}")]
pub struct QueueDoesNotExist(pub QueueId);

impl QueueDoesNotExist {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::QueueDoesNotExist
    }
}

/// Why a SendMessage is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// There is no such queue.
    #[error(transparent)]
    Queue(#[from] QueueDoesNotExist),
    /// What it carries cannot be sent to this queue.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A FIFO queue needs a MessageGroupId (observed on AWS).
    #[error("MissingParameter: a FIFO queue needs a MessageGroupId")]
    NoGroup,
    /// A FIFO queue needs a MessageDeduplicationId or ContentBasedDeduplication.
    #[error("InvalidParameterValue: no MessageDeduplicationId and no ContentBasedDeduplication")]
    NoDeduplicationId,
    /// A standard queue takes no MessageDeduplicationId.
    #[error("InvalidParameterValue: a MessageDeduplicationId is for FIFO queues")]
    DeduplicationIdOnStandard,
    /// A message of a FIFO queue has no delay of its own (observed on AWS).
    #[error("InvalidParameterValue: the delay of a FIFO queue is the queue's")]
    DelayOnFifo,
}

impl SendError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Queue(error) => error.code(),
            Self::Body(error) => error.code(),
            Self::NoGroup => ErrorCode::MissingParameter,
            Self::NoDeduplicationId | Self::DeduplicationIdOnStandard | Self::DelayOnFifo => {
                ErrorCode::InvalidParameterValue
            }
        }
    }
}

/// What is wrong with what a message carries. SendMessage (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A message needs a body.
    #[error("MissingParameter: a message needs a body")]
    Empty,
    /// It is longer than the queue's MaximumMessageSize, attributes included.
    #[error("InvalidParameterValue: {bytes} bytes are more than {maximum}")]
    TooLong {
        /// Its length, with its attributes.
        bytes: usize,
        /// MaximumMessageSize.
        maximum: usize,
    },
    /// One of its message attributes, or how many there are.
    #[error("InvalidParameterValue: {0}")]
    Attribute(#[from] AttributeError),
    /// It holds a control character, or one of the two that are none.
    #[error("InvalidMessageContents: U+{:04X} is not allowed", u32::from(*.0))]
    Character(char),
}

impl BodyError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Empty => ErrorCode::MissingParameter,
            Self::TooLong { .. } => ErrorCode::InvalidParameterValue,
            Self::Attribute(error) => error.code(),
            Self::Character(_) => ErrorCode::InvalidMessageContents,
        }
    }
}

/// OverLimit: 120,000 messages are in flight. Standard queue quotas (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("OverLimit: {} messages are in flight", limits::IN_FLIGHT_MAX)]
pub struct OverLimit;

impl OverLimit {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::OverLimit
    }
}

/// Why a ChangeMessageVisibility is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeVisibilityError {
    /// There is no such queue.
    #[error(transparent)]
    Queue(#[from] QueueDoesNotExist),
    /// InvalidParameterValue: the message does not exist any more.
    #[error("InvalidParameterValue: the message does not exist")]
    Gone,
    /// InvalidParameterValue: a message stays in flight for at most 12 hours in all.
    #[error("InvalidParameterValue: more than 12 hours in flight, counted from the receive")]
    TooLong,
    /// InvalidParameterValue, on a FIFO queue: the message was received again since. That such a
    /// receipt has expired as it has for DeleteMessage is our choice.
    #[error("InvalidParameterValue: the receipt handle has expired")]
    Expired,
    /// ReceiptHandleIsInvalid: never issued.
    #[error("ReceiptHandleIsInvalid: this receipt handle was never issued")]
    InvalidReceipt,
}

impl ChangeVisibilityError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Queue(error) => error.code(),
            Self::Gone | Self::TooLong | Self::Expired => ErrorCode::InvalidParameterValue,
            Self::InvalidReceipt => ErrorCode::ReceiptHandleIsInvalid,
        }
    }
}

/// Why a PurgeQueue is refused. PurgeQueue (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    /// There is no such queue.
    #[error(transparent)]
    Queue(#[from] QueueDoesNotExist),
    /// The last purge was less than 60 seconds ago.
    #[error("PurgeQueueInProgress: the last purge was less than 60 seconds ago")]
    InProgress,
}

impl PurgeError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Queue(error) => error.code(),
            Self::InProgress => ErrorCode::PurgeQueueInProgress,
        }
    }
}

/// Why a SetQueueAttributes is refused. SetQueueAttributes (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetAttributesError {
    /// There is no such queue.
    #[error(transparent)]
    Queue(#[from] QueueDoesNotExist),
    /// InvalidAttributeValue: a number.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// InvalidParameterValue: where dead letters go.
    #[error(transparent)]
    RedrivePolicy(#[from] RedrivePolicyError),
    /// InvalidParameterValue: more than ten queues in a RedriveAllowPolicy. The reference names
    /// no error.
    #[error("InvalidParameterValue: {0} source queues are more than ten")]
    TooManySources(usize),
    /// InvalidAttributeName: an attribute of FIFO queues on a standard queue, whatever its value
    /// (observed on AWS).
    #[error("InvalidAttributeName: this is no attribute of a queue")]
    OnlyFifo,
    /// InvalidAttributeValue: a queue stays what it was created as (observed on AWS).
    #[error("InvalidAttributeValue: the type of a queue cannot be changed")]
    TypeIsFixed,
    /// InvalidAttributeValue: FifoThroughputLimit perMessageGroupId needs DeduplicationScope
    /// messageGroup. The reference names no error.
    #[error("InvalidAttributeValue: perMessageGroupId needs DeduplicationScope messageGroup")]
    LimitNeedsScope,
}

impl SetAttributesError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Queue(error) => error.code(),
            Self::OutOfRange(error) => error.code_as_queue_attribute(),
            Self::OnlyFifo => ErrorCode::InvalidAttributeName,
            Self::TypeIsFixed | Self::LimitNeedsScope => ErrorCode::InvalidAttributeValue,
            Self::RedrivePolicy(_) | Self::TooManySources(_) => ErrorCode::InvalidParameterValue,
        }
    }
}

/// What is wrong with a redrive policy: all of it is InvalidParameterValue. CreateQueue (API);
/// that it needs both parts was observed on AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedrivePolicyError {
    /// No deadLetterTargetArn.
    #[error("a redrive policy needs a dead-letter queue")]
    NoTarget,
    /// No maxReceiveCount, or one that is no whole number.
    #[error("a redrive policy needs a whole number as its maxReceiveCount")]
    NoCount,
    /// maxReceiveCount is not in 1..=1000.
    #[error(transparent)]
    Count(#[from] OutOfRange),
    /// The dead-letter queue does not exist.
    #[error("the dead-letter queue does not exist")]
    NoSuchQueue,
    /// FIFO goes with FIFO, standard with standard. Using dead-letter queues (DG).
    #[error("the dead-letter queue is of another type")]
    OtherType,
    /// A queue cannot be its own dead-letter queue: our choice, nothing documents it.
    #[error("a queue cannot be its own dead-letter queue")]
    Itself,
    /// The dead-letter queue's RedriveAllowPolicy. The reference names no error.
    #[error("the dead-letter queue does not take messages from this queue")]
    NotAllowed,
}

/// InvalidAttributeName: SQS knows no attribute of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("InvalidAttributeName: {0:?} is no attribute of a standard queue")]
pub struct UnknownAttribute(pub String);

impl UnknownAttribute {
    /// The name of the error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::InvalidAttributeName
    }
}
