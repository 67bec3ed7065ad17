//! What a command can do to a consumer or to its group while a run goes on.

use serde::Serialize;

use super::document::is_default;
use crate::time::SimDuration;

/// Makes a consumer slower, or as fast as the others again. It stays so when its process starts
/// anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlowDown {
    /// The consumer of this name.
    pub consumer: String,
    /// How many times as long as the workload says its work takes, from the next record on; 1 is as
    /// fast as the others.
    pub times: u32,
}

impl Default for SlowDown {
    fn default() -> Self {
        Self {
            consumer: String::new(),
            times: 1,
        }
    }
}

/// Changes what a group subscribes to: each of its consumers calls `subscribe()` between two polls,
/// and who starts later subscribes so from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subscribe {
    /// The group of this name.
    pub group: String,
    /// All that it reads from now on.
    pub topics: Vec<String>,
}

/// Partitions that a consumer owns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartitionsOf {
    /// The consumer of this name.
    pub consumer: String,
    /// Only of this topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only this partition of the topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u32>,
}

/// Has a consumer seek in partitions that it owns, between two polls: `KafkaConsumer.seek`. Exactly
/// one of the last three fields is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seek {
    /// The consumer of this name.
    pub consumer: String,
    /// Only in this topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only in this partition of the topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u32>,
    /// `seekToBeginning`.
    #[serde(skip_serializing_if = "is_default")]
    pub to_beginning: bool,
    /// `seekToEnd`.
    #[serde(skip_serializing_if = "is_default")]
    pub to_end: bool,
    /// `seek`: to this offset. One that the log does not have is answered as `auto_offset_reset`
    /// says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_offset: Option<u32>,
}

/// Resets the committed offsets of a group, as `kafka-consumer-groups --reset-offsets --execute`
/// does: only if the group has no members. Exactly one of the last five fields is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResetOffsets {
    /// The group of this name.
    pub group: String,
    /// `--topic`: all partitions of this topic. Left out, `--all-topics`: all partitions that the
    /// group has a committed offset for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only this partition of the topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u32>,
    /// `--to-earliest`: the start of the log.
    #[serde(skip_serializing_if = "is_default")]
    pub to_earliest: bool,
    /// `--to-latest`: the end of the log.
    #[serde(skip_serializing_if = "is_default")]
    pub to_latest: bool,
    /// `--to-offset`: this one, or the nearest that the log has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_offset: Option<u32>,
    /// `--shift-by`: so many records on, or back if it is negative, as far as the log goes. Refused
    /// if one of the partitions has no committed offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift_by: Option<i32>,
    /// `--by-duration`: the first record that is at most so old, or the end of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_duration: Option<SimDuration>,
}

/// CreatePartitions, as `kafka-topics --alter --partitions` does it. Records stay where they are; keys
/// go elsewhere as soon as a producer's metadata show the new partitions, and the group reads them
/// once the metadata of its leader do: within `metadata_max_age`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CreatePartitions {
    /// The topic of this name, in every lane that has one.
    pub topic: String,
    /// How many it has from now on, in all.
    pub partitions: u32,
}
