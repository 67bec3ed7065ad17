//! Which brokers the replicas of a partition are put on.
//! `org.apache.kafka.metadata.placement.StripedReplicaPlacer`, for a cluster without racks whose
//! brokers are all alive: a cluster of a document is, when its topics are made.

use crate::ids::BrokerId;
use crate::random::{Purpose, Random};

/// Puts the replicas of the partitions of one topic on brokers, partition by partition: each begins
/// one broker further on, and after as many partitions as there are brokers their order is shuffled.
/// The first replica is the preferred leader.
#[derive(Clone, Debug)]
pub struct ReplicaPlacer {
    brokers: Vec<BrokerId>,
    offset: usize,
    placed: usize,
    random: Random,
}

impl ReplicaPlacer {
    /// A placer for topic number `topic` on `brokers` brokers. Where it begins is chance: of `seed`
    /// here, of the controller's own generator in Kafka.
    #[must_use]
    pub fn new(brokers: u16, seed: u32, topic: u16) -> Self {
        let mut random = Random::new(seed, Purpose::Placement, topic.into());
        let offset = random.below(brokers.into());
        Self {
            brokers: (0..brokers).map(BrokerId).collect(),
            offset: usize::try_from(offset).unwrap_or_default(),
            placed: 0,
            random,
        }
    }

    /// The replicas of the next partition, on `replication_factor` different brokers, or on all if
    /// there are not so many. `RackList.place`.
    pub fn place(&mut self, replication_factor: u16) -> Vec<BrokerId> {
        let count = self.brokers.len();
        if count == 0 {
            return Vec::new();
        }
        if self.placed > 0 {
            if self.placed.is_multiple_of(count) && count > 1 {
                self.shuffle();
            }
            self.offset = (self.offset + 1) % count;
        }
        self.placed += 1;
        let ring = self.brokers.iter().cycle().skip(self.offset);
        ring.take(count.min(replication_factor.into()))
            .copied()
            .collect()
    }

    /// `Collections.shuffle`.
    fn shuffle(&mut self) {
        for last in (1..self.brokers.len()).rev() {
            let other = self.random.below(last as u64 + 1);
            self.brokers
                .swap(last, usize::try_from(other).unwrap_or_default());
        }
    }
}

/// The replicas of each of `partitions` partitions.
#[must_use]
pub fn place(
    (brokers, replication_factor): (u16, u16),
    (seed, topic): (u32, u16),
    partitions: u16,
) -> Vec<Vec<BrokerId>> {
    let mut placer = ReplicaPlacer::new(brokers, seed, topic);
    (0..partitions)
        .map(|_| placer.place(replication_factor))
        .collect()
}
