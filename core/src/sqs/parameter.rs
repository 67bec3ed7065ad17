//! What has a range, as a table: it checks numbers as a client writes them, and a test holds it
//! against the vector file.

mod by_type;
mod queues;

use std::ops::RangeInclusive;

use super::error::ErrorCode;
use super::limits;
use crate::time::SimDuration;
pub use queues::{MOVE_TASK_RATE, MOVE_TASK_RESULTS};

/// A parameter's range, default and unit, and what is answered outside the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What the reference calls it, or a description.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What is allowed.
    pub bound: Bound,
    /// The value of a queue or a call that does not say; `None`: it has to be said, or cannot be.
    pub default: Option<u64>,
    /// The error outside the range; `None`: nobody can ask for anything else, or the reference
    /// names no error.
    pub error: Option<ErrorCode>,
    /// The error outside the range as a queue's attribute, where that is another one.
    pub error_as_queue_attribute: Option<ErrorCode>,
}

/// What a parameter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Messages.
    Messages,
    /// Bytes.
    Bytes,
    /// Entries of a batch.
    Entries,
    /// Characters.
    Characters,
    /// Receives of a message.
    Receives,
    /// Queues.
    Queues,
    /// Messages in a second.
    MessagesPerSecond,
    /// Calls in a second.
    CallsPerSecond,
    /// A share that has to be exceeded.
    Share,
    /// Redrive tasks.
    Tasks,
    /// Invocations of a function.
    Invocations,
    /// Invocations more in a minute.
    InvocationsPerMinute,
    /// Pollers of an event source mapping.
    Pollers,
    /// How many times the function's timeout.
    FunctionTimeouts,
    /// Message attributes.
    Attributes,
    /// Message attributes, beyond which a raw delivery is discarded.
    RawAttributes,
    /// Attempts of a delivery, over 23 days.
    Attempts,
    /// Keys of a filter policy.
    Keys,
    /// Ways in which the values of a filter policy combine.
    Combinations,
    /// Filter policies.
    Policies,
    /// A number of which five decimals count.
    FiveDecimals,
}

/// What is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// From the first to the second.
    Between(u64, u64),
    /// At most this.
    AtMost(u64),
    /// At least this.
    AtLeast(u64),
    /// More than one part in so many.
    MoreThanPart(u64),
    /// SQS's own value, which nobody sets.
    Fixed(u64),
    /// At most this, above and below zero.
    Magnitude(u64),
}

/// A number is out of its parameter's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {value} is not in {}", parameter.name, parameter.bound)]
pub struct OutOfRange {
    /// Which parameter.
    pub parameter: &'static Parameter,
    /// What was asked for.
    pub value: i64,
}

impl OutOfRange {
    /// The name of the error of a call that was given the number.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self.parameter.error {
            Some(code) => code,
            None => ErrorCode::InvalidParameterValue,
        }
    }

    /// The name of the error where the number was to be a queue's attribute.
    #[must_use]
    pub const fn code_as_queue_attribute(self) -> ErrorCode {
        match self.parameter.error_as_queue_attribute {
            Some(code) => code,
            None => self.code(),
        }
    }
}

impl Parameter {
    /// Checks a number.
    ///
    /// # Errors
    ///
    /// It is out of range.
    pub fn check(&'static self, value: i64) -> Result<u64, OutOfRange> {
        let (least, most) = match self.bound {
            Bound::Between(least, most) => (least, most),
            Bound::AtMost(most) => (0, most),
            Bound::AtLeast(least) => (least, u64::MAX),
            Bound::Fixed(only) => (only, only),
            Bound::Magnitude(most) => (0, most),
            // Nobody sets a share.
            Bound::MoreThanPart(_) => (0, u64::MAX),
        };
        u64::try_from(value)
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or(OutOfRange {
                parameter: self,
                value,
            })
    }

    /// Checks a number of seconds.
    ///
    /// # Errors
    ///
    /// It is out of range.
    pub fn check_seconds(&'static self, value: i64) -> Result<SimDuration, OutOfRange> {
        self.check(value).map(SimDuration::from_secs)
    }

    pub(crate) const fn new(name: &'static str, unit: Unit, bound: Bound) -> Self {
        Self {
            name,
            unit,
            bound,
            default: None,
            error: None,
            error_as_queue_attribute: None,
        }
    }

    pub(crate) const fn or(self, default: u64) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    pub(crate) const fn else_error(self, error: ErrorCode) -> Self {
        Self {
            error: Some(error),
            ..self
        }
    }

    const fn as_attribute_error(self, error: ErrorCode) -> Self {
        Self {
            error_as_queue_attribute: Some(error),
            ..self
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Between(least, most) => write!(f, "{least}..={most}"),
            Self::AtMost(most) => write!(f, "..={most}"),
            Self::AtLeast(least) => write!(f, "{least}.."),
            Self::MoreThanPart(parts) => write!(f, "more than 1/{parts}"),
            Self::Fixed(only) => write!(f, "{only}"),
            Self::Magnitude(most) => write!(f, "-{most}..={most}"),
        }
    }
}

pub(crate) const fn seconds(range: &RangeInclusive<SimDuration>) -> Bound {
    Bound::Between(range.start().as_secs(), range.end().as_secs())
}

const fn sizes(range: &RangeInclusive<usize>) -> Bound {
    Bound::Between(*range.start() as u64, *range.end() as u64)
}

/// VisibilityTimeout of a queue, a receive or a change.
pub static VISIBILITY_TIMEOUT: Parameter = Parameter::new(
    "VisibilityTimeout",
    Unit::Seconds,
    seconds(&limits::VISIBILITY_TIMEOUT),
)
.or(limits::VISIBILITY_TIMEOUT_DEFAULT.as_secs())
.else_error(ErrorCode::InvalidParameterValue)
.as_attribute_error(ErrorCode::InvalidAttributeValue);

/// How long a message stays in flight in all.
pub static IN_FLIGHT_LONGEST: Parameter = Parameter::new(
    "ChangeMessageVisibility total since receive",
    Unit::Seconds,
    Bound::AtMost(limits::IN_FLIGHT_LONGEST.as_secs()),
)
.else_error(ErrorCode::InvalidParameterValue);

/// DelaySeconds of a queue or a message.
pub static DELAY_SECONDS: Parameter =
    Parameter::new("DelaySeconds", Unit::Seconds, seconds(&limits::DELAY))
        .or(limits::DELAY_DEFAULT.as_secs())
        .else_error(ErrorCode::InvalidParameterValue)
        .as_attribute_error(ErrorCode::InvalidAttributeValue);

/// MessageRetentionPeriod of a queue.
pub static MESSAGE_RETENTION_PERIOD: Parameter = Parameter::new(
    "MessageRetentionPeriod",
    Unit::Seconds,
    seconds(&limits::MESSAGE_RETENTION_PERIOD),
)
.or(limits::MESSAGE_RETENTION_PERIOD_DEFAULT.as_secs())
.else_error(ErrorCode::InvalidAttributeValue);

/// ReceiveMessageWaitTimeSeconds of a queue.
pub static RECEIVE_MESSAGE_WAIT_TIME_SECONDS: Parameter = Parameter::new(
    "ReceiveMessageWaitTimeSeconds",
    Unit::Seconds,
    seconds(&limits::WAIT_TIME),
)
.or(limits::WAIT_TIME_DEFAULT.as_secs())
.else_error(ErrorCode::InvalidAttributeValue);

/// WaitTimeSeconds of a receive.
pub static WAIT_TIME_SECONDS: Parameter = Parameter::new(
    "WaitTimeSeconds",
    Unit::Seconds,
    seconds(&limits::WAIT_TIME),
)
.else_error(ErrorCode::InvalidParameterValue);

/// MaxNumberOfMessages of a receive.
pub static MAX_NUMBER_OF_MESSAGES: Parameter = Parameter::new(
    "MaxNumberOfMessages",
    Unit::Messages,
    Bound::Between(
        *limits::MAX_NUMBER_OF_MESSAGES.start() as u64,
        *limits::MAX_NUMBER_OF_MESSAGES.end() as u64,
    ),
)
.or(limits::MAX_NUMBER_OF_MESSAGES_DEFAULT as u64)
.else_error(ErrorCode::InvalidParameterValue);

/// MaximumMessageSize of a queue.
pub static MAXIMUM_MESSAGE_SIZE: Parameter = Parameter::new(
    "MaximumMessageSize",
    Unit::Bytes,
    sizes(&limits::MAXIMUM_MESSAGE_SIZE),
)
.or(limits::MAXIMUM_MESSAGE_SIZE_DEFAULT as u64)
.else_error(ErrorCode::InvalidAttributeValue);

/// maxReceiveCount of a redrive policy.
pub static MAX_RECEIVE_COUNT: Parameter = Parameter::new(
    "maxReceiveCount",
    Unit::Receives,
    Bound::Between(
        *limits::MAX_RECEIVE_COUNT.start() as u64,
        *limits::MAX_RECEIVE_COUNT.end() as u64,
    ),
)
.else_error(ErrorCode::InvalidParameterValue);

pub(crate) const fn counts(range: &RangeInclusive<u32>) -> Bound {
    Bound::Between(*range.start() as u64, *range.end() as u64)
}

static OTHERS: [Parameter; 10] = [
    Parameter::new(
        "batch payload",
        Unit::Bytes,
        Bound::AtMost(limits::BATCH_BYTES_MAX as u64),
    )
    .else_error(ErrorCode::BatchRequestTooLong),
    Parameter::new(
        "batch entries",
        Unit::Entries,
        sizes(&limits::BATCH_ENTRIES),
    )
    .else_error(ErrorCode::TooManyEntriesInBatchRequest),
    Parameter::new(
        "batch entry id length",
        Unit::Characters,
        sizes(&limits::BATCH_ENTRY_ID_LENGTH),
    )
    .else_error(ErrorCode::InvalidBatchEntryId),
    Parameter::new("message body", Unit::Bytes, sizes(&limits::BODY_BYTES))
        .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "message attributes",
        Unit::Attributes,
        Bound::AtMost(limits::MESSAGE_ATTRIBUTES_MAX as u64),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "message attribute name length",
        Unit::Characters,
        sizes(&limits::MESSAGE_ATTRIBUTE_NAME_LENGTH),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "RedriveAllowPolicy sourceQueueArns",
        Unit::Queues,
        Bound::AtMost(limits::REDRIVE_SOURCES_MAX as u64),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "in-flight messages (standard)",
        Unit::Messages,
        Bound::AtMost(limits::IN_FLIGHT_MAX as u64),
    )
    .else_error(ErrorCode::OverLimit),
    Parameter::new(
        "PurgeQueue interval",
        Unit::Seconds,
        Bound::Fixed(limits::PURGE_INTERVAL.as_secs()),
    )
    .else_error(ErrorCode::PurgeQueueInProgress),
    Parameter::new(
        "receives after which a standard message goes last",
        Unit::Receives,
        Bound::Fixed(limits::OFTEN_RECEIVED as u64),
    ),
];

/// Everything that has a limit here.
pub fn parameters() -> impl Iterator<Item = &'static Parameter> {
    [
        &VISIBILITY_TIMEOUT,
        &IN_FLIGHT_LONGEST,
        &DELAY_SECONDS,
        &MESSAGE_RETENTION_PERIOD,
        &RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
        &WAIT_TIME_SECONDS,
        &MAX_NUMBER_OF_MESSAGES,
        &MAXIMUM_MESSAGE_SIZE,
        &MAX_RECEIVE_COUNT,
    ]
    .into_iter()
    .chain(&OTHERS)
    .chain(by_type::parameters())
    .chain(queues::parameters())
}
