//! Random operations, with the times and numbers at which something changes.

use broker_lab_core::SimDuration;
use broker_lab_core::sqs::DeduplicationScope;
use proptest::prelude::*;

use crate::model::Settings;

/// A deduplication id that no other message has.
pub(crate) const NEW_ID: u8 = u8::MAX;

/// What is done next.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Send {
        group: Option<u8>,
        id: Option<u8>,
        content: u8,
        delay: Option<SimDuration>,
    },
    Receive {
        queue: usize,
        most: u8,
        timeout: Option<SimDuration>,
        wait: Option<SimDuration>,
        attempt: Option<u8>,
    },
    /// With one of the receipts so far, the newest first.
    Delete(usize),
    ChangeVisibility(usize, SimDuration),
    Purge(usize),
    Set(usize, Settings),
    /// The connection of a receive is closed.
    Cancel(u8),
    Pass(SimDuration),
}

fn seconds(choices: &'static [u64]) -> impl Strategy<Value = SimDuration> {
    prop::sample::select(choices).prop_map(SimDuration::from_secs)
}

/// Mostly the default.
fn timeouts() -> impl Strategy<Value = Option<SimDuration>> {
    prop::option::weighted(0.6, seconds(&[0, 0, 1, 2, 5, 30, 3_600, 43_200]))
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let times = (
        seconds(&[0, 1, 2, 5, 30]),
        seconds(&[0, 0, 0, 1, 3]),
        seconds(&[60, 100, 345_600]),
        seconds(&[0, 0, 2]),
    );
    let rest = (prop::option::of(1..=3_u32), any::<bool>(), any::<bool>());
    (times, rest).prop_map(
        |(times, (max_receive_count, content_based, by_group))| Settings {
            visibility_timeout: times.0,
            delay: times.1,
            retention: times.2,
            wait: times.3,
            max_receive_count,
            content_based,
            scope: match by_group {
                true => DeduplicationScope::MessageGroup,
                false => DeduplicationScope::Queue,
            },
        },
    )
}

pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        8 => (
            prop::option::weighted(0.95, 0..3_u8),
            prop_oneof![3 => Just(Some(NEW_ID)), 2 => (0..4_u8).prop_map(Some), 1 => Just(None)],
            0..6_u8,
            prop::option::weighted(0.2, seconds(&[0, 1, 4])),
        )
            .prop_map(|(group, id, content, delay)| Operation::Send { group, id, content, delay }),
        8 => (
            prop::sample::select(&[0, 0, 0, 1][..]),
            1..=4_u8,
            timeouts(),
            prop::option::weighted(0.8, seconds(&[0, 0, 0, 1, 5, 20])),
            prop::option::weighted(0.3, 0..2_u8),
        )
            .prop_map(|(queue, most, timeout, wait, attempt)| Operation::Receive {
                queue,
                most,
                timeout,
                wait,
                attempt,
            }),
        4 => (0..8_usize).prop_map(Operation::Delete),
        3 => (0..8_usize, seconds(&[0, 0, 1, 3, 10, 43_200]))
            .prop_map(|(receipt, timeout)| Operation::ChangeVisibility(receipt, timeout)),
        1 => (0..2_usize).prop_map(Operation::Purge),
        1 => (0..2_usize, settings()).prop_map(|(queue, settings)| Operation::Set(queue, settings)),
        1 => (0..3_u8).prop_map(Operation::Cancel),
        6 => seconds(&[1, 1, 1, 2, 3, 5, 30, 60, 100, 240, 300, 20_000])
            .prop_map(Operation::Pass),
    ];
    prop::collection::vec(operation, 1..60)
}
