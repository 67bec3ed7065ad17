//! An SQS lane as it is written.

use serde::Serialize;

use crate::sqs::limits;
use crate::time::SimDuration;

/// Queues and their workers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SqsLane {
    /// The queues.
    pub queues: Vec<Queue>,
    /// The queue that the producers send to; the first one if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// Who receives.
    pub workers: Vec<Workers>,
}

/// A standard queue. Attributes have SQS's names and defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// QueueName.
    pub name: String,
    /// VisibilityTimeout.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds.
    #[serde(skip_serializing_if = "super::document::is_default")]
    pub delay: SimDuration,
    /// MessageRetentionPeriod.
    #[serde(skip_serializing_if = "is_default_retention")]
    pub message_retention_period: SimDuration,
    /// ReceiveMessageWaitTimeSeconds.
    #[serde(skip_serializing_if = "super::document::is_default")]
    pub receive_message_wait_time: SimDuration,
    /// RedrivePolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<RedrivePolicy>,
}

/// Where a message goes that was received often enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RedrivePolicy {
    /// deadLetterTargetArn, as the queue's name.
    pub dead_letter_target: String,
    /// maxReceiveCount.
    pub max_receive_count: u32,
}

/// Workers of one kind: poll, work, delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workers {
    /// Their name; the first is `name-1`.
    pub name: String,
    /// How many there are.
    pub count: u32,
    /// The queue they receive from.
    pub queue: String,
    /// MaxNumberOfMessages of a receive.
    #[serde(skip_serializing_if = "is_one")]
    pub max_number_of_messages: u8,
    /// WaitTimeSeconds of a receive: 20 s unless said, as AWS advises (the queue's own value,
    /// 0 by default, would be a short poll).
    #[serde(skip_serializing_if = "is_longest_wait")]
    pub wait_time: SimDuration,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            name: String::new(),
            visibility_timeout: limits::VISIBILITY_TIMEOUT_DEFAULT,
            delay: limits::DELAY_DEFAULT,
            message_retention_period: limits::MESSAGE_RETENTION_PERIOD_DEFAULT,
            receive_message_wait_time: limits::WAIT_TIME_DEFAULT,
            redrive_policy: None,
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            name: String::new(),
            count: 1,
            queue: String::new(),
            max_number_of_messages: limits::MAX_NUMBER_OF_MESSAGES_DEFAULT,
            wait_time: LONGEST_WAIT,
        }
    }
}

const LONGEST_WAIT: SimDuration = SimDuration::from_secs(20);

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_retention(length: &SimDuration) -> bool {
    *length == limits::MESSAGE_RETENTION_PERIOD_DEFAULT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_one(number: &u8) -> bool {
    *number == 1
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_longest_wait(length: &SimDuration) -> bool {
    *length == LONGEST_WAIT
}
