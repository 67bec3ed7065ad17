//! What a play shows of its groups: the same whether real clients said it or our trace does.

use std::collections::BTreeMap;

use broker_lab_core::recording::{PartitionOf, Recording, Saying};
use broker_lab_core::trace::{CommitRefusal, What};
use broker_lab_core::{
    ActorId, GroupId, LaneCast, LaneId, MessageId, Offset, Run, SimTime, TopicPartition,
};

/// What a play shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The end of each partition, by topic and number; a recording tells it as a fact alone.
    pub(super) ends: BTreeMap<String, BTreeMap<u32, u32>>,
    /// The groups, by name.
    pub(super) groups: BTreeMap<String, GroupShown>,
}

/// What a play shows of one group. Partitions are written as facts have them: `orders-2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GroupShown {
    /// What is committed at the end; a recording tells it as a fact alone.
    pub(super) committed: BTreeMap<String, u32>,
    /// Of each partition the records that were worked on, in order.
    pub(super) processed: BTreeMap<String, Vec<Done>>,
    /// What the members were told of their partitions.
    pub(super) callbacks: Vec<Callback>,
    /// The commits that were refused.
    pub(super) refused: Vec<Refused>,
}

/// The work on a record ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) at: SimTime,
    pub(super) offset: u32,
    pub(super) member: String,
}

/// A call of a rebalance listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Callback {
    pub(super) at: SimTime,
    pub(super) member: String,
    pub(super) what: Told,
    /// In order.
    pub(super) partitions: Vec<String>,
    /// Of an assignment: the generation.
    pub(super) generation: Option<u32>,
}

/// Which method of a rebalance listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Assigned,
    Revoked,
    Lost,
}

impl Told {
    /// As the facts write it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Revoked => "revoked",
            Self::Lost => "lost",
        }
    }
}

/// A commit was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) at: SimTime,
    pub(super) member: String,
    /// The exception that the client throws.
    pub(super) error: String,
}

impl Shown {
    /// What the clients of a recording said.
    pub(super) fn recorded(recording: &Recording) -> Self {
        let mut shown = Self::default();
        for said in &recording.events {
            let Some(group) = recording.group_of(&said.who) else {
                continue;
            };
            let group = shown.groups.entry(group.to_owned()).or_default();
            let (at, member) = (said.at, said.who.clone());
            let told = |what, partitions: &[PartitionOf], generation| {
                let mut partitions: Vec<String> = partitions.iter().map(name).collect();
                partitions.sort_unstable();
                Callback {
                    at,
                    member: member.clone(),
                    what,
                    partitions,
                    generation,
                }
            };
            match &said.what {
                Saying::Assigned {
                    partitions,
                    generation,
                } => group
                    .callbacks
                    .push(told(Told::Assigned, partitions, Some(*generation))),
                Saying::Revoked(partitions) => {
                    group.callbacks.push(told(Told::Revoked, partitions, None));
                }
                Saying::Lost(partitions) => {
                    group.callbacks.push(told(Told::Lost, partitions, None));
                }
                Saying::Processed { record, .. } => {
                    let done = group.processed.entry(name(&record.partition)).or_default();
                    let offset = record.offset;
                    done.push(Done { at, offset, member });
                }
                Saying::CommitFailed { error, .. } => {
                    let error = error.clone();
                    group.refused.push(Refused { at, member, error });
                }
                _ => {}
            }
        }
        shown
    }

    /// What a lane of our own shows.
    pub(super) fn of(run: &Run, lane: LaneId) -> Self {
        let cast = run.cast().lane(lane).expect("the run has this lane");
        let mut reader = TraceReader {
            cast,
            records: BTreeMap::new(),
            shown: Self::default(),
        };
        for partition in cast.topic_partitions() {
            reader.end_of(partition);
        }
        for event in run.trace().iter().filter(|event| event.lane == lane) {
            reader.take(event.at, event.what);
        }
        reader.shown
    }
}

/// Reads our trace.
struct TraceReader<'a> {
    cast: &'a LaneCast,
    records: BTreeMap<MessageId, (TopicPartition, Offset)>,
    shown: Shown,
}

impl TraceReader<'_> {
    fn take(&mut self, at: SimTime, what: What) {
        match what {
            What::Appended {
                partition,
                offset,
                message,
            } => {
                self.records.insert(message, (partition, offset));
                *self.end_of(partition) = offset.0 + 1;
            }
            What::WorkFinished { actor, message, .. } => {
                let (partition, offset) = self.records[&message];
                let (partition, member) = (self.name(partition), self.member(actor));
                let done = self.group(actor).processed.entry(partition).or_default();
                done.push(Done {
                    at,
                    offset: offset.0,
                    member,
                });
            }
            What::Committed {
                actor,
                partition,
                offset,
            } => {
                let partition = self.name(partition);
                self.group(actor).committed.insert(partition, offset.0);
            }
            What::CommitRefused { actor, error, .. } => {
                let member = self.member(actor);
                let error = String::from(exception(error));
                let refused = Refused { at, member, error };
                self.group(actor).refused.push(refused);
            }
            What::Assigned {
                actor,
                partition,
                generation,
            } => self.tell(at, actor, (Told::Assigned, Some(generation.0)), partition),
            What::Revoked { actor, partition } => {
                self.tell(at, actor, (Told::Revoked, None), partition);
            }
            What::Lost { actor, partition } => {
                self.tell(at, actor, (Told::Lost, None), partition);
            }
            _ => {}
        }
    }

    /// What a member is told of several partitions at once is one call.
    fn tell(
        &mut self,
        at: SimTime,
        actor: ActorId,
        (what, generation): (Told, Option<u32>),
        partition: TopicPartition,
    ) {
        let (partition, member) = (self.name(partition), self.member(actor));
        let callbacks = &mut self.group(actor).callbacks;
        let is_same = |last: &&mut Callback| {
            (last.at, &last.member, last.what, last.generation) == (at, &member, what, generation)
        };
        if let Some(last) = callbacks.last_mut().filter(is_same) {
            last.partitions.push(partition);
            last.partitions.sort_unstable();
        } else {
            callbacks.push(Callback {
                at,
                member,
                what,
                partitions: vec![partition],
                generation,
            });
        }
    }

    fn group(&mut self, actor: ActorId) -> &mut GroupShown {
        let group = self.cast.group_of(actor).unwrap_or(GroupId(0));
        let name = self.cast.group(group).to_owned();
        self.shown.groups.entry(name).or_default()
    }

    fn member(&self, actor: ActorId) -> String {
        self.cast.actor(actor).to_owned()
    }

    fn end_of(&mut self, partition: TopicPartition) -> &mut u32 {
        let topic = self.cast.topic(partition.topic).to_owned();
        let ends = self.shown.ends.entry(topic).or_default();
        ends.entry(partition.partition.0.into()).or_default()
    }

    fn name(&self, partition: TopicPartition) -> String {
        format!(
            "{}-{}",
            self.cast.topic(partition.topic),
            partition.partition
        )
    }
}

fn name(partition: &PartitionOf) -> String {
    format!("{}-{}", partition.topic, partition.partition)
}

/// What `commitSync()` of a member throws. `ConsumerCoordinator.OffsetCommitResponseHandler`,
/// `CommitRequestManager.OffsetCommitRequestState.onResponse`.
const fn exception(error: CommitRefusal) -> &'static str {
    match error {
        CommitRefusal::UnknownMemberId
        | CommitRefusal::IllegalGeneration
        | CommitRefusal::NotInGroup
        | CommitRefusal::StaleMemberEpoch => "CommitFailedException",
        CommitRefusal::RebalanceInProgress => "RebalanceInProgressException",
        CommitRefusal::FencedInstanceId => "FencedInstanceIdException",
    }
}
