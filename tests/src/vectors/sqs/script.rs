//! A script as the file writes it. A field, an operation or an expectation that is not named here
//! makes its script skipped: none is passed over.

use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Stop;

/// A script that can be played.
pub(super) struct Script {
    pub(super) queues: Vec<Queue>,
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
    pub(super) queue: String,
    /// What the script calls what comes out.
    pub(super) name: Option<String>,
    pub(super) operation: Operation,
}

pub(super) enum Operation {
    Send(Message, Call),
    SendBatch(Entries<Message>, Batch),
    SendMany(SendMany, Call),
    Receive(Receive, Answer),
    ReceiveMany(ReceiveMany, Total),
    Delete(Handle, Call),
    DeleteBatch(Entries<Handle>, Batch),
    ChangeVisibility(Handle, Call),
    ChangeVisibilityBatch(Entries<Handle>, Batch),
    Purge(Nothing, Call),
    SetAttributes(Attributes, Call),
    Counts(Nothing, Counts),
    Partition(Partition, Nothing),
    Receipts(Receipts, Same),
    Attributes(Nothing, Map<String, Value>),
}

/// No parameters, or no expectations.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// SendMessage, or an entry of SendMessageBatch.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    #[serde(rename = "Id")]
    pub(super) id: Option<String>,
    #[serde(rename = "MessageBody")]
    pub(super) body: Option<String>,
    pub(super) body_bytes: Option<usize>,
    #[serde(rename = "DelaySeconds")]
    pub(super) delay: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendMany {
    pub(super) count: u32,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Partition {
    pub(super) receives: Vec<String>,
    pub(super) of: Vec<String>,
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
    pub(super) at_most: Option<usize>,
    pub(super) returned_at_ms: Option<u64>,
}

/// A received message: what is named is compared.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
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
    /// Whether the message id is another one than the send's.
    pub(super) new_id: Option<bool>,
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

/// The file's own form, before the operations are told apart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "title", default)]
    _title: IgnoredAny,
    #[serde(rename = "source", default)]
    _source: IgnoredAny,
    #[serde(rename = "note", default)]
    _note: IgnoredAny,
    #[serde(rename = "agrees", default)]
    _agrees: IgnoredAny,
    #[serde(rename = "differs", default)]
    _differs: IgnoredAny,
    queues: Vec<Queue>,
    #[serde(rename = "topics", default)]
    _no_topics: [IgnoredAny; 0],
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    t_ms: u64,
    op: String,
    queue: Option<String>,
    params: Option<Value>,
    #[serde(rename = "as")]
    name: Option<String>,
    expect: Option<Value>,
}

/// Reads a script, or says which of its words the runner does not know.
pub(super) fn read(script: Value) -> Result<Script, Stop> {
    let unknown = |error| Stop::skipped(format!("not known to the runner: {error}"));
    let raw: Raw = serde_json::from_value(script).map_err(unknown)?;
    let steps = raw.steps.into_iter().enumerate().map(|(number, step)| {
        let place = format!("step {number} {}", step.op);
        read_step(step)
            .map_err(|error| Stop::skipped(format!("not known to the runner: {place}: {error}")))
    });
    Ok(Script {
        queues: raw.queues,
        steps: steps.collect::<Result<_, _>>()?,
    })
}

fn read_step(step: RawStep) -> Result<Step, String> {
    let said = Said {
        params: step.params.unwrap_or_else(|| Value::Object(Map::new())),
        expect: step.expect,
    };
    let operation = match step.op.as_str() {
        "SendMessage" => said.both(Operation::Send),
        "SendMessageBatch" => said.both(Operation::SendBatch),
        "send_many" => said.both(Operation::SendMany),
        "ReceiveMessage" => said.both(Operation::Receive),
        "receive_many" => said.both(Operation::ReceiveMany),
        "DeleteMessage" => said.both(Operation::Delete),
        "DeleteMessageBatch" => said.both(Operation::DeleteBatch),
        "ChangeMessageVisibility" => said.both(Operation::ChangeVisibility),
        "ChangeMessageVisibilityBatch" => said.both(Operation::ChangeVisibilityBatch),
        "PurgeQueue" => said.both(Operation::Purge),
        "SetQueueAttributes" => said.both(Operation::SetAttributes),
        "expect_counts" => said.both(Operation::Counts),
        "expect_partition" => said.both(Operation::Partition),
        "expect_attributes" => said.both(Operation::Attributes),
        "expect_receipts" => said.receipts(),
        _ => Err("no such operation".to_owned()),
    }?;
    operation.check()?;
    let queue = match operation {
        Operation::Partition(..) | Operation::Receipts(..) => step.queue.unwrap_or_default(),
        _ => step.queue.ok_or("no queue")?,
    };
    Ok(Step {
        t_ms: step.t_ms,
        queue,
        name: step.name,
        operation,
    })
}

impl Operation {
    /// What the types leave open: fields that belong to another operation, or are missing.
    fn check(&self) -> Result<(), String> {
        let fits = match self {
            Self::Send(message, _) => message.id.is_none() && message.has_one_body(),
            Self::SendBatch(batch, _) => batch
                .entries
                .iter()
                .all(|entry| entry.id.is_some() && entry.has_one_body()),
            Self::Delete(handle, _) => handle.id.is_none() && handle.fits(None),
            Self::ChangeVisibility(handle, _) => {
                handle.id.is_none() && handle.fits(handle.visibility_timeout.or(Some(0)))
            }
            Self::DeleteBatch(batch, _) => batch
                .entries
                .iter()
                .all(|entry| entry.id.is_some() && entry.fits(None)),
            Self::ChangeVisibilityBatch(batch, _) => batch.entries.iter().all(|entry| {
                entry.id.is_some() && entry.fits(entry.visibility_timeout.or(Some(0)))
            }),
            Self::Counts(_, counts) => {
                counts.visible.is_some() || counts.not_visible.is_some() || counts.delayed.is_some()
            }
            Self::Attributes(_, attributes) => !attributes.is_empty(),
            _ => true,
        };
        if fits {
            Ok(())
        } else {
            Err("its fields do not fit together".to_owned())
        }
    }
}

impl Message {
    fn has_one_body(&self) -> bool {
        self.body.is_none() || self.body_bytes.is_none()
    }
}

impl Handle {
    /// One receipt, named in one way, and the timeout that there has to be.
    fn fits(&self, visibility_timeout: Option<i64>) -> bool {
        let by_message = self.receipt_of.is_some();
        let ways = [
            self.receipt.is_some(),
            by_message,
            self.never_issued.is_some(),
        ];
        ways.iter().filter(|way| **way).count() == 1
            && self.receive.is_some() == by_message
            && self.never_issued.as_deref() != Some("")
            && self.visibility_timeout == visibility_timeout
    }
}

/// What a step says beside its operation.
struct Said {
    params: Value,
    expect: Option<Value>,
}

impl Said {
    fn both<P, E>(self, make: impl Fn(P, E) -> Operation) -> Result<Operation, String>
    where
        P: for<'de> Deserialize<'de>,
        E: for<'de> Deserialize<'de> + Default,
    {
        let expect = match self.expect {
            Some(expect) => read_value(expect)?,
            None => E::default(),
        };
        Ok(make(read_value(self.params)?, expect))
    }

    /// Whether the receipts are the same has no default.
    fn receipts(self) -> Result<Operation, String> {
        let expect = read_value(self.expect.ok_or("no expectation")?)?;
        Ok(Operation::Receipts(read_value(self.params)?, expect))
    }
}

fn read_value<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// A field that is there is `Some`, null or not.
fn even_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
