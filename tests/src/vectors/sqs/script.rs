//! A script as the file writes it. A field, an operation or an expectation that is not named here
//! makes its script skipped: none is passed over.

mod content;
mod read;
mod topics;

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) use content::{Attributes as MessageAttributes, value};
pub(super) use read::read;
pub(super) use topics::{Publish, Scope, Subscribe, Topic, Unsubscribe};

/// A script that can be played.
pub(super) struct Script {
    pub(super) queues: Vec<Queue>,
    pub(super) topics: Vec<Topic>,
    pub(super) steps: Vec<Step>,
}

/// A queue that is there from the start.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Queue {
    pub(super) name: String,
    #[serde(default)]
    pub(super) attributes: Map<String, Value>,
}

/// What is done, when, on which queue, and what must come of it.
pub(super) struct Step {
    pub(super) t_ms: u64,
    /// Empty where a step names none.
    pub(super) queue: String,
    pub(super) topic: String,
    /// What the script calls what comes out.
    pub(super) name: Option<String>,
    pub(super) operation: Operation,
}

pub(super) enum Operation {
    Send(Message, SendCall),
    SendBatch(Entries<Message>, Batch),
    SendMany(SendMany, Call),
    Receive(Receive, Answer),
    ReceiveMany(ReceiveMany, Total),
    Delete(Handle, Call),
    DeleteBatch(Entries<Handle>, Batch),
    ChangeVisibility(Handle, Call),
    ChangeVisibilityBatch(Entries<Handle>, Batch),
    Purge(Nothing, Call),
    Publish(Publish, Call),
    Subscribe(Subscribe, Call),
    Unsubscribe(Unsubscribe, Call),
    SetAttributes(Attributes, Call),
    Create(Attributes, Call),
    DeleteQueue(Nothing, Call),
    StartMove(StartMove, Call),
    CancelMove(CancelMove, Call),
    MoveTask(Nothing, MoveTask),
    Counts(Nothing, Counts),
    Partition(Partition, Nothing),
    Sequence(Sequence, Nothing),
    Receipts(Receipts, Same),
    Attributes(Nothing, Map<String, Value>),
}

/// No parameters, or no expectations.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// SendMessage, or an entry of SendMessageBatch.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    #[serde(rename = "Id")]
    pub(super) id: Option<String>,
    #[serde(rename = "MessageBody")]
    pub(super) body: Option<String>,
    pub(super) body_bytes: Option<usize>,
    #[serde(rename = "DelaySeconds")]
    pub(super) delay: Option<i64>,
    #[serde(rename = "MessageGroupId")]
    pub(super) group: Option<String>,
    #[serde(rename = "MessageDeduplicationId")]
    pub(super) deduplication_id: Option<String>,
    /// The deduplication id is the SHA-256 of this text.
    pub(super) deduplication_hash_of: Option<String>,
    #[serde(rename = "MessageAttributes", default)]
    pub(super) attributes: MessageAttributes,
    #[serde(rename = "MessageSystemAttributes", default)]
    pub(super) system_attributes: MessageAttributes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendMany {
    pub(super) count: u32,
    pub(super) groups: Option<Groups>,
}

/// How many messages are in one group.
#[derive(Clone, Copy, Deserialize)]
pub(super) enum Groups {
    #[serde(rename = "one each")]
    OneEach,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries<T> {
    #[serde(rename = "Entries")]
    pub(super) entries: Vec<T>,
}

/// ReceiveMessage.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receive {
    #[serde(rename = "MaxNumberOfMessages")]
    pub(super) max_number_of_messages: Option<i64>,
    #[serde(rename = "VisibilityTimeout")]
    pub(super) visibility_timeout: Option<i64>,
    #[serde(rename = "WaitTimeSeconds")]
    pub(super) wait_time: Option<i64>,
    #[serde(rename = "ReceiveRequestAttemptId")]
    pub(super) attempt: Option<String>,
    /// None: the scripts ask for all.
    #[serde(rename = "MessageAttributeNames")]
    pub(super) attribute_names: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiveMany {
    pub(super) calls: u32,
    #[serde(rename = "MaxNumberOfMessages")]
    pub(super) max_number_of_messages: Option<i64>,
    #[serde(rename = "VisibilityTimeout")]
    pub(super) visibility_timeout: Option<i64>,
}

/// What DeleteMessage, ChangeMessageVisibility and entries of their batches say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handle {
    #[serde(rename = "Id")]
    pub(super) id: Option<String>,
    /// As in `r1[0]`.
    pub(super) receipt: Option<String>,
    /// A message's name, together with `receive`.
    pub(super) receipt_of: Option<String>,
    pub(super) receive: Option<String>,
    /// A handle that was never issued.
    #[serde(rename = "ReceiptHandle")]
    pub(super) never_issued: Option<String>,
    #[serde(rename = "VisibilityTimeout")]
    pub(super) visibility_timeout: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attributes {
    #[serde(rename = "Attributes")]
    pub(super) attributes: Map<String, Value>,
}

/// StartMessageMoveTask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartMove {
    /// A queue's name; left out: each message goes to the queue it came from.
    #[serde(rename = "DestinationQueue")]
    pub(super) destination: Option<String>,
    #[serde(rename = "MaxNumberOfMessagesPerSecond")]
    pub(super) rate: Option<i64>,
}

/// CancelMessageMoveTask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelMove {
    /// The script's name for it, or a handle.
    pub(super) task: String,
}

/// A redrive task as ListMessageMoveTasks tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveTask {
    pub(super) status: String,
    pub(super) moved: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Partition {
    pub(super) receives: Vec<String>,
    pub(super) of: Vec<String>,
}

/// Messages, each with a higher sequence number than the one before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sequence {
    pub(super) rising: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receipts {
    pub(super) receipts: Vec<String>,
}

/// Success, or an error's name; `*` is any.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    pub(super) error: Option<String>,
}

/// What a send answers.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendCall {
    pub(super) error: Option<String>,
    /// The message id is the one of that message.
    pub(super) same_message_as: Option<String>,
    #[serde(rename = "MD5OfMessageBody")]
    pub(super) md5_of_body: Option<String>,
    #[serde(rename = "MD5OfMessageAttributes")]
    pub(super) md5_of_attributes: Option<String>,
}

/// What a batch answers. Neither list: all entries succeed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    pub(super) error: Option<String>,
    pub(super) successful: Option<Vec<String>>,
    pub(super) failed: Option<Vec<FailedEntry>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub(super) struct FailedEntry {
    #[serde(rename = "Id")]
    pub(super) id: String,
    #[serde(rename = "Code")]
    pub(super) code: String,
}

/// What a receive answers.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) error: Option<String>,
    pub(super) messages: Option<Vec<Received>>,
    pub(super) messages_any_order: Option<Vec<Received>>,
    /// Each group's messages in this order; which group a message has is said by `groups`.
    pub(super) messages_order_per_group: Option<Vec<Received>>,
    pub(super) groups: Option<BTreeMap<String, String>>,
    pub(super) at_most: Option<usize>,
    pub(super) returned_at_ms: Option<u64>,
}

/// A received message: what is named is compared.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Received {
    pub(super) is: String,
    #[serde(rename = "ApproximateReceiveCount")]
    pub(super) receive_count: Option<u32>,
    #[serde(rename = "SentTimestamp")]
    pub(super) sent_ms: Option<u64>,
    #[serde(rename = "ApproximateFirstReceiveTimestamp")]
    pub(super) first_received_ms: Option<u64>,
    /// A queue's name; null: the message is no dead letter.
    #[serde(
        rename = "DeadLetterQueueSource",
        default,
        deserialize_with = "even_null"
    )]
    pub(super) dead_letter_source: Option<Option<String>>,
    #[serde(rename = "MessageGroupId", default, deserialize_with = "even_null")]
    pub(super) group: Option<Option<String>>,
    #[serde(
        rename = "MessageDeduplicationId",
        default,
        deserialize_with = "even_null"
    )]
    pub(super) deduplication_id: Option<Option<String>>,
    #[serde(rename = "SequenceNumber", default, deserialize_with = "even_null")]
    pub(super) sequence_number: Option<Option<String>>,
    /// The sequence number is the one that this message was sent with.
    pub(super) sequence_of: Option<String>,
    /// The deduplication id is the message id of this message.
    pub(super) deduplication_id_is_id_of: Option<String>,
    /// Whether the message id is another one than the send's.
    pub(super) new_id: Option<bool>,
    /// All that came, values as text.
    #[serde(rename = "MessageAttributes")]
    pub(super) attributes: Option<BTreeMap<String, String>>,
    /// Whether the body is an SNS notification around the message.
    pub(super) envelope: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Total {
    pub(super) total: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    pub(super) visible: Option<Count>,
    pub(super) not_visible: Option<Count>,
    pub(super) delayed: Option<Count>,
}

/// A number, or from one number to another.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum Count {
    Is(u32),
    Within([u32; 2]),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Same {
    pub(super) are: Sameness,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sameness {
    Same,
    Different,
}

/// A field that is there is `Some`, null or not.
fn even_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
