//! The order in which Java's hash maps and hash sets are iterated: where the classes of Kafka let
//! it decide who gets what, we follow.
//!
//! More than seven keys in one bucket of a large map would become a tree in Java; that is left
//! out, and the order within such a bucket is another then.

use super::uuid::Uuid;
use crate::ids::PartitionId;

/// `String.hashCode`.
#[must_use]
pub fn hash_of_text(text: &str) -> u32 {
    text.encode_utf16()
        .fold(0, |hash, unit| mix(hash, u32::from(unit)))
}

/// `org.apache.kafka.common.Uuid.hashCode`.
#[must_use]
pub fn hash_of_id(id: Uuid) -> u32 {
    let mixed = id.high ^ id.low;
    let folded = (mixed >> 32) ^ (mixed & u64::from(u32::MAX));
    u32::try_from(folded).unwrap_or_default()
}

/// `org.apache.kafka.common.TopicPartition.hashCode`, by the hash code of the topic's name.
#[must_use]
pub fn hash_of_topic_partition(name: u32, partition: PartitionId) -> u32 {
    mix(mix(1, u32::from(partition.0)), name)
}

/// `org.apache.kafka.server.common.TopicIdPartition.hashCode`.
#[must_use]
pub fn hash_of_topic_id_partition(topic: Uuid, partition: PartitionId) -> u32 {
    mix(hash_of_id(topic), u32::from(partition.0))
}

/// How Java takes the next field into a hash code.
const fn mix(hash: u32, field: u32) -> u32 {
    hash.wrapping_mul(31).wrapping_add(field)
}

/// The keys of a `java.util.HashMap` or `HashSet` in their buckets. A key is a number of the
/// caller's; its hash code is that of the object it stands for.
#[derive(Clone, Debug)]
pub struct HashOrder {
    /// As many as a power of two; each key with its spread hash.
    buckets: Vec<Vec<(u32, u32)>>,
    keys: usize,
}

impl Default for HashOrder {
    /// An empty map for which no capacity was asked.
    fn default() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }
}

impl HashOrder {
    /// `HashMap.DEFAULT_INITIAL_CAPACITY`.
    pub const DEFAULT_CAPACITY: usize = 16;

    /// An empty map. `HashMap.tableSizeFor`.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            buckets: vec![Vec::new(); capacity.max(1).next_power_of_two()],
            keys: 0,
        }
    }

    /// A set made of a collection of (hash code, key). `HashSet(Collection)`.
    #[must_use]
    pub fn copied(keys: &[(u32, u32)]) -> Self {
        let capacity = capacity_for(keys.len()).max(Self::DEFAULT_CAPACITY);
        let mut set = Self::with_capacity(capacity);
        for &(hash, key) in keys {
            set.put(hash, key);
        }
        set
    }

    /// Adds a key at the end of its bucket, unless it is there; a map that is full afterwards
    /// grows. `HashMap.put`, `HashSet.add`.
    pub fn put(&mut self, hash: u32, key: u32) {
        let entry = (spread(hash), key);
        let bucket = self.bucket(entry);
        if bucket.contains(&entry) {
            return;
        }
        bucket.push(entry);
        self.keys += 1;
        if self.is_full() {
            self.grow();
        }
    }

    /// Adds a key at the head of its bucket, unless it is there; a map that is full grows before.
    /// `HashMap.computeIfAbsent`.
    pub fn compute_if_absent(&mut self, hash: u32, key: u32) {
        if self.is_full() {
            self.grow();
        }
        let entry = (spread(hash), key);
        let bucket = self.bucket(entry);
        if bucket.contains(&entry) {
            return;
        }
        bucket.insert(0, entry);
        self.keys += 1;
    }

    /// Takes a key out; the map does not shrink. `HashMap.remove`.
    pub fn remove(&mut self, hash: u32, key: u32) {
        let entry = (spread(hash), key);
        let bucket = self.bucket(entry);
        if let Some(place) = bucket.iter().position(|known| *known == entry) {
            bucket.remove(place);
            self.keys -= 1;
        }
    }

    /// How many keys there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub const fn len(&self) -> usize {
        self.keys
    }

    /// The keys in Java's order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.buckets.iter().flatten().map(|&(_, key)| key)
    }

    fn bucket(&mut self, (hash, _): (u32, u32)) -> &mut Vec<(u32, u32)> {
        let mask = self.buckets.len() - 1;
        self.buckets
            .get_mut(hash as usize & mask)
            .expect("there are as many buckets as a power of two")
    }

    /// Whether there are more keys than three quarters of the buckets.
    const fn is_full(&self) -> bool {
        self.keys * 4 > self.buckets.len() * 3
    }

    /// Twice the buckets; keys of one bucket keep their order. `HashMap.resize`.
    fn grow(&mut self) {
        let half = self.buckets.len();
        let mut upper = Vec::with_capacity(half);
        for bucket in &mut self.buckets {
            let (low, high) = std::mem::take(bucket)
                .into_iter()
                .partition(|(hash, _)| *hash as usize & half == 0);
            *bucket = low;
            upper.push(high);
        }
        self.buckets.append(&mut upper);
    }
}

/// The capacity that a copy of `keys` keys asks for: ⌊keys ÷ 0.75⌋ + 1.
#[must_use]
pub const fn capacity_for(keys: usize) -> usize {
    keys * 4 / 3 + 1
}

/// Lets the upper bits count in small tables too. `HashMap.hash`.
const fn spread(hash: u32) -> u32 {
    hash ^ (hash >> 16)
}
