//! Keys and their partitions.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use broker_lab_core::kafka::partitioner::{murmur2, partition_for_key, to_positive};
use serde::Deserialize;

use super::{CaseResult, compare};

/// A key, its hash, and per partition count its partition.
#[derive(Deserialize)]
pub(super) struct Case {
    key_hex: String,
    murmur2: i32,
    positive: u32,
    partition: BTreeMap<NonZeroU16, u16>,
}

pub(super) fn run(case: Case) -> CaseResult {
    let expected = Ok((case.murmur2, case.positive, case.partition.clone()));
    let got = bytes(&case.key_hex).map(|key| {
        let hash = murmur2(&key);
        let partitions = case
            .partition
            .keys()
            .map(|&count| (count, partition_for_key(&key, count).0))
            .collect();
        (hash, to_positive(hash), partitions)
    });
    let id = if case.key_hex.is_empty() {
        "the empty key".to_owned()
    } else {
        case.key_hex
    };
    compare(id, &expected, &got)
}

fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .ok_or_else(|| format!("{hex:?} is not a key in hexadecimal"))
        })
        .collect()
}
