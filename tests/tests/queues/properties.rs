//! The service does what the reference does.

use proptest::prelude::*;

use crate::operations::{operations, settings};
use crate::play::play;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::with_cases(asked.and_then(|n| n.parse().ok()).unwrap_or(cases))
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_standard_queue_is_what_the_reference_is(
        settings in [settings(), settings()],
        operations in operations(),
    ) {
        play(false, settings, &operations).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn a_fifo_queue_is_what_the_reference_is(
        settings in [settings(), settings()],
        operations in operations(),
    ) {
        play(true, settings, &operations).map_err(TestCaseError::fail)?;
    }
}
