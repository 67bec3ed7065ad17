//! A log lane: producers' records arriving, partitions, groups and their consumers, and the
//! network between them.
//!
//! Every request and answer takes the scenario's latency, unless a command says otherwise of the
//! link. Clients ask for all that they want of all leaders in one request here, and find a new leader
//! with their next one.

use std::rc::Rc;

use super::brokers::{Cluster, Partition};
use super::consumer::{Client, Consumer, State};
use super::groups::Group;
use super::metadata::Metadata;
use super::producing::{Producer, producers};
pub(crate) use super::requests::KafkaTimer;
pub(super) use super::requests::{Awaited, Call, Commit, CommitNews, News};
use super::share::consumer::ShareSide;
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::engine::{ActorChange, Outbox};
use crate::ids::{ActorId, MessageId, Offset, TopicId, TopicPartition};
use crate::scenario;
use crate::time::{SimDuration, SimTime};
use crate::trace::Millis;
use crate::workload::Assigned;

/// A log lane.
#[derive(Clone, Debug)]
pub(crate) struct KafkaLane {
    pub(super) latency: SimDuration,
    pub(super) send_to: TopicId,
    names: Rc<[String]>,
    /// The partitions, by topic and number.
    pub(super) topics: Vec<Vec<Partition>>,
    pub(super) cluster: Cluster,
    /// By [`ProducerId`].
    pub(super) producers: Vec<Producer>,
    pub(super) groups: Vec<Group>,
    /// By [`ActorId`]; of a share consumer it is one that never runs.
    pub(super) consumers: Vec<Consumer>,
    pub(super) share: ShareSide,
    pub(super) metadata: Metadata,
}

/// What every part of a lane's step needs at hand.
pub(super) struct Step<'a> {
    pub(super) now: SimTime,
    pub(super) work: Option<&'a Assigned<'a>>,
    pub(super) out: &'a mut Outbox<KafkaTimer>,
}

impl KafkaLane {
    pub(crate) fn new(
        (lane, cast): (&scenario::KafkaLane, &LaneCast),
        (latency, seed): (SimDuration, u32),
        workload: &[scenario::Producer],
    ) -> Self {
        let names: Rc<[String]> = lane.topics.iter().map(|topic| topic.name.clone()).collect();
        let topic_id = |name: &String| find_topic(&names, name).unwrap_or_default();
        let mut replicas = cast.replicas.iter();
        let topics = lane.topics.iter().zip(&cast.partitions);
        let topics = topics.map(|(topic, all)| {
            // Those that a command adds come later.
            let places: Vec<_> = replicas.by_ref().take((*all).into()).collect();
            let there = usize::try_from(topic.partitions).unwrap_or(usize::MAX);
            let there = places.into_iter().take(there);
            there
                .map(|brokers| Partition::new(brokers.clone(), SimTime::ZERO))
                .collect()
        });
        let topics = topics.collect();
        let counts = (0_u16..).zip(&lane.topics).map(|(topic, written)| {
            let count = u16::try_from(written.partitions).unwrap_or(u16::MAX);
            (TopicId(topic), count)
        });
        let groups = lane.groups.iter();
        let groups = groups.map(|group| Group::new(lane, group, topic_id));
        Self {
            latency,
            send_to: lane.send_to.as_ref().map_or(TopicId(0), topic_id),
            topics,
            cluster: Cluster::new(lane, seed),
            producers: producers(lane, workload),
            names: Rc::clone(&names),
            groups: groups.collect(),
            consumers: Vec::new(),
            share: ShareSide::new(lane, topic_id),
            metadata: Metadata::new(lane.metadata_max_age, counts),
        }
    }

    /// Followers begin to fetch.
    pub(crate) fn start(&mut self, now: SimTime, out: &mut Outbox<KafkaTimer>) {
        let step = &mut Step {
            now,
            work: None,
            out,
        };
        for partition in self.all_partitions() {
            self.start_partition(step, partition);
        }
    }

    /// How many things a clone copies that are not shared, about.
    pub(crate) fn weight(&self) -> usize {
        let producers = self.producers.iter().map(Producer::weight);
        let partitions = self.topics.iter().flatten();
        // What a clone copies of a partition: its sets, and of each replica what it knows of the others.
        let replicas = partitions.map(|partition| 2 * partition.replicas.len() - 1);
        self.share.weight() + producers.sum::<usize>() + replicas.sum::<usize>()
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
            KafkaTimer::Broker(timer) => self.on_broker_timer(step, timer),
            KafkaTimer::Producer(timer) => self.on_producer_timer(step, timer),
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

    pub(super) fn find_topic(&self, name: &str) -> Option<TopicId> {
        find_topic(&self.names, name)
    }

    pub(super) fn partition_count(&self, topic: TopicId) -> u32 {
        let count = self.topics.get(topic.index()).map_or(0, Vec::len);
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The records of the leader's log; of the last leader's while there is none.
    pub(super) fn log(&self, partition: TopicPartition) -> Option<&Chunked<MessageId>> {
        Some(self.partition(partition)?.log.records())
    }

    /// The message of a record.
    pub(super) fn message_at(
        &self,
        partition: TopicPartition,
        offset: Offset,
    ) -> Option<MessageId> {
        self.log(partition)?.get(offset.index()).copied()
    }
}

fn find_topic(names: &[String], wanted: &str) -> Option<TopicId> {
    let index = names.iter().position(|name| name == wanted)?;
    u16::try_from(index).ok().map(TopicId)
}
