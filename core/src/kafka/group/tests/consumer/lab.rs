//! The words of these tests: a group on one topic, and clients that start, revoke, crash and leave.

use std::collections::BTreeMap;

use crate::ids::{ActorId, Offset, TopicId, TopicPartition};
use crate::kafka::assignor::{InstanceId, ServerAssignor, TopicMetadata};
use crate::kafka::defaults;
use crate::kafka::group::MemberId;
use crate::kafka::group::consumer::{
    CommitRequest, ConsumerGroupCoordinator, ConsumerGroupSettings, ConsumerGroupState, Effect,
    HeartbeatError, HeartbeatRequest, HeartbeatResponse, MemberEpoch, MemberState, OffsetError,
};
use crate::time::{SimDuration, SimTime};

/// The heartbeat interval of these tests is the default, 5 s.
pub(super) const BEAT: SimDuration = defaults::GROUP_CONSUMER_HEARTBEAT_INTERVAL;

/// A client: what it was told last, and what it does about it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) member: MemberId,
    pub(super) instance: Option<InstanceId>,
    pub(super) epoch: MemberEpoch,
    pub(super) owned: Vec<TopicPartition>,
    /// How long it takes to give something up.
    pub(super) revokes_in: SimDuration,
    /// What it shall own, from when on it does.
    coming: Option<(SimTime, Vec<TopicPartition>)>,
    heartbeat_at: SimTime,
}

/// One group, its clients, and what happened so far.
pub(super) struct Lab {
    pub(super) group: ConsumerGroupCoordinator,
    pub(super) now: SimTime,
    pub(super) clients: BTreeMap<u16, Client>,
    pub(super) happened: Vec<(SimTime, Effect)>,
    pub(super) topics: Vec<TopicId>,
    pub(super) rebalance_timeout: SimDuration,
    /// What the clients were refused.
    pub(super) refused: Vec<(u16, HeartbeatError)>,
}

pub(super) fn lab(partitions: u16) -> Lab {
    lab_with(ConsumerGroupSettings::default(), &[partitions])
}

pub(super) fn lab_with(settings: ConsumerGroupSettings, partitions: &[u16]) -> Lab {
    Lab {
        group: ConsumerGroupCoordinator::new(settings, topics(partitions)),
        now: SimTime::ZERO,
        clients: BTreeMap::new(),
        happened: Vec::new(),
        topics: vec![TopicId(0)],
        rebalance_timeout: defaults::MAX_POLL_INTERVAL,
        refused: Vec::new(),
    }
}

pub(super) fn topics(partitions: &[u16]) -> Vec<TopicMetadata> {
    let topics = (0..).zip(partitions);
    topics
        .map(|(topic, &partitions)| TopicMetadata::new(TopicId(topic), partitions))
        .collect()
}

pub(super) fn id(actor: u16, incarnation: u32) -> MemberId {
    MemberId {
        actor: ActorId(actor),
        incarnation,
    }
}

pub(super) fn tp(partition: u16) -> TopicPartition {
    TopicPartition::new(0, partition)
}

impl Lab {
    /// A client that starts and joins.
    pub(super) fn start(&mut self, client: u16) {
        self.start_as(client, id(client, 0), None);
    }

    pub(super) fn start_as(&mut self, client: u16, member: MemberId, instance: Option<InstanceId>) {
        let new = Client {
            member,
            instance,
            epoch: MemberEpoch::JOIN,
            owned: Vec::new(),
            revokes_in: SimDuration::ZERO,
            coming: None,
            heartbeat_at: self.now,
        };
        self.clients.insert(client, new);
        self.beat(client);
    }

    /// A client that says nothing any more.
    pub(super) fn crash(&mut self, client: u16) -> Client {
        self.clients.remove(&client).unwrap()
    }

    pub(super) fn leave(&mut self, client: u16, epoch: MemberEpoch) -> Result<(), HeartbeatError> {
        let left = self.clients.remove(&client).unwrap();
        let request = HeartbeatRequest {
            instance: left.instance,
            ..HeartbeatRequest::alive(left.member, epoch)
        };
        self.send(&request)
            .map(|answer| assert_eq!(answer.epoch, epoch))
    }

    pub(super) fn commit(
        &mut self,
        member: MemberId,
        epoch: i32,
        offsets: &[(u16, u32)],
    ) -> Result<(), OffsetError> {
        let offsets = offsets.iter().map(|&(p, offset)| (tp(p), Offset(offset)));
        self.group.commit(&CommitRequest {
            member,
            epoch: MemberEpoch(epoch),
            offsets: offsets.collect(),
        })
    }

    /// Sends a heartbeat as it stands.
    pub(super) fn send(
        &mut self,
        request: &HeartbeatRequest,
    ) -> Result<HeartbeatResponse, HeartbeatError> {
        let mut effects = Vec::new();
        let answer = self.group.heartbeat(self.now, request, &mut effects);
        self.note(effects);
        answer
    }

    /// Lets time pass until `end`, heartbeats, revocations and timers included.
    pub(super) fn run_until(&mut self, end: SimTime) {
        loop {
            let client = self.clients.iter().map(|(&name, known)| {
                let coming = known.coming.as_ref().map(|(at, _)| *at);
                (coming.unwrap_or(SimTime::MAX).min(known.heartbeat_at), name)
            });
            let next = client.min();
            let timeout = self.group.next_timeout();
            match (timeout, next) {
                (Some(due), next) if due <= end && next.is_none_or(|(at, _)| due <= at) => {
                    self.now = self.now.max(due);
                    let mut effects = Vec::new();
                    self.group.advance(self.now, &mut effects);
                    self.note(effects);
                }
                (_, Some((due, client))) if due <= end => {
                    self.now = due;
                    self.act(client);
                }
                _ => break,
            }
        }
        self.now = end;
    }

    fn act(&mut self, client: u16) {
        let known = self.clients.get_mut(&client).unwrap();
        match known.coming.take() {
            Some((at, owned)) if at <= self.now => {
                known.owned = owned;
                self.report(client);
            }
            coming => {
                known.coming = coming;
                self.beat(client);
            }
        }
    }

    /// A heartbeat that says only that the client lives; the first one says everything.
    pub(super) fn beat(&mut self, client: u16) {
        let known = &self.clients[&client];
        let owned = (known.epoch == MemberEpoch::JOIN).then(Vec::new);
        self.heartbeat(client, owned);
    }

    /// A heartbeat that says what the client owns.
    fn report(&mut self, client: u16) {
        let owned = self.clients[&client].owned.clone();
        self.heartbeat(client, Some(owned));
    }

    fn heartbeat(&mut self, client: u16, owned: Option<Vec<TopicPartition>>) {
        let known = self.clients.get_mut(&client).unwrap();
        known.heartbeat_at = self.now + BEAT;
        let joins = known.epoch == MemberEpoch::JOIN;
        let request = HeartbeatRequest {
            member: known.member,
            instance: known.instance,
            epoch: known.epoch,
            rebalance_timeout: joins.then_some(self.rebalance_timeout),
            topics: joins.then(|| self.topics.clone()),
            assignor: joins.then_some(ServerAssignor::Range),
            owned,
        };
        let answer = self.send(&request);
        let known = self.clients.get_mut(&client).unwrap();
        match answer {
            Ok(answer) => {
                known.epoch = answer.epoch;
                if let Some(assignment) = answer.assignment
                    && assignment != known.owned
                {
                    let revokes = known.owned.iter().any(|tp| !assignment.contains(tp));
                    let takes = if revokes {
                        known.revokes_in
                    } else {
                        SimDuration::ZERO
                    };
                    known.coming = Some((self.now + takes, assignment));
                }
            }
            Err(error @ (HeartbeatError::UnknownMemberId | HeartbeatError::FencedMemberEpoch)) => {
                self.refused.push((client, error));
                known.owned.clear();
                known.coming = None;
                known.epoch = MemberEpoch::JOIN;
                self.beat(client);
            }
            Err(error) => {
                self.refused.push((client, error));
                self.clients.remove(&client);
            }
        }
    }

    fn note(&mut self, effects: Vec<Effect>) {
        let now = self.now;
        let effects = effects.into_iter().map(|effect| (now, effect));
        self.happened.extend(effects);
    }

    /// What each client owns, in the order of their numbers.
    pub(super) fn owned(&self) -> Vec<Vec<u16>> {
        let numbers =
            |known: &Client| -> Vec<u16> { known.owned.iter().map(|tp| tp.partition.0).collect() };
        self.clients.values().map(numbers).collect()
    }

    /// The state of the group, its epoch and that of its target.
    pub(super) fn state(&self) -> (ConsumerGroupState, i32, i32) {
        let group = &self.group;
        (group.state(), group.group_epoch().0, group.target_epoch().0)
    }

    /// State and epoch of a member.
    pub(super) fn member(&self, member: MemberId) -> Option<(MemberState, i32)> {
        let current = self.group.current(member)?;
        Some((current.state, current.member_epoch.0))
    }

    /// When `wanted` happened for the first time.
    pub(super) fn when(&self, wanted: impl Fn(&Effect) -> bool) -> Option<SimTime> {
        let (at, _) = self.happened.iter().find(|(_, effect)| wanted(effect))?;
        Some(*at)
    }
}
