//! What exists of a consumer group.

use super::Since;
use super::kafka::KafkaWorld;
use crate::chunked::Chunked;
use crate::ids::{ActorId, Generation, GroupId, MessageId, Offset, TopicId};
use crate::kafka::assignor::Assignor;
use crate::kafka::group::consumer::MemberState;
use crate::scenario::GroupProtocol;
use crate::time::SimTime;
use crate::trace::{CommitRefusal, ConsumerError, RebalanceReason, What};

/// A consumer group.
#[derive(Clone, Debug)]
pub struct GroupWorld {
    /// How it keeps its members.
    pub protocol: GroupProtocol,
    /// What it is doing.
    pub phase: GroupPhase,
    /// The generation that was completed last; in a group of the consumer protocol the epoch of the
    /// target assignment.
    pub generation: Generation,
    /// The group epoch of a group of the consumer protocol: above `generation` while a new target
    /// is due.
    pub group_epoch: Generation,
    /// By which assignor; `None` before the first generation.
    pub assignor: Option<Assignor>,
    /// What it subscribes to.
    pub subscription: Vec<TopicId>,
    /// How it stands with each partition, by the lane's flat index.
    pub reading: Vec<ReadingWorld>,
    /// How many records were handed to its members.
    pub deliveries: u32,
    /// How many messages had their work finished at least once.
    pub processed: u32,
    /// How many times the work on a message was finished again.
    pub processed_again: u32,
    /// The last commit that was refused.
    pub refused: Option<(ActorId, CommitRefusal, SimTime)>,
    /// When an admin last asked to reset its offsets, and what came of it.
    pub reset: Option<(ResetOutcome, SimTime)>,
    pub(super) records: Chunked<GroupRecord>,
}

/// What came of a reset of offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetOutcome {
    /// They are set.
    Set,
    /// Refused: the group has members, or there was nothing to shift.
    Refused,
}

/// How a consumer stands with its group, as its process sees it: it may not know better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberWorld {
    /// What it is doing about its membership.
    pub phase: MemberPhase,
    /// The generation that it has an assignment of; `None`: it is in none.
    pub generation: Option<Generation>,
    /// Why it could not go on, and when.
    pub failed: Option<(ConsumerError, SimTime)>,
    /// How the coordinator of a group of the consumer protocol knows it; `None`: not at all.
    pub known: Option<KnownMember>,
    /// How many members that its process was before are still waited for there.
    pub former: u8,
    /// Whether the coordinator of a classic group counts it in: it has asked to join, and has neither
    /// left nor been thrown out.
    pub counted: bool,
}

/// A member as the coordinator of a group of the consumer protocol knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMember {
    /// The member epoch; 0 while it joins; `None`: a static member that left for a while.
    pub epoch: Option<Generation>,
    /// Its state.
    pub state: MemberState,
    /// Since when it is in this state at this epoch.
    pub since: SimTime,
}

/// What a consumer is doing about its membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberPhase {
    /// It is in no group: not started, gone, or thrown out.
    Outside,
    /// It has asked to join and waits for its assignment. An eager member stands still; a cooperative
    /// one goes on with what it owns.
    Joining {
        /// Since when.
        since: SimTime,
    },
    /// It has its part.
    Member,
}

impl MemberWorld {
    /// Whether a group in this phase waits for it.
    fn is_awaited(&self, (phase, protocol): (GroupPhase, GroupProtocol)) -> bool {
        match (phase, protocol) {
            (GroupPhase::Empty | GroupPhase::Stable, _) => false,
            (GroupPhase::Rebalancing { step, .. }, GroupProtocol::Classic) => {
                let has_joined = matches!(self.phase, MemberPhase::Joining { .. });
                step == RebalanceStep::Preparing && self.counted && !has_joined
            }
            (GroupPhase::Rebalancing { .. }, GroupProtocol::Consumer) => {
                let known = self.known.map(|known| known.state);
                known == Some(MemberState::UnrevokedPartitions)
            }
        }
    }

    pub(super) const OUTSIDE: Self = Self {
        phase: MemberPhase::Outside,
        generation: None,
        failed: None,
        known: None,
        former: 0,
        counted: false,
    };

    /// Lets an event of this consumer happen.
    pub(super) const fn fold(&mut self, at: SimTime, what: What) {
        match what {
            What::JoinSent { .. } => {
                self.phase = MemberPhase::Joining { since: at };
                self.counted = true;
            }
            What::Synced { generation, .. } => {
                self.phase = MemberPhase::Member;
                self.generation = Some(generation);
            }
            What::Lost { .. } => self.generation = None,
            // The coordinator notices a crash only when the session ends.
            What::ActorCrashed { .. } => {
                self.phase = MemberPhase::Outside;
                self.generation = None;
            }
            What::MaxPollExceeded { .. } | What::ActorStopped { .. } => {
                self.phase = MemberPhase::Outside;
                self.generation = None;
                self.counted = false;
            }
            What::SessionExpired { .. } | What::RebalanceTimedOut { .. } => self.counted = false,
            What::ConsumerFailed { error, .. } => self.failed = Some((error, at)),
            What::ActorStarted { .. } => {
                *self = Self {
                    known: self.known,
                    former: self.former,
                    counted: self.counted,
                    ..Self::OUTSIDE
                };
            }
            _ => {}
        }
    }
}

/// How a group stands with one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingWorld {
    /// The committed offset: what a new owner will read next. `None`: nothing was committed.
    pub committed: Since<Option<Offset>>,
    /// The owner's position: what it will be handed next. `None`: no owner knows it.
    pub position: Since<Option<Offset>>,
    /// Who reads it.
    pub owner: Since<Option<ActorId>>,
    /// Who shall have it: the target assignment of a group of the consumer protocol.
    pub target: Option<ActorId>,
    /// Who has it, as the coordinator of a group of the consumer protocol keeps the books; `None`:
    /// it is free.
    pub holder: Option<Holder>,
    /// Since when its owner has paused it; `None`: it has not.
    pub paused: Option<SimTime>,
}

/// Who has a partition in the books of a coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub actor: ActorId,
    /// Whether it may keep it.
    pub holding: Holding,
}

/// Whether a member may keep a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It may.
    Assigned,
    /// It has to say that it gave it up: nobody else gets it until then.
    PendingRevocation,
}

/// What a group is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupPhase {
    /// It has no members.
    Empty,
    /// It waits for its members to join, and for its assignment.
    Rebalancing {
        /// Since when.
        since: SimTime,
        /// Because of whom, if it is one member.
        actor: Option<ActorId>,
        /// Why.
        reason: RebalanceReason,
        /// How far it is.
        step: RebalanceStep,
    },
    /// Everybody knows what is theirs.
    Stable,
}

/// How far a rebalance is. `ClassicGroupState`, `ConsumerGroup.ConsumerGroupState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebalanceStep {
    /// PreparingRebalance: the members of a classic group are to join again. Assigning: a group of the
    /// consumer protocol has no target for its epoch yet.
    Preparing,
    /// CompletingRebalance: the leader of a classic group has still to send the assignment.
    /// Reconciling: the members of the consumer protocol come to their target one by one.
    Completing,
}

/// One message, as a group has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupRecord {
    /// How often a poll returned it.
    pub deliveries: u16,
    /// How often work on it was begun.
    pub starts: u16,
    /// How often work on it was finished.
    pub finishes: u16,
    /// How often work on it failed.
    pub failures: u16,
}

impl GroupWorld {
    /// What Kafka calls the state of the group.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        match (self.phase, self.protocol) {
            (GroupPhase::Empty, _) => "Empty",
            (GroupPhase::Stable, _) => "Stable",
            (GroupPhase::Rebalancing { step, .. }, GroupProtocol::Classic) => match step {
                RebalanceStep::Preparing => "PreparingRebalance",
                RebalanceStep::Completing => "CompletingRebalance",
            },
            (GroupPhase::Rebalancing { step, .. }, GroupProtocol::Consumer) => match step {
                RebalanceStep::Preparing => "Assigning",
                RebalanceStep::Completing => "Reconciling",
            },
        }
    }

    /// A rebalance has come to its second step.
    pub(super) const fn completes(&mut self) {
        if let GroupPhase::Rebalancing { step, .. } = &mut self.phase {
            *step = RebalanceStep::Completing;
        }
    }

    pub(super) fn record_mut(&mut self, message: MessageId) -> Option<&mut GroupRecord> {
        self.records
            .grow_to(message.index(), &GroupRecord::default());
        self.records.get_mut(message.index().checked_sub(1)?)
    }

    /// How the group stands with one message.
    #[must_use]
    pub fn record(&self, message: MessageId) -> GroupRecord {
        let index = message.index().checked_sub(1);
        index
            .and_then(|index| self.records.get(index))
            .copied()
            .unwrap_or_default()
    }
}

impl KafkaWorld {
    /// Whom a group that rebalances waits for: in a classic group the members that have not asked to
    /// join again, dead ones among them until their sessions end; in one of the consumer protocol those
    /// that have still to give something up.
    pub fn awaited(&self, group: GroupId) -> impl Iterator<Item = ActorId> {
        let state = self.groups.get(group.index());
        let state = state.map(|state| (state.phase, state.protocol));
        let members = (0..).map(ActorId).zip(&self.members);
        let awaited = members.filter(move |(id, member)| {
            self.group_of(*id) == Some(group) && state.is_some_and(|state| member.is_awaited(state))
        });
        awaited.map(|(id, _)| id)
    }
}
