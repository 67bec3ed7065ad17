//! Queue attributes as a script writes them, and as the core takes and gives them.

use broker_lab_core::QueueId;
use broker_lab_core::sqs::{
    AttributeChange, AttributeName, DeduplicationScope, ErrorCode, FifoThroughputLimit,
    QueueAttributes, RedriveAllowPolicy, RedrivePolicyRequest,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Stop;

/// Attributes that SQS knows and the simulation does not.
const NOT_SIMULATED: [&str; 4] = [
    "Policy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
];

/// Attributes that SQS gives and nobody sets.
const READ_ONLY: [&str; 6] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedrivePolicy {
    #[serde(rename = "deadLetterTarget")]
    target: Option<String>,
    #[serde(rename = "maxReceiveCount")]
    count: Option<Written>,
}

/// Clients write numbers as numbers or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(serde_json::Number),
    Text(String),
}

#[derive(Deserialize)]
#[serde(tag = "redrivePermission", rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
enum Permission {
    AllowAll {},
    DenyAll {},
    ByQueue {
        #[serde(rename = "sourceQueues")]
        sources: Vec<String>,
    },
}

/// The changes that `attributes` ask for, or the error that SQS has for a name.
pub(super) fn changes(
    attributes: &Map<String, Value>,
    mut queue: impl FnMut(&str) -> QueueId,
) -> Result<Result<Vec<AttributeChange>, ErrorCode>, Stop> {
    let mut changes = Vec::new();
    for (name, value) in attributes {
        if NOT_SIMULATED.contains(&name.as_str()) || READ_ONLY.contains(&name.as_str()) {
            let reason = format!("setting the queue attribute {name} is not simulated");
            return Err(Stop::Skipped(reason));
        }
        match name.parse::<AttributeName>() {
            Ok(name) => match change(name, value, &mut queue)? {
                Ok(change) => changes.push(change),
                Err(error) => return Ok(Err(error)),
            },
            Err(unknown) => return Ok(Err(unknown.code())),
        }
    }
    Ok(Ok(changes))
}

fn change(
    name: AttributeName,
    value: &Value,
    queue: impl FnMut(&str) -> QueueId,
) -> Result<Result<AttributeChange, ErrorCode>, Stop> {
    let number = || {
        let reason = || format!("the runner does not know {name:?} {value}: no whole number");
        value.as_i64().ok_or_else(|| Stop::Skipped(reason()))
    };
    let is_true = || {
        let reason = || format!("the runner does not know {name:?} {value}: no truth value");
        as_bool(value).ok_or_else(|| Stop::Skipped(reason()))
    };
    Ok(Ok(match name {
        AttributeName::VisibilityTimeout => AttributeChange::VisibilityTimeout(number()?),
        AttributeName::DelaySeconds => AttributeChange::DelaySeconds(number()?),
        AttributeName::MaximumMessageSize => AttributeChange::MaximumMessageSize(number()?),
        AttributeName::MessageRetentionPeriod => AttributeChange::MessageRetentionPeriod(number()?),
        AttributeName::ReceiveMessageWaitTimeSeconds => {
            AttributeChange::ReceiveMessageWaitTimeSeconds(number()?)
        }
        AttributeName::RedrivePolicy if value == "" => AttributeChange::RedrivePolicy(None),
        AttributeName::RedrivePolicy => {
            let policy: RedrivePolicy = read(value)?;
            AttributeChange::RedrivePolicy(Some(RedrivePolicyRequest {
                dead_letter_target: policy.target.as_deref().map(queue),
                max_receive_count: policy.count.map(|count| match count {
                    Written::Number(number) => number.to_string(),
                    Written::Text(text) => text,
                }),
            }))
        }
        AttributeName::RedriveAllowPolicy => {
            AttributeChange::RedriveAllowPolicy(match read(value)? {
                Permission::AllowAll {} => RedriveAllowPolicy::AllowAll,
                Permission::DenyAll {} => RedriveAllowPolicy::DenyAll,
                Permission::ByQueue { sources } => {
                    let sources = sources.iter().map(String::as_str).map(queue);
                    RedriveAllowPolicy::ByQueue(sources.collect())
                }
            })
        }
        AttributeName::FifoQueue => AttributeChange::FifoQueue(is_true()?),
        AttributeName::ContentBasedDeduplication => {
            AttributeChange::ContentBasedDeduplication(is_true()?)
        }
        AttributeName::DeduplicationScope => {
            AttributeChange::DeduplicationScope(match value.as_str() {
                Some("queue") => DeduplicationScope::Queue,
                Some("messageGroup") => DeduplicationScope::MessageGroup,
                _ => return Ok(Err(ErrorCode::InvalidAttributeValue)),
            })
        }
        AttributeName::FifoThroughputLimit => {
            AttributeChange::FifoThroughputLimit(match value.as_str() {
                Some("perQueue") => FifoThroughputLimit::PerQueue,
                Some("perMessageGroupId") => FifoThroughputLimit::PerMessageGroupId,
                _ => return Ok(Err(ErrorCode::InvalidAttributeValue)),
            })
        }
    }))
}

/// Clients write truth values as such or as text.
fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is_true) => Some(*is_true),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, Stop> {
    T::deserialize(value)
        .map_err(|error| Stop::Skipped(format!("the runner does not know {value}: {error}")))
}

/// What GetQueueAttributes gives for `name`, as a script writes it.
pub(super) fn given(
    name: &str,
    attributes: &QueueAttributes,
    queues: &[String],
) -> Result<Value, Stop> {
    let not_simulated = || Stop::Skipped(format!("reading {name} of a queue is not simulated yet"));
    let name: AttributeName = name.parse().map_err(|_unknown| not_simulated())?;
    match name {
        AttributeName::VisibilityTimeout => Ok(json!(attributes.visibility_timeout.as_secs())),
        AttributeName::DelaySeconds => Ok(json!(attributes.delay.as_secs())),
        AttributeName::MaximumMessageSize => Ok(json!(attributes.maximum_message_size)),
        AttributeName::MessageRetentionPeriod => {
            Ok(json!(attributes.message_retention_period.as_secs()))
        }
        AttributeName::ReceiveMessageWaitTimeSeconds => {
            Ok(json!(attributes.receive_message_wait_time.as_secs()))
        }
        AttributeName::RedrivePolicy => {
            let policy = attributes.redrive_policy.ok_or_else(not_simulated)?;
            Ok(json!({
                "deadLetterTarget": queues.get(policy.dead_letter_target.index()),
                "maxReceiveCount": policy.max_receive_count,
            }))
        }
        AttributeName::RedriveAllowPolicy => Err(not_simulated()),
        AttributeName::FifoQueue => Ok(json!(attributes.fifo.is_some())),
        AttributeName::ContentBasedDeduplication => {
            let fifo = attributes.fifo.ok_or_else(not_simulated)?;
            Ok(json!(fifo.content_based_deduplication))
        }
        AttributeName::DeduplicationScope => {
            let fifo = attributes.fifo.ok_or_else(not_simulated)?;
            Ok(json!(match fifo.deduplication_scope {
                DeduplicationScope::Queue => "queue",
                DeduplicationScope::MessageGroup => "messageGroup",
            }))
        }
        AttributeName::FifoThroughputLimit => {
            let fifo = attributes.fifo.ok_or_else(not_simulated)?;
            Ok(json!(match fifo.fifo_throughput_limit {
                FifoThroughputLimit::PerQueue => "perQueue",
                FifoThroughputLimit::PerMessageGroupId => "perMessageGroupId",
            }))
        }
    }
}
