//! What exists in a log lane.

use std::collections::VecDeque;

use super::Since;
use super::actor::ActorWorld;
use super::cluster::{ClusterWorld, ProducerWorld, ReplicasWorld};
use super::group::{GroupPhase, GroupWorld, MemberWorld, ReadingWorld, RebalanceStep};
use super::share::ShareGroupWorld;
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::ids::{ActorId, Generation, GroupId, MessageId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::What;

/// Logs, consumer groups and their members.
#[derive(Clone, Debug)]
pub struct KafkaWorld {
    /// All partitions, topic by topic; see [`LaneCast::flat_index`].
    pub partitions: Vec<PartitionWorld>,
    /// The groups, by [`GroupId`]; a share group is here with what its consumers have done, and
    /// with everything else in [`KafkaWorld::share_group`].
    pub groups: Vec<GroupWorld>,
    /// The share groups, in the order of the document.
    pub share_groups: Vec<ShareGroupWorld>,
    /// The consumers, by [`ActorId`].
    pub actors: Vec<ActorWorld>,
    /// How they stand with their groups, by [`ActorId`].
    pub members: Vec<MemberWorld>,
    /// How many messages were sent.
    pub sent: u32,
    /// How many records were handed to consumers, over all groups.
    pub deliveries: u32,
    /// How many of those had been handed to a consumer of the same group before.
    pub delivered_again: u32,
    /// The brokers and controllers, and what was lost.
    pub cluster: Box<ClusterWorld>,
    /// What the producers have heard, by [`crate::ProducerId`]; those that have sent something.
    pub producers: Vec<ProducerWorld>,
    /// Messages on their way to their partition, oldest first.
    pub on_the_way: VecDeque<(MessageId, SimTime)>,
    pub(super) places: Chunked<Option<(TopicPartition, Offset)>>,

    pub(super) teams: Vec<GroupId>,
    pub(super) bases: Vec<usize>,
    pub(super) first_share_group: usize,
}

/// One partition's log.
#[derive(Clone, Debug)]
pub struct PartitionWorld {
    /// The records of the leader's log, by offset; of the last leader's while there is none.
    pub log: Chunked<LogRecord>,
    /// Its replicas.
    pub replicas: ReplicasWorld,
    /// Since when it exists; `None`: a command will add it.
    pub since: Option<SimTime>,
}

/// One record of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// The workload's message.
    pub message: MessageId,
    /// When its producer sent it.
    pub sent_at: SimTime,
    /// When the leader appended it.
    pub appended_at: SimTime,
}

impl KafkaWorld {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let partitions: usize = cast.topic_partitions().count();
        let reading = ReadingWorld {
            committed: Since::start(None),
            position: Since::start(None),
            owner: Since::start(None),
            target: None,
            holder: None,
            paused: None,
        };
        let group = |id: GroupId| GroupWorld {
            protocol: cast.group_protocol(id),
            phase: GroupPhase::Empty,
            generation: Generation(0),
            group_epoch: Generation(0),
            assignor: None,
            subscription: cast
                .groups
                .get(id.index())
                .map(|group| group.topics.clone())
                .unwrap_or_default(),
            reading: vec![reading; partitions],
            deliveries: 0,
            processed: 0,
            processed_again: 0,
            refused: None,
            reset: None,
            records: Chunked::default(),
        };
        let first_share_group = usize::from(cast.first_share_group);
        let share_groups = cast.teams.len().saturating_sub(first_share_group);
        let groups = (0_u16..).zip(&cast.teams).map(|(id, _)| GroupId(id));
        let mut bases = Vec::new();
        let mut base = 0;
        for count in &cast.partitions {
            bases.push(base);
            base += usize::from(*count);
        }
        let partitions = cast.topic_partitions().map(|partition| {
            let first = cast.first_partitions.get(partition.topic.index()).copied();
            let is_there = partition.partition.0 < first.unwrap_or_default();
            let brokers = cast.replicas.get(cast.flat_index(partition));
            PartitionWorld {
                log: Chunked::default(),
                replicas: ReplicasWorld::new(brokers.map_or(&[], |brokers| brokers)),
                since: is_there.then_some(SimTime::ZERO),
            }
        });
        Self {
            partitions: partitions.collect(),
            groups: groups.map(group).collect(),
            share_groups: vec![ShareGroupWorld::new(cast); share_groups],
            actors: vec![ActorWorld::absent(); cast.actors.len()],
            members: vec![MemberWorld::OUTSIDE; cast.actors.len()],
            sent: 0,
            deliveries: 0,
            delivered_again: 0,
            cluster: Box::new(ClusterWorld::new(cast)),
            producers: Vec::new(),
            on_the_way: VecDeque::new(),
            places: Chunked::default(),
            teams: cast
                .actors
                .iter()
                .map(|actor| GroupId(actor.team))
                .collect(),
            bases,
            first_share_group,
        }
    }

    pub(super) fn weight(&self) -> usize {
        let logs = self
            .partitions
            .iter()
            .map(|partition| partition.log.weight() + partition.replicas.weight());
        let groups = self
            .groups
            .iter()
            .map(|g| g.reading.len() + g.records.weight());
        let shared = self.share_groups.iter().map(ShareGroupWorld::weight);
        let lists = shared.sum::<usize>()
            + 2 * self.actors.len()
            + self.on_the_way.len()
            + self.places.weight()
            + self.cluster.weight();
        logs.sum::<usize>() + groups.sum::<usize>() + lists
    }

    /// The place of a partition in [`KafkaWorld::partitions`] and [`GroupWorld::reading`].
    #[must_use]
    pub fn flat_index(&self, partition: TopicPartition) -> usize {
        let base = self.bases.get(partition.topic.index()).copied();
        base.unwrap_or(usize::MAX / 2) + partition.partition.index()
    }

    /// Where a message stands in the log, once it was appended, and unless it was cut off.
    #[must_use]
    pub fn place(&self, message: MessageId) -> Option<(TopicPartition, Offset)> {
        *self.places.get(message.index().checked_sub(1)?)?
    }

    /// How many records a group has still to commit: the end as a reader sees it, which is the high
    /// watermark, minus committed offset, over all
    /// partitions that it reads or has read. A share group: how many it has still to finish.
    #[must_use]
    pub fn lag(&self, group: GroupId) -> u64 {
        if let Some(group) = self.share_group(group) {
            let pairs = group.partitions.iter().zip(&self.partitions);
            let lags = pairs.map(|(its, partition)| its.lag(partition.log.len()));
            return lags.sum();
        }
        let Some(group) = self.groups.get(group.index()) else {
            return 0;
        };
        let pairs = group.reading.iter().zip(&self.partitions);
        pairs
            .filter(|(reading, _)| reading.owner.now.is_some() || reading.committed.now.is_some())
            .map(|(reading, partition)| {
                let committed = reading.committed.now.map_or(0, Offset::index);
                let end = partition.replicas.high_watermark.index();
                u64::try_from(end.saturating_sub(committed)).unwrap_or(u64::MAX)
            })
            .sum()
    }

    pub(super) fn fold(&mut self, at: SimTime, what: What) {
        match what {
            What::Sent { message, producer } => {
                self.sent += 1;
                self.producer_mut(producer).sent += 1;
                self.on_the_way.push_back((message, at));
            }
            What::Appended {
                partition,
                message,
                offset,
            } => {
                self.note_place(message, (partition, offset));
                let sent_at = self.not_on_the_way(message).unwrap_or(at);
                let index = self.flat_index(partition);
                if let Some(partition) = self.partitions.get_mut(index) {
                    partition.replicas.append(at);
                    partition.log.push(LogRecord {
                        message,
                        sent_at,
                        appended_at: at,
                    });
                }
            }
            What::Polled {
                actor,
                partition,
                from,
                to,
            } => {
                self.hand_out(actor, partition, (from, to));
                self.read(actor, partition, |r| r.position.change(at, Some(to)));
            }
            What::PositionSet {
                actor,
                partition,
                offset,
                ..
            } => self.read(actor, partition, |r| r.position.change(at, Some(offset))),
            What::Committed {
                actor,
                partition,
                offset,
            } => self.read(actor, partition, |r| r.committed.change(at, Some(offset))),
            What::CommitRefused { actor, error, .. } => {
                if let Some(group) = self.group_mut(actor) {
                    group.refused = Some((actor, error, at));
                }
            }
            What::Assigned {
                actor, partition, ..
            } => self.read(actor, partition, |r| {
                r.owner.change(at, Some(actor));
                r.paused = None;
            }),
            What::Revoked { actor, partition } => self.give_up(at, actor, Some(partition)),
            What::Lost { actor, partition } => {
                self.fold_member(at, actor, what);
                self.give_up(at, actor, Some(partition));
            }
            _ => self.fold_group(at, what),
        }
    }

    fn fold_group(&mut self, at: SimTime, what: What) {
        match what {
            What::RebalanceStarted {
                group,
                actor,
                reason,
            } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.phase = GroupPhase::Rebalancing {
                        since: at,
                        actor,
                        reason,
                        step: RebalanceStep::Preparing,
                    };
                }
            }
            What::GenerationStarted {
                group,
                generation,
                members,
            } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.generation = generation;
                    if members == 0 {
                        group.phase = GroupPhase::Empty;
                    }
                    group.completes();
                }
            }
            What::GroupStable { group } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.phase = GroupPhase::Stable;
                }
            }
            What::SessionExpired { group, actor } if self.is_of_consumer_protocol(group) => {
                self.forget(actor);
            }
            What::SessionExpired { actor, .. } | What::RebalanceTimedOut { actor, .. } => {
                self.fold_member(at, actor, what);
                self.give_up(at, actor, None);
            }
            What::MaxPollExceeded { actor } => {
                self.fold_member(at, actor, what);
                self.give_up(at, actor, None);
            }
            What::JoinSent { actor }
            | What::Synced { actor, .. }
            | What::ConsumerFailed { actor, .. } => self.fold_member(at, actor, what),
            What::StaticMemberReplaced {
                group,
                actor,
                before,
            } => self.replace(at, group, (actor, before)),
            What::ConsumerGroup { what } => self.fold_consumer_group(at, what),
            What::ProtocolChosen { group, assignor } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.assignor = Some(assignor);
                }
            }
            _ => self.fold_admin(at, what),
        }
    }

    pub(super) fn fold_work(&mut self, at: SimTime, what: What) {
        let (actor, again) = match what {
            What::WorkStarted { actor, message, .. } => {
                let record = self.record_mut(actor, message);
                let again = record.is_some_and(|record| {
                    record.starts = record.starts.saturating_add(1);
                    record.starts > 1
                });
                (actor, again)
            }
            What::WorkFinished { actor, message, .. } => {
                let record = self.record_mut(actor, message);
                let again = record.is_some_and(|record| {
                    record.finishes = record.finishes.saturating_add(1);
                    record.finishes > 1
                });
                if let Some(group) = self.group_mut(actor) {
                    group.processed += u32::from(!again);
                    group.processed_again += u32::from(again);
                }
                (actor, again)
            }
            What::ActorStopped { actor } => {
                self.give_up(at, actor, None);
                self.stop_fetching(actor);
                (actor, false)
            }
            What::WorkFailed { actor, message, .. } => {
                if let Some(record) = self.record_mut(actor, message) {
                    record.failures = record.failures.saturating_add(1);
                }
                (actor, false)
            }
            What::ActorStarted { actor } => {
                // A new member of the consumer protocol has nothing of what the one before had.
                if self.is_modern(actor) {
                    self.give_up(at, actor, None);
                }
                (actor, false)
            }
            What::ActorCrashed { actor } => {
                self.stop_fetching(actor);
                (actor, false)
            }
            What::Frozen { actor } | What::Thawed { actor } | What::Slowed { actor, .. } => {
                (actor, false)
            }
            What::Share { what } => return self.fold_share(at, what),
            What::Cluster { what } => return self.fold_cluster(at, what),
            What::Producer { what } => return self.fold_producer(at, what),
            _ => return,
        };
        self.fold_member(at, actor, what);
        if let Some(actor) = self.actors.get_mut(actor.index()) {
            actor.fold(at, what, again.into());
        }
    }

    fn fold_member(&mut self, at: SimTime, actor: ActorId, what: What) {
        if let Some(member) = self.members.get_mut(actor.index()) {
            member.fold(at, what);
        }
    }
}
