//! The words of these tests: a group on one topic, and consumers that start, crash and leave.

use std::collections::BTreeMap;

use crate::ids::Offset;
use crate::ids::{ActorId, Generation, TopicId, TopicPartition};
use crate::kafka::assignor::Assignor;
use crate::kafka::defaults;
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    CommitError, CommitRequest, Effect, GroupCoordinator, GroupSettings, GroupState,
    HeartbeatError, JoinError, JoinRequest, Joined, Subscription, SyncRequest, assign,
};
use crate::time::{SimDuration, SimTime};

pub(super) fn at(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

pub(super) fn secs(secs: u64) -> SimDuration {
    SimDuration::from_secs(secs)
}

/// A consumer: what it was told last.
#[derive(Clone, Debug, Default)]
pub(super) struct Consumer {
    pub(super) member: Option<MemberId>,
    pub(super) generation: Option<Generation>,
    pub(super) assigned: Vec<TopicPartition>,
    /// When it sends its next heartbeat; none while it waits for a join or a sync.
    heartbeat_at: Option<SimTime>,
}

/// One group, its consumers, and what happened so far.
pub(super) struct Lab {
    pub(super) group: GroupCoordinator,
    pub(super) now: SimTime,
    pub(super) consumers: BTreeMap<u16, Consumer>,
    pub(super) happened: Vec<(SimTime, Effect)>,
    pub(super) rebalance_timeout: SimDuration,
    partitions: u16,
}

pub(super) fn lab(partitions: u16) -> Lab {
    Lab {
        group: GroupCoordinator::new(GroupSettings::default()),
        now: SimTime::ZERO,
        consumers: BTreeMap::new(),
        happened: Vec::new(),
        rebalance_timeout: defaults::MAX_POLL_INTERVAL,
        partitions,
    }
}

impl Lab {
    pub(super) fn start(&mut self, consumer: u16) {
        self.consumers.insert(consumer, Consumer::default());
        self.join(consumer);
    }

    /// A consumer that says nothing any more.
    pub(super) fn crash(&mut self, consumer: u16) {
        self.consumers.remove(&consumer);
    }

    pub(super) fn leave(&mut self, consumer: u16) {
        let left = self.consumers.remove(&consumer).unwrap();
        let mut effects = Vec::new();
        if let Some(member) = left.member {
            self.group.leave(self.now, member, &mut effects).unwrap();
        }
        self.drain(effects);
    }

    pub(super) fn commit(
        &mut self,
        of: &Consumer,
        partition: u16,
        offset: u32,
    ) -> Result<(), CommitError> {
        self.group.commit(
            self.now,
            &CommitRequest {
                caller: of.member.unwrap().into(),
                generation: of.generation.unwrap(),
                offsets: vec![(TopicPartition::new(0, partition), Offset(offset))],
            },
        )
    }

    /// Lets time pass until `end`, heartbeats and timers included.
    pub(super) fn run_until(&mut self, end: SimTime) {
        loop {
            let heartbeat = self
                .consumers
                .iter()
                .filter_map(|(&consumer, known)| Some((known.heartbeat_at?, consumer)))
                .min();
            let timeout = self.group.next_timeout();
            match (timeout, heartbeat) {
                (Some(due), next) if due <= end && next.is_none_or(|(at, _)| due <= at) => {
                    self.now = self.now.max(due);
                    let mut effects = Vec::new();
                    self.group.advance(self.now, &mut effects);
                    self.drain(effects);
                }
                (_, Some((due, consumer))) if due <= end => {
                    self.now = due;
                    self.heartbeat(consumer);
                }
                _ => break,
            }
        }
        self.now = end;
    }

    /// How many partitions each consumer reads, in the order of their numbers.
    pub(super) fn shares(&self) -> Vec<usize> {
        self.consumers.values().map(|c| c.assigned.len()).collect()
    }

    pub(super) fn state(&self) -> (GroupState, u32) {
        (self.group.state(), self.group.generation().0)
    }

    /// When `wanted` happened for the first time.
    pub(super) fn when(&self, wanted: impl Fn(&Effect) -> bool) -> Option<SimTime> {
        let (at, _) = self.happened.iter().find(|(_, effect)| wanted(effect))?;
        Some(*at)
    }

    pub(super) fn join_request(&self, consumer: u16) -> JoinRequest {
        let known = self.consumers.get(&consumer).cloned().unwrap_or_default();
        JoinRequest {
            member: known.member,
            actor: ActorId(consumer),
            group_instance_id: None,
            protocols: vec![Assignor::Range],
            session_timeout: defaults::SESSION_TIMEOUT,
            rebalance_timeout: self.rebalance_timeout,
            subscription: Subscription {
                topics: vec![TopicId(0)],
                generation: known.generation,
                ..Subscription::default()
            },
        }
    }

    fn join(&mut self, consumer: u16) {
        let known = self.consumers.get_mut(&consumer).unwrap();
        known.heartbeat_at = None;
        known.assigned.clear();
        let request = self.join_request(consumer);
        let mut effects = Vec::new();
        self.group.join(self.now, request, &mut effects);
        self.drain(effects);
    }

    fn heartbeat(&mut self, consumer: u16) {
        let known = self.consumers.get_mut(&consumer).unwrap();
        known.heartbeat_at = Some(self.now + defaults::HEARTBEAT_INTERVAL);
        let (member, generation) = (known.member.unwrap(), known.generation.unwrap());
        match self.group.heartbeat(self.now, member, generation) {
            Ok(()) => {}
            Err(HeartbeatError::RebalanceInProgress | HeartbeatError::IllegalGeneration) => {
                self.join(consumer);
            }
            Err(HeartbeatError::UnknownMemberId) => self.start(consumer),
            Err(HeartbeatError::FencedInstanceId) => self.crash(consumer),
        }
    }

    /// Notes what happened and lets the consumers react.
    fn drain(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.happened.push((self.now, effect.clone()));
            match effect {
                Effect::JoinAnswered { member, answer } => self.join_answered(member, answer),
                Effect::SyncAnswered { member, answer } => {
                    let Some(known) = self.consumer_of(member) else {
                        continue;
                    };
                    match answer {
                        Ok(partitions) => known.assigned = partitions,
                        Err(_) => self.join(member.actor.0),
                    }
                }
                _ => {}
            }
        }
    }

    fn consumer_of(&mut self, member: MemberId) -> Option<&mut Consumer> {
        self.consumers
            .get_mut(&member.actor.0)
            .filter(|known| known.member == Some(member))
    }

    fn join_answered(&mut self, member: MemberId, answer: Result<Joined, JoinError>) {
        let consumer = member.actor.0;
        match answer {
            Err(JoinError::MemberIdRequired) => {
                let known = self.consumers.get_mut(&consumer).unwrap();
                known.member = Some(member);
                self.join(consumer);
            }
            Err(JoinError::FencedInstanceId | JoinError::InconsistentGroupProtocol) => {
                self.crash(consumer);
            }
            Err(JoinError::UnknownMemberId) => {
                if self.consumer_of(member).is_some() {
                    self.start(consumer);
                }
            }
            Ok(joined) => {
                let heartbeat_at = self.now + defaults::HEARTBEAT_INTERVAL;
                let Some(known) = self.consumer_of(member) else {
                    return;
                };
                known.generation = Some(joined.generation);
                known.heartbeat_at = Some(heartbeat_at);
                let request = SyncRequest {
                    caller: member.into(),
                    generation: joined.generation,
                    assignments: assign(joined.protocol, &joined.members, |_topic| {
                        Some(self.partitions)
                    }),
                };
                let mut effects = Vec::new();
                self.group.sync(self.now, request, &mut effects);
                self.drain(effects);
            }
        }
    }
}
