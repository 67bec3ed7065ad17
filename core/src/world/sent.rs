//! What becomes of records that are sent: on their way, in a log, acknowledged, failed, lost.

use super::cluster::{LostRecord, ProducerWorld, SendOutcome};
use super::kafka::KafkaWorld;
use crate::ids::{MessageId, Offset, ProducerId, TopicPartition};
use crate::time::SimTime;
use crate::trace::ProducerWhat;

impl KafkaWorld {
    pub(super) fn set_place(
        &mut self,
        message: MessageId,
        place: Option<(TopicPartition, Offset)>,
    ) {
        self.places.grow_to(message.index(), &None);
        let slot = message.index().checked_sub(1);
        if let Some(slot) = slot.and_then(|slot| self.places.get_mut(slot)) {
            *slot = place;
        }
    }

    /// A message is on its way no more; when it was sent, if it was.
    pub(super) fn not_on_the_way(&mut self, message: MessageId) -> Option<SimTime> {
        let way = self.on_the_way.iter().position(|(id, _)| *id == message)?;
        self.on_the_way.remove(way).map(|(_, sent_at)| sent_at)
    }

    pub(super) fn lose(
        &mut self,
        at: SimTime,
        message: MessageId,
        place: (TopicPartition, Offset),
    ) {
        let (partition, offset) = place;
        self.cluster.lost.push(LostRecord {
            message,
            partition,
            offset,
            at,
        });
    }

    /// A record stands in a log that can be read: it is not lost (any more).
    pub(super) fn note_place(&mut self, message: MessageId, place: (TopicPartition, Offset)) {
        self.set_place(message, Some(place));
        if !self.cluster.cut.is_empty() {
            self.cluster.cut.remove(&message);
            self.cluster.lost.retain(|lost| lost.message != message);
        }
    }

    pub(super) fn fold_producer(&mut self, at: SimTime, what: ProducerWhat) {
        let producer = match what {
            ProducerWhat::Acknowledged { producer, .. }
            | ProducerWhat::Failed { producer, .. }
            | ProducerWhat::Retried { producer, .. }
            | ProducerWhat::DuplicateIgnored { producer, .. }
            | ProducerWhat::AnswerLost { producer, .. }
            | ProducerWhat::Dropped { producer, .. }
            | ProducerWhat::EpochBumped { producer, .. }
            | ProducerWhat::SettingsChanged { producer, .. } => producer,
        };
        let known = self.producer_mut(producer);
        match what {
            ProducerWhat::Acknowledged { message, .. } => {
                known.acknowledged += 1;
                self.set_outcome(message, SendOutcome::Acknowledged);
                if let Some(place) = self.cluster.cut.get(&message).copied() {
                    self.lose(at, message, place);
                }
            }
            ProducerWhat::Failed { message, error, .. } => {
                known.failed += 1;
                self.set_outcome(message, SendOutcome::Failed(error));
                self.not_on_the_way(message);
            }
            ProducerWhat::Dropped { message, .. } => {
                known.dropped += 1;
                self.set_outcome(message, SendOutcome::Dropped);
                self.not_on_the_way(message);
            }
            ProducerWhat::Retried { error, .. } => {
                known.retries += 1;
                known.last_error = Some((error, at));
            }
            ProducerWhat::DuplicateIgnored { .. } => known.duplicates_ignored += 1,
            ProducerWhat::AnswerLost { .. }
            | ProducerWhat::EpochBumped { .. }
            | ProducerWhat::SettingsChanged { .. } => {}
        }
    }

    pub(super) fn producer_mut(&mut self, producer: ProducerId) -> &mut ProducerWorld {
        let producers = &mut self.producers;
        if producers.len() <= producer.index() {
            producers.resize(producer.index() + 1, ProducerWorld::default());
        }
        // It is there now.
        #[expect(clippy::indexing_slicing, reason = "the list was made long enough")]
        &mut producers[producer.index()]
    }

    /// What its producer has heard of a record.
    #[must_use]
    pub fn outcome(&self, message: MessageId) -> SendOutcome {
        let place = message.index().checked_sub(1);
        let outcome = place.and_then(|place| self.cluster.outcomes.get(place));
        outcome.copied().unwrap_or_default()
    }

    fn set_outcome(&mut self, message: MessageId, outcome: SendOutcome) {
        self.cluster
            .outcomes
            .grow_to(message.index(), &SendOutcome::Unheard);
        let place = message.index().checked_sub(1);
        if let Some(slot) = place.and_then(|place| self.cluster.outcomes.get_mut(place)) {
            *slot = outcome;
        }
    }
}
