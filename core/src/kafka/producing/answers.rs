//! What a producer makes of answers, of broken connections and of no answer at all: it calls back,
//! tries again, or gives up. `Sender.completeBatch`.

use super::sending::backoff;
use super::{Outcome, Part, ProducerBatch, ProducerTimer, Resolved, Stage, Telling};
use crate::ids::{BrokerId, Offset, ProducerId, TopicPartition};
use crate::kafka::brokers::Party;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::Acks;
use crate::time::SimDuration;
use crate::trace::{Millis, ProduceError, ProducerWhat};

impl KafkaLane {
    /// The answer to a request comes.
    pub(super) fn produce_answer_arrives(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        number: u32,
    ) {
        self.take_request(step, producer, number, |part| {
            part.outcome
                .unwrap_or(Outcome::Refused(ProduceError::Network))
        });
        self.drain(step, producer);
    }

    /// The connection is broken: whether the batches were written, nobody knows here.
    pub(super) fn disconnects(&mut self, step: &mut Step<'_>, producer: ProducerId, number: u32) {
        self.take_request(step, producer, number, |_| {
            Outcome::Refused(ProduceError::Network)
        });
        self.drain(step, producer);
    }

    /// A request is under way no more: each of its batches is done, or sent again.
    fn take_request(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        number: u32,
        outcome: impl Fn(&Part) -> Outcome,
    ) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let Some(request) = known.requests.remove(&number) else {
            return;
        };
        if let Some(connection) = known.connections.get_mut(request.broker.index()) {
            connection.in_flight = connection.in_flight.saturating_sub(1);
            connection.failures = 0;
        }
        for part in request.batches {
            let came_to = outcome(&part);
            let Some(known) = self.producers.get_mut(producer.index()) else {
                return;
            };
            if let Some(queue) = known.queues.get_mut(&part.partition) {
                queue.under_way = queue.under_way.saturating_sub(1);
            }
            // One that was given up already is answered in vain.
            if part.batch.messages.is_empty() {
                self.close_batch(step, producer, (part.partition, &part.batch), Resolved::No);
                continue;
            }
            match came_to {
                Outcome::Written(first) => self.written(step, producer, (&part, first)),
                Outcome::Refused(error) => {
                    self.refused(step, producer, (part.partition, part.batch), error);
                }
            }
        }
    }

    fn written(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        (part, first): (&Part, Offset),
    ) {
        self.close_batch(step, producer, (part.partition, &part.batch), Resolved::Yes);
        let known = self.producers.get(producer.index());
        if known.is_none_or(|known| known.settings.telling == Telling::Quiet) {
            return;
        }
        for (offset, message) in (first.0..).zip(&part.batch.messages) {
            step.out.tell(ProducerWhat::Acknowledged {
                producer,
                message: *message,
                offset: Some(Offset(offset)),
            });
        }
    }

    fn close_batch(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        (partition, batch): (TopicPartition, &ProducerBatch),
        resolved: Resolved,
    ) {
        let known = self.producers.get_mut(producer.index());
        let epoch = known.and_then(|known| known.close(partition, batch, resolved));
        if let Some(epoch) = epoch {
            step.out.tell(ProducerWhat::EpochBumped { producer, epoch });
        }
    }

    /// A batch was not acknowledged: it is sent again, unless its time or its retries are over. All of
    /// these errors are retriable but an old epoch.
    fn refused(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        (partition, mut batch): (TopicPartition, ProducerBatch),
        error: ProduceError,
    ) {
        let now = step.now;
        let seed = self.cluster.settings.seed;
        let leader = self
            .partition(partition)
            .and_then(|known| Some((known.registration.leader?, known.registration.leader_epoch)));
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let is_late = now.since(batch.created) >= settings.delivery_timeout;
        if is_late
            || batch.attempts >= settings.retries
            || error == ProduceError::InvalidProducerEpoch
        {
            return self.fail_batch(step, producer, (partition, &mut batch), error);
        }
        let wait = backoff(
            (settings.retry_backoff, settings.retry_backoff_max),
            batch.attempts,
            (seed, producer, &mut known.drawn),
        );
        let Some(queue) = known.queues.get_mut(&partition) else {
            return;
        };
        // With another leader than before there is no reason to wait. KIP-951.
        let is_moved = leader.is_some() && leader != queue.leader;
        let wait = if is_moved { SimDuration::ZERO } else { wait };
        queue.leader = leader;
        batch.attempts += 1;
        batch.retry_at = now + wait;
        step.out.tell(ProducerWhat::Retried {
            producer,
            partition,
            error,
            records: u16::try_from(batch.records()).unwrap_or(u16::MAX),
            retry_in: Millis::from(wait),
        });
        queue.put_back(batch);
    }

    /// The callbacks of a batch get an error. A numbered one may have been written.
    fn fail_batch(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        (partition, batch): (TopicPartition, &mut ProducerBatch),
        error: ProduceError,
    ) {
        for message in std::mem::take(&mut batch.messages) {
            step.out.tell(ProducerWhat::Failed {
                producer,
                message,
                error,
            });
        }
        self.close_batch(step, producer, (partition, batch), Resolved::No);
    }

    /// What has taken too long: batches whose delivery timeout is over fail, wherever they are, and a
    /// connection on which an answer does not come is closed.
    pub(super) fn expire(&mut self, step: &mut Step<'_>, producer: ProducerId) {
        let now = step.now;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let is_over = |batch: &ProducerBatch| now.since(batch.created) >= settings.delivery_timeout;
        let mut failed = Vec::new();
        let mut silent: Vec<BrokerId> = Vec::new();
        let waits = |request: &&mut super::Request| request.acks != Acks::Zero;
        let requests = known.requests.iter_mut().map(|(_, request)| request);
        for request in requests.filter(waits) {
            if now.since(request.sent_at) >= settings.request_timeout
                && !silent.contains(&request.broker)
            {
                silent.push(request.broker);
            }
            for part in &mut request.batches {
                if is_over(&part.batch) {
                    failed.append(&mut part.batch.messages);
                }
            }
        }
        for message in failed {
            step.out.tell(ProducerWhat::Failed {
                producer,
                message,
                error: ProduceError::Timeout,
            });
        }
        self.expire_waiting(step, producer);
        for broker in silent {
            self.close_connection(step, producer, broker);
        }
    }

    fn expire_waiting(&mut self, step: &mut Step<'_>, producer: ProducerId) {
        let now = step.now;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let mut given_up = Vec::new();
        for (partition, queue) in known.queues.iter_mut() {
            while let Some(first) = queue.waiting.front()
                && now.since(first.created) >= settings.delivery_timeout
                && let Some(batch) = queue.waiting.pop_front()
            {
                given_up.push((*partition, batch));
            }
        }
        for (partition, mut batch) in given_up {
            let batch = (partition, &mut batch);
            self.fail_batch(step, producer, batch, ProduceError::Timeout);
        }
    }

    /// A connection is closed: what waits for an answer on it is sent again.
    fn close_connection(&mut self, step: &mut Step<'_>, producer: ProducerId, broker: BrokerId) {
        let Some(known) = self.producers.get(producer.index()) else {
            return;
        };
        let requests = known.requests.iter();
        let its =
            requests.filter(|(_, request)| request.broker == broker && request.acks != Acks::Zero);
        let its: Vec<u32> = its.map(|(number, _)| *number).collect();
        for number in its {
            self.take_request(step, producer, number, |_| {
                Outcome::Refused(ProduceError::Network)
            });
        }
    }

    /// A broker's process has gone: its clients see their connections broken a moment later, unless
    /// the answer is on its way already.
    pub(in crate::kafka) fn disconnect(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        let mut broken = Vec::new();
        for (index, known) in (0_u16..).zip(&self.producers) {
            for (number, request) in known.requests.iter() {
                if request.broker == broker && request.stage == Stage::Open {
                    broken.push((ProducerId(index), *number));
                }
            }
        }
        for (producer, number) in broken {
            self.refuse_connection(step, producer, number);
        }
    }

    /// Nobody is there to take a request.
    pub(super) fn refuse_connection(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        number: u32,
    ) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let Some(request) = known.requests.get_mut(&number) else {
            return;
        };
        if request.acks == Acks::Zero {
            return self.drop_request(step, producer, number);
        }
        request.stage = Stage::Answered;
        let broker = request.broker;
        if let Some(hop) = self.hop(Party::Broker(broker), Party::Producer(producer)) {
            let timer = ProducerTimer::Disconnects(producer, number);
            step.out.timer(step.now + hop, KafkaTimer::Producer(timer));
        }
    }

    /// A request with acks=0 does not get through: its records are lost, and nobody learns it.
    pub(super) fn drop_request(&mut self, step: &mut Step<'_>, producer: ProducerId, number: u32) {
        let known = self.producers.get_mut(producer.index());
        let Some(request) = known.and_then(|known| known.requests.remove(&number)) else {
            return;
        };
        for message in request.batches.iter().flat_map(|part| &part.batch.messages) {
            step.out.tell(ProducerWhat::Dropped {
                producer,
                message: *message,
            });
        }
    }

    /// A broker is done with a request that nobody waits for.
    pub(super) fn forget_unheard(
        &mut self,
        step: &mut Step<'_>,
        producer: ProducerId,
        number: u32,
    ) {
        let known = self.producers.get_mut(producer.index());
        let Some(request) = known.and_then(|known| known.requests.remove(&number)) else {
            return;
        };
        let refused = |part: &&Part| matches!(part.outcome, Some(Outcome::Refused(_)));
        for part in request.batches.iter().filter(refused) {
            for message in &part.batch.messages {
                step.out.tell(ProducerWhat::Dropped {
                    producer,
                    message: *message,
                });
            }
        }
    }
}
