//! The share partition does what the reference does.

use broker_lab_core::kafka::share::AcknowledgeType;
use proptest::prelude::*;

use crate::model::Settings;
use crate::play::{Operation, play};

/// So many cases, or as many as `PROPTEST_CASES` says.
fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::with_cases(asked.and_then(|n| n.parse().ok()).unwrap_or(cases))
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    (
        prop::sample::select(&[1_000_u64, 3_000, 30_000][..]),
        2..=10_u16,
        prop::sample::select(&[4_u32, 20, 100, 2_000][..]),
        prop::sample::select(&[1_u32, 3, 10, 500][..]),
        any::<bool>(),
        prop::sample::select(&[1_u32, 1, 4, 10][..]),
    )
        .prop_map(
            |(lock, limit, max_record_locks, batch_size, record_limit, log_batch)| Settings {
                lock,
                limit,
                max_record_locks,
                batch_size,
                record_limit,
                log_batch,
            },
        )
}

fn types() -> impl Strategy<Value = Vec<AcknowledgeType>> {
    let one = prop_oneof![
        4 => Just(AcknowledgeType::Accept),
        4 => Just(AcknowledgeType::Release),
        1 => Just(AcknowledgeType::Reject),
        1 => Just(AcknowledgeType::Renew),
    ];
    prop_oneof![
        3 => prop::collection::vec(one.clone(), 1..2),
        1 => prop::collection::vec(one, 2..5),
    ]
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        3 => (1..12_u32).prop_map(Operation::Append),
        6 => (0..3_u16, prop::sample::select(&[1_u32, 2, 5, 500][..]))
            .prop_map(|(who, most)| Operation::Fetch { who, most }),
        8 => (0..3_u16, 0..40_usize, types(), 1..8_usize).prop_map(
            |(who, from, types, count)| Operation::Acknowledge { who, from, types, count },
        ),
        1 => (0..3_u16).prop_map(Operation::CloseSession),
        3 => prop::sample::select(&[1_u64, 500, 1_000, 3_000, 30_000][..]).prop_map(Operation::Pass),
    ];
    prop::collection::vec(operation, 1..60)
}

proptest! {
    #![proptest_config(cases(3_000))]

    /// And: at most one member has a record, no record is delivered more often than is allowed,
    /// the start offset never goes back, and in the end every record is acknowledged or archived.
    #[test]
    fn a_share_partition_is_what_the_reference_is(
        settings in settings(),
        operations in operations(),
    ) {
        play(settings, &operations).map_err(TestCaseError::fail)?;
    }
}
