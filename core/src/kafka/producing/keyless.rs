//! Which partition a record without a key goes to: the producer's sticky partition. KIP-794.

use super::Sticky;
use crate::ids::{PartitionId, ProducerId, TopicId, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::lane::KafkaLane;
use crate::kafka::partitioner::{LoadStats, OpenBatch, StickyPartitioner};
use crate::random::{Purpose, Random};
use std::num::NonZeroU16;

impl KafkaLane {
    /// The partition for the next record without a key. A producer whose batches have one record each
    /// stays with a partition for the default `batch.size` all the same.
    pub(super) fn choose_sticky(
        &mut self,
        producer: ProducerId,
        topic: TopicId,
        count: NonZeroU16,
    ) -> PartitionId {
        let available = self.available(topic, count);
        let seed = self.cluster.settings.seed;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return PartitionId(0);
        };
        let batch_size = match known.settings.batch_size {
            0 => defaults::BATCH_SIZE,
            size => size,
        };
        let sticky = known.sticky.entry(topic).or_insert_with(|| Sticky {
            partitioner: StickyPartitioner::new(count, batch_size),
            drawn: 0,
        });
        let mut random = numbers((seed, producer, topic), &mut sticky.drawn);
        let partition = sticky.partitioner.peek(&available, &mut random);
        let queue = known.queues.get(&TopicPartition { topic, partition });
        if queue.is_some_and(super::Queue::has_open_batch) {
            return partition;
        }
        // The switch may have waited for the batch to be full.
        sticky
            .partitioner
            .update(0, OpenBatch::None, &available, &mut random);
        sticky.partitioner.peek(&available, &mut random)
    }

    /// A record without a key has made a batch grow.
    pub(super) fn note_sticky(
        &mut self,
        producer: ProducerId,
        partition: TopicPartition,
        (count, bytes): (NonZeroU16, u32),
    ) {
        let topic = partition.topic;
        let available = self.available(topic, count);
        let seed = self.cluster.settings.seed;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let queue = known.queues.get(&partition);
        let open = if queue.is_some_and(super::Queue::has_open_batch) {
            OpenBatch::Some
        } else {
            OpenBatch::None
        };
        let Some(sticky) = known.sticky.get_mut(&topic) else {
            return;
        };
        let mut random = numbers((seed, producer, topic), &mut sticky.drawn);
        sticky
            .partitioner
            .update(bytes, open, &available, &mut random);
    }

    /// The sender has looked what waits: partitions with more of it are chosen less often.
    /// `partitionReady`, `updatePartitionLoadStats`.
    pub(super) fn note_loads(&mut self, producer: ProducerId) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        for (topic, sticky) in known.sticky.iter_mut() {
            let partitions = self.topics.get(topic.index()).map_or(&[][..], |all| all);
            let mut stats = LoadStats {
                queue_sizes: Vec::with_capacity(partitions.len()),
                partitions: Vec::with_capacity(partitions.len()),
                length: 0,
            };
            let mut is_whole = true;
            for (number, partition) in (0_u16..).zip(partitions) {
                let number = PartitionId(number);
                let place = TopicPartition {
                    topic: *topic,
                    partition: number,
                };
                let queue = known.queues.get(&place);
                is_whole &= queue.is_some();
                if let Some(queue) = queue.filter(|_| partition.registration.leader.is_some()) {
                    let waiting = u32::try_from(queue.waiting.len()).unwrap_or(u32::MAX);
                    stats.queue_sizes.push(waiting);
                    stats.partitions.push(number);
                }
            }
            stats.length = stats.partitions.len();
            stats.queue_sizes.resize(partitions.len(), 0);
            stats.partitions.resize(partitions.len(), PartitionId(0));
            sticky.partitioner.set_loads(is_whole.then_some(&stats));
        }
    }

    /// The partitions of a topic that have a leader.
    fn available(&self, topic: TopicId, count: NonZeroU16) -> Vec<PartitionId> {
        let partitions = self.topics.get(topic.index()).map_or(&[][..], |all| all);
        let partitions = (0..count.get()).zip(partitions);
        let led = partitions.filter(|(_, partition)| partition.registration.leader.is_some());
        led.map(|(number, _)| PartitionId(number)).collect()
    }
}

/// The random numbers of a producer for a topic.
fn numbers(
    (seed, producer, topic): (u32, ProducerId, TopicId),
    drawn: &mut u64,
) -> impl FnMut() -> u32 {
    let stream = u64::from(producer.0) << 48 | u64::from(topic.0) << 32;
    move || {
        *drawn += 1;
        let number = Random::new(seed, Purpose::Partitioner, stream | *drawn).next();
        u32::try_from(number >> 32).unwrap_or(u32::MAX)
    }
}
