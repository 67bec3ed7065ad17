//! An SQS lane as it is written.

use serde::{Deserialize, Serialize};

use crate::sqs::limits;
use crate::time::SimDuration;

/// Queues and their workers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqsLane {
    /// The queues.
    pub queues: Vec<Queue>,
    /// The queue that the producers send to; the first one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// Who receives.
    #[serde(default)]
    pub workers: Vec<Workers>,
}

/// A standard queue. Attributes have SQS's names and defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// QueueName.
    pub name: String,
    /// VisibilityTimeout.
    #[serde(default = "visibility_timeout")]
    pub visibility_timeout: SimDuration,
    /// DelaySeconds.
    #[serde(default, skip_serializing_if = "super::document::is_default")]
    pub delay: SimDuration,
    /// MessageRetentionPeriod.
    #[serde(
        default = "message_retention_period",
        skip_serializing_if = "is_default_retention"
    )]
    pub message_retention_period: SimDuration,
    /// ReceiveMessageWaitTimeSeconds.
    #[serde(default, skip_serializing_if = "super::document::is_default")]
    pub receive_message_wait_time: SimDuration,
    /// RedrivePolicy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<RedrivePolicy>,
}

/// Where a message goes that was received often enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedrivePolicy {
    /// deadLetterTargetArn, as the queue's name.
    pub dead_letter_target: String,
    /// maxReceiveCount.
    pub max_receive_count: u32,
}

/// Workers of one kind: poll, work, delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workers {
    /// Their name; the first is `name-1`.
    pub name: String,
    /// How many there are.
    #[serde(default = "one")]
    pub count: u32,
    /// The queue they receive from.
    pub queue: String,
    /// MaxNumberOfMessages of a receive.
    #[serde(default = "max_number_of_messages", skip_serializing_if = "is_one")]
    pub max_number_of_messages: u8,
    /// WaitTimeSeconds of a receive: 20 s unless said, as AWS advises (the queue's own value,
    /// 0 by default, would be a short poll).
    #[serde(default = "wait_time", skip_serializing_if = "is_longest_wait")]
    pub wait_time: SimDuration,
}

const fn visibility_timeout() -> SimDuration {
    limits::VISIBILITY_TIMEOUT_DEFAULT
}

const fn message_retention_period() -> SimDuration {
    limits::MESSAGE_RETENTION_PERIOD_DEFAULT
}

fn is_default_retention(length: &SimDuration) -> bool {
    *length == message_retention_period()
}

const fn one() -> u32 {
    1
}

const fn max_number_of_messages() -> u8 {
    1
}

fn is_one(number: &u8) -> bool {
    *number == 1
}

const fn wait_time() -> SimDuration {
    SimDuration::from_secs(20)
}

fn is_longest_wait(length: &SimDuration) -> bool {
    *length == wait_time()
}
