//! Clients of one group, as true to the protocol as a client has to be.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::ids::{ActorId, TopicId, TopicPartition};
use broker_lab_core::kafka::assignor::{InstanceId, TopicMetadata};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::kafka::group::consumer::{
    ConsumerGroupCoordinator, ConsumerGroupSettings, HeartbeatError, HeartbeatRequest,
    HeartbeatResponse, MemberEpoch,
};
use broker_lab_core::time::{SimDuration, SimTime};

use crate::operations::Operation;

const BEAT: SimDuration = SimDuration::from_secs(5);
const REBALANCE_TIMEOUT: SimDuration = SimDuration::from_secs(20);

/// A client's process.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    incarnation: u32,
    instance: Option<InstanceId>,
    pub(crate) is_up: bool,
    is_frozen: bool,
    loses_answer: bool,
    epoch: MemberEpoch,
    /// What it reads.
    pub(crate) owned: BTreeSet<TopicPartition>,
    /// What it shall own, and from when on it does.
    coming: Option<(SimTime, BTreeSet<TopicPartition>)>,
    revokes_in: SimDuration,
    pub(crate) topics: Vec<u16>,
    told_topics: bool,
    /// Whether it says everything with the next heartbeat.
    says_all: bool,
    heartbeat_at: SimTime,
}

/// A group and its clients.
pub(crate) struct Clients {
    pub(crate) group: ConsumerGroupCoordinator,
    now: SimTime,
    pub(crate) partitions: [u16; 2],
    pub(crate) clients: BTreeMap<u16, Client>,
    /// Each epoch at which a member was given a partition, for zombies to commit with.
    pub(crate) given: BTreeSet<(TopicPartition, MemberId, MemberEpoch)>,
}

impl Clients {
    pub(crate) fn new(partitions: [u16; 2]) -> Self {
        let settings = ConsumerGroupSettings::default();
        Self {
            group: ConsumerGroupCoordinator::new(settings, topics(partitions)),
            now: SimTime::ZERO,
            partitions,
            clients: BTreeMap::new(),
            given: BTreeSet::new(),
        }
    }

    pub(crate) fn perform(&mut self, operation: &Operation) {
        match *operation {
            Operation::Start { client, topics } => self.start(client, topics.list()),
            Operation::Crash { client } => self.change(client, |known, _| {
                known.is_up = false;
                known.owned.clear();
            }),
            Operation::Leave { client } => self.leave(client),
            Operation::Freeze { client } => self.change(client, |known, _| known.is_frozen = true),
            Operation::Thaw { client } => self.thaw(client),
            Operation::Slow { client, takes } => self.change(client, |known, _| {
                known.revokes_in = SimDuration::from_millis(takes);
            }),
            Operation::Subscribe { client, topics } => self.change(client, |known, _| {
                known.topics = topics.list();
                known.told_topics = false;
            }),
            Operation::LoseAnswer { client } => {
                self.change(client, |known, _| known.loses_answer = true);
            }
            Operation::Grow { topic } => {
                self.partitions[usize::from(topic)] += 1;
                self.group.topics_changed(topics(self.partitions));
            }
            Operation::Wait { millis } => self.wait(SimDuration::from_millis(millis)),
        }
    }

    /// Everything becomes quiet: all go on, nobody is slow, time passes.
    pub(crate) fn settle(&mut self) {
        for client in 0..6 {
            self.perform(&Operation::Thaw { client });
            self.perform(&Operation::Slow { client, takes: 0 });
            self.change(client, |known, _| known.loses_answer = false);
        }
        self.wait(SimDuration::from_secs(200));
    }

    fn change(&mut self, client: u16, change: impl FnOnce(&mut Client, SimTime)) {
        if let Some(known) = self.clients.get_mut(&client).filter(|known| known.is_up) {
            change(known, self.now);
        }
    }

    fn start(&mut self, client: u16, topics: Vec<u16>) {
        let incarnation = match self.clients.get(&client) {
            Some(known) if known.is_up => return,
            Some(known) => known.incarnation + 1,
            None => 0,
        };
        let started = Client {
            incarnation,
            // Some of them are static.
            instance: (client >= 4).then_some(InstanceId(client)),
            is_up: true,
            is_frozen: false,
            loses_answer: false,
            epoch: MemberEpoch::JOIN,
            owned: BTreeSet::new(),
            coming: None,
            revokes_in: SimDuration::ZERO,
            topics,
            told_topics: false,
            says_all: true,
            heartbeat_at: self.now,
        };
        self.clients.insert(client, started);
        self.heartbeat(client);
    }

    fn leave(&mut self, client: u16) {
        let Some(known) = self.clients.get_mut(&client).filter(|known| known.is_up) else {
            return;
        };
        known.is_up = false;
        known.owned.clear();
        let epoch = match known.instance {
            Some(_) => MemberEpoch::LEAVE_STATIC,
            None => MemberEpoch::LEAVE,
        };
        let request = HeartbeatRequest {
            instance: known.instance,
            ..HeartbeatRequest::alive(member(client, known), epoch)
        };
        // It may have been thrown out before.
        drop(self.group.heartbeat(self.now, &request, &mut Vec::new()));
    }

    fn thaw(&mut self, client: u16) {
        self.change(client, |known, now| {
            known.is_frozen = false;
            known.heartbeat_at = known.heartbeat_at.max(now);
            if let Some((at, _)) = &mut known.coming {
                *at = now.max(*at);
            }
        });
    }

    fn wait(&mut self, length: SimDuration) {
        let end = self.now + length;
        loop {
            let next = self
                .clients
                .iter()
                .filter(|(_, known)| known.is_up && !known.is_frozen);
            let next = next.map(|(&client, known)| {
                let coming = known.coming.as_ref().map(|(at, _)| *at);
                (
                    coming.unwrap_or(SimTime::MAX).min(known.heartbeat_at),
                    client,
                )
            });
            match (self.group.next_timeout(), next.min()) {
                (Some(due), next) if due <= end && next.is_none_or(|(at, _)| due <= at) => {
                    self.now = self.now.max(due);
                    self.group.advance(self.now, &mut Vec::new());
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
        let now = self.now;
        let Some(known) = self.clients.get_mut(&client) else {
            return;
        };
        if let Some((_, owned)) = known.coming.take_if(|(at, _)| *at <= now) {
            known.owned = owned;
            known.says_all |= known.epoch == MemberEpoch::JOIN;
            self.report(client);
        } else {
            self.heartbeat(client);
        }
    }

    fn report(&mut self, client: u16) {
        let owned = self.clients[&client].owned.iter().copied().collect();
        self.send(client, Some(owned));
    }

    fn heartbeat(&mut self, client: u16) {
        if self.clients[&client].says_all {
            self.report(client);
        } else {
            self.send(client, None);
        }
    }

    fn send(&mut self, client: u16, owned: Option<Vec<TopicPartition>>) {
        let Some(known) = self.clients.get_mut(&client) else {
            return;
        };
        known.heartbeat_at = self.now + BEAT;
        let all = known.says_all;
        let request = HeartbeatRequest {
            member: member(client, known),
            instance: known.instance,
            epoch: known.epoch,
            rebalance_timeout: all.then_some(REBALANCE_TIMEOUT),
            topics: (all || !known.told_topics)
                .then(|| known.topics.iter().copied().map(TopicId).collect()),
            assignor: None,
            owned,
        };
        known.told_topics = true;
        let answer = self.group.heartbeat(self.now, &request, &mut Vec::new());
        self.note_given(request.member);
        let Some(known) = self.clients.get_mut(&client) else {
            return;
        };
        if std::mem::take(&mut known.loses_answer) {
            known.says_all = true;
            return;
        }
        known.says_all = false;
        self.hear(client, answer);
    }

    fn hear(&mut self, client: u16, answer: Result<HeartbeatResponse, HeartbeatError>) {
        let Some(known) = self.clients.get_mut(&client) else {
            return;
        };
        match answer {
            Ok(answer) => {
                known.epoch = answer.epoch;
                let Some(assignment) = answer.assignment else {
                    return;
                };
                let assignment: BTreeSet<_> = assignment.into_iter().collect();
                let revokes = !known.owned.is_subset(&assignment);
                let takes = if revokes {
                    known.revokes_in
                } else {
                    SimDuration::ZERO
                };
                let target = known
                    .coming
                    .as_ref()
                    .map_or(&known.owned, |(_, owned)| owned);
                if assignment != *target {
                    known.coming = Some((self.now + takes, assignment));
                }
            }
            Err(HeartbeatError::UnknownMemberId | HeartbeatError::FencedMemberEpoch) => {
                known.epoch = MemberEpoch::JOIN;
                known.owned.clear();
                known.coming = None;
                known.says_all = true;
                self.heartbeat(client);
            }
            // For a real client that is the end.
            Err(HeartbeatError::UnreleasedInstanceId | HeartbeatError::FencedInstanceId) => {
                known.is_up = false;
                known.owned.clear();
            }
        }
    }

    fn note_given(&mut self, member: MemberId) {
        if let Some(current) = self.group.current(member) {
            let epoch = current.member_epoch;
            let given = current.assigned.iter();
            let given = given.map(|held| (held.partition, member, epoch));
            self.given.extend(given);
        }
    }
}

fn topics(partitions: [u16; 2]) -> Vec<TopicMetadata> {
    let topics = (0..).zip(partitions);
    topics
        .map(|(topic, partitions)| TopicMetadata::new(TopicId(topic), partitions))
        .collect()
}

pub(crate) fn member(client: u16, known: &Client) -> MemberId {
    MemberId {
        actor: ActorId(client),
        incarnation: known.incarnation,
    }
}
