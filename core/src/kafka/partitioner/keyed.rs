//! Records with a key: the hash of the key decides.

use std::num::NonZeroU16;

use crate::ids::PartitionId;

const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;
const R: u32 = 24;

/// The 32-bit murmur2 hash of `data`, signed as Java has it. `Utils.murmur2`.
#[must_use]
pub fn murmur2(data: &[u8]) -> i32 {
    let length = u32::try_from(data.len()).expect("a key is shorter than 4 GiB");
    let (words, tail) = data.as_chunks::<4>();
    let mut hash = SEED ^ length;
    for &word in words {
        let mut k = u32::from_le_bytes(word).wrapping_mul(M);
        k ^= k >> R;
        hash = hash.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    if !tail.is_empty() {
        // Byte 0 lowest, each taken as unsigned.
        let rest = tail
            .iter()
            .rev()
            .fold(0, |rest, &byte| (rest << 8) | u32::from(byte));
        hash = (hash ^ rest).wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^= hash >> 15;
    hash.cast_signed()
}

/// Clears the sign bit: a mask, not the absolute value. `Utils.toPositive`.
#[must_use]
pub const fn to_positive(hash: i32) -> u32 {
    hash.cast_unsigned() & 0x7fff_ffff
}

/// The partition of a record with `key` in a topic of `partitions`, those without a leader
/// included. An empty key is a key. `BuiltInPartitioner.partitionForKey`.
#[must_use]
pub fn partition_for_key(key: &[u8], partitions: NonZeroU16) -> PartitionId {
    let remainder = to_positive(murmur2(key)) % u32::from(partitions.get());
    PartitionId(u16::try_from(remainder).expect("a remainder is below its divisor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_of_the_opening_scene_spread_over_three_partitions() {
        let three = NonZeroU16::new(3).unwrap();
        let of = |key: &str| partition_for_key(key.as_bytes(), three).0;
        assert_eq!(["ada", "ben", "ned", "oli"].map(of), [2, 1, 0, 0]);
    }
}
