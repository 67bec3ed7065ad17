//! Limits of one type of queue alone: FIFO queues, and the fairness of standard queues.

use super::{Bound, Parameter, Unit, sizes};
use crate::sqs::error::ErrorCode;
use crate::sqs::{fair, limits};

static FIFO: [Parameter; 8] = [
    Parameter::new(
        "in-flight messages (FIFO)",
        Unit::Messages,
        Bound::AtMost(limits::FIFO_IN_FLIGHT_MAX as u64),
    ),
    Parameter::new(
        "FIFO messages looked through for groups",
        Unit::Messages,
        Bound::AtMost(limits::FIFO_LOOKED_THROUGH as u64),
    ),
    Parameter::new(
        "deduplication interval",
        Unit::Seconds,
        Bound::Fixed(limits::DEDUPLICATION_INTERVAL.as_secs()),
    ),
    Parameter::new(
        "MessageGroupId, MessageDeduplicationId length",
        Unit::Characters,
        sizes(&limits::ID_LENGTH),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "ReceiveRequestAttemptId length",
        Unit::Characters,
        sizes(&limits::ID_LENGTH),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "ReceiveRequestAttemptId interval",
        Unit::Seconds,
        Bound::Fixed(limits::RECEIVE_ATTEMPT_INTERVAL.as_secs()),
    ),
    Parameter::new(
        "FIFO calls per action, no high throughput",
        Unit::CallsPerSecond,
        Bound::AtMost(limits::FIFO_CALLS_PER_SECOND as u64),
    )
    .else_error(ErrorCode::RequestThrottled),
    Parameter::new(
        "FIFO messages per action in batches, no high throughput",
        Unit::MessagesPerSecond,
        Bound::AtMost(limits::FIFO_MESSAGES_PER_SECOND as u64),
    )
    .else_error(ErrorCode::RequestThrottled),
];

static FAIR: [Parameter; 4] = [
    Parameter::new(
        "fair queue: share of in-flight messages",
        Unit::Share,
        Bound::MoreThanPart(fair::NOISY_PARTS),
    ),
    Parameter::new(
        "fair queue: own in-flight messages",
        Unit::Messages,
        Bound::AtLeast(fair::OWN_IN_FLIGHT_MIN as u64),
    ),
    Parameter::new(
        "fair queue: share of processing time",
        Unit::Share,
        Bound::MoreThanPart(fair::NOISY_PARTS),
    ),
    Parameter::new(
        "fair queue: quiet again without sends",
        Unit::Seconds,
        Bound::Fixed(fair::QUIET_WITHOUT_SENDS.as_secs()),
    ),
];

pub(super) fn parameters() -> impl Iterator<Item = &'static Parameter> {
    FIFO.iter().chain(&FAIR)
}
