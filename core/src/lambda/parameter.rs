//! What has a range, as a table, like [`crate::sqs::parameter`].

use super::limits;
use crate::sqs::ErrorCode;
use crate::sqs::parameter::{Bound, Parameter, Unit, counts, seconds};

/// Everything that has a limit here.
pub fn parameters() -> impl Iterator<Item = &'static Parameter> {
    SETTINGS.iter().chain(&SCALING).chain(&ADVICE)
}

static SETTINGS: [Parameter; 10] = [
    Parameter::new(
        "Lambda BatchSize (standard)",
        Unit::Messages,
        counts(&limits::BATCH_SIZE),
    )
    .or(limits::BATCH_SIZE_DEFAULT as u64),
    Parameter::new(
        "Lambda BatchSize (FIFO)",
        Unit::Messages,
        counts(&limits::BATCH_SIZE_FIFO),
    )
    .or(limits::BATCH_SIZE_DEFAULT as u64),
    Parameter::new(
        "Lambda MaximumBatchingWindowInSeconds",
        Unit::Seconds,
        seconds(&limits::WINDOW),
    )
    .or(limits::WINDOW_DEFAULT.as_secs()),
    Parameter::new(
        "Lambda window for BatchSize over 10",
        Unit::Seconds,
        seconds(&limits::WINDOW_OF_LARGE_BATCHES),
    )
    .else_error(ErrorCode::InvalidParameterValueException),
    Parameter::new(
        "Lambda payload",
        Unit::Bytes,
        Bound::AtMost(limits::PAYLOAD_BYTES_MAX),
    ),
    Parameter::new(
        "Lambda MaximumConcurrency",
        Unit::Invocations,
        counts(&limits::MAXIMUM_CONCURRENCY),
    ),
    Parameter::new(
        "Lambda provisioned MinimumPollers",
        Unit::Pollers,
        counts(&limits::MINIMUM_POLLERS),
    )
    .or(limits::MINIMUM_POLLERS_DEFAULT as u64)
    .else_error(ErrorCode::InvalidParameterValueException),
    Parameter::new(
        "Lambda provisioned MaximumPollers",
        Unit::Pollers,
        counts(&limits::MAXIMUM_POLLERS),
    )
    .or(limits::MAXIMUM_POLLERS_DEFAULT as u64)
    .else_error(ErrorCode::InvalidParameterValueException),
    Parameter::new(
        "Pipes BatchSize",
        Unit::Messages,
        counts(&limits::PIPE_BATCH_SIZE),
    ),
    Parameter::new(
        "Pipes MaximumBatchingWindowInSeconds",
        Unit::Seconds,
        seconds(&limits::PIPE_WINDOW),
    ),
];

static SCALING: [Parameter; 6] = [
    Parameter::new(
        "Lambda initial concurrent invocations",
        Unit::Invocations,
        Bound::Fixed(limits::CONCURRENCY_INITIAL as u64),
    ),
    Parameter::new(
        "Lambda least concurrent invocations when quiet",
        Unit::Invocations,
        Bound::Fixed(limits::CONCURRENCY_QUIET as u64),
    ),
    Parameter::new(
        "Lambda scale-up",
        Unit::InvocationsPerMinute,
        Bound::AtMost(limits::SCALE_UP_PER_MINUTE as u64),
    ),
    Parameter::new(
        "Lambda concurrent invocations per mapping",
        Unit::Invocations,
        Bound::AtMost(limits::CONCURRENCY_MAX as u64),
    ),
    Parameter::new(
        "Lambda provisioned scale-up",
        Unit::InvocationsPerMinute,
        Bound::AtMost(limits::PROVISIONED_SCALE_UP_PER_MINUTE as u64),
    ),
    Parameter::new(
        "Lambda provisioned concurrent invocations",
        Unit::Invocations,
        Bound::AtMost(limits::PROVISIONED_CONCURRENCY_MAX as u64),
    ),
];

static ADVICE: [Parameter; 2] = [
    Parameter::new(
        "Lambda advised visibility timeout",
        Unit::FunctionTimeouts,
        Bound::Fixed(limits::ADVISED_VISIBILITY_TIMES),
    ),
    Parameter::new(
        "Lambda advised maxReceiveCount",
        Unit::Receives,
        Bound::AtLeast(limits::ADVISED_MAX_RECEIVE_COUNT as u64),
    ),
];
