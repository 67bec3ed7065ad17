//! Sequence numbers of an idempotent producer. `TransactionManager`; KIP-98, KIP-360.

use super::settings::Idempotence;
use super::settings::Telling;
use super::{Producer, ProducerBatch, Queue, Resolved, Sequence};
use crate::ids::{ProducerId, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, Step};
use crate::scenario::Acks;
use crate::trace::{AcksKind, ProducerWhat};

impl Producer {
    /// Numbers a batch that is sent for the first time.
    pub(super) fn number(&mut self, partition: TopicPartition, batch: &mut ProducerBatch) {
        if self.settings.idempotence == Idempotence::Disabled {
            return;
        }
        let epoch = self.epoch;
        let Some(queue) = self.queues.get_mut(&partition) else {
            return;
        };
        if batch.sequence.is_some() {
            return;
        }
        // A new epoch holds for a partition once nothing of the old one is under way.
        if queue.next.epoch != epoch && queue.open.is_empty() {
            queue.next = Sequence { epoch, first: 0 };
        }
        batch.sequence = Some(queue.next);
        queue.open.push(queue.next.first);
        queue.next.first += batch.records();
    }

    /// A batch is done with: it was written, or given up. Given up without knowing whether it was
    /// written, the producer needs a new epoch as soon as nothing more of the partition is under way;
    /// then the new one is the answer. `handleFailedBatch`, `maybeResolveSequences`.
    pub(super) fn close(
        &mut self,
        partition: TopicPartition,
        batch: &ProducerBatch,
        resolved: Resolved,
    ) -> Option<u16> {
        let queue = self.queues.get_mut(&partition)?;
        let sequence = batch.sequence?;
        queue.open.retain(|open| *open != sequence.first);
        if resolved == Resolved::No {
            queue.resolved = Resolved::No;
        }
        self.resolve(partition)
    }

    fn resolve(&mut self, partition: TopicPartition) -> Option<u16> {
        let queue = self.queues.get_mut(&partition)?;
        if queue.resolved == Resolved::Yes || !queue.open.is_empty() {
            return None;
        }
        self.epoch = self.epoch.wrapping_add(1);
        let epoch = self.epoch;
        let queue = self.queues.get_mut(&partition)?;
        queue.begin(epoch);
        Some(epoch)
    }
}

impl Queue {
    /// Begins to number anew; nothing of the queue is under way.
    fn begin(&mut self, epoch: u16) {
        self.resolved = Resolved::Yes;
        self.next = Sequence { epoch, first: 0 };
        self.open.clear();
        for batch in &mut self.waiting {
            batch.sequence = None;
        }
    }
}

impl KafkaLane {
    /// A producer gets other settings; an idempotent one begins with a new epoch, as a new session
    /// would with a new producer id.
    pub(in crate::kafka) fn change_producer(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        (acks, idempotence): (Option<Acks>, Option<bool>),
    ) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = &mut known.settings;
        settings.acks = acks.unwrap_or(settings.acks);
        settings.telling = Telling::All;
        let goes = settings.acks == Acks::All
            && settings.retries > 0
            && settings.max_in_flight <= defaults::MAX_IN_FLIGHT_REQUESTS;
        let was = settings.idempotence == Idempotence::Enabled;
        let is = match idempotence {
            Some(wanted) => wanted && settings.acks == Acks::All,
            None => was && (goes || acks.is_none()),
        };
        settings.idempotence = if is {
            Idempotence::Enabled
        } else {
            Idempotence::Disabled
        };
        if is && !was {
            known.epoch = known.epoch.wrapping_add(1);
        }
        let acks = match known.settings.acks {
            Acks::Zero => AcksKind::Zero,
            Acks::One => AcksKind::One,
            Acks::All => AcksKind::All,
        };
        step.out.tell(ProducerWhat::SettingsChanged {
            producer,
            acks,
            idempotence: is,
        });
    }
}
