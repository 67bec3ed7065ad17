//! What exists at a time: the fold of the trace up to then.
//!
//! The world is what a person may look at: queues, logs, cursors, members. It is made from the
//! trace alone and never asks the engine, so a trace recorded from a real system gives a world
//! in the same way.

mod actor;
mod admin;
mod ages;
mod cluster;
mod consumer_group;
mod delivery;
mod group;
mod history;
mod holds;
mod kafka;
mod queue;
mod reading;
mod sent;
mod share;
mod sqs;

pub use actor::{ActorState, ActorWorld, Task};
pub use cluster::{
    BrokerState, BrokerWorld, ClusterWorld, LostRecord, ProducerWorld, ReplicaWorld, ReplicasWorld,
    SendOutcome,
};
pub use group::{
    GroupPhase, GroupRecord, GroupWorld, Holder, Holding, KnownMember, MemberPhase, MemberWorld,
    ReadingWorld, RebalanceStep, ResetOutcome,
};
pub use history::History;
pub use holds::Holds;
pub use kafka::{KafkaWorld, LogRecord, PartitionWorld};
pub use queue::{DeliveriesWorld, MessageWorld, MoveTaskWorld, Place, QueueWorld};
pub use share::{ShareGroupWorld, SharePartitionWorld, ShareRecordWorld, ShareState};
pub use sqs::SqsWorld;

use crate::cast::{Cast, LaneKind};
use crate::time::SimTime;
use crate::trace::Event;

/// Everything that exists at one moment.
#[derive(Clone, Debug)]
pub struct World {
    /// The lanes, by [`crate::LaneId`].
    pub lanes: Vec<LaneWorld>,
}

/// What exists in one lane.
#[derive(Clone, Debug)]
pub enum LaneWorld {
    /// Queues and workers.
    Sqs(SqsWorld),
    /// Logs and consumer groups.
    Kafka(KafkaWorld),
}

impl World {
    /// The world before anything has happened.
    #[must_use]
    pub fn new(cast: &Cast) -> Self {
        let lanes = cast.lanes.iter().map(|lane| match lane.kind {
            LaneKind::Sqs => LaneWorld::Sqs(SqsWorld::new(lane)),
            LaneKind::Kafka => LaneWorld::Kafka(KafkaWorld::new(lane)),
        });
        Self {
            lanes: lanes.collect(),
        }
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        let lanes = self.lanes.iter().map(|lane| match lane {
            LaneWorld::Sqs(sqs) => sqs.weight(),
            LaneWorld::Kafka(kafka) => kafka.weight(),
        });
        lanes.sum()
    }

    /// Lets one more event happen.
    pub fn fold(&mut self, event: &Event) {
        match self.lanes.get_mut(event.lane.index()) {
            Some(LaneWorld::Sqs(sqs)) => sqs.fold(event.at, event.what),
            Some(LaneWorld::Kafka(kafka)) => kafka.fold(event.at, event.what),
            None => {}
        }
    }
}

/// The last moment at which something moved, and how it got there: what a picture needs to show
/// a thing on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since<T> {
    /// What it is now.
    pub now: T,
    /// What it was before.
    pub before: T,
    /// When it changed.
    pub at: SimTime,
}

impl<T: Copy> Since<T> {
    /// Something that has always been `now`.
    #[must_use]
    pub const fn start(now: T) -> Self {
        Self {
            now,
            before: now,
            at: SimTime::ZERO,
        }
    }

    /// Changes it to `next` at `at`.
    pub const fn change(&mut self, at: SimTime, next: T) {
        self.before = self.now;
        self.now = next;
        self.at = at;
    }
}
