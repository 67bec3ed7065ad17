//! What is wrong with a message attribute.

use crate::sqs::error::ErrorCode;
use crate::sqs::limits;

/// Why message attributes are refused: all of it is InvalidParameterValue. Amazon SQS message
/// metadata (DG), Message quotas (DG); observed on AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// More than ten.
    #[error("{0} message attributes are more than {max}", max = limits::MESSAGE_ATTRIBUTES_MAX)]
    TooMany(usize),
    /// The name has no character, or more than 256.
    #[error("the name of a message attribute has 1 to 256 characters, not {0}")]
    NameLength(usize),
    /// The name holds something else than letters, digits, `_`, `-` and `.`.
    #[error("'{0}' cannot be in the name of a message attribute")]
    NameCharacter(char),
    /// The name begins or ends with a dot.
    #[error("the name of a message attribute neither begins nor ends with a dot")]
    NameDot,
    /// The name begins with `AWS.` or `Amazon.`, in whatever case.
    #[error("names that begin with AWS. or Amazon. are reserved")]
    NameReserved,
    /// The type is not String, Number or Binary, with or without a label of one's own.
    #[error("the type of a message attribute is String, Number or Binary, with or without a label")]
    DataType,
    /// The value is text where the type is Binary, or bytes where it is not.
    #[error("the value does not have the type that the attribute names")]
    ValueKind,
    /// There is no value.
    #[error("a message attribute needs a value")]
    NoValue,
    /// The value holds a character that no message may hold.
    #[error("U+{:04X} is not allowed in a message attribute", u32::from(*.0))]
    ValueCharacter(char),
    /// The type is Number and the value is none, has more than 38 digits, or is out of range.
    #[error("the value of an attribute of type Number is no number that SQS takes")]
    NoNumber,
    /// A system attribute that is not AWSTraceHeader, the only one there is.
    #[error("AWSTraceHeader, a String, is the only system attribute that can be sent")]
    NoSystemAttribute,
}

impl AttributeError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::InvalidParameterValue
    }
}
