//! A leader appends what producers send, and answers when as many replicas have it as was asked for.
//! `ReplicaManager.appendRecords`, `Partition.appendRecordsToLeader`.

use super::state::{Batch, Verdict};
use super::{Outcome, ProducerTimer, Stage};
use crate::ids::{BrokerId, MessageId, Offset, ProducerId, TopicPartition};
use crate::kafka::brokers::{NodeState, Party};
use crate::kafka::cluster::leader::LeaderState;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::Acks;
use crate::trace::{ClusterWhat, ProduceError, ProducerWhat, What};

/// A batch that waits for the high watermark. `DelayedProduce`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitingProduce {
    /// The high watermark that it waits for.
    pub(in crate::kafka) required: Offset,
    /// Where its first record is.
    first: Offset,
    producer: ProducerId,
    request: u32,
    /// Which batch of the request.
    index: u16,
}

/// What came of a batch at the leader.
enum Appended {
    Done(Outcome),
    /// It waits for the high watermark: the offsets of its first record, and after its last.
    Waits(Offset, Offset),
}

impl KafkaLane {
    /// A request reaches its broker: each of its batches is appended, or refused.
    pub(super) fn produce_arrives(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        number: u32,
    ) {
        let known = self.producers.get(producer.index());
        let request = known.and_then(|known| known.requests.get(&number));
        let Some(request) = request else { return };
        let (broker, count) = (request.broker, request.batches.len());
        let timer = KafkaTimer::Producer(ProducerTimer::RequestArrives(producer, number));
        if !self.reaches(broker, timer) {
            if self.cluster.node_state(broker) != NodeState::Frozen {
                self.refuse_connection(step, producer, number);
            }
            return;
        }
        for index in 0..count {
            let place = (producer, number, index);
            match self.append_part(step, place, broker) {
                Some(Appended::Done(outcome)) => self.set_outcome(place, outcome),
                Some(Appended::Waits(first, required)) => {
                    self.wait_for_replicas(place, broker, (first, required));
                }
                None => {}
            }
        }
        self.answer_if_done(step, producer, number);
    }

    /// One batch of a request: judged first, then appended; or known already.
    fn append_part(
        &mut self,
        step: &mut Step<'_>,
        (producer, number, index): (ProducerId, u32, usize),
        broker: BrokerId,
    ) -> Option<Appended> {
        let known = self.producers.get(producer.index())?;
        let acks = known.requests.get(&number)?.acks;
        let part = self.part_mut((producer, number, index))?;
        let (partition, sequence) = (part.partition, part.batch.sequence);
        let records = part.batch.records();
        let judged = self.judge((partition, broker), acks, (producer, sequence, records));
        let (first, end) = match judged {
            Err(error) => return Some(Appended::Done(Outcome::Refused(error))),
            Ok(Some(first)) => {
                step.out.tell(ProducerWhat::DuplicateIgnored {
                    producer,
                    partition,
                    offset: first,
                    records: u16::try_from(records).unwrap_or(u16::MAX),
                });
                (first, Offset(first.0.saturating_add(records)))
            }
            Ok(None) => {
                let part = self.part_mut((producer, number, index))?;
                let messages = std::mem::take(&mut part.batch.messages);
                let (first, end) = self.append(step, (partition, broker), &messages)?;
                self.part_mut((producer, number, index))?.batch.messages = messages;
                if let Some(sequence) = sequence {
                    let batch = (sequence, records, end);
                    self.note_sequence((partition, broker), producer, batch);
                }
                self.wake_followers(step, partition, broker);
                self.maybe_move_high_watermark(step, partition, broker);
                (first, end)
            }
        };
        Some(if acks == Acks::All {
            Appended::Waits(first, end)
        } else {
            Appended::Done(Outcome::Written(first))
        })
    }

    /// Whether a batch is to be appended; where it is, if it is there already.
    fn judge(
        &self,
        (partition, broker): (TopicPartition, BrokerId),
        acks: Acks,
        (producer, sequence, records): (ProducerId, Option<super::Sequence>, u32),
    ) -> Result<Option<Offset>, ProduceError> {
        let known = self.partition(partition);
        let leading = known.and_then(|known| known.replica(broker)?.leading());
        let Some((known, leading)) = known.zip(leading) else {
            return Err(ProduceError::NotLeaderOrFollower);
        };
        let min_isr = self.cluster.isr_settings(partition).min_isr;
        if acks == Acks::All && leading.state.is_under_min_isr(min_isr) {
            return Err(ProduceError::NotEnoughReplicas);
        }
        let verdict = sequence.map(|its| known.producers_of(broker).check(producer, its, records));
        match verdict {
            None | Some(Verdict::InSequence) => Ok(None),
            Some(Verdict::Duplicate(first)) => Ok(Some(first)),
            Some(Verdict::OutOfOrder) => Err(ProduceError::OutOfOrderSequence),
            Some(Verdict::OldEpoch) => Err(ProduceError::InvalidProducerEpoch),
        }
    }

    /// Appends records to the log of a leader: the offset of the first, and its end then.
    fn append(
        &mut self,
        step: &mut Step<'_>,
        (partition, broker): (TopicPartition, BrokerId),
        messages: &[MessageId],
    ) -> Option<(Offset, Offset)> {
        let known = self.partition_mut(partition)?;
        let place = known.place(broker)?;
        let is_head = known.head == place;
        let replica = known.replicas.get_mut(place)?;
        let first = replica.log.end();
        let epoch = replica.leading()?.state.epoch;
        for message in messages {
            let (offset, message) = (replica.log.end(), *message);
            replica.log.push();
            if is_head {
                known.log.push(message);
                step.out.event(What::Appended {
                    partition,
                    offset,
                    message,
                });
            } else {
                known.log.push_elsewhere(epoch, offset, message);
                step.out.tell(ClusterWhat::AppendedAside {
                    partition,
                    broker,
                    offset,
                    message,
                });
            }
        }
        Some((first, replica.log.end()))
    }

    fn note_sequence(
        &mut self,
        (partition, broker): (TopicPartition, BrokerId),
        producer: ProducerId,
        (sequence, records, end): (super::Sequence, u32, Offset),
    ) {
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let Some(replica) = known.replica(broker) else {
            return;
        };
        let committed = replica.high_watermark;
        let Some(leader_epoch) = replica.log.latest_epoch() else {
            return;
        };
        let last = Offset(end.0.saturating_sub(1));
        let batch = Batch {
            sequence,
            records,
            last,
            leader_epoch,
        };
        known
            .producers_of_mut(broker)
            .note(producer, batch, committed);
    }

    /// acks=all: the answer waits until all in-sync replicas have the batch.
    fn wait_for_replicas(
        &mut self,
        (producer, number, index): (ProducerId, u32, usize),
        broker: BrokerId,
        (first, required): (Offset, Offset),
    ) {
        let Some(part) = self.part_mut((producer, number, index)) else {
            return;
        };
        let partition = part.partition;
        let min_isr = self.cluster.isr_settings(partition).min_isr;
        let replica = self.replica_mut(partition, broker);
        let Some(replica) = replica else { return };
        let high_watermark = replica.high_watermark;
        let Some(leading) = replica.leading_mut() else {
            return;
        };
        if high_watermark >= required {
            let outcome = written(&leading.state, min_isr, first);
            return self.set_outcome((producer, number, index), outcome);
        }
        leading.waiting.push(WaitingProduce {
            required,
            first,
            producer,
            request: number,
            index: u16::try_from(index).unwrap_or(u16::MAX),
        });
    }

    /// The high watermark has moved: who waited for it is answered. `checkEnoughReplicasReachOffset`.
    pub(in crate::kafka) fn complete_produces(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        broker: BrokerId,
    ) {
        let min_isr = self.cluster.isr_settings(partition).min_isr;
        let Some(replica) = self.replica_mut(partition, broker) else {
            return;
        };
        let high_watermark = replica.high_watermark;
        let Some(leading) = replica.leading_mut() else {
            return;
        };
        if leading.waiting.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut leading.waiting);
        let (done, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|waiting| waiting.required <= high_watermark);
        leading.waiting = rest;
        let outcomes = done
            .iter()
            .map(|waiting| written(&leading.state, min_isr, waiting.first));
        let outcomes: Vec<Outcome> = outcomes.collect();
        for (waiting, outcome) in done.into_iter().zip(outcomes) {
            self.finish_waiting(step, waiting, outcome);
        }
    }

    /// The leader leads no more: nobody can say any longer what becomes of what waits.
    pub(in crate::kafka) fn refuse_waiting(
        &mut self,
        step: &mut Step<'_>,
        waiting: Vec<WaitingProduce>,
    ) {
        let outcome = Outcome::Refused(ProduceError::NotLeaderOrFollower);
        for waiting in waiting {
            self.finish_waiting(step, waiting, outcome);
        }
    }

    fn finish_waiting(&mut self, step: &mut Step<'_>, waiting: WaitingProduce, outcome: Outcome) {
        let index = usize::from(waiting.index);
        self.set_outcome((waiting.producer, waiting.request, index), outcome);
        self.answer_if_done(step, waiting.producer, waiting.request);
    }

    pub(super) fn part_mut(
        &mut self,
        (producer, number, index): (ProducerId, u32, usize),
    ) -> Option<&mut super::Part> {
        let known = self.producers.get_mut(producer.index())?;
        known.requests.get_mut(&number)?.batches.get_mut(index)
    }

    fn set_outcome(&mut self, place: (ProducerId, u32, usize), outcome: Outcome) {
        if let Some(part) = self.part_mut(place) {
            part.outcome = Some(outcome);
        }
    }

    /// The broker answers once it knows what came of every batch.
    fn answer_if_done(&mut self, step: &mut Step<'_>, producer: ProducerId, number: u32) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let Some(request) = known.requests.get_mut(&number) else {
            return;
        };
        let acks = request.acks;
        let is_done = request.batches.iter().all(|part| part.outcome.is_some());
        if !is_done || request.stage == Stage::Answered {
            return;
        }
        request.stage = Stage::Answered;
        let broker = request.broker;
        if acks == Acks::Zero {
            return self.forget_unheard(step, producer, number);
        }
        if !self.cluster.serves(broker) {
            return;
        }
        let timer = if self.cluster.links.loses_answer(producer) {
            step.out.tell(ProducerWhat::AnswerLost { producer, broker });
            ProducerTimer::Disconnects(producer, number)
        } else {
            ProducerTimer::AnswerArrives(producer, number)
        };
        match self.hop(Party::Broker(broker), Party::Producer(producer)) {
            Some(hop) => step.out.timer(step.now + hop, KafkaTimer::Producer(timer)),
            // It will find out when `request.timeout.ms` is over.
            None => step.out.tell(ProducerWhat::AnswerLost { producer, broker }),
        }
    }
}

/// What a leader answers when the high watermark has passed a batch.
fn written(leader: &LeaderState, min_isr: u32, first: Offset) -> Outcome {
    if leader.is_under_min_isr(min_isr) {
        Outcome::Refused(ProduceError::NotEnoughReplicasAfterAppend)
    } else {
        Outcome::Written(first)
    }
}
