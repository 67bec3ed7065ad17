//! The order of Java's hash maps.

use broker_lab_core::PartitionId;
use broker_lab_core::kafka::assignor::java_hash::{
    HashOrder, hash_of_id, hash_of_text, hash_of_topic_id_partition, hash_of_topic_partition,
};
use serde::Deserialize;

use super::assignors::id_of;
use super::{CaseResult, compare};

/// Keys in the order they were put in, their hash codes, and the orders they come out in.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    initial_capacity: usize,
    #[serde(flatten)]
    keys: Keys,
    hash_codes: Vec<i32>,
    map_order: Vec<u32>,
    compute_if_absent_order: Vec<u32>,
    copied_set_order: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", content = "inserted", rename_all = "snake_case")]
enum Keys {
    String(Vec<String>),
    Int(Vec<i32>),
    Uuid(Vec<String>),
    TopicPartition(Vec<(String, u16)>),
    TopicIdPartition(Vec<(String, u16)>),
}

impl Keys {
    /// None if an id cannot be read.
    fn hash_codes(&self) -> Option<Vec<u32>> {
        match self {
            Self::String(texts) => Some(texts.iter().map(|text| hash_of_text(text)).collect()),
            // `Integer.hashCode` is the number.
            Self::Int(numbers) => Some(numbers.iter().map(|number| *number as u32).collect()),
            Self::Uuid(ids) => {
                let ids = ids.iter();
                ids.map(|id| Some(hash_of_id(id_of(id)?))).collect()
            }
            Self::TopicPartition(partitions) => {
                let hashes = partitions.iter().map(|(topic, number)| {
                    hash_of_topic_partition(hash_of_text(topic), PartitionId(*number))
                });
                Some(hashes.collect())
            }
            Self::TopicIdPartition(partitions) => {
                let hashes = partitions.iter().map(|(id, number)| {
                    let id = id_of(id)?;
                    Some(hash_of_topic_id_partition(id, PartitionId(*number)))
                });
                hashes.collect()
            }
        }
    }
}

pub(super) fn run(case: Case) -> CaseResult {
    let hash_codes = case.keys.hash_codes().unwrap_or_default();
    let keys: Vec<(u32, u32)> = hash_codes.iter().copied().zip(0..).collect();
    let mut map = HashOrder::with_capacity(case.initial_capacity);
    let mut computed = HashOrder::with_capacity(case.initial_capacity);
    for &(hash, key) in &keys {
        map.put(hash, key);
        computed.compute_if_absent(hash, key);
    }
    let orders = [map, computed, HashOrder::copied(&keys)];
    let signed: Vec<i32> = hash_codes.iter().map(|hash| *hash as i32).collect();
    let got = (
        signed,
        orders.map(|order| order.iter().collect::<Vec<u32>>()),
    );
    let expected = [
        case.map_order,
        case.compute_if_absent_order,
        case.copied_set_order,
    ];
    compare(case.id, &(case.hash_codes, expected), &got)
}
