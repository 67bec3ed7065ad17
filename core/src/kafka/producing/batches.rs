//! The batches of a producer. `ProducerBatch`, `RecordAccumulator`.

use std::collections::VecDeque;

use super::settings::ProducerSettings;
use super::{Queue, Resolved, Sequence};
use crate::ids::MessageId;
use crate::kafka::partitioner::record_size;
use crate::time::SimTime;

/// Records that go to a partition together.
#[derive(Clone, Debug)]
pub(crate) struct ProducerBatch {
    pub(super) created: SimTime,
    pub(super) messages: Vec<MessageId>,
    bytes: u32,
    limit: u32,
    closed: bool,
    /// How often it was sent in vain.
    pub(super) attempts: u32,
    /// Before then it is not sent again.
    pub(super) retry_at: SimTime,
    /// Its sequence number, once it was sent by an idempotent producer.
    pub(super) sequence: Option<Sequence>,
}

impl ProducerBatch {
    fn new(now: SimTime, batch_size: u32, size: (u32, u32)) -> Self {
        Self {
            created: now,
            messages: Vec::new(),
            bytes: record_size::BATCH_HEADER,
            limit: batch_size.max(record_size::of_batch_at_most(size.0 + size.1)),
            closed: batch_size == 0,
            attempts: 0,
            retry_at: SimTime::ZERO,
            sequence: None,
        }
    }

    /// How many records it has.
    pub(super) fn records(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap_or(u32::MAX)
    }

    const fn is_full(&self) -> bool {
        self.closed || self.bytes >= self.limit
    }

    /// `tryAppend`: how many bytes it grew by; none if there is no room, and then it takes no more.
    fn try_append(
        &mut self,
        now: SimTime,
        message: MessageId,
        (key, value): (u32, u32),
    ) -> Option<u32> {
        let is_first = self.messages.is_empty();
        let age = u32::try_from(now.since(self.created).as_millis()).unwrap_or(u32::MAX);
        let size = record_size::of(value, age, self.records()) + key;
        let has_room =
            is_first || (!self.is_full() && self.bytes.saturating_add(size) <= self.limit);
        if !has_room {
            self.closed = true;
            return None;
        }
        self.messages.push(message);
        self.bytes += size;
        Some(size)
    }
}

impl Queue {
    /// Without anything.
    pub(super) const fn new(epoch: u16) -> Self {
        Self {
            waiting: VecDeque::new(),
            leader: None,
            next: Sequence { epoch, first: 0 },
            open: Vec::new(),
            under_way: 0,
            resolved: Resolved::Yes,
        }
    }

    /// Adds a record whose key and value have these sizes; how many bytes its batch grew by.
    pub(super) fn append(
        &mut self,
        now: SimTime,
        message: MessageId,
        (settings, size): (&ProducerSettings, (u32, u32)),
    ) -> u32 {
        let last = self.waiting.back_mut();
        // A batch that was sent before takes no more.
        let open = last.filter(|batch| batch.attempts == 0 && batch.sequence.is_none());
        if let Some(grown) = open.and_then(|batch| batch.try_append(now, message, size)) {
            return grown;
        }
        let mut batch = ProducerBatch::new(now, settings.batch_size, size);
        let grown = batch.try_append(now, message, size).unwrap_or(0);
        self.waiting.push_back(batch);
        record_size::BATCH_HEADER + grown
    }

    /// Whether its last batch takes more.
    pub(super) fn has_open_batch(&self) -> bool {
        self.waiting.back().is_some_and(|batch| !batch.is_full())
    }

    /// From when on its first batch can be sent, as far as it alone is concerned: it is full, has
    /// lingered, or the wait after a failure is over.
    pub(super) fn ready_at(&self, settings: &ProducerSettings) -> Option<SimTime> {
        let first = self.waiting.front()?;
        if first.attempts > 0 {
            return Some(first.retry_at);
        }
        let is_full = self.waiting.len() > 1 || first.is_full();
        Some(if is_full {
            first.created
        } else {
            first.created + settings.linger
        })
    }

    /// Whether its first batch has to wait for others that are under way: with one request at a time
    /// (`guaranteeMessageOrder`), and, if it was numbered and sent before, for those before it.
    /// `shouldStopDrainBatchesForPartition`.
    pub(super) fn must_wait(&self, settings: &ProducerSettings) -> bool {
        if settings.max_in_flight == 1 && self.under_way > 0 {
            return true;
        }
        let Some(first) = self.waiting.front() else {
            return true;
        };
        match first.sequence {
            Some(sequence) => self
                .open
                .first()
                .is_some_and(|open| *open != sequence.first),
            None => self.resolved == Resolved::No,
        }
    }

    /// Puts a batch back that was sent in vain: a numbered one to its place by number, another one
    /// to the front. `reenqueue`, `insertInSequenceOrder`.
    pub(super) fn put_back(&mut self, batch: ProducerBatch) {
        let before = |its: &ProducerBatch| match (its.sequence, batch.sequence) {
            (Some(its), Some(new)) => (its.epoch, its.first) < (new.epoch, new.first),
            _ => false,
        };
        let place = self.waiting.partition_point(before);
        self.waiting.insert(place, batch);
    }
}
