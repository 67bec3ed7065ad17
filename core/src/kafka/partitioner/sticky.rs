//! Records without a key: KIP-480, KIP-794.
//! `org.apache.kafka.clients.producer.internals.BuiltInPartitioner`.

use std::num::NonZeroU16;

use super::keyed::to_positive;
use crate::ids::PartitionId;

/// Where the records without a key of one producer and topic go.
#[derive(Clone, Debug)]
pub struct StickyPartitioner {
    partitions: NonZeroU16,
    batch_size: u32,
    current: Option<Current>,
    loads: Option<Loads>,
}

/// The partition that records go to now, and how many bytes went there since it was chosen.
#[derive(Clone, Copy, Debug)]
struct Current {
    partition: PartitionId,
    produced: u32,
}

/// Chances by load.
#[derive(Clone, Debug)]
struct Loads {
    partitions: Vec<PartitionId>,
    /// Running sums of the weights.
    sums: Vec<u32>,
}

/// Whether a partition has a batch that takes more records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenBatch {
    /// The queue is empty, or its last batch is full.
    None,
    /// The last batch of the queue is open: the partition is left only after twice as much.
    Some,
}

/// How many batches wait in which partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadStats {
    /// How many batches; as many entries as the topic has partitions.
    pub queue_sizes: Vec<u32>,
    /// In which partitions.
    pub partitions: Vec<PartitionId>,
    /// How many of the first entries count: a partition without a leader, or whose leader takes
    /// nothing, has none.
    pub length: usize,
}

impl StickyPartitioner {
    /// For a topic of `partitions`, with `batch.size` in bytes.
    #[must_use]
    pub const fn new(partitions: NonZeroU16, batch_size: u32) -> Self {
        Self {
            partitions,
            batch_size,
            current: None,
            loads: None,
        }
    }

    /// The partition for the next record. The first one is chosen here. `available` are the
    /// partitions that have a leader. `peekCurrentPartitionInfo`.
    pub fn peek(
        &mut self,
        available: &[PartitionId],
        random: &mut impl FnMut() -> u32,
    ) -> PartitionId {
        if let Some(current) = self.current {
            return current.partition;
        }
        self.choose(available, random)
    }

    /// Counts what was appended to the current partition, and chooses another one if that was
    /// enough: `batch.size`, or twice as much while a batch is `open`. `updatePartitionInfo`.
    pub fn update(
        &mut self,
        appended: u32,
        open: OpenBatch,
        available: &[PartitionId],
        random: &mut impl FnMut() -> u32,
    ) {
        let Some(current) = &mut self.current else {
            return;
        };
        current.produced = current.produced.saturating_add(appended);
        let enough = match open {
            OpenBatch::None => self.batch_size,
            OpenBatch::Some => self.batch_size.saturating_mul(2),
        };
        if current.produced >= enough {
            self.choose(available, random);
        }
    }

    /// Lets load decide from the next choice on; none, or loads that are no different, let chance
    /// alone do. `updatePartitionLoadStats`.
    pub fn set_loads(&mut self, stats: Option<&LoadStats>) {
        self.loads = stats.and_then(Loads::new);
    }

    /// The sum of the weights of the loads; none if chance alone decides.
    /// `loadStatsRangeEnd`.
    #[must_use]
    pub fn range_end(&self) -> Option<u32> {
        self.loads.as_ref()?.sums.last().copied()
    }

    /// `nextPartition`.
    fn choose(
        &mut self,
        available: &[PartitionId],
        random: &mut impl FnMut() -> u32,
    ) -> PartitionId {
        let number = to_positive(random().cast_signed());
        let by_load = self.loads.as_ref().and_then(|loads| loads.pick(number));
        let partition = by_load
            .or_else(|| pick(available, number))
            .unwrap_or_else(|| {
                let all = u32::from(self.partitions.get());
                PartitionId(u16::try_from(number % all).unwrap_or_default())
            });
        self.current = Some(Current {
            partition,
            produced: 0,
        });
        partition
    }
}

impl Loads {
    /// None if there is nothing to choose by: no partition counts, the topic has only one, or all
    /// count and are loaded alike.
    fn new(stats: &LoadStats) -> Option<Self> {
        let listed = stats.queue_sizes.get(..stats.length)?;
        let most = listed.iter().max()?;
        let alike = listed.iter().all(|size| size == most);
        let whole = listed.len() == stats.queue_sizes.len();
        if stats.queue_sizes.len() < 2 || alike && whole {
            return None;
        }
        let sums = listed.iter().scan(0, |sum, size| {
            *sum += most + 1 - size;
            Some(*sum)
        });
        Some(Self {
            partitions: stats.partitions.get(..stats.length)?.to_vec(),
            sums: sums.collect(),
        })
    }

    fn pick(&self, number: u32) -> Option<PartitionId> {
        let weighted = number.checked_rem(*self.sums.last()?)?;
        let place = self.sums.partition_point(|sum| *sum <= weighted);
        self.partitions.get(place).copied()
    }
}

fn pick(available: &[PartitionId], number: u32) -> Option<PartitionId> {
    let count = u32::try_from(available.len()).ok()?;
    let place = number.checked_rem(count)?;
    available.get(place as usize).copied()
}
