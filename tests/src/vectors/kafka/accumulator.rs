//! Records without a key on their way through the batches of a producer.

use std::num::NonZeroU16;

use broker_lab_core::kafka::partitioner::{
    AccumulatorSettings, AdaptivePartitioning, OpenedBatch, RecordAccumulator,
};
use broker_lab_core::{BrokerId, PartitionId, SimDuration, SimTime};
use serde::Deserialize;

use super::randoms::Randoms;
use super::{CaseResult, compare};

/// A producer and what is done with it.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    partitions: NonZeroU16,
    batch_size: u32,
    linger_ms: u64,
    adaptive: bool,
    availability_timeout_ms: u64,
    randoms: Vec<u32>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Send {
        send: u32,
        #[serde(flatten)]
        expected: Sent,
    },
    Advance {
        advance_ms: u64,
    },
    Sender {
        not_ready: Vec<u16>,
        #[serde(flatten)]
        expected: Turn,
    },
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Sent {
    partition: u16,
    bytes: u32,
    new_batch: bool,
    next_partition: u16,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Turn {
    queues: Vec<Option<usize>>,
    range_end: Option<u32>,
    drained: Vec<(u16, u32)>,
}

pub(super) fn run(case: Case) -> CaseResult {
    let mut play = Play::new(&case);
    let (mut expected_all, mut got_all) = (Vec::new(), Vec::new());
    for step in case.steps {
        match step {
            Step::Send { send, expected } => {
                expected_all.push((Some(expected), None));
                got_all.push((Some(play.send(send)), None));
            }
            Step::Advance { advance_ms } => {
                play.now += SimDuration::from_millis(advance_ms);
            }
            Step::Sender {
                not_ready,
                expected,
            } => {
                expected_all.push((None, Some(expected)));
                got_all.push((None, Some(play.turn(&not_ready))));
            }
        }
    }
    compare(case.id, &expected_all, &got_all)
}

struct Play {
    accumulator: RecordAccumulator,
    /// All: every partition has a leader, the broker of its number.
    available: Vec<PartitionId>,
    randoms: Randoms,
    now: SimTime,
}

impl Play {
    fn new(case: &Case) -> Self {
        let timeout = SimDuration::from_millis(case.availability_timeout_ms);
        let settings = AccumulatorSettings {
            partitions: case.partitions,
            batch_size: case.batch_size,
            linger: SimDuration::from_millis(case.linger_ms),
            adaptive: if case.adaptive {
                AdaptivePartitioning::Enabled
            } else {
                AdaptivePartitioning::Disabled
            },
            availability_timeout: (case.availability_timeout_ms > 0).then_some(timeout),
        };
        Self {
            accumulator: RecordAccumulator::new(settings),
            available: (0..case.partitions.get()).map(PartitionId).collect(),
            randoms: Randoms {
                numbers: case.randoms.clone(),
                drawn: 0,
            },
            now: SimTime::from_millis(1_000),
        }
    }

    fn send(&mut self, value: u32) -> Sent {
        let mut draw = || self.randoms.draw();
        let available = &self.available;
        let append = self
            .accumulator
            .append(self.now, value, available, &mut draw);
        let next = self.accumulator.next_partition(available, &mut draw);
        Sent {
            partition: append.partition.0,
            bytes: append.bytes,
            new_batch: append.opened == OpenedBatch::Yes,
            next_partition: next.0,
        }
    }

    fn turn(&mut self, not_ready: &[u16]) -> Turn {
        let partitions = self.available.iter();
        let queues = partitions.map(|&partition| self.accumulator.waiting(partition));
        let queues = queues.collect();
        let leader = |partition: PartitionId| Some(BrokerId(partition.0));
        let takes = |broker: BrokerId| !not_ready.contains(&broker.0);
        let drained = self.accumulator.send(self.now, leader, takes).into_iter();
        Turn {
            queues,
            range_end: self.accumulator.range_end(),
            drained: drained
                .map(|sent| (sent.partition.0, sent.records))
                .collect(),
        }
    }
}
