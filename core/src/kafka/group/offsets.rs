//! How far a group has come: the offsets that its members committed.

use litemap::LiteMap;

use crate::ids::{Offset, TopicPartition};

/// The committed offsets of a group: per partition the offset *to read next*. They belong to the
/// group, not to a member, so that they survive crashes and an empty group. `OffsetMetadataManager`;
/// in a cluster they are the topic `__consumer_offsets`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommittedOffsets {
    offsets: LiteMap<TopicPartition, Offset>,
}

impl CommittedOffsets {
    /// Notes that the group reads `partition` from `offset` on. An offset may also go back: the
    /// coordinator checks who commits, never what. `OffsetMetadataManager.commitOffset`.
    pub fn commit(&mut self, partition: TopicPartition, offset: Offset) {
        self.offsets.insert(partition, offset);
    }

    /// The committed offset of `partition`; none if the group never committed one.
    /// `OffsetMetadataManager.fetchOffsets`.
    #[must_use]
    pub fn get(&self, partition: TopicPartition) -> Option<Offset> {
        self.offsets.get(&partition).copied()
    }

    /// All of them, by topic and partition.
    pub fn iter(&self) -> impl Iterator<Item = (TopicPartition, Offset)> + '_ {
        self.offsets
            .iter()
            .map(|(&partition, &offset)| (partition, offset))
    }
}
