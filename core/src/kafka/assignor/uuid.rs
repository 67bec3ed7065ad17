//! The ids that a cluster gives its topics.

use std::cmp::Ordering;

use crate::ids::TopicId;

/// An id of a topic: 128 bits, as a high and a low half. KIP-516,
/// `org.apache.kafka.common.Uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Uuid {
    /// The upper 64 bits.
    pub high: u64,
    /// The lower 64 bits.
    pub low: u64,
}

impl Uuid {
    /// The id that we give a topic. A real one is drawn at random, and with it the places of the
    /// topics in Java's hash maps; ours has the topic's number as its hash code, so that the
    /// first topics of a document stand in these maps, and compare, in the order of the document.
    #[must_use]
    pub const fn of_topic(topic: TopicId) -> Self {
        const HALF: u64 = 1 << 32;
        Self {
            high: HALF,
            low: HALF | topic.0 as u64,
        }
    }
}

impl Ord for Uuid {
    /// Java compares the halves as signed numbers. `Uuid.compareTo`.
    fn cmp(&self, other: &Self) -> Ordering {
        let signed = |id: &Self| (id.high.cast_signed(), id.low.cast_signed());
        signed(self).cmp(&signed(other))
    }
}

impl PartialOrd for Uuid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
