//! The records that were sent, and the names of a recording as a lane knows them.

use litemap::LiteMap;

use super::super::document::{Deed, PartitionOf, RecordOf, RecordingError};
use super::super::told::Told;
use crate::cast::LaneCast;
use crate::ids::{ActorId, GroupId, MessageId, Offset, PartitionId, TopicId, TopicPartition};

/// A record by its place.
pub(super) type Place = (TopicPartition, Offset);

/// All records of a recording.
#[derive(Debug)]
pub(super) struct Records {
    /// By message, from message 1 on.
    pub(super) places: Vec<Place>,
    messages: LiteMap<Place, MessageId>,
    values: Vec<String>,
}

impl Records {
    pub(super) fn new(told: &Told, cast: &LaneCast) -> Result<Self, RecordingError> {
        let mut records = Self {
            places: Vec::new(),
            messages: LiteMap::new(),
            values: Vec::new(),
        };
        for action in &told.actions {
            let Deed::Produce {
                topic,
                value,
                place,
                ..
            } = &action.deed
            else {
                continue;
            };
            let Some((partition, offset)) = *place else {
                let name = format!("the place of {value}");
                return Err(unknown("actions", name));
            };
            let partition = PartitionOf {
                topic: topic.clone(),
                partition,
            };
            let place = (find_partition(cast, &partition)?, Offset(offset));
            records.places.push(place);
            records.values.push(value.clone());
            let number = u32::try_from(records.places.len()).unwrap_or(u32::MAX);
            records.messages.insert(place, MessageId(number));
        }
        Ok(records)
    }

    /// Which message lies at a place.
    pub(super) fn message(&self, place: Place) -> Result<MessageId, RecordingError> {
        let (TopicPartition { topic, partition }, offset) = place;
        let message = self.messages.get(&place).copied();
        message.ok_or_else(|| unknown("events", format!("topic {topic} p{partition} @{offset}")))
    }

    /// The value of a message.
    pub(super) fn value(&self, message: MessageId) -> &str {
        let index = message.index().checked_sub(1);
        let value = index.and_then(|index| self.values.get(index));
        value.map_or("", String::as_str)
    }
}

pub(super) fn unknown(place: &'static str, name: impl Into<String>) -> RecordingError {
    let name = name.into();
    RecordingError::Unknown { place, name }
}

pub(super) fn find_actor(cast: &LaneCast, name: &str) -> Result<ActorId, RecordingError> {
    let actor = cast.find_actor(name);
    actor.ok_or_else(|| unknown("consumer", name))
}

pub(super) fn find_group(cast: &LaneCast, name: &str) -> Result<GroupId, RecordingError> {
    let index = cast.teams.iter().position(|team| team == name);
    let index = index.and_then(|index| u16::try_from(index).ok());
    index.map(GroupId).ok_or_else(|| unknown("group", name))
}

pub(super) fn find_partition(
    cast: &LaneCast,
    of: &PartitionOf,
) -> Result<TopicPartition, RecordingError> {
    let index = cast.places.iter().position(|topic| *topic == of.topic);
    let count = index.and_then(|index| cast.partitions.get(index));
    let topic = index
        .and_then(|index| u16::try_from(index).ok())
        .map(TopicId);
    let partition = u16::try_from(of.partition).ok();
    let partition = partition.filter(|partition| count.is_some_and(|count| partition < count));
    topic
        .zip(partition)
        .map(|(topic, partition)| TopicPartition {
            topic,
            partition: PartitionId(partition),
        })
        .ok_or_else(|| unknown("partition", format!("{}-{}", of.topic, of.partition)))
}

pub(super) fn find_place(cast: &LaneCast, of: &RecordOf) -> Result<Place, RecordingError> {
    Ok((find_partition(cast, &of.partition)?, Offset(of.offset)))
}
