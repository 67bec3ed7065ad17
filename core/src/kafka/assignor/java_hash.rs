//! The order in which Java's hash maps and hash sets are iterated: where the classes of Kafka let
//! it decide who gets what, we follow.
//!
//! A map of more than seven keys in one bucket would become a tree in Java; that is left out, the
//! order within such a bucket differs then.

use crate::ids::PartitionId;

/// What Java's `hashCode` gives for a key, as bits.
pub trait JavaHash {
    /// The hash code.
    fn hash_code(&self) -> u32;
}

impl JavaHash for PartitionId {
    /// `Integer.hashCode`: the number.
    fn hash_code(&self) -> u32 {
        u32::from(self.0)
    }
}

impl JavaHash for &str {
    /// `String.hashCode`.
    fn hash_code(&self) -> u32 {
        self.encode_utf16().fold(0, |hash, unit| {
            hash.wrapping_mul(31).wrapping_add(u32::from(unit))
        })
    }
}

/// The hash code of an object of two fields, as Java's generated `hashCode` mixes them:
/// 31 × (31 + `first`) + `second`. `TopicPartition.hashCode` has the partition first, then the name
/// of the topic.
#[must_use]
pub const fn hash_of_fields(first: u32, second: u32) -> u32 {
    first.wrapping_add(31).wrapping_mul(31).wrapping_add(second)
}

/// The keys of a `java.util.HashMap` or `HashSet` in their buckets.
#[derive(Clone, Debug)]
pub struct HashOrder<K> {
    /// As many as a power of two; each key with its spread hash.
    buckets: Vec<Vec<(u32, K)>>,
    keys: usize,
}

impl<K: JavaHash + PartialEq> HashOrder<K> {
    /// The capacity of a map for which none was asked. `HashMap.DEFAULT_INITIAL_CAPACITY`.
    pub const DEFAULT_CAPACITY: usize = 16;

    /// An empty map. `HashMap.tableSizeFor`.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut buckets = Vec::new();
        buckets.resize_with(capacity.max(1).next_power_of_two(), Vec::new);
        Self { buckets, keys: 0 }
    }

    /// A set made of a collection. `HashSet(Collection)`.
    #[must_use]
    pub fn copied(keys: impl ExactSizeIterator<Item = K>) -> Self {
        let mut set = Self::with_capacity(capacity_for(keys.len()).max(Self::DEFAULT_CAPACITY));
        for key in keys {
            set.put(key);
        }
        set
    }

    /// Adds a key at the end of its bucket, if it is new; a map that is full afterwards grows.
    /// `HashMap.put`, `HashSet.add`.
    pub fn put(&mut self, key: K) {
        let hash = spread(key.hash_code());
        let Some(bucket) = self.bucket(hash) else {
            return;
        };
        if bucket.iter().any(|(_, known)| *known == key) {
            return;
        }
        bucket.push((hash, key));
        self.keys += 1;
        if self.is_full() {
            self.grow();
        }
    }

    /// Adds a key at the head of its bucket, if it is new; a map that is full grows before.
    /// `HashMap.computeIfAbsent`.
    pub fn compute_if_absent(&mut self, key: K) {
        if self.is_full() {
            self.grow();
        }
        let hash = spread(key.hash_code());
        let Some(bucket) = self.bucket(hash) else {
            return;
        };
        if bucket.iter().any(|(_, known)| *known == key) {
            return;
        }
        bucket.insert(0, (hash, key));
        self.keys += 1;
    }

    /// The keys in the order of Java.
    pub fn iter(&self) -> impl Iterator<Item = &K> {
        self.buckets.iter().flatten().map(|(_, key)| key)
    }

    fn bucket(&mut self, hash: u32) -> Option<&mut Vec<(u32, K)>> {
        let mask = self.buckets.len() - 1;
        self.buckets.get_mut(hash as usize & mask)
    }

    /// Whether there are more keys than three quarters of the buckets.
    const fn is_full(&self) -> bool {
        self.keys * 4 > self.buckets.len() * 3
    }

    /// Twice the buckets; keys of one bucket keep their order. `HashMap.resize`.
    fn grow(&mut self) {
        let half = self.buckets.len();
        let mut upper = Vec::new();
        for bucket in &mut self.buckets {
            let stays = |(hash, _): &(u32, K)| *hash as usize & half == 0;
            let (low, high) = std::mem::take(bucket).into_iter().partition(stays);
            *bucket = low;
            upper.push(high);
        }
        self.buckets.append(&mut upper);
    }
}

/// The capacity that Java's code asks for to hold `keys` keys: ⌊keys ÷ 0.75⌋ + 1.
#[must_use]
pub const fn capacity_for(keys: usize) -> usize {
    keys * 4 / 3 + 1
}

/// Lets the upper bits count in small tables too. `HashMap.hash`.
const fn spread(hash: u32) -> u32 {
    hash ^ (hash >> 16)
}
