//! What a command can do to a queue while a run goes on.

use serde::{Serialize, Serializer};

use super::{DeduplicationScope, FifoThroughputLimit, RedriveAllowPolicy, RedrivePolicy};
use crate::time::SimDuration;

/// SetQueueAttributes: those that are given change, all of them or, if SQS refuses one, none. They
/// hold at once here; on AWS within 60 s, the retention period within 15 minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetQueueAttributes {
    /// The queue of this name, in every lane that has one.
    pub queue: String,
    /// VisibilityTimeout; whole seconds, as all lengths here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility_timeout: Option<SimDuration>,
    /// DelaySeconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<SimDuration>,
    /// MessageRetentionPeriod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_retention_period: Option<SimDuration>,
    /// ReceiveMessageWaitTimeSeconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receive_message_wait_time: Option<SimDuration>,
    /// MaximumMessageSize, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_size: Option<u32>,
    /// RedrivePolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<NewRedrivePolicy>,
    /// RedriveAllowPolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// ContentBasedDeduplication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_based_deduplication: Option<bool>,
    /// DeduplicationScope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deduplication_scope: Option<DeduplicationScope>,
    /// FifoThroughputLimit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fifo_throughput_limit: Option<FifoThroughputLimit>,
}

/// StartMessageMoveTask: dead letters become new messages of the queue they came from, or of
/// another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StartMessageMoveTask {
    /// SourceArn: the dead-letter queue of this name, in every lane that has one.
    pub source: String,
    /// DestinationArn; left out: each message goes to the queue it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// MaxNumberOfMessagesPerSecond; left out: as SQS chooses, which is 500 here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_number_of_messages_per_second: Option<u32>,
}

/// SNS cannot reach a queue for some time: its deliveries end in server-side errors, and are tried
/// again. A model of an outage: whoever else uses the queue notices nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unreachable {
    /// The queue of this name, in every lane where a topic delivers to it.
    pub queue: String,
    /// For how long, from the command on; the last command counts.
    pub lasts: SimDuration,
}

/// A redrive policy, or `None`, which a document writes as SQS has it: the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRedrivePolicy(pub Option<RedrivePolicy>);

impl Serialize for NewRedrivePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(policy) => policy.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}
