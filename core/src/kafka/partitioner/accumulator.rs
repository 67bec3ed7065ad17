//! The batches of a producer, for one topic and records without a key.
//! `org.apache.kafka.clients.producer.internals.RecordAccumulator`.
//!
//! Left out: keys, headers and compression, memory that runs out, retries.

use std::collections::VecDeque;
use std::num::NonZeroU16;

use litemap::LiteMap;

use super::record_size;
use super::sticky::{LoadStats, OpenBatch, StickyPartitioner};
use crate::ids::{BrokerId, PartitionId};
use crate::time::{SimDuration, SimTime};

/// How a producer is set up.
#[derive(Clone, Copy, Debug)]
pub struct AccumulatorSettings {
    /// How many partitions the topic has.
    pub partitions: NonZeroU16,
    /// `batch.size`, in bytes.
    pub batch_size: u32,
    /// `linger.ms`: how long a batch waits to become full.
    pub linger: SimDuration,
    /// `partitioner.adaptive.partitioning.enable`.
    pub adaptive: AdaptivePartitioning,
    /// `partitioner.availability.timeout.ms`: how long the leader of a partition may take nothing
    /// before the partition is left out; none, Kafka's 0, for any time.
    pub availability_timeout: Option<SimDuration>,
}

/// `partitioner.adaptive.partitioning.enable`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AdaptivePartitioning {
    /// Partitions with fewer batches waiting are chosen more often.
    #[default]
    Enabled,
    /// All are chosen alike.
    Disabled,
}

/// The waiting batches of a topic.
#[derive(Clone, Debug)]
pub struct RecordAccumulator {
    settings: AccumulatorSettings,
    partitioner: StickyPartitioner,
    /// Per partition; none if it never had a batch.
    queues: Vec<Option<VecDeque<Batch>>>,
    /// Per broker that had data ready, when that was last found and when it could be sent.
    latencies: LiteMap<BrokerId, Latency>,
}

/// `RecordAccumulator.NodeLatencyStats`.
#[derive(Clone, Copy, Debug)]
struct Latency {
    ready: SimTime,
    drained: SimTime,
}

/// `ProducerBatch`.
#[derive(Clone, Debug)]
struct Batch {
    created: SimTime,
    records: u32,
    bytes: u32,
    limit: u32,
    closed: Closed,
}

/// Whether a batch takes no more, as a record had no room in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    No,
    Yes,
}

/// Where a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Append {
    /// To which partition.
    pub partition: PartitionId,
    /// How many bytes its batch grew by, the header of a new one included.
    pub bytes: u32,
    /// Whether it opened a batch: then the sender has something to look at.
    pub opened: OpenedBatch,
}

/// Whether a record opened a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBatch {
    /// It went into one that was open.
    No,
    /// It is the first of its batch.
    Yes,
}

/// A batch that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// To which partition.
    pub partition: PartitionId,
    /// How many records it has.
    pub records: u32,
}

impl Batch {
    fn new(now: SimTime, batch_size: u32, value: u32) -> Self {
        Self {
            created: now,
            records: 0,
            bytes: record_size::BATCH_HEADER,
            limit: batch_size.max(record_size::of_batch_at_most(value)),
            closed: Closed::No,
        }
    }

    /// `MemoryRecordsBuilder.isFull`.
    const fn is_full(&self) -> bool {
        matches!(self.closed, Closed::Yes) || self.records > 0 && self.bytes >= self.limit
    }

    /// How much the batch grows; none if the record has no room, and then the batch is closed.
    /// `ProducerBatch.tryAppend`.
    fn try_append(&mut self, now: SimTime, value: u32) -> Option<u32> {
        let age = now.since(self.created).as_millis();
        let age = u32::try_from(age).unwrap_or(u32::MAX);
        let size = record_size::of(value, age, self.records);
        let has_room = self.records == 0 || self.bytes.saturating_add(size) <= self.limit;
        if self.is_full() || !has_room {
            self.closed = Closed::Yes;
            return None;
        }
        self.records += 1;
        self.bytes += size;
        Some(size)
    }
}

impl RecordAccumulator {
    /// Without any batch.
    #[must_use]
    pub fn new(settings: AccumulatorSettings) -> Self {
        Self {
            partitioner: StickyPartitioner::new(settings.partitions, settings.batch_size),
            queues: vec![None; usize::from(settings.partitions.get())],
            latencies: LiteMap::new(),
            settings,
        }
    }

    /// Adds a record with a value of `value` bytes. `available` are the partitions that have a
    /// leader. `append`.
    pub fn append(
        &mut self,
        now: SimTime,
        value: u32,
        available: &[PartitionId],
        random: &mut impl FnMut() -> u32,
    ) -> Append {
        loop {
            let partition = self.partitioner.peek(available, random);
            // The switch may have waited for the batch to be full.
            if self.open_batch(partition) == OpenBatch::None {
                self.partitioner
                    .update(0, OpenBatch::None, available, random);
                if self.partitioner.peek(available, random) != partition {
                    continue;
                }
            }
            let appended = self.append_to(partition, now, value);
            let Some((bytes, opened)) = appended else {
                continue;
            };
            let open = self.open_batch(partition);
            self.partitioner.update(bytes, open, available, random);
            return Append {
                partition,
                bytes,
                opened,
            };
        }
    }

    /// None if the open batch had no room: it is closed now.
    fn append_to(
        &mut self,
        partition: PartitionId,
        now: SimTime,
        value: u32,
    ) -> Option<(u32, OpenedBatch)> {
        let is_open = self.open_batch(partition) == OpenBatch::Some;
        let queue = self.queues.get_mut(partition.index())?;
        let queue = queue.get_or_insert_default();
        if is_open {
            let bytes = queue.back_mut()?.try_append(now, value)?;
            return Some((bytes, OpenedBatch::No));
        }
        let mut batch = Batch::new(now, self.settings.batch_size, value);
        let bytes = batch.try_append(now, value)?;
        queue.push_back(batch);
        Some((record_size::BATCH_HEADER + bytes, OpenedBatch::Yes))
    }

    /// `allBatchesFull`.
    fn open_batch(&self, partition: PartitionId) -> OpenBatch {
        let last = self.queue(partition).and_then(VecDeque::back);
        match last {
            Some(batch) if !batch.is_full() => OpenBatch::Some,
            _ => OpenBatch::None,
        }
    }

    fn queue(&self, partition: PartitionId) -> Option<&VecDeque<Batch>> {
        self.queues.get(partition.index())?.as_ref()
    }

    /// How many batches wait for a partition; none if it never had one.
    #[must_use]
    pub fn waiting(&self, partition: PartitionId) -> Option<usize> {
        self.queue(partition).map(VecDeque::len)
    }

    /// Which partition the next record goes to. `peek` of the partitioner.
    pub fn next_partition(
        &mut self,
        available: &[PartitionId],
        random: &mut impl FnMut() -> u32,
    ) -> PartitionId {
        self.partitioner.peek(available, random)
    }

    /// The sum of the weights by which partitions are chosen; none if chance alone decides.
    #[must_use]
    pub fn range_end(&self) -> Option<u32> {
        self.partitioner.range_end()
    }

    /// A turn of the sender: who has data ready, the loads, and the first batch of each partition
    /// whose leader has and `takes` it, by broker and partition. `leader` is none for a partition
    /// that has none. `Sender.sendProducerData`.
    pub fn send(
        &mut self,
        now: SimTime,
        leader: impl Fn(PartitionId) -> Option<BrokerId>,
        takes: impl Fn(BrokerId) -> bool,
    ) -> Vec<Drained> {
        let mut drained = Vec::new();
        for broker in self.ready(now, &leader) {
            let latency = self.latency(now, broker);
            latency.ready = now;
            if !takes(broker) {
                continue;
            }
            latency.drained = now;
            for (partition, queue) in (0..).map(PartitionId).zip(&mut self.queues) {
                if leader(partition) != Some(broker) {
                    continue;
                }
                if let Some(batch) = queue.as_mut().and_then(VecDeque::pop_front) {
                    let records = batch.records;
                    drained.push(Drained { partition, records });
                }
            }
        }
        drained
    }

    /// The brokers that have a batch to be sent, sorted; and the loads as a side effect.
    /// `partitionReady`.
    fn ready(
        &mut self,
        now: SimTime,
        leader: impl Fn(PartitionId) -> Option<BrokerId>,
    ) -> Vec<BrokerId> {
        let mut ready = Vec::new();
        let mut loads = Loads::new(self.queues.len());
        for (partition, queue) in (0..).map(PartitionId).zip(&self.queues) {
            let Some((queue, broker)) = queue.as_ref().zip(leader(partition)) else {
                continue;
            };
            loads.list(partition);
            let Some(first) = queue.front() else {
                continue;
            };
            loads.set_size(queue.len());
            if self.is_unavailable(broker) {
                loads.leave_out();
            }
            let waited = now.since(first.created);
            let is_full = queue.len() > 1 || first.is_full();
            if is_full || waited >= self.settings.linger {
                ready.push(broker);
            }
        }
        let every_partition = self.queues.iter().all(Option::is_some);
        let adaptive = self.settings.adaptive == AdaptivePartitioning::Enabled;
        let stats = (adaptive && every_partition).then_some(&loads.0);
        self.partitioner.set_loads(stats);
        ready.sort_unstable();
        ready.dedup();
        ready
    }

    /// Whether a broker had data ready for too long since it last took any.
    fn is_unavailable(&self, broker: BrokerId) -> bool {
        let timeout = self.settings.availability_timeout;
        let known = self.latencies.get(&broker);
        timeout
            .zip(known)
            .is_some_and(|(timeout, latency)| latency.ready.since(latency.drained) > timeout)
    }

    /// What is known of a broker, from now on if nothing is. `updateNodeLatencyStats`.
    fn latency(&mut self, now: SimTime, broker: BrokerId) -> &mut Latency {
        let (ready, drained) = (now, now);
        self.latencies
            .entry(broker)
            .or_insert(Latency { ready, drained })
    }
}

/// The loads while partitions are looked at. As in Kafka, a partition that is left out gives its
/// entry to the next one; if that has no batch, it keeps the number of the one left out.
struct Loads(LoadStats);

impl Loads {
    fn new(partitions: usize) -> Self {
        Self(LoadStats {
            queue_sizes: vec![0; partitions],
            partitions: vec![PartitionId(0); partitions],
            length: 0,
        })
    }

    fn list(&mut self, partition: PartitionId) {
        if let Some(entry) = self.0.partitions.get_mut(self.0.length) {
            *entry = partition;
        }
        self.0.length += 1;
    }

    fn set_size(&mut self, batches: usize) {
        let last = self.0.length.checked_sub(1);
        if let Some(entry) = last.and_then(|last| self.0.queue_sizes.get_mut(last)) {
            *entry = u32::try_from(batches).unwrap_or(u32::MAX);
        }
    }

    const fn leave_out(&mut self) {
        self.0.length -= 1;
    }
}
