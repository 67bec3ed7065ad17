//! What is asked of SQS, what it answers, and what else can be seen of it.

use super::limits;
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};

/// The attributes of a standard queue, under SQS's names. SetQueueAttributes (API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueAttributes {
    /// VisibilityTimeout: how long a received message is hidden.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds: how long a new message is hidden.
    pub delay: SimDuration,
    /// MessageRetentionPeriod, from the send.
    pub message_retention_period: SimDuration,
    /// ReceiveMessageWaitTimeSeconds: how long a receive waits that does not say.
    pub receive_message_wait_time: SimDuration,
    /// RedrivePolicy; `None`: a message is received for as long as it lives.
    pub redrive_policy: Option<RedrivePolicy>,
}

impl Default for QueueAttributes {
    fn default() -> Self {
        Self {
            visibility_timeout: limits::VISIBILITY_TIMEOUT_DEFAULT,
            delay: limits::DELAY_DEFAULT,
            message_retention_period: limits::MESSAGE_RETENTION_PERIOD_DEFAULT,
            receive_message_wait_time: limits::WAIT_TIME_DEFAULT,
            redrive_policy: None,
        }
    }
}

/// Where a message goes that was received often enough. Dead-letter queues (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedrivePolicy {
    /// deadLetterTargetArn.
    pub dead_letter_target: QueueId,
    /// maxReceiveCount: the receive after this many moves the message in place of giving it.
    pub max_receive_count: u32,
}

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

/// Why a ChangeMessageVisibility is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeVisibilityError {
    /// InvalidParameterValue: the message does not exist any more.
    #[error("InvalidParameterValue: the message does not exist")]
    Gone,
    /// InvalidParameterValue: a message stays in flight for at most 12 hours in all.
    #[error("InvalidParameterValue: more than 12 hours in flight, counted from the receive")]
    TooLong,
    /// ReceiptHandleIsInvalid: never issued.
    #[error("ReceiptHandleIsInvalid: this receipt handle was never issued")]
    InvalidReceipt,
}

/// OverLimit: 120,000 messages are in flight. Standard queue quotas (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("OverLimit: {} messages are in flight", limits::IN_FLIGHT_MAX)]
pub struct OverLimit;

/// PurgeQueueInProgress: the last purge was less than 60 seconds ago. PurgeQueue (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("PurgeQueueInProgress: the last purge was less than 60 seconds ago")]
pub struct PurgeQueueInProgress;

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
