//! What a producer promises for records without a key, whatever it sends and when.
#![cfg(not(target_arch = "wasm32"))]

use std::num::NonZeroU16;

use broker_lab_core::kafka::partitioner::{
    AccumulatorSettings, AdaptivePartitioning, Append, RecordAccumulator,
};
use broker_lab_core::{BrokerId, PartitionId, SimDuration, SimTime};
use proptest::prelude::*;

const BATCH_SIZE: u32 = 300;
const LARGEST: u32 = 400;

#[derive(Clone, Debug)]
enum Step {
    Send(u32),
    Wait(u64),
    /// A turn of the sender, in which these brokers take nothing.
    Turn(Vec<u16>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..LARGEST).prop_map(Step::Send),
        1 => (0..40_u64).prop_map(Step::Wait),
        2 => prop::collection::vec(0..5_u16, 0..3).prop_map(Step::Turn),
    ];
    prop::collection::vec(step, 1..120)
}

fn settings() -> impl Strategy<Value = AccumulatorSettings> {
    let adaptive = prop_oneof![
        Just(AdaptivePartitioning::Enabled),
        Just(AdaptivePartitioning::Disabled)
    ];
    let timeout = prop::option::of((1..60_u64).prop_map(SimDuration::from_millis));
    (1..=5_u16, 0..20_u64, adaptive, timeout).prop_map(
        |(partitions, linger, adaptive, availability_timeout)| AccumulatorSettings {
            partitions: NonZeroU16::new(partitions).expect("at least one"),
            batch_size: BATCH_SIZE,
            linger: SimDuration::from_millis(linger),
            adaptive,
            availability_timeout,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// Every record leaves in a batch of the partition it was put into.
    #[test]
    fn all_records_are_sent(settings in settings(), steps in steps(), seed in 1_000..u32::MAX) {
        let mut producer = Producer::new(settings, seed);
        for step in &steps {
            producer.step(step)?;
        }
        producer.now += SimDuration::from_secs(1);
        while producer.waiting.iter().any(|records| *records > 0) {
            prop_assert!(producer.turn(&[])? > 0, "{:?} wait for ever", producer.waiting);
        }
    }

    /// A partition is left after `batch.size` bytes at the earliest, and twice as many at the
    /// latest. Every choice is another partition here, so that none goes unseen.
    #[test]
    fn records_stick_to_a_partition(partitions in 2..5_u16, steps in steps()) {
        let settings = AccumulatorSettings {
            partitions: NonZeroU16::new(partitions).expect("at least two"),
            batch_size: BATCH_SIZE,
            linger: SimDuration::from_millis(5),
            adaptive: AdaptivePartitioning::Disabled,
            availability_timeout: None,
        };
        let mut producer = Producer::new(settings, 0);
        let (mut current, mut produced) = (None, 0);
        for step in &steps {
            let Some((append, next)) = producer.step(step)? else {
                continue;
            };
            if current.is_some_and(|current| current != append.partition) {
                prop_assert!(produced >= BATCH_SIZE, "left after {produced} bytes");
                produced = 0;
            }
            produced += append.bytes;
            if next == append.partition {
                prop_assert!(produced < 2 * BATCH_SIZE, "kept after {produced} bytes");
            } else {
                prop_assert!(produced >= BATCH_SIZE, "left after {produced} bytes");
                produced = 0;
            }
            current = Some(next);
        }
    }
}

/// A producer, and how many of its records wait where.
struct Producer {
    accumulator: RecordAccumulator,
    available: Vec<PartitionId>,
    waiting: Vec<u32>,
    now: SimTime,
    random: u32,
}

impl Producer {
    /// With a seed of 0 every random number is one more than the last.
    fn new(settings: AccumulatorSettings, seed: u32) -> Self {
        let partitions = settings.partitions.get();
        Self {
            accumulator: RecordAccumulator::new(settings),
            available: (0..partitions).map(PartitionId).collect(),
            waiting: vec![0; usize::from(partitions)],
            now: SimTime::from_millis(0),
            random: seed,
        }
    }

    /// Where a record went, and where the next one goes, if the step sends one.
    fn step(&mut self, step: &Step) -> Result<Option<(Append, PartitionId)>, TestCaseError> {
        match step {
            Step::Send(value) => {
                let counts = self.random < 1_000;
                let random = &mut self.random;
                let mut draw = || {
                    if counts {
                        *random += 1;
                    } else {
                        *random ^= *random << 13;
                        *random ^= *random >> 17;
                        *random ^= *random << 5;
                    }
                    *random
                };
                let available = &self.available;
                let append = self
                    .accumulator
                    .append(self.now, *value, available, &mut draw);
                self.waiting[append.partition.index()] += 1;
                let next = self.accumulator.next_partition(available, &mut draw);
                return Ok(Some((append, next)));
            }
            Step::Wait(ms) => self.now += SimDuration::from_millis(*ms),
            Step::Turn(busy) => {
                self.turn(busy)?;
            }
        }
        Ok(None)
    }

    /// How many batches were sent.
    fn turn(&mut self, busy: &[u16]) -> Result<usize, TestCaseError> {
        let takes = |broker: BrokerId| !busy.contains(&broker.0);
        let leader = |partition: PartitionId| Some(BrokerId(partition.0));
        let drained = self.accumulator.send(self.now, leader, takes);
        for sent in &drained {
            prop_assert!(takes(BrokerId(sent.partition.0)));
            self.waiting[sent.partition.index()] -= sent.records;
        }
        Ok(drained.len())
    }
}
