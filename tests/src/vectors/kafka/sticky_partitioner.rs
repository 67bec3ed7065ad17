//! The choice of a partition for records without a key.

use std::num::NonZeroU16;

use broker_lab_core::PartitionId;
use broker_lab_core::kafka::partitioner::{LoadStats, OpenBatch, StickyPartitioner};
use serde::Deserialize;

use super::randoms::Randoms;
use super::{CaseResult, compare};

/// A partitioner and what is done with it.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    partitions: NonZeroU16,
    without_leader: Vec<u16>,
    batch_size: u32,
    randoms: Vec<u32>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Append {
        append: u32,
        batches_full: bool,
        #[serde(flatten)]
        expected: Appended,
    },
    Stats {
        queue_sizes: Option<Vec<u32>>,
        partition_ids: Option<Vec<u16>>,
        length: usize,
        range_end: Option<u32>,
    },
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
struct Appended {
    partition: u16,
    next_partition: u16,
    randoms_drawn: usize,
}

pub(super) fn run(case: Case) -> CaseResult {
    let mut partitioner = StickyPartitioner::new(case.partitions, case.batch_size);
    let available: Vec<PartitionId> = (0..case.partitions.get())
        .filter(|number| !case.without_leader.contains(number))
        .map(PartitionId)
        .collect();
    let mut randoms = Randoms {
        numbers: case.randoms,
        drawn: 0,
    };
    let (mut expected_all, mut got_all) = (Vec::new(), Vec::new());
    for step in case.steps {
        match step {
            Step::Append {
                append,
                batches_full,
                expected,
            } => {
                let open = if batches_full {
                    OpenBatch::None
                } else {
                    OpenBatch::Some
                };
                let before = randoms.drawn;
                let mut draw = || randoms.draw();
                let partition = partitioner.peek(&available, &mut draw);
                partitioner.update(append, open, &available, &mut draw);
                let next = partitioner.peek(&available, &mut draw);
                let got = Appended {
                    partition: partition.0,
                    next_partition: next.0,
                    randoms_drawn: randoms.drawn - before,
                };
                expected_all.push((Some(expected), None));
                got_all.push((Some(got), None));
            }
            Step::Stats {
                queue_sizes,
                partition_ids,
                length,
                range_end,
            } => {
                let stats = queue_sizes
                    .zip(partition_ids)
                    .map(|(sizes, ids)| LoadStats {
                        queue_sizes: sizes,
                        partitions: ids.into_iter().map(PartitionId).collect(),
                        length,
                    });
                partitioner.set_loads(stats.as_ref());
                expected_all.push((None, Some(range_end)));
                got_all.push((None, Some(partitioner.range_end())));
            }
        }
    }
    compare(case.id, &expected_all, &got_all)
}
