//! Limits of queues as a whole: their names, and redrive tasks.

use super::{Bound, Parameter, Unit, counts, sizes};
use crate::sqs::error::ErrorCode;
use crate::sqs::limits;

/// MaxNumberOfMessagesPerSecond of a redrive task. The reference names no error.
pub static MOVE_TASK_RATE: Parameter = Parameter::new(
    "MessageMoveTask MaxNumberOfMessagesPerSecond",
    Unit::MessagesPerSecond,
    counts(&limits::MOVE_TASK_RATE),
)
.else_error(ErrorCode::InvalidParameterValue);

/// MaxResults of ListMessageMoveTasks. The reference names no error.
pub static MOVE_TASK_RESULTS: Parameter = Parameter::new(
    "ListMessageMoveTasks MaxResults",
    Unit::Tasks,
    counts(&limits::MOVE_TASK_RESULTS),
)
.or(1)
.else_error(ErrorCode::InvalidParameterValue);

static OTHERS: [Parameter; 3] = [
    Parameter::new(
        "MessageMoveTask running per source",
        Unit::Tasks,
        Bound::AtMost(limits::MOVE_TASKS_PER_SOURCE as u64),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "queue name length",
        Unit::Characters,
        sizes(&limits::QUEUE_NAME_LENGTH),
    )
    .else_error(ErrorCode::InvalidParameterValue),
    Parameter::new(
        "QueueDeletedRecently interval",
        Unit::Seconds,
        Bound::Fixed(limits::QUEUE_DELETED_RECENTLY.as_secs()),
    )
    .else_error(ErrorCode::QueueDeletedRecently),
];

pub(super) fn parameters() -> impl Iterator<Item = &'static Parameter> {
    [&MOVE_TASK_RATE].into_iter().chain(&OTHERS)
}
