//! Random scenarios that shrink: fewer messages, workers and commands, then smaller seeds.

use broker_lab_core::scenario::Scenario;
use broker_lab_core::{Cast, Run};
use broker_lab_tests::checkers::Seen;
use broker_lab_tests::random::Shape;
use proptest::prelude::*;

/// Any shape that is quick to simulate.
pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = (0..=2_u8, 0..=24_u16, 1..=2_u8, 1..=5_u8);
    let lanes = (0..=4_u8, 1..=5_u8, 0..=2_u8, 0..=4_u8);
    let rest = (0..=10_u8, 1..=150_u8, any::<u64>());
    (sizes, lanes, rest).prop_map(|(sizes, of_lanes, (commands, horizon, seed))| {
        let (lanes, messages, producers, keys) = sizes;
        let (workers, partitions, groups, members) = of_lanes;
        Shape {
            seed,
            lanes,
            messages,
            producers,
            keys,
            workers,
            partitions,
            groups,
            members,
            commands,
            horizon,
        }
    })
}

/// Runs of a hundred thousand events: many messages, some of which always fail.
pub(crate) fn long_shapes() -> impl Strategy<Value = Shape> {
    let sizes = (0..=2_u8, 5_000..=12_000_u16, 2..=4_u8, 1..=4_u8);
    (sizes, 4..=8_u8, any::<u64>()).prop_map(
        |((lanes, messages, workers, groups), commands, seed)| Shape {
            lanes,
            messages,
            producers: 2,
            workers,
            partitions: 3,
            groups: 1 + groups % 2,
            members: 2,
            commands,
            horizon: 200,
            keys: 5,
            seed,
        },
    )
}

/// So many cases, or as many as `PROPTEST_CASES` says. No file of failures: what was found becomes
/// a test with its seed.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::with_cases(asked.and_then(|n| n.parse().ok()).unwrap_or(cases))
    }
}

/// Runs `scenario` and hands `check` what it left.
pub(crate) fn with_run<T>(scenario: Scenario, check: impl FnOnce(&Run, Seen<'_>) -> T) -> T {
    let run = Run::complete(scenario);
    let cast = Cast::of(run.scenario());
    let seen = Seen {
        scenario: run.scenario(),
        cast: &cast,
        trace: run.trace(),
    };
    check(&run, seen)
}
