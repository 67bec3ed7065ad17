//! The share groups of a log lane: their partitions, coordinators and consumers, and what is on
//! the wire between them.

use std::collections::BTreeMap;

use litemap::LiteMap;

use super::state::{Acknowledged, Delivered, ShareConsumer, State};
use crate::engine::ActorChange;
use crate::ids::{ActorId, GroupId, MessageId, TopicId, TopicPartition};
use crate::kafka::consumer::Client;
use crate::kafka::group::MemberId;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::kafka::share::{
    ShareEffect, ShareGroup, ShareGroupEffect, ShareGroupSettings, SharePartition,
};
use crate::scenario;
use crate::time::SimTime;

/// Everything of share groups in a lane.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShareSide {
    pub(super) groups: Vec<Group>,
    pub(super) consumers: LiteMap<ActorId, ShareConsumer>,
    /// What is on its way to the brokers or waits there, by number.
    pub(super) requests: BTreeMap<u32, Request>,
    /// Records on their way to consumers, by the number of the request.
    pub(super) answers: BTreeMap<u32, Vec<Delivered>>,
    last_request: u32,
}

/// A share group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) id: GroupId,
    pub(super) settings: scenario::ShareGroup,
    pub(super) topics: Vec<TopicId>,
    pub(super) coordinator: ShareGroup,
    wake_at: Option<SimTime>,
    pub(super) effects: Vec<ShareGroupEffect>,
    pub(super) partitions: LiteMap<TopicPartition, Sharing>,
    /// The fetches that wait for records, in the order in which they came.
    pub(super) waiting: Vec<u32>,
    /// How often each message that fails a few times has failed.
    pub(super) attempts: LiteMap<MessageId, u32>,
}

/// A share partition at its leader.
#[derive(Clone, Debug)]
pub(super) struct Sharing {
    pub(super) partition: SharePartition,
    wake_at: Option<SimTime>,
    pub(super) effects: Vec<ShareEffect>,
}

/// ShareFetch or ShareAcknowledge: what a consumer says of records, and what it asks for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) client: Client,
    pub(super) group: usize,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) then: Then,
}

/// What a request wants beside that its acknowledgements are noted.
#[derive(Clone, Debug)]
pub(super) enum Then {
    /// Nothing: nobody waits for the answer.
    Nothing,
    /// That it is answered: `commitSync()`.
    Answer,
    /// That the share session is closed.
    CloseSession,
    /// Records.
    Fetch(Fetch),
}

/// The part of a ShareFetch that asks for records.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    /// In the order in which they are looked at.
    pub(super) partitions: Vec<TopicPartition>,
    /// max.poll.records.
    pub(super) max_records: u32,
}

/// What is due later in a share group.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ShareTimer {
    /// A heartbeat is due at the client.
    Heartbeat(Client),
    /// A heartbeat reaches the coordinator.
    HeartbeatArrives(Client),
    /// The answer to a heartbeat reaches the client.
    HeartbeatAnswer(Client),
    /// The heartbeat with which a member leaves reaches the coordinator.
    LeaveArrives(GroupId, MemberId),
    /// A request reaches the leader, by its number.
    RequestArrives(u32),
    /// fetch.max.wait.ms is over.
    FetchExpires(u32),
    /// The answer to a fetch reaches the client.
    FetchAnswer(Client, u32),
    /// The answer to `commitSync()` reaches the client.
    CommitAnswer(Client),
    /// The work on the record in hand ends.
    WorkDone(Client),
    /// The wait before a record that failed is worked on again is over.
    RetryDue(Client),
    /// Locks are to be renewed, during a poll of this number.
    RenewDue(Client, u32),
    /// The brokers see that the connection of a process is gone.
    ConnectionGone(GroupId, MemberId),
    /// The coordinator of a group has something to do.
    CoordinatorDue(GroupId),
    /// A lock runs out.
    LocksDue(GroupId, TopicPartition),
}

impl ShareSide {
    pub(crate) fn new(
        lane: &scenario::KafkaLane,
        topic_id: impl Fn(&String) -> TopicId + Copy,
    ) -> Self {
        let first = lane.groups.len();
        let groups = lane
            .share_groups
            .iter()
            .enumerate()
            .map(|(n, group)| Group {
                id: GroupId(u16::try_from(first + n).unwrap_or(u16::MAX)),
                settings: group.clone(),
                topics: group.topics.iter().map(topic_id).collect(),
                coordinator: ShareGroup::new(ShareGroupSettings {
                    session_timeout: group.share_session_timeout,
                    ..ShareGroupSettings::default()
                }),
                wake_at: None,
                effects: Vec::new(),
                partitions: LiteMap::new(),
                waiting: Vec::new(),
                attempts: LiteMap::new(),
            });
        Self {
            groups: groups.collect(),
            ..Self::default()
        }
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        let groups = self.groups.iter().map(|group| {
            let partitions = group.partitions.iter();
            let locked = partitions.map(|(_, sharing)| sharing.partition.weight());
            locked.sum::<usize>() + group.attempts.len()
        });
        groups.sum::<usize>() + self.consumers.len() + self.requests.len()
    }

    /// The share group that a team of the lane is, by the teams' numbers.
    pub(super) fn group_of(&self, team: u16) -> Option<usize> {
        self.groups.iter().position(|group| group.id.0 == team)
    }

    /// The share consumer of a process, and its group.
    pub(super) fn find(&mut self, actor: ActorId) -> Option<(&mut ShareConsumer, &mut Group)> {
        let consumer = self.consumers.get_mut(&actor)?;
        let group = self.groups.get_mut(consumer.group)?;
        Some((consumer, group))
    }

    pub(super) fn note_request(&mut self, request: Request) -> u32 {
        self.last_request += 1;
        self.requests.insert(self.last_request, request);
        self.last_request
    }
}

impl Sharing {
    pub(super) const fn new(partition: SharePartition) -> Self {
        Self {
            partition,
            wake_at: None,
            effects: Vec::new(),
        }
    }
}

impl KafkaLane {
    /// Whether a process is a share consumer.
    pub(in crate::kafka) fn is_share_consumer(&self, actor: ActorId) -> bool {
        self.share.consumers.contains_key(&actor)
    }

    /// A share consumer's process starts, dies or leaves.
    pub(in crate::kafka) fn change_share_consumer(
        &mut self,
        step: &mut Step<'_>,
        change: ActorChange,
        actor: ActorId,
    ) {
        match change {
            ActorChange::Add | ActorChange::Restart => self.start_share_consumer(step, actor),
            ActorChange::Crash => self.crash_share_consumer(step, actor),
            ActorChange::Remove => self.remove_share_consumer(step, actor),
            // The check of a scenario refuses these for share groups.
            ActorChange::Freeze | ActorChange::Thaw | ActorChange::Slow(_) => {}
        }
    }

    /// Another process of the team, if that is a share group; when it starts.
    pub(in crate::kafka) fn add_share_consumer(
        &mut self,
        actor: ActorId,
        team: usize,
    ) -> Option<SimTime> {
        let number = self.share.group_of(u16::try_from(team).ok()?)?;
        let its = self.share.consumers.iter();
        let before = its.filter(|(_, consumer)| consumer.group == number);
        let before = before.count();
        let group = self.share.groups.get(number)?;
        let own = group.settings.consumers.get(before).cloned();
        let start = own
            .as_ref()
            .map_or(SimTime::ZERO, |own| SimTime::ZERO + own.start);
        let consumer = ShareConsumer::new(number, own.unwrap_or_default(), 0);
        self.share.consumers.insert(actor, consumer);
        Some(start)
    }

    pub(in crate::kafka) fn on_share_timer(&mut self, step: &mut Step<'_>, timer: ShareTimer) {
        match timer {
            // What is on the wire arrives, whatever has become of who sent it.
            ShareTimer::RequestArrives(number) => self.request_arrives(step, number),
            ShareTimer::FetchExpires(number) => self.share_fetch_expires(step, number),
            ShareTimer::LeaveArrives(group, member) => self.share_leave(step, group, member),
            ShareTimer::ConnectionGone(group, member) => self.connection_gone(step, group, member),
            ShareTimer::CoordinatorDue(group) => self.share_coordinator_due(step, group),
            ShareTimer::LocksDue(group, partition) => self.locks_due(step, group, partition),
            ShareTimer::Heartbeat(client)
            | ShareTimer::HeartbeatArrives(client)
            | ShareTimer::HeartbeatAnswer(client)
            | ShareTimer::FetchAnswer(client, _)
            | ShareTimer::CommitAnswer(client)
            | ShareTimer::WorkDone(client)
            | ShareTimer::RetryDue(client)
            | ShareTimer::RenewDue(client, _) => {
                if self.share_consumer_lives(client) {
                    self.on_share_client(step, timer, client);
                } else if let ShareTimer::FetchAnswer(_, number) = timer {
                    self.share.answers.remove(&number);
                }
            }
        }
    }

    fn on_share_client(&mut self, step: &mut Step<'_>, timer: ShareTimer, client: Client) {
        match timer {
            ShareTimer::Heartbeat(_) => self.send_share_heartbeat(step, client),
            ShareTimer::HeartbeatArrives(_) => self.share_heartbeat_arrives(step, client),
            ShareTimer::HeartbeatAnswer(_) => self.share_heartbeat_answer(step, client),
            ShareTimer::FetchAnswer(_, number) => self.share_fetch_answer(step, client, number),
            ShareTimer::CommitAnswer(_) => self.share_commit_answer(step, client),
            ShareTimer::WorkDone(_) => self.share_work_done(step, client),
            ShareTimer::RetryDue(_) => self.share_retry_due(step, client),
            ShareTimer::RenewDue(_, poll) => self.renew_due(step, client, poll),
            _ => {}
        }
    }

    fn share_consumer_lives(&self, client: Client) -> bool {
        let consumer = self.share.consumers.get(&client.actor);
        consumer.is_some_and(|c| c.incarnation == client.incarnation && c.state != State::Down)
    }

    pub(super) fn share_client(&self, actor: ActorId) -> Client {
        let consumer = self.share.consumers.get(&actor);
        let incarnation = consumer.map_or(0, |c| c.incarnation);
        Client { actor, incarnation }
    }

    /// Asks to be woken when the coordinator of a group next has something to do.
    pub(super) fn note_share_wake(&mut self, step: &mut Step<'_>, group: usize) {
        if let Some(group) = self.share.groups.get_mut(group)
            && let Some(next) = group.coordinator.next_timeout()
            && group.wake_at.is_none_or(|at| next < at)
        {
            group.wake_at = Some(next);
            let timer = ShareTimer::CoordinatorDue(group.id);
            step.out.timer(next.max(step.now), KafkaTimer::Share(timer));
        }
    }

    /// Asks to be woken when the next lock of a share partition runs out.
    pub(super) fn note_locks(
        &mut self,
        step: &mut Step<'_>,
        (group, partition): (usize, TopicPartition),
    ) {
        let Some(group) = self.share.groups.get_mut(group) else {
            return;
        };
        if let Some(sharing) = group.partitions.get_mut(&partition)
            && let Some(next) = sharing.partition.next_timeout()
            && sharing.wake_at.is_none_or(|at| next < at)
        {
            sharing.wake_at = Some(next);
            let timer = ShareTimer::LocksDue(group.id, partition);
            step.out.timer(next.max(step.now), KafkaTimer::Share(timer));
        }
    }

    fn share_coordinator_due(&mut self, step: &mut Step<'_>, group: GroupId) {
        let Some(index) = self.share.group_of(group.0) else {
            return;
        };
        if let Some(group) = self.share.groups.get_mut(index) {
            if group.wake_at.is_some_and(|at| at <= step.now) {
                group.wake_at = None;
            }
            group.coordinator.advance(step.now, &mut group.effects);
        }
        self.report_share_group(step, index);
    }

    fn locks_due(&mut self, step: &mut Step<'_>, group: GroupId, partition: TopicPartition) {
        let Some(index) = self.share.group_of(group.0) else {
            return;
        };
        let group = self.share.groups.get_mut(index);
        if let Some(sharing) = group.and_then(|group| group.partitions.get_mut(&partition)) {
            if sharing.wake_at.is_some_and(|at| at <= step.now) {
                sharing.wake_at = None;
            }
            sharing.partition.advance(step.now, &mut sharing.effects);
        }
        self.report_share_partition(step, (index, partition));
        self.wake_share_fetches(step, (index, partition));
    }
}
