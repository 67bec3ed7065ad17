//! Redrive tasks: dead letters are moved back, or elsewhere. StartMessageMoveTask (API); Learn
//! how to configure a dead-letter queue redrive (DG).

use std::fmt;
use std::str::FromStr;

use super::error::ErrorCode;
use super::parameter::OutOfRange;
use crate::ids::QueueId;
use crate::time::SimTime;

/// A TaskHandle, as text `task-` and a number: SQS's own form means nothing to its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoveTaskHandle(pub u32);

/// What a task is to do. StartMessageMoveTask (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoveTaskRequest {
    /// DestinationArn; `None`: each message goes to the queue it came from.
    pub destination: Option<QueueId>,
    /// MaxNumberOfMessagesPerSecond, 1..=500 as a client writes it. `None`: SQS suits the rate to
    /// the backlog; ours is 500 then.
    pub max_number_of_messages_per_second: Option<i64>,
}

/// A task, as ListMessageMoveTasks tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveTask {
    /// TaskHandle.
    pub handle: MoveTaskHandle,
    /// SourceArn.
    pub source: QueueId,
    /// DestinationArn.
    pub destination: Option<QueueId>,
    /// MaxNumberOfMessagesPerSecond, if it was given.
    pub max_number_of_messages_per_second: Option<u32>,
    /// StartedTimestamp.
    pub started_at: SimTime,
    /// Status, with the FailureReason.
    pub status: MoveTaskStatus,
    /// ApproximateNumberOfMessagesMoved: exact here.
    pub moved: u32,
    /// ApproximateNumberOfMessagesToMove: what was visible in the source at the start. That the
    /// task moves these alone is our choice: it leaves what was in flight then or is when its turn
    /// comes, what waits in a FIFO group behind that, and what arrives later.
    pub to_move: u32,
}

/// Status of a task. ListMessageMoveTasks (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveTaskStatus {
    /// RUNNING.
    Running,
    /// COMPLETED.
    Completed,
    /// CANCELLING: no more is moved. For how long is not documented; ours is cancelled when its
    /// next message would have been due.
    Cancelling,
    /// CANCELLED.
    Cancelled,
    /// FAILED: what has moved stays moved, the rest stays.
    Failed(MoveFailure),
}

/// FailureReason. Troubleshooting dead-letter queue redrive (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveFailure {
    /// AWS.SimpleQueueService.NonExistentQueue: a queue was deleted meanwhile.
    NonExistentQueue,
    /// CouldNotDetermineMessageSource: the message was sent to the dead-letter queue itself, so
    /// there is no queue it came from.
    CouldNotDetermineMessageSource,
}

/// Why a StartMessageMoveTask is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartMoveTaskError {
    /// The reference names no error for a rate that is out of range.
    #[error(transparent)]
    Rate(#[from] OutOfRange),
    /// There is no such source.
    #[error("ResourceNotFoundException: the source queue does not exist")]
    NoSuchSource,
    /// No queue names it in a redrive policy (observed on AWS).
    #[error("InvalidParameterValue: the source is no dead-letter queue of another queue")]
    NotADeadLetterQueue,
    /// There is no such destination (observed on AWS).
    #[error("ResourceNotFoundException: the destination queue does not exist")]
    NoSuchDestination,
    /// FIFO goes with FIFO, standard with standard; the reference names no error.
    #[error("InvalidParameterValue: source and destination are of different types")]
    OtherType,
    /// Our choice: nothing documents it.
    #[error("InvalidParameterValue: source and destination are the same queue")]
    Itself,
    /// One task runs per source (observed on AWS).
    #[error("InvalidParameterValue: a task is running for this source already")]
    AlreadyRunning,
}

impl StartMoveTaskError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NoSuchSource | Self::NoSuchDestination => ErrorCode::ResourceNotFoundException,
            Self::Rate(_)
            | Self::NotADeadLetterQueue
            | Self::OtherType
            | Self::Itself
            | Self::AlreadyRunning => ErrorCode::InvalidParameterValue,
        }
    }
}

/// Why a CancelMessageMoveTask is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelMoveTaskError {
    /// A text that is no handle (observed on AWS).
    #[error("InvalidParameterValue: this is no task handle")]
    NotAHandle,
    /// There is no such task.
    #[error("ResourceNotFoundException: there is no such task")]
    NoSuchTask,
    /// Only a running task can be cancelled. The reference names no error.
    #[error("InvalidParameterValue: the task is not running")]
    NotRunning,
}

impl CancelMoveTaskError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NoSuchTask => ErrorCode::ResourceNotFoundException,
            Self::NotAHandle | Self::NotRunning => ErrorCode::InvalidParameterValue,
        }
    }
}

/// Why a ListMessageMoveTasks is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListMoveTasksError {
    /// There is no such source.
    #[error("ResourceNotFoundException: the source queue does not exist")]
    NoSuchSource,
    /// MaxResults is not in 1..=10. The reference names no error.
    #[error(transparent)]
    MaxResults(#[from] OutOfRange),
}

impl ListMoveTasksError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NoSuchSource => ErrorCode::ResourceNotFoundException,
            Self::MaxResults(error) => error.code(),
        }
    }
}

impl MoveTaskStatus {
    /// What ListMessageMoveTasks calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelling => "CANCELLING",
            Self::Cancelled => "CANCELLED",
            Self::Failed(_) => "FAILED",
        }
    }
}

impl MoveFailure {
    /// What ListMessageMoveTasks calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NonExistentQueue => "AWS.SimpleQueueService.NonExistentQueue",
            Self::CouldNotDetermineMessageSource => "CouldNotDetermineMessageSource",
        }
    }
}

impl FromStr for MoveTaskHandle {
    type Err = CancelMoveTaskError;

    fn from_str(text: &str) -> Result<Self, CancelMoveTaskError> {
        let number = text.strip_prefix("task-").map(str::parse);
        match number {
            Some(Ok(number)) => Ok(Self(number)),
            Some(Err(_)) | None => Err(CancelMoveTaskError::NotAHandle),
        }
    }
}

impl fmt::Display for MoveTaskHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task-{}", self.0)
    }
}
