//! A producer gathers records in batches and sends them. `KafkaProducer.send`,
//! `Sender.sendProducerData`.

use std::num::NonZeroU16;

use super::{Part, ProducerTimer, Queue, Request, Stage};
use crate::engine::Outbox;
use crate::ids::{BrokerId, MessageId, PartitionId, ProducerId, TopicId, TopicPartition};
use crate::kafka::brokers::{NodeState, Party};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::kafka::partitioner;
use crate::random::{Purpose, Random};
use crate::scenario::{Acks, SendAt};
use crate::time::{SimDuration, SimTime};
use crate::trace::ProducerWhat;

impl KafkaLane {
    /// An application sends a record: it goes into a batch of its partition.
    pub(crate) fn on_sent(
        &mut self,
        now: SimTime,
        (message, producer): (MessageId, ProducerId),
        (key, send): (Option<&str>, Option<&SendAt>),
        out: &mut Outbox<KafkaTimer>,
    ) {
        let topic = send.and_then(|send| send.topic.as_ref());
        let topic = topic
            .and_then(|name| self.find_topic(name))
            .unwrap_or(self.send_to);
        let step = &mut Step {
            now,
            work: None,
            out,
        };
        let count = self.known_to_producer(step, producer, topic);
        let Some(count) = count.and_then(NonZeroU16::new) else {
            return;
        };
        let named = send.and_then(|send| u16::try_from(send.partition?).ok());
        let (partition, is_sticky) = self.partition_for((producer, topic, count), key, named);
        let partition = TopicPartition { topic, partition };
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let epoch = known.epoch;
        let queue = known
            .queues
            .entry(partition)
            .or_insert_with(|| Queue::new(epoch));
        let key_size = key.map_or(0, |key| u32::try_from(key.len()).unwrap_or(u32::MAX));
        let size = (key_size, settings.value_size);
        let bytes = queue.append(now, message, (&settings, size));
        if is_sticky {
            self.note_sticky(producer, partition, (count, bytes));
        }
        self.drain(step, producer);
    }

    fn partition_for(
        &mut self,
        (producer, topic, count): (ProducerId, TopicId, NonZeroU16),
        key: Option<&str>,
        named: Option<u16>,
    ) -> (PartitionId, bool) {
        match (named, key) {
            (Some(named), _) => (PartitionId(named), false),
            (None, Some(key)) => {
                let partition = partitioner::partition_for_key(key.as_bytes(), count);
                (partition, false)
            }
            (None, None) => (self.choose_sticky(producer, topic, count), true),
        }
    }

    pub(in crate::kafka) fn on_producer_timer(
        &mut self,
        step: &mut Step<'_>,
        timer: ProducerTimer,
    ) {
        match timer {
            ProducerTimer::Due(producer) => {
                if let Some(known) = self.producers.get_mut(producer.index())
                    && known.wake_at.is_some_and(|at| at <= step.now)
                {
                    known.wake_at = None;
                    self.expire(step, producer);
                    self.drain(step, producer);
                }
            }
            ProducerTimer::RequestArrives(producer, request) => {
                self.produce_arrives(step, producer, request);
            }
            ProducerTimer::AnswerArrives(producer, request) => {
                self.produce_answer_arrives(step, producer, request);
            }
            ProducerTimer::Disconnects(producer, request) => {
                self.disconnects(step, producer, request);
            }
        }
    }

    /// One turn of the sender: what is ready goes out, broker by broker, as long as their connections
    /// take more; and the producer asks to be woken for the rest.
    pub(super) fn drain(&mut self, step: &mut Step<'_>, producer: ProducerId) {
        let has_sticky = self
            .producers
            .get(producer.index())
            .is_some_and(|known| !known.sticky.is_empty() && known.settings.batch_size > 0);
        if has_sticky {
            self.note_loads(producer);
        }
        while let Some(broker) = self.find_ready(step, producer) {
            self.send_request(step, producer, broker);
        }
        self.note_producer_wake(step, producer);
    }

    /// A broker to which a batch can be sent now. Leaders that are not known are asked for on the
    /// way; a broker that is down is tried again later. In the order of partitions.
    fn find_ready(&mut self, step: &Step<'_>, producer: ProducerId) -> Option<BrokerId> {
        let now = step.now;
        let known = self.producers.get_mut(producer.index())?;
        let settings = known.settings;
        for (partition, queue) in known.queues.iter_mut() {
            let is_ready = queue.ready_at(&settings).is_some_and(|at| at <= now);
            if !is_ready || queue.must_wait(&settings) {
                continue;
            }
            let registered = self
                .topics
                .get(partition.topic.index())
                .and_then(|all| all.get(partition.partition.index()))
                .map(|partition| &partition.registration);
            let refreshed = registered.and_then(|its| Some((its.leader?, its.leader_epoch)));
            let leader = queue.leader.or(refreshed);
            queue.leader = leader;
            let Some((broker, _)) = leader else { continue };
            let Some(connection) = known.connections.get_mut(broker.index()) else {
                continue;
            };
            if connection.in_flight >= settings.max_in_flight
                || connection.retry_at.is_some_and(|at| now < at)
            {
                continue;
            }
            let state = self.cluster.node_state(broker);
            if matches!(state, NodeState::Down | NodeState::Starting) {
                // Nobody takes the connection. The metadata may know a better leader by the next try.
                let wait = backoff(
                    (defaults::RECONNECT_BACKOFF, defaults::RECONNECT_BACKOFF_MAX),
                    connection.failures,
                    (self.cluster.settings.seed, producer, &mut known.drawn),
                );
                connection.failures = connection.failures.saturating_add(1);
                connection.retry_at = Some(now + wait);
                queue.leader = None;
                continue;
            }
            connection.retry_at = None;
            return Some(broker);
        }
        None
    }

    /// The first batch of each partition that is ready for this broker goes out in one request.
    fn send_request(&mut self, step: &mut Step<'_>, producer: ProducerId, broker: BrokerId) {
        let now = step.now;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let mut parts: Vec<Part> = Vec::with_capacity(1);
        for (partition, queue) in known.queues.iter_mut() {
            let is_ready = queue.ready_at(&settings).is_some_and(|at| at <= now);
            let leads = queue.leader.is_some_and(|(leader, _)| leader == broker);
            if is_ready
                && leads
                && !queue.must_wait(&settings)
                && let Some(batch) = queue.waiting.pop_front()
            {
                queue.under_way += 1;
                parts.push(Part {
                    partition: *partition,
                    batch,
                    outcome: None,
                });
            }
        }
        for part in &mut parts {
            known.number(part.partition, &mut part.batch);
        }
        known.last_request += 1;
        let number = known.last_request;
        if let Some(connection) = known.connections.get_mut(broker.index()) {
            connection.in_flight += 1;
        }
        let acks = settings.acks;
        known.requests.insert(
            number,
            Request {
                broker,
                sent_at: now,
                acks,
                batches: parts,
                stage: Stage::Open,
            },
        );
        if acks == Acks::Zero {
            self.complete_unheard(step, producer, number);
        }
        match self.hop(Party::Producer(producer), Party::Broker(broker)) {
            Some(hop) => {
                let timer = ProducerTimer::RequestArrives(producer, number);
                step.out.timer(now + hop, KafkaTimer::Producer(timer));
            }
            None if acks == Acks::Zero => self.drop_request(step, producer, number),
            None => {}
        }
    }

    /// A producer with acks=0 counts its records as sent when they have left it, and its connection
    /// as free.
    fn complete_unheard(&mut self, step: &mut Step<'_>, producer: ProducerId, number: u32) {
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let Some(request) = known.requests.get(&number) else {
            return;
        };
        if let Some(connection) = known.connections.get_mut(request.broker.index()) {
            connection.in_flight = connection.in_flight.saturating_sub(1);
        }
        for part in &request.batches {
            if let Some(queue) = known.queues.get_mut(&part.partition) {
                queue.under_way = queue.under_way.saturating_sub(1);
            }
            for message in &part.batch.messages {
                step.out.tell(ProducerWhat::Acknowledged {
                    producer,
                    message: *message,
                    offset: None,
                });
            }
        }
    }

    /// Asks to be woken when something is due: a batch has lingered, a wait is over, a request or a
    /// delivery takes too long.
    pub(super) fn note_producer_wake(&mut self, step: &mut Step<'_>, producer: ProducerId) {
        let now = step.now;
        let Some(known) = self.producers.get_mut(producer.index()) else {
            return;
        };
        let settings = known.settings;
        let mut next: Option<SimTime> = None;
        let mut sooner = |at: SimTime| next = Some(next.map_or(at, |next| next.min(at)));
        for (_, queue) in known.queues.iter() {
            let Some(first) = queue.waiting.front() else {
                continue;
            };
            sooner(first.created + settings.delivery_timeout);
            let ready_at = queue.ready_at(&settings).filter(|at| *at > now);
            if let Some(at) = ready_at {
                sooner(at);
            }
            let retry_at = match queue.leader {
                Some((broker, _)) => {
                    let connection = known.connections.get(broker.index());
                    connection.and_then(|connection| connection.retry_at)
                }
                // Nobody leads: it asks again after `retry.backoff.ms`.
                None => Some(now + settings.retry_backoff),
            };
            if let Some(at) = retry_at.filter(|at| *at > now) {
                sooner(at);
            }
        }
        let mut requests = known.requests.iter();
        let waits = requests.find(|(_, request)| request.acks != Acks::Zero);
        if let Some((_, oldest)) = waits {
            sooner(oldest.sent_at + settings.request_timeout.min(settings.delivery_timeout));
        }
        let Some(at) = next.map(|at| at.max(now + SimDuration::from_micros(1))) else {
            return;
        };
        if known.wake_at.is_none_or(|wake_at| at < wake_at) {
            known.wake_at = Some(at);
            let timer = ProducerTimer::Due(producer);
            step.out.timer(at, KafkaTimer::Producer(timer));
        }
    }

    /// A partition has a new leader: those that wait for one look again.
    pub(in crate::kafka) fn wake_producers_of(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
    ) {
        for index in 0..self.producers.len() {
            let producer = ProducerId(u16::try_from(index).unwrap_or(u16::MAX));
            let Some(known) = self.producers.get_mut(index) else {
                continue;
            };
            let waits = known
                .queues
                .get(&partition)
                .is_some_and(|queue| queue.leader.is_none() && !queue.waiting.is_empty());
            if waits {
                self.note_producer_wake(step, producer);
            }
        }
    }
}

/// How long a client waits after `failures` in a row: twice as long each time, up to a most, give or
/// take 20 %. `ExponentialBackoff`.
pub(super) fn backoff(
    (first, most): (SimDuration, SimDuration),
    failures: u32,
    (seed, producer, drawn): (u32, ProducerId, &mut u64),
) -> SimDuration {
    let doubled = first.as_micros().saturating_mul(1 << failures.min(20));
    *drawn += 1;
    let number = u64::from(producer.0) << 48 | *drawn;
    let percent = 80 + Random::new(seed, Purpose::ProducerRetry, number).below(41);
    let varied = doubled.min(most.as_micros()).saturating_mul(percent) / 100;
    SimDuration::from_micros(varied)
}
