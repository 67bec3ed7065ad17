//! What clients can read.

use super::{Leading, Replica};
use crate::ids::{BrokerId, LeaderEpoch, Offset, TopicPartition};
use crate::kafka::lane::KafkaLane;

impl KafkaLane {
    /// The replica that clients are served by: that of the leader, once it knows that it is the
    /// leader and as long as its process answers. Clients find a new leader with their next request
    /// here.
    pub(in crate::kafka) fn serving(
        &self,
        partition: TopicPartition,
    ) -> Option<(&Replica, &Leading)> {
        let known = self.partition(partition)?;
        let replica = known.replica(known.registration.leader?)?;
        let leading = replica.leading()?;
        (leading.state.epoch == known.registration.leader_epoch
            && self.cluster.serves(replica.broker))
        .then_some((replica, leading))
    }

    /// Up to where a partition can be read now: its high watermark. None while nobody serves it.
    pub(in crate::kafka) fn readable_end(&self, partition: TopicPartition) -> Option<Offset> {
        let (replica, _) = self.serving(partition)?;
        Some(replica.high_watermark)
    }

    /// Where the log of a partition ends that is served now.
    pub(in crate::kafka) fn log_end(&self, partition: TopicPartition) -> Option<Offset> {
        let (replica, _) = self.serving(partition)?;
        Some(replica.log.end())
    }

    /// The last offset as ListOffsets says it: none while nobody serves the partition, or while its
    /// new leader does not know yet how far it can be read (OFFSET_NOT_AVAILABLE, KIP-207).
    pub(in crate::kafka) fn latest_offset(&self, partition: TopicPartition) -> Option<Offset> {
        let (replica, leading) = self.serving(partition)?;
        let end = replica.high_watermark;
        (end >= leading.state.epoch_start || replica.log.end() == end).then_some(end)
    }

    /// Where a reader has to go on that has read up to `offset` in `epoch`, if the leader's log has
    /// parted from what it has read. KIP-320.
    pub(in crate::kafka) fn truncation_of(
        &self,
        partition: TopicPartition,
        (epoch, offset): (LeaderEpoch, Offset),
    ) -> Option<Offset> {
        let (replica, _) = self.serving(partition)?;
        let diverging = replica.log.divergence(Some(epoch), offset)?;
        Some(diverging.end.min(offset))
    }

    /// The broker of the partition's leader, as the controller knows it.
    pub(in crate::kafka) fn leader_of(&self, partition: TopicPartition) -> Option<BrokerId> {
        self.partition(partition)?.registration.leader
    }
}
