//! The order in which Java's hash maps and hash sets are iterated: where the classes of Kafka let
//! it decide who gets what, we follow.
//!
//! More than seven keys in one bucket of a large map would become a tree in Java; that is left
//! out, and the order within such a bucket is another then.

use std::num::NonZeroU32;

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
    /// How many buckets there are: a power of two.
    capacity: usize,
    /// The first node of each bucket; no buckets at all before the first key.
    heads: Vec<Link>,
    nodes: Vec<Node>,
    keys: usize,
}

/// The place of a node, if there is one.
type Link = Option<NonZeroU32>;

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Spread.
    hash: u32,
    key: u32,
    next: Link,
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
            capacity: capacity.max(1).next_power_of_two(),
            heads: Vec::new(),
            nodes: Vec::new(),
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
        let hash = spread(hash);
        if self.contains(hash, key) {
            return;
        }
        self.append(hash, key);
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
        let hash = spread(hash);
        if self.contains(hash, key) {
            return;
        }
        let next = self.head(hash);
        let node = self.add(Node { hash, key, next });
        self.link(hash, None, node);
        self.keys += 1;
    }

    /// Takes a key out; the map does not shrink. `HashMap.remove`.
    pub fn remove(&mut self, hash: u32, key: u32) {
        let hash = spread(hash);
        let mut before = None;
        let mut link = self.head(hash);
        while let Some(node) = self.node(link) {
            if (node.hash, node.key) == (hash, key) {
                self.link(hash, before, node.next);
                self.keys -= 1;
                return;
            }
            (before, link) = (link, node.next);
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
        self.heads
            .iter()
            .flat_map(|&head| self.chain(head))
            .map(|node| node.key)
    }

    fn contains(&self, hash: u32, key: u32) -> bool {
        self.chain(self.head(hash))
            .any(|node| (node.hash, node.key) == (hash, key))
    }

    /// The nodes of a bucket from `head` on.
    fn chain(&self, head: Link) -> impl Iterator<Item = Node> {
        std::iter::successors(self.node(head), |node| self.node(node.next))
    }

    fn node(&self, link: Link) -> Option<Node> {
        self.nodes.get(link?.get() as usize - 1).copied()
    }

    /// The first node of the bucket of a spread hash.
    fn head(&self, hash: u32) -> Link {
        let place = hash as usize & (self.capacity - 1);
        self.heads.get(place).copied().flatten()
    }

    /// Where a new node stands.
    fn add(&mut self, node: Node) -> Link {
        self.nodes.push(node);
        NonZeroU32::new(u32::try_from(self.nodes.len()).unwrap_or_default())
    }

    fn append(&mut self, hash: u32, key: u32) {
        let mut last = None;
        let mut link = self.head(hash);
        while let Some(node) = self.node(link) {
            (last, link) = (link, node.next);
        }
        let next = None;
        let node = self.add(Node { hash, key, next });
        self.link(hash, last, node);
    }

    /// Lets `before`, or without it the bucket, lead to `to`.
    fn link(&mut self, hash: u32, before: Link, to: Link) {
        if let Some(before) = before {
            if let Some(node) = self.nodes.get_mut(before.get() as usize - 1) {
                node.next = to;
            }
            return;
        }
        if self.heads.is_empty() {
            self.heads = vec![None; self.capacity];
        }
        let place = hash as usize & (self.capacity - 1);
        if let Some(head) = self.heads.get_mut(place) {
            *head = to;
        }
    }

    /// Whether there are more keys than three quarters of the buckets.
    const fn is_full(&self) -> bool {
        self.keys * 4 > self.capacity * 3
    }

    /// Twice the buckets; keys of one bucket keep their order. `HashMap.resize`.
    fn grow(&mut self) {
        let mut larger = Self::with_capacity(self.capacity * 2);
        for node in self.heads.iter().flat_map(|&head| self.chain(head)) {
            larger.append(node.hash, node.key);
        }
        larger.keys = self.keys;
        *self = larger;
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
