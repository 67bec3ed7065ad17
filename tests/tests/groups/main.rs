//! Groups of the consumer protocol, whatever their members do.

#![cfg(not(target_arch = "wasm32"))]

mod checks;
mod clients;
mod operations;

use proptest::prelude::*;

use clients::Clients;
use operations::{Operation, operations};

/// So many cases, or as many as `PROPTEST_CASES` says.
fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::with_cases(asked.and_then(|n| n.parse().ok()).unwrap_or(cases))
    }
}

/// Plays `operations` and looks after each.
fn play(partitions: [u16; 2], operations: &[Operation]) -> Result<(), String> {
    let mut clients = Clients::new(partitions);
    for operation in operations {
        clients.perform(operation);
        clients.check_books()?;
        clients.check_ownership()?;
        clients.check_zombies()?;
    }
    clients.settle();
    clients.check_books()?;
    clients.check_ownership()?;
    clients.check_zombies()?;
    clients.check_settled()
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn nobody_reads_what_another_has_and_in_the_end_all_have_their_target(
        partitions in [1_u16..=7, 0_u16..=4],
        operations in operations(),
    ) {
        play(partitions, &operations).map_err(TestCaseError::fail)?;
    }
}
