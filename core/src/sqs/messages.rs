//! What is asked of SQS, what it answers, and what else can be seen of it.

use super::error::{ErrorCode, OverLimit};
use super::identity::{
    Deduplication, DeduplicationId, MessageGroup, ReceiveAttempt, SequenceNumber,
};
use super::limits;
use super::move_task::{MoveTaskHandle, MoveTaskStatus};
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};

/// SendMessage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest<B> {
    /// What is sent.
    pub body: B,
    /// DelaySeconds of this message; `None`: the queue's. On a standard queue 0 means none, on a
    /// FIFO queue the queue's, and nothing else is allowed there. Message timers (DG).
    pub delay: Option<SimDuration>,
    /// MessageGroupId: needed on a FIFO queue.
    pub group: Option<MessageGroup>,
    /// MessageDeduplicationId: on a FIFO queue alone.
    pub deduplication_id: Option<DeduplicationId>,
    /// What stands for the body where a FIFO queue has ContentBasedDeduplication and no id is
    /// given: SQS takes the SHA-256 of the body in hex, attributes left out. Equal bodies have
    /// equal ids here, and it is one numbering with `deduplication_id`: an explicit id that is
    /// another body's hash is the same number. SendMessage (API).
    pub content_id: Option<DeduplicationId>,
}

impl<B> SendRequest<B> {
    /// Sends `body`, and says nothing else.
    pub const fn new(body: B) -> Self {
        Self {
            body,
            delay: None,
            group: None,
            deduplication_id: None,
            content_id: None,
        }
    }
}

/// What a SendMessage that is accepted says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent<B> {
    /// The message is in the queue.
    Stored {
        /// SequenceNumber, on a FIFO queue.
        sequence_number: Option<SequenceNumber>,
    },
    /// It was sent within the last five minutes: the answer has the message id and the sequence
    /// number of the first, and nothing is stored. Exactly-once processing (DG).
    Duplicate {
        /// What was sent first.
        first: B,
        /// Its SequenceNumber.
        sequence_number: SequenceNumber,
    },
}

/// ReceiveMessage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiveRequest {
    /// MaxNumberOfMessages, 1..=10.
    pub max_number_of_messages: u8,
    /// VisibilityTimeout of this receive; `None`: the queue's.
    pub visibility_timeout: Option<SimDuration>,
    /// WaitTimeSeconds; `None`: the queue's ReceiveMessageWaitTimeSeconds. Zero is a short poll.
    pub wait_time: Option<SimDuration>,
    /// ReceiveRequestAttemptId, on a FIFO queue: the same id gives the same messages again. A
    /// standard queue does not look at it, which is our choice.
    pub attempt: Option<ReceiveAttempt>,
}

impl Default for ReceiveRequest {
    /// One message, by the queue's timeout and wait.
    fn default() -> Self {
        Self {
            max_number_of_messages: limits::MAX_NUMBER_OF_MESSAGES_DEFAULT,
            visibility_timeout: None,
            wait_time: None,
            attempt: None,
        }
    }
}

/// Whose receive it is: chosen by the caller, told in the answer.
pub type Waiter = u32;

/// A receipt handle: one receive of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReceiptHandle {
    /// The queue it was received from.
    pub queue: QueueId,
    /// The message, as the queue counts them.
    pub message: u32,
    /// Which receive of the message in this queue.
    pub receive: u32,
}

/// A message that a receive is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received<B> {
    /// Whose receive it is.
    pub waiter: Waiter,
    /// From which queue.
    pub queue: QueueId,
    /// What was sent.
    pub body: B,
    /// New at each receive.
    pub receipt_handle: ReceiptHandle,
    /// ApproximateReceiveCount, this receive included; goes on in a dead-letter queue.
    pub receive_count: u32,
    /// SentTimestamp.
    pub sent_at: SimTime,
    /// ApproximateFirstReceiveTimestamp.
    pub first_received_at: SimTime,
    /// DeadLetterQueueSourceArn.
    pub dead_letter_source: Option<QueueId>,
    /// How often a redrive made a new message of what was sent, each with a message id of its own.
    pub redrives: u32,
    /// MessageGroupId.
    pub group: Option<MessageGroup>,
    /// MessageDeduplicationId, on a FIFO queue.
    pub deduplication: Option<Deduplication>,
    /// SequenceNumber, on a FIFO queue.
    pub sequence_number: Option<SequenceNumber>,
    /// How long it is hidden.
    pub timeout: SimDuration,
}

/// What came of a step, in the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<B> {
    /// A message was stored.
    Stored {
        /// Where.
        queue: QueueId,
        /// Which.
        body: B,
        /// For how long it is hidden at first; zero: not at all.
        delay: SimDuration,
    },
    /// A message goes in flight.
    Received(Received<B>),
    /// A receive is answered: with the messages told since the last answer, or not at all.
    Answered {
        /// Whose receive.
        waiter: Waiter,
        /// How many messages it got.
        answer: Result<u8, OverLimit>,
    },
    /// A delay or a visibility timeout ran out, or a message was given back.
    BecameVisible {
        /// Where.
        queue: QueueId,
        /// Which.
        body: B,
    },
    /// The delay of a FIFO queue has changed: a message that was never received is hidden until
    /// another time. Delay queues (DG).
    Delayed {
        /// Where.
        queue: QueueId,
        /// Which.
        body: B,
        /// For how long from now on.
        delay: SimDuration,
    },
    /// A copy that a delete had missed became visible: [`Chances::redelivers`](super::Chances).
    Undeleted {
        /// Where.
        queue: QueueId,
        /// Which.
        body: B,
    },
    /// A receive found a message that had been received often enough.
    DeadLettered {
        /// From.
        from: QueueId,
        /// To.
        to: QueueId,
        /// Which.
        body: B,
    },
    /// The retention period ended.
    Expired {
        /// Where.
        queue: QueueId,
        /// Which.
        body: B,
    },
    /// CreateQueue made a queue.
    QueueCreated {
        /// Which.
        queue: QueueId,
    },
    /// DeleteQueue: the queue is gone with its messages.
    QueueDeleted {
        /// Which.
        queue: QueueId,
    },
    /// A redrive task began.
    MoveTaskStarted {
        /// Which.
        handle: MoveTaskHandle,
        /// The dead-letter queue.
        source: QueueId,
    },
    /// A redrive task moved a message: it is gone from one queue and new in the other.
    Moved {
        /// From.
        from: QueueId,
        /// To.
        to: QueueId,
        /// Which.
        body: B,
        /// For how long it is hidden at first; zero: not at all.
        delay: SimDuration,
    },
    /// A redrive task came to its end.
    MoveTaskEnded {
        /// Which.
        handle: MoveTaskHandle,
        /// The dead-letter queue.
        source: QueueId,
        /// How.
        status: MoveTaskStatus,
    },
}

/// What came of a DeleteMessage. All but the last three are success to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion<B> {
    /// It is gone.
    Deleted(B),
    /// The receipt of a standard queue is older than the last receive: the message stays. The reference says that it
    /// "might not" be deleted (DeleteMessage, API); that it never is, is our choice.
    Stale(B),
    /// It had been gone before.
    Gone,
    /// InvalidParameterValue, on a FIFO queue: the timeout of this receive is over (observed on
    /// AWS). The message stays.
    Expired(B),
    /// ReceiptHandleIsInvalid: never issued.
    InvalidReceipt,
    /// QueueDoesNotExist.
    NoQueue,
}

impl<B> Deletion<B> {
    /// The name of the error that the caller sees; `None`: success.
    #[must_use]
    pub const fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Deleted(_) | Self::Stale(_) | Self::Gone => None,
            Self::Expired(_) => Some(ErrorCode::InvalidParameterValue),
            Self::InvalidReceipt => Some(ErrorCode::ReceiptHandleIsInvalid),
            Self::NoQueue => Some(ErrorCode::QueueDoesNotExist),
        }
    }
}

/// What a standard queue tells of its tenants. Available CloudWatch metrics (DG).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FairCounts {
    /// ApproximateNumberOfNoisyGroups.
    pub noisy_groups: u32,
    /// ApproximateNumberOfMessagesVisibleInQuietGroups.
    pub visible_in_quiet_groups: u32,
    /// ApproximateNumberOfMessagesNotVisibleInQuietGroups.
    pub not_visible_in_quiet_groups: u32,
    /// ApproximateNumberOfMessagesDelayedInQuietGroups.
    pub delayed_in_quiet_groups: u32,
    /// When the oldest of them was sent: ApproximateAgeOfOldestMessageInQuietGroups counts from it.
    pub oldest_in_quiet_groups: Option<SimTime>,
}

/// The counts of a queue: approximate on AWS, exact here. GetQueueAttributes (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// ApproximateNumberOfMessages.
    pub visible: u32,
    /// ApproximateNumberOfMessagesNotVisible.
    pub not_visible: u32,
    /// ApproximateNumberOfMessagesDelayed.
    pub delayed: u32,
}
