//! What SNS refuses, and under which name.

use super::limits;
use crate::sqs::ErrorCode;
use crate::sqs::content::AttributeError;

/// Why a Publish is refused. Publish (SNS API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// There is no text.
    #[error("InvalidParameter: a message needs a text")]
    Empty,
    /// Text and attributes are longer together than the topic's MaximumMessageSize.
    #[error("InvalidParameter: {bytes} bytes are more than {maximum}")]
    TooLong {
        /// Their length.
        bytes: usize,
        /// MaximumMessageSize.
        maximum: usize,
    },
    /// A message attribute is not as it has to be. There can be more than ten.
    #[error("InvalidParameterValue: {0}")]
    Attribute(#[from] AttributeError),
    /// A message to a FIFO topic has no MessageGroupId.
    #[error("InvalidParameter: a message to a FIFO topic needs a MessageGroupId")]
    NoGroup,
    /// A message to a FIFO topic has no MessageDeduplicationId, and the topic does not make one
    /// from the content.
    #[error("InvalidParameter: a message to this topic needs a MessageDeduplicationId")]
    NoDeduplicationId,
    /// A standard topic takes no MessageDeduplicationId.
    #[error("InvalidParameter: a standard topic takes no MessageDeduplicationId")]
    DeduplicationIdOnStandard,
}

impl PublishError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Attribute(error) => error.code(),
            Self::Empty
            | Self::TooLong { .. }
            | Self::NoGroup
            | Self::NoDeduplicationId
            | Self::DeduplicationIdOnStandard => ErrorCode::InvalidParameter,
        }
    }
}

/// Why a Subscribe is refused. Subscribe (SNS API).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// A standard topic does not deliver to FIFO queues.
    #[error("InvalidParameter: a FIFO queue cannot be subscribed to a standard topic")]
    FifoQueue,
    /// The queue is subscribed already, with other settings (observed on AWS).
    #[error("InvalidParameter: the queue is subscribed already, with other attributes")]
    OtherAttributes,
    /// The topic has as many filter policies as it can have.
    #[error("FilterPolicyLimitExceeded: more than {max} policies", max = limits::FILTER_POLICIES_MAX)]
    TooManyPolicies,
}

impl SubscribeError {
    /// The name of the error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::FifoQueue | Self::OtherAttributes => ErrorCode::InvalidParameter,
            Self::TooManyPolicies => ErrorCode::FilterPolicyLimitExceeded,
        }
    }
}

/// What is wrong with a filter policy: all of it is InvalidParameter. Filter policy constraints
/// (SNS); the faults of single conditions were observed on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is no JSON object.
    #[error("a filter policy is a JSON object")]
    NoObject,
    /// It is longer than 256 KB.
    #[error("a filter policy has at most {max} bytes", max = limits::FILTER_POLICY_BYTES_MAX)]
    TooLong,
    /// It has no key, or more than five.
    #[error("a filter policy has 1 to 5 keys, not {0}")]
    Keys(usize),
    /// Its values can be combined in more than 150 ways.
    #[error("a filter policy has at most {max} combinations", max = limits::FILTER_COMBINATIONS_MAX)]
    TooComplex,
    /// It nests, and message attributes do not.
    #[error("a filter policy for MessageAttributes does not nest")]
    Nested,
    /// What a key asks for is neither a list nor an object.
    #[error("\"{0}\" must be an object or an array")]
    NoList(String),
    /// A list or an object is empty.
    #[error("\"{0}\" is empty")]
    Nothing(String),
    /// An item of a list is none of text, number, true, false, null and a match expression.
    #[error("\"{0}\" asks for something that is no value and no match expression")]
    NoValue(String),
    /// A match expression that has not exactly one field.
    #[error("\"{0}\" has a match expression that is not one field")]
    NotOneField(String),
    /// A match expression of a name that SNS does not know.
    #[error("unrecognized match type {0}")]
    NoOperator(String),
    /// What stands after the name of a match expression does not fit it.
    #[error("the {0} expression does not fit its form")]
    Operand(&'static str),
    /// A number is not in -10^9..10^9.
    #[error("a number in a filter policy is from -10^9 to 10^9")]
    Number,
}

impl PolicyError {
    /// The name of the error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::InvalidParameter
    }
}
