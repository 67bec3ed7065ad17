//! Reading a script: what its operations are, and whether their fields fit together.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::super::Stop;
use super::{Handle, Message, Operation, Queue, Script, Step, Topic};

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
    #[serde(default)]
    topics: Vec<Topic>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    t_ms: u64,
    op: String,
    queue: Option<String>,
    topic: Option<String>,
    params: Option<Value>,
    #[serde(rename = "as")]
    name: Option<String>,
    expect: Option<Value>,
}

/// Reads a script, or says which of its words the runner does not know.
pub(in super::super) fn read(script: Value) -> Result<Script, Stop> {
    let unknown = |error| Stop::skipped(format!("not known to the runner: {error}"));
    let raw: Raw = serde_json::from_value(script).map_err(unknown)?;
    let steps = raw.steps.into_iter().enumerate().map(|(number, step)| {
        let place = format!("step {number} {}", step.op);
        read_step(step)
            .map_err(|error| Stop::skipped(format!("not known to the runner: {place}: {error}")))
    });
    Ok(Script {
        queues: raw.queues,
        topics: raw.topics,
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
        "Publish" => said.both(Operation::Publish),
        "Subscribe" => said.both(Operation::Subscribe),
        "Unsubscribe" => said.both(Operation::Unsubscribe),
        "SetQueueAttributes" => said.both(Operation::SetAttributes),
        "CreateQueue" => said.both(Operation::Create),
        "DeleteQueue" => said.both(Operation::DeleteQueue),
        "StartMessageMoveTask" => said.both(Operation::StartMove),
        "CancelMessageMoveTask" => said.both(Operation::CancelMove),
        "expect_move_task" => said.expected(Operation::MoveTask),
        "expect_counts" => said.both(Operation::Counts),
        "expect_partition" => said.both(Operation::Partition),
        "expect_sequence" => said.both(Operation::Sequence),
        "expect_attributes" => said.both(Operation::Attributes),
        "expect_receipts" => said.expected(Operation::Receipts),
        _ => Err("no such operation".to_owned()),
    }?;
    operation.check()?;
    let on_topic = operation.is_on_topic();
    let queue = match operation {
        Operation::Partition(..) | Operation::Receipts(..) | Operation::Sequence(..) => {
            step.queue.unwrap_or_default()
        }
        _ if on_topic && step.queue.is_none() => String::new(),
        _ if on_topic => return Err("a queue beside a topic".to_owned()),
        _ => step.queue.ok_or("no queue")?,
    };
    let topic = match step.topic {
        Some(_) if !on_topic => return Err("a topic beside a queue".to_owned()),
        None if on_topic => return Err("no topic".to_owned()),
        topic => topic.unwrap_or_default(),
    };
    Ok(Step {
        t_ms: step.t_ms,
        queue,
        topic,
        name: step.name,
        operation,
    })
}

impl Operation {
    const fn is_on_topic(&self) -> bool {
        matches!(
            self,
            Self::Publish(..) | Self::Subscribe(..) | Self::Unsubscribe(..)
        )
    }

    /// What the types leave open: fields that belong to another operation, or are missing.
    fn check(&self) -> Result<(), String> {
        let fits = match self {
            Self::Send(message, _) => message.id.is_none() && message.fits(),
            Self::SendBatch(batch, _) => batch
                .entries
                .iter()
                .all(|entry| entry.id.is_some() && entry.fits()),
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
            Self::Publish(publish, _) => publish.message.is_none() || publish.body_bytes.is_none(),
            Self::Receive(_, answer) => {
                answer.messages_order_per_group.is_some() == answer.groups.is_some()
            }
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
    /// At most one body, and one deduplication id.
    fn fits(&self) -> bool {
        (self.body.is_none() || self.body_bytes.is_none())
            && (self.deduplication_id.is_none() || self.deduplication_hash_of.is_none())
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

    /// An expectation that has no default.
    fn expected<P, E>(self, make: impl Fn(P, E) -> Operation) -> Result<Operation, String>
    where
        P: for<'de> Deserialize<'de>,
        E: for<'de> Deserialize<'de>,
    {
        let expect = read_value(self.expect.ok_or("no expectation")?)?;
        Ok(make(read_value(self.params)?, expect))
    }
}

fn read_value<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
