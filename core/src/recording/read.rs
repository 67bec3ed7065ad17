//! How a recording is written.

use super::document::{
    Action, Deed, GroupKind, NodeDeed, PartitionOf, RecordOf, RecordingError, Said, Saying,
    SetupGroup, SetupTopic, missing,
};
use super::told::{Kept, Told};
use super::value::Value;
use crate::time::{SimDuration, SimTime};

impl Told {
    /// Reads what was done and said, and what was committed when all was over.
    ///
    /// # Errors
    ///
    /// There are no actions, no events, or one has no time.
    pub(super) fn of(root: &Value) -> Result<Self, RecordingError> {
        let mut actions = in_order(root, "actions", action)?;
        actions.sort_by_key(|action| action.at);
        let mut events = in_order(root, "events", said)?;
        events.sort_by_key(|said| said.at);
        let facts = root.list("facts").iter();
        let committed = facts.filter(|fact| fact.text("fact") == "committed");
        Ok(Self {
            actions,
            events,
            committed: committed.flat_map(kept).collect(),
        })
    }
}

/// `{ "fact": "committed", "group": "billing", "value": { "orders-2": 7 } }`
fn kept(fact: &Value) -> Vec<Kept> {
    let Some(Value::Object(fields)) = fact.get("value") else {
        return Vec::new();
    };
    let kept = fields.iter().filter_map(|(name, offset)| {
        let (topic, partition) = name.rsplit_once('-')?;
        Some(Kept {
            group: fact.text("group").to_owned(),
            partition: PartitionOf {
                topic: topic.to_owned(),
                partition: partition.parse().ok()?,
            },
            offset: offset.as_number()?,
        })
    });
    kept.collect()
}

/// The items of the list called `name`, which has to be there; each has a time.
fn in_order<T>(
    root: &Value,
    name: &str,
    item: impl Fn(SimDuration, &Value) -> T,
) -> Result<Vec<T>, RecordingError> {
    if root.get(name).is_none() {
        return Err(missing(name));
    }
    let timed = (0_usize..).zip(root.list(name)).map(|(n, value)| {
        let place = || missing(format!("{name}[{n}].t_ms"));
        let millis = value.number("t_ms").ok_or_else(place)?;
        Ok(item(SimDuration::from_millis(millis.into()), value))
    });
    timed.collect()
}

pub(super) fn topic(value: &Value) -> SetupTopic {
    SetupTopic {
        name: value.text("name").to_owned(),
        partitions: value.number("partitions").unwrap_or(1),
        replication_factor: value.number("replication_factor").unwrap_or(1),
        configs: value.texts("configs"),
    }
}

pub(super) fn group(value: &Value) -> Option<SetupGroup> {
    let kind = match value.text("kind") {
        "classic" => GroupKind::Classic,
        "consumer" => GroupKind::Consumer,
        "share" => GroupKind::Share,
        _ => return None,
    };
    Some(SetupGroup {
        name: value.text("name").to_owned(),
        kind,
        configs: value.texts("configs"),
    })
}

fn action(at: SimDuration, value: &Value) -> Action {
    let member = || value.text("member").to_owned();
    let deed = match value.text("do") {
        "start_consumer" if value.get("member").is_some() => Deed::StartConsumer {
            member: member(),
            group: value.text("group").to_owned(),
            topics: value
                .list("topics")
                .iter()
                .map(|t| t.as_text().to_owned())
                .collect(),
            properties: value.texts("properties"),
        },
        "close_consumer" => Deed::CloseConsumer(member()),
        "crash_consumer" => Deed::CrashConsumer(member()),
        "freeze_consumer" => Deed::FreezeConsumer(member()),
        "thaw_consumer" => Deed::ThawConsumer(member()),
        "seek_to_beginning" => Deed::SeekToBeginning(member()),
        "produce" => Deed::Produce {
            topic: value.text("topic").to_owned(),
            key: value
                .get("key")
                .map(|key| key.as_text().to_owned())
                .filter(|key| !key.is_empty()),
            value: value.text("value").to_owned(),
            acks: value.get("acks").map(|acks| acks.as_text().to_owned()),
            place: value.number("partition").zip(value.number("offset")),
        },
        "lose_next_answer" => Deed::LoseNextAnswer,
        other => match (node_deed(other), value.number("broker")) {
            (Some(deed), Some(broker)) => Deed::Node { broker, deed },
            _ => Deed::Other(other.to_owned()),
        },
    };
    Action { at, deed }
}

fn node_deed(name: &str) -> Option<NodeDeed> {
    Some(match name {
        "kill_broker" => NodeDeed::Kill,
        "stop_broker" => NodeDeed::Stop,
        "start_broker" => NodeDeed::Start,
        "freeze_broker" => NodeDeed::Freeze,
        "thaw_broker" => NodeDeed::Thaw,
        _ => return None,
    })
}

fn said(at: SimDuration, value: &Value) -> Said {
    let generation = value.number("generation").unwrap_or(0);
    let acknowledge = value
        .get("acknowledge")
        .map(|word| word.as_text().to_owned());
    let partition = || PartitionOf {
        topic: value.text("topic").to_owned(),
        partition: value.number("partition").unwrap_or(0),
    };
    let offset = value.number("offset").unwrap_or(0);
    let record = || RecordOf {
        partition: partition(),
        offset,
        delivery: value.number("delivery"),
    };
    let partitions = || {
        value
            .list("partitions")
            .iter()
            .filter_map(partition_of)
            .collect()
    };
    let records = || value.list("records").iter().filter_map(record_of).collect();
    let what = match value.text("what") {
        "started" => Saying::Started,
        "assigned" => Saying::Assigned {
            partitions: partitions(),
            generation,
        },
        "revoked" => Saying::Revoked(partitions()),
        "lost" => Saying::Lost(partitions()),
        "polled" => Saying::Polled(records()),
        "acquired" => Saying::Acquired(records()),
        "processed" => Saying::Processed {
            record: record(),
            acknowledge,
        },
        "outcome" => Saying::Outcome {
            record: record(),
            acknowledge: acknowledge.unwrap_or_default(),
        },
        "failed" => Saying::Failed(record()),
        "committed" => Saying::Committed {
            partition: partition(),
            offset,
        },
        "commit_failed" => Saying::CommitFailed {
            partition: partition(),
            offset,
            error: value.text("error").to_owned(),
        },
        "group_state" => Saying::GroupState(value.text("state").to_owned()),
        "closing" => Saying::Closing,
        "closed" => Saying::Closed,
        "seek_to_beginning" => Saying::SeekToBeginning(partitions()),
        _ => said_of_cluster(value),
    };
    Said {
        at: SimTime::ZERO + at,
        who: value.text("who").to_owned(),
        what,
    }
}

/// `["orders", 2]`
fn partition_of(value: &Value) -> Option<PartitionOf> {
    match value.as_list() {
        [topic, partition, ..] => Some(PartitionOf {
            topic: topic.as_text().to_owned(),
            partition: partition.as_number()?,
        }),
        _ => None,
    }
}

/// `["orders", 2, 7, "order-12"]`, in a share group with the delivery count.
fn record_of(value: &Value) -> Option<RecordOf> {
    let items = value.as_list();
    Some(RecordOf {
        partition: partition_of(value)?,
        offset: items.get(2)?.as_number()?,
        delivery: items.get(4).and_then(Value::as_number),
    })
}

/// What the controller, a producer or a reader of everything says.
fn said_of_cluster(value: &Value) -> Saying {
    match value.text("what") {
        "partition" => Saying::Partition {
            leader: value.number("leader"),
            isr: value
                .list("isr")
                .iter()
                .filter_map(Value::as_number)
                .collect(),
        },
        "acknowledged" => Saying::Acknowledged {
            value: value.text("value").to_owned(),
        },
        "send_failed" => Saying::SendFailed {
            value: value.text("value").to_owned(),
            error: value.text("error").to_owned(),
        },
        "read_all" => Saying::ReadAll,
        other => Saying::Other(other.to_owned()),
    }
}
