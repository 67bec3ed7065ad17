//! A log lane: producers' records arriving, partitions, groups and their consumers, and the
//! network between them.
//!
//! Every request and answer takes the scenario's latency. Replication is not simulated yet: a
//! record can be read as soon as its leader has appended it.

use std::num::NonZeroU16;
use std::rc::Rc;

use litemap::LiteMap;

use crate::chunked::Chunked;
use crate::engine::{ActorChange, Outbox};
use crate::ids::{
    ActorId, Generation, GroupId, MessageId, Offset, PartitionId, ProducerId, TopicId,
    TopicPartition,
};
use crate::kafka::assignor::{Assignor, InstanceId, RebalanceProtocol};
use crate::kafka::consumer::modern::{Modern, ModernTimer};
use crate::kafka::consumer::{Client, Consumer, State};
use crate::kafka::group::classic::{Caller, Effect, GroupCoordinator, GroupSettings};
use crate::kafka::group::{CommittedOffsets, MemberId};
use crate::kafka::metadata::Metadata;
use crate::kafka::partitioner;
use crate::kafka::share::consumer::{ShareSide, ShareTimer};
use crate::scenario::{self, SendAt};
use crate::time::{SimDuration, SimTime};
use crate::trace::{CommitRefusal, Millis, What};
use crate::workload::Assigned;

/// A log lane.
#[derive(Clone, Debug)]
pub(crate) struct KafkaLane {
    pub(super) latency: SimDuration,
    send_to: TopicId,
    names: Rc<[String]>,
    /// The logs, by topic and partition.
    pub(super) topics: Vec<Vec<Chunked<MessageId>>>,
    pub(super) groups: Vec<Group>,
    /// By [`ActorId`]; of a share consumer it is one that never runs.
    pub(super) consumers: Vec<Consumer>,
    pub(super) share: ShareSide,
    pub(super) metadata: Metadata,
}

/// A group: its coordinator, and the settings that its consumers share.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) settings: scenario::ConsumerGroup,
    pub(super) topics: Vec<TopicId>,
    /// `partition.assignment.strategy` of its consumers.
    pub(super) protocols: Vec<Assignor>,
    pub(super) rebalance_protocol: RebalanceProtocol,
    /// Whether its consumers tell what they were assigned last: the sticky assignors do.
    pub(super) remembers_assignments: bool,
    /// `group.instance.id` of each of its consumers, if any has one.
    instance_ids: Vec<Option<InstanceId>>,
    /// The assignor that the trace has told.
    pub(super) told_protocol: Option<Assignor>,
    /// The coordinator of a classic group.
    pub(super) coordinator: GroupCoordinator,
    /// The coordinator of a group of the consumer protocol; the other one then is never asked.
    pub(super) modern: Option<Modern>,
    /// For when the coordinator asked to be woken.
    wake_at: Option<SimTime>,
    pub(super) effects: Vec<Effect>,
    /// How often each message that fails a few times has failed.
    pub(super) attempts: LiteMap<MessageId, u32>,
}

/// What is due later in a log lane.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KafkaTimer {
    /// A consumer's process starts.
    StartDue(ActorId),
    /// A producer's record reaches the leader.
    RecordArrives(MessageId, TopicPartition),
    /// JoinGroup reaches the coordinator.
    JoinArrives(Client),
    /// SyncGroup reaches the coordinator.
    SyncArrives(Client),
    /// The coordinator's answer reaches the client.
    AnswerArrives(Client),
    /// A heartbeat is due at the client, if this start of its thread was the last.
    Heartbeat(Client, u32),
    /// The heartbeat thread looks whether the other one polls, likewise.
    PollTimeout(Client, u32),
    /// A heartbeat reaches the coordinator.
    HeartbeatArrives(Client, Call),
    /// The answer to a heartbeat or to an automatic commit reaches the client: the group has gone
    /// on, or rebalances.
    MembershipNews(Client, News),
    /// OffsetFetch reaches the coordinator.
    OffsetsArrive(Client, u32),
    /// Its answer reaches the client.
    OffsetsAnswer(Client, u32),
    /// A fetch reaches the leader.
    FetchArrives(Client, u32),
    /// fetch.max.wait.ms is over.
    FetchExpires(Client, u32),
    /// The answer to a fetch reaches the client.
    FetchAnswer(Client, u32),
    /// The work of this number ends.
    WorkDone(Client, u32),
    /// One partition of a commit reaches the coordinator.
    CommitArrives(Client, Commit),
    /// The answer to a synchronous commit reaches the client.
    CommitAnswer(Client, CommitNews),
    /// The wait before a record that failed is read again is over.
    RetryDue(Client),
    /// The metadata of a consumer are renewed, after a topic has grown.
    MetadataDue(Client, TopicId),
    /// A consumer has been asked for something, which it does in `poll()`.
    Wakes(Client),
    /// LeaveGroup reaches the coordinator.
    LeaveArrives(MemberId),
    /// The coordinator of a group has something to do.
    CoordinatorDue(GroupId),
    /// Something is due in a share group.
    Share(ShareTimer),
    /// Something in a group of the consumer protocol.
    Modern(ModernTimer),
}

/// What an answer of the coordinator says beside "fine".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The group rebalances.
    Rebalancing,
    /// The group is in another generation than this, in which the member asked.
    Outdated(Generation),
    /// The group does not know the member that asked in this generation.
    Unknown(Generation),
    /// Another process has taken the place of the member that asked in this generation.
    Fenced(Generation),
}

/// Who asks a coordinator for something, as a member of which generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(super) caller: Caller,
    pub(super) generation: Generation,
}

/// One partition's part of OffsetCommit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit {
    pub(super) partition: TopicPartition,
    pub(super) offset: Offset,
    pub(super) call: Call,
    /// Whether the client waits for the answer to this part.
    pub(super) awaited: Awaited,
}

/// Whether somebody waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    No,
    Yes,
}

/// What the answer to a commit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommitNews {
    Stored,
    /// With the generation of the commit.
    Refused(CommitRefusal, Generation),
}

/// What every part of a lane's step needs at hand.
pub(super) struct Step<'a> {
    pub(super) now: SimTime,
    pub(super) work: Option<&'a Assigned<'a>>,
    pub(super) out: &'a mut Outbox<KafkaTimer>,
}

impl Group {
    /// What the group has committed.
    pub(super) fn offsets(&self) -> &CommittedOffsets {
        match &self.modern {
            Some(modern) => modern.coordinator.offsets(),
            None => self.coordinator.offsets(),
        }
    }

    /// What the group has committed for `partition`.
    pub(super) fn committed(&self, partition: TopicPartition) -> Option<Offset> {
        self.offsets().get(partition)
    }

    /// Sets offsets as an admin does; whether the group lets it: only if it has no members.
    pub(super) fn reset_offsets(&mut self, offsets: &[(TopicPartition, Offset)]) -> bool {
        match &mut self.modern {
            Some(modern) => modern.coordinator.alter_offsets(offsets).is_ok(),
            None => self.coordinator.alter_offsets(offsets),
        }
    }

    fn next_timeout(&self) -> Option<SimTime> {
        match &self.modern {
            Some(modern) => modern.coordinator.next_timeout(),
            None => self.coordinator.next_timeout(),
        }
    }
}

impl KafkaLane {
    pub(crate) fn new(lane: &scenario::KafkaLane, latency: SimDuration) -> Self {
        let names: Rc<[String]> = lane.topics.iter().map(|topic| topic.name.clone()).collect();
        let topic_id = |name: &String| find_topic(&names, name).unwrap_or_default();
        let topics = lane.topics.iter().map(|topic| {
            let partitions = usize::try_from(topic.partitions).unwrap_or(usize::MAX);
            vec![Chunked::default(); partitions]
        });
        let counts = (0_u16..).zip(&lane.topics).map(|(topic, written)| {
            let count = u16::try_from(written.partitions).unwrap_or(u16::MAX);
            (TopicId(topic), count)
        });
        let groups = lane.groups.iter().map(|group| Group {
            settings: group.clone(),
            protocols: group.assignors().to_vec(),
            rebalance_protocol: rebalance_protocol(group.assignors()),
            remembers_assignments: group.assignors().iter().copied().any(remembers),
            instance_ids: group.instance_ids(),
            told_protocol: None,
            topics: group.topics.iter().map(topic_id).collect(),
            coordinator: GroupCoordinator::new(GroupSettings {
                initial_rebalance_delay: lane.group_initial_rebalance_delay,
            }),
            modern: (group.group_protocol == scenario::GroupProtocol::Consumer)
                .then(|| Modern::new(lane)),
            wake_at: None,
            effects: Vec::new(),
            attempts: LiteMap::new(),
        });
        Self {
            latency,
            send_to: lane.send_to.as_ref().map_or(TopicId(0), topic_id),
            topics: topics.collect(),
            names: Rc::clone(&names),
            groups: groups.collect(),
            consumers: Vec::new(),
            share: ShareSide::new(lane, topic_id),
            metadata: Metadata::new(lane.metadata_max_age, counts),
        }
    }

    /// How many things a clone copies that are not shared, about.
    pub(crate) fn weight(&self) -> usize {
        self.share.weight()
    }

    /// A producer has sent a message: it is on its way to the leader of its partition.
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
        // A checked scenario gives every message of a log lane a key or a partition.
        let key = key.unwrap_or_default();
        let Some(count) = count.and_then(NonZeroU16::new) else {
            return;
        };
        let named = send.and_then(|send| u16::try_from(send.partition?).ok());
        let partition = TopicPartition {
            topic,
            partition: named.map_or_else(
                || partitioner::partition_for_key(key.as_bytes(), count),
                PartitionId,
            ),
        };
        step.out.timer(
            now + self.latency,
            KafkaTimer::RecordArrives(message, partition),
        );
    }

    /// A worker's process starts, dies or leaves.
    pub(crate) fn change_actor(
        &mut self,
        now: SimTime,
        change: ActorChange,
        (actor, team): (ActorId, u16),
        out: &mut Outbox<KafkaTimer>,
    ) {
        let mut step = Step {
            now,
            work: None,
            out,
        };
        if change != ActorChange::Add && self.is_share_consumer(actor) {
            return self.change_share_consumer(&mut step, change, actor);
        }
        match change {
            ActorChange::Add => {
                self.add_consumer(&mut step, team.into());
            }
            ActorChange::Restart => {
                self.start_if_down(&mut step, actor);
            }
            ActorChange::Crash => self.crash_consumer(&mut step, actor),
            ActorChange::Remove => self.remove_consumer(&mut step, actor),
            ActorChange::Freeze => self.freeze_consumer(&mut step, actor),
            ActorChange::Thaw => self.thaw_consumer(&mut step, actor),
            ActorChange::Slow(times) => self.slow_down(&mut step, actor, times),
        }
    }

    /// A consumer that the document names can have a time to start at.
    fn add_consumer(&mut self, step: &mut Step<'_>, group: usize) {
        let actor = ActorId(u16::try_from(self.consumers.len()).unwrap_or(u16::MAX));
        let before = self.consumers.iter().filter(|c| c.group == group).count();
        let settings = self.groups.get(group).map(|group| &group.settings);
        let named = settings.and_then(|settings| settings.consumers.get(before));
        let takes = named.and_then(|named| named.takes).map(Millis::from);
        let start = named.map_or(SimTime::ZERO, |named| SimTime::ZERO + named.start);
        let instance = self
            .groups
            .get(group)
            .and_then(|its| *its.instance_ids.get(before)?);
        self.consumers.push(Consumer::new(group, instance, takes));
        let start = self.add_share_consumer(actor, group).unwrap_or(start);
        if start > step.now {
            step.out.timer(start, KafkaTimer::StartDue(actor));
        } else {
            self.start_if_down(step, actor);
        }
    }

    fn start_if_down(&mut self, step: &mut Step<'_>, actor: ActorId) {
        if self.is_share_consumer(actor) {
            return self.start_share_consumer(step, actor);
        }
        let down = |c: &Consumer| c.state == State::Down;
        if self.consumers.get(actor.index()).is_some_and(down) {
            self.start_consumer(step, actor);
        }
    }

    /// Something that was due has come.
    pub(crate) fn on_timer(
        &mut self,
        now: SimTime,
        timer: KafkaTimer,
        work: &Assigned<'_>,
        out: &mut Outbox<KafkaTimer>,
    ) {
        let step = &mut Step {
            now,
            work: Some(work),
            out,
        };
        match timer {
            KafkaTimer::RecordArrives(message, partition) => self.append(step, message, partition),
            KafkaTimer::StartDue(actor) => self.start_if_down(step, actor),
            KafkaTimer::CoordinatorDue(group) => self.coordinator_due(step, group),
            KafkaTimer::Share(timer) => self.on_share_timer(step, timer),
            KafkaTimer::Modern(timer) => self.on_modern_timer(step, timer),
            // What is on the wire arrives, whatever has become of who sent it.
            KafkaTimer::CommitArrives(client, commit) => self.commit_arrives(step, client, commit),
            KafkaTimer::LeaveArrives(member) => self.leave_arrives(step, member),
            // The brokers' side of what a living process asked for.
            KafkaTimer::JoinArrives(client)
            | KafkaTimer::SyncArrives(client)
            | KafkaTimer::HeartbeatArrives(client, _) => {
                if self.lives(client) {
                    self.on_membership(step, timer, client);
                }
            }
            KafkaTimer::OffsetsArrive(client, _)
            | KafkaTimer::FetchArrives(client, _)
            | KafkaTimer::FetchExpires(client, _) => {
                if self.lives(client) {
                    self.on_reading(step, timer, client);
                }
            }
            KafkaTimer::AnswerArrives(client)
            | KafkaTimer::Heartbeat(client, _)
            | KafkaTimer::PollTimeout(client, _)
            | KafkaTimer::MembershipNews(client, _) => {
                if self.lives(client) && !self.piles_up(client, timer) {
                    self.on_membership(step, timer, client);
                }
            }
            KafkaTimer::MetadataDue(client, topic) => {
                if self.lives(client) && !self.piles_up(client, timer) {
                    self.sees_partitions(step, client, topic);
                }
            }
            KafkaTimer::OffsetsAnswer(client, _)
            | KafkaTimer::FetchAnswer(client, _)
            | KafkaTimer::WorkDone(client, _)
            | KafkaTimer::CommitAnswer(client, _)
            | KafkaTimer::RetryDue(client)
            | KafkaTimer::Wakes(client) => {
                if self.lives(client) && !self.piles_up(client, timer) {
                    self.on_reading(step, timer, client);
                }
            }
        }
    }

    /// Whether this life of the process still goes on.
    pub(super) fn lives(&self, client: Client) -> bool {
        self.consumers
            .get(client.actor.index())
            .is_some_and(|c| c.incarnation == client.incarnation && c.state != State::Down)
    }

    pub(super) fn client(&self, actor: ActorId) -> Client {
        let incarnation = self
            .consumers
            .get(actor.index())
            .map_or(0, |c| c.incarnation);
        Client { actor, incarnation }
    }

    /// The settings of the group of `actor`.
    pub(super) fn settings_of(&self, actor: ActorId) -> Option<&scenario::ConsumerGroup> {
        let group = self.consumers.get(actor.index())?.group;
        self.groups.get(group).map(|group| &group.settings)
    }

    fn append(&mut self, step: &mut Step<'_>, message: MessageId, partition: TopicPartition) {
        let offset = self.log_end(partition);
        if let Some(log) = self.log_mut(partition) {
            log.push(message);
        }
        step.out.event(What::Appended {
            partition,
            offset,
            message,
        });
        self.wake_readers(step, partition);
        self.wake_share_groups(step, partition);
    }

    fn find_topic(&self, name: &str) -> Option<TopicId> {
        find_topic(&self.names, name)
    }

    pub(super) fn partition_count(&self, topic: TopicId) -> u32 {
        let count = self.topics.get(topic.index()).map_or(0, Vec::len);
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    pub(super) fn log(&self, partition: TopicPartition) -> Option<&Chunked<MessageId>> {
        self.topics
            .get(partition.topic.index())?
            .get(partition.partition.index())
    }

    /// The message of a record.
    pub(super) fn message_at(
        &self,
        partition: TopicPartition,
        offset: Offset,
    ) -> Option<MessageId> {
        self.log(partition)?.get(offset.index()).copied()
    }

    fn log_mut(&mut self, partition: TopicPartition) -> Option<&mut Chunked<MessageId>> {
        self.topics
            .get_mut(partition.topic.index())?
            .get_mut(partition.partition.index())
    }

    /// The offset that the next record will get.
    pub(super) fn log_end(&self, partition: TopicPartition) -> Offset {
        let len = self.log(partition).map_or(0, Chunked::len);
        Offset(u32::try_from(len).unwrap_or(u32::MAX))
    }

    /// Asks to be woken when the coordinator of `group` next has something to do.
    pub(super) fn note_wake(&mut self, step: &mut Step<'_>, group: usize) {
        let Some(state) = self.groups.get_mut(group) else {
            return;
        };
        if let Some(next) = state.next_timeout()
            && state.wake_at.is_none_or(|at| next < at || at <= step.now)
        {
            state.wake_at = Some(next);
            let group = GroupId(u16::try_from(group).unwrap_or(u16::MAX));
            step.out
                .timer(next.max(step.now), KafkaTimer::CoordinatorDue(group));
        }
    }

    fn coordinator_due(&mut self, step: &mut Step<'_>, group: GroupId) {
        let index = group.index();
        if let Some(state) = self.groups.get_mut(index) {
            if state.wake_at.is_some_and(|at| at <= step.now) {
                state.wake_at = None;
            }
            if let Some(modern) = &mut state.modern {
                modern.advance(step.now);
                return self.drain_modern(step, index);
            }
            state.coordinator.advance(step.now, &mut state.effects);
        }
        self.drain_effects(step, index);
    }
}

fn find_topic(names: &[String], wanted: &str) -> Option<TopicId> {
    let index = names.iter().position(|name| name == wanted)?;
    u16::try_from(index).ok().map(TopicId)
}

/// What a consumer with these assignors does: cooperative only if all of them can be.
/// `ConsumerCoordinator`, its constructor.
fn rebalance_protocol(assignors: &[Assignor]) -> RebalanceProtocol {
    let eager = |assignor: &Assignor| assignor.protocol() == RebalanceProtocol::Eager;
    if assignors.iter().any(eager) {
        RebalanceProtocol::Eager
    } else {
        RebalanceProtocol::Cooperative
    }
}

/// Whether an assignor sends along what its consumer was assigned last.
const fn remembers(assignor: Assignor) -> bool {
    matches!(assignor, Assignor::Sticky | Assignor::CooperativeSticky)
}
