//! What is asked of SQS, what it answers, and what else can be seen of it.

use super::error::{ErrorCode, OverLimit};
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};

/// SendMessage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest<B> {
    /// What is sent.
    pub body: B,
    /// DelaySeconds of this message, 0 included; `None`: the queue's. Message timers (DG).
    pub delay: Option<SimDuration>,
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
}

/// What came of a DeleteMessage. All but the last are success to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion<B> {
    /// It is gone.
    Deleted(B),
    /// The receipt is older than the last receive: the message stays. The reference says that it
    /// "might not" be deleted (DeleteMessage, API); that it never is, is our choice.
    Stale(B),
    /// It had been gone before.
    Gone,
    /// ReceiptHandleIsInvalid: never issued.
    InvalidReceipt,
}

impl<B> Deletion<B> {
    /// The name of the error that the caller sees; `None`: success.
    #[must_use]
    pub const fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Deleted(_) | Self::Stale(_) | Self::Gone => None,
            Self::InvalidReceipt => Some(ErrorCode::ReceiptHandleIsInvalid),
        }
    }
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
