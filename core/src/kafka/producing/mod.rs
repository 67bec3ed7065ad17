//! Producers of a log lane: batches, requests under way, retries, and what the leaders make of them.
//! `KafkaProducer`, `RecordAccumulator`, `Sender`, `TransactionManager`.
//!
//! A producer knows the leaders as its last metadata said; an error, a broken connection or a broker
//! that is down makes it ask anew, which takes no time here. Its requests go to one broker each, with
//! one batch of each partition at most, as Kafka's do.

mod answers;
mod appending;
mod batches;
mod idempotence;
mod keyless;
mod sending;
mod settings;
mod state;

pub(crate) use appending::WaitingProduce;
pub(crate) use batches::ProducerBatch;
pub(crate) use settings::{ProducerSettings, Telling};
pub(crate) use state::{ProducerStates, Sequence};

use std::collections::VecDeque;
use std::rc::Rc;

use litemap::LiteMap;

use super::partitioner::StickyPartitioner;
use crate::ids::{BrokerId, LeaderEpoch, Offset, ProducerId, TopicId, TopicPartition};
use crate::scenario;
use crate::time::SimTime;
use crate::trace::ProduceError;

/// A producer: what it has not sent, what is under way, and what it knows.
#[derive(Clone, Debug)]
pub(crate) struct Producer {
    pub(super) name: Rc<str>,
    pub(super) settings: ProducerSettings,
    /// Of each partition that it has sent to.
    pub(super) queues: LiteMap<TopicPartition, Queue>,
    /// Where records without a key go, by topic.
    pub(super) sticky: LiteMap<TopicId, Sticky>,
    /// Requests under way, by number.
    pub(super) requests: LiteMap<u32, Request>,
    pub(super) last_request: u32,
    /// Of each broker: the requests under way to it, and when it can be tried again.
    pub(super) connections: Vec<Connection>,
    /// Its epoch as an idempotent producer.
    pub(super) epoch: u16,
    /// For when it has asked to be woken.
    pub(super) wake_at: Option<SimTime>,
    /// How many waits it has drawn.
    pub(super) drawn: u64,
}

/// Where records without a key go.
#[derive(Clone, Debug)]
pub(crate) struct Sticky {
    pub(super) partitioner: StickyPartitioner,
    pub(super) drawn: u64,
}

/// What a producer has for one partition.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    /// Batches that wait, the oldest first.
    pub(super) waiting: VecDeque<ProducerBatch>,
    /// The leader as far as the producer knows.
    pub(super) leader: Option<(BrokerId, LeaderEpoch)>,
    /// The epoch of its sequence numbers, and the next of them.
    pub(super) next: Sequence,
    /// First sequence numbers of batches that were sent and are not done, ascending.
    pub(super) open: Vec<u32>,
    /// How many batches are under way.
    pub(super) under_way: u32,
    /// Whether a batch was given up of which nobody knows whether it was written.
    pub(super) resolved: Resolved,
}

/// Whether a producer knows of all it has sent what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    Yes,
    No,
}

/// A producer's connection to a broker.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Connection {
    pub(super) in_flight: u32,
    /// How often it could not be reached in a row.
    pub(super) failures: u32,
    pub(super) retry_at: Option<SimTime>,
}

/// A request under way.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(super) broker: BrokerId,
    pub(super) sent_at: SimTime,
    pub(super) acks: scenario::Acks,
    pub(super) batches: Vec<Part>,
    pub(super) stage: Stage,
}

/// One batch of a request.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(super) partition: TopicPartition,
    pub(super) batch: ProducerBatch,
    /// What the broker says of it.
    pub(super) outcome: Option<Outcome>,
}

/// What a broker says of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is written, from this offset on.
    Written(Offset),
    Refused(ProduceError),
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is on its way, or the broker has not answered.
    Open,
    /// The answer is on its way.
    Answered,
}

/// What is due later for a producer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProducerTimer {
    /// It has something to look after.
    Due(ProducerId),
    /// A request reaches its broker.
    RequestArrives(ProducerId, u32),
    /// The answer reaches the producer.
    AnswerArrives(ProducerId, u32),
    /// The producer sees that the connection is broken on which it waits for this answer.
    Disconnects(ProducerId, u32),
}

impl Producer {
    fn new(name: &str, settings: ProducerSettings, brokers: u32) -> Self {
        let brokers = usize::try_from(brokers).unwrap_or_default();
        Self {
            name: Rc::from(name),
            settings,
            queues: LiteMap::new(),
            sticky: LiteMap::new(),
            requests: LiteMap::new(),
            last_request: 0,
            connections: vec![Connection::default(); brokers],
            epoch: 0,
            wake_at: None,
            drawn: 0,
        }
    }

    /// How many things a clone copies, about.
    pub(super) fn weight(&self) -> usize {
        let waiting = self.queues.iter().map(|(_, queue)| 1 + queue.waiting.len());
        2 * (waiting.sum::<usize>() + self.requests.len())
    }
}

/// The producers of a lane, by [`ProducerId`].
pub(super) fn producers(
    lane: &scenario::KafkaLane,
    workload: &[scenario::Producer],
) -> Vec<Producer> {
    let producers = workload.iter().map(|producer| {
        let settings = ProducerSettings::of(lane, &producer.name);
        Producer::new(&producer.name, settings, lane.brokers)
    });
    producers.collect()
}
