//! How a consumer stands with its group: the classic protocol's side of the client.
//!
//! ```text
//!   Unjoined ──join──▶ Preparing ──answered──▶ Completing ──synced──▶ Stable
//!      ▲                   ▲                                            │
//!      │                   └──────── the group rebalances ──────────────┤
//!      └────────────────── thrown out, fenced, or left ─────────────────┘
//! ```

use std::collections::VecDeque;

use crate::ids::{Generation, TopicId, TopicPartition};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    JoinError, Joined, LastAssignment, MemberAssignment, SyncError,
};
use crate::trace::ConsumerError;

/// What the client of a classic group keeps of it. `AbstractCoordinator`, `ConsumerCoordinator`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Membership {
    pub(crate) phase: Phase,
    /// Its member id, once the coordinator has given it one.
    pub(crate) member: Option<MemberId>,
    /// The id that the coordinator gave to a join that had none, until the client hears of it.
    pub(crate) given: Option<MemberId>,
    /// Its generation; none if it is in none (any more).
    pub(crate) generation: Option<Generation>,
    /// Whether it joins (again) at the next poll.
    pub(crate) rejoin: Rejoin,
    pub(crate) preparation: Preparation,
    /// Answers of the coordinator on their way to it, in order.
    pub(crate) on_the_wire: VecDeque<Answer>,
    /// The answer that has come and that its thread has not looked at.
    pub(crate) heard: Option<Answer>,
    /// What it has worked out as the leader and sends with its SyncGroup.
    pub(crate) assignments: Vec<MemberAssignment>,
    /// The subscription that it joined with. `joinedSubscription`.
    pub(crate) joined_with: Option<Vec<TopicId>>,
    /// The partition counts that it assigned by, if it leads. `assignmentSnapshot`.
    pub(crate) assigned_by: Option<Vec<(TopicId, u16)>>,
    /// What it was assigned last, for the sticky assignors.
    pub(crate) last: Option<LastAssignment>,
    /// The number of its heartbeat thread's last start: timers of earlier ones are dropped.
    pub(crate) heartbeats: u32,
    /// Why it cannot go on, to be told at the next poll.
    pub(crate) failure: Option<ConsumerError>,
}

/// How far a client has come with joining. `AbstractCoordinator.MemberState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It is in no generation.
    #[default]
    Unjoined,
    /// Its JoinGroup waits for an answer; it sends no heartbeats.
    Preparing,
    /// Its SyncGroup waits for an answer.
    Completing,
    /// It has its assignment.
    Stable,
}

/// Whether a member joins its group again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rejoin {
    No,
    #[default]
    Needed,
}

/// What a member has done before it joins: once for each rebalance. `needsJoinPrepare`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Preparation {
    #[default]
    Needed,
    /// It has committed what it is about to give up.
    Committed,
    /// It has given up what it had to.
    Done,
}

/// An answer of the coordinator.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Of a JoinGroup, with the member id that it is for.
    Join(MemberId, Result<Joined, JoinError>),
    /// Of a SyncGroup.
    Sync(Result<Vec<TopicPartition>, SyncError>),
}

/// Whether the member id outlives the generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Nothing,
    MemberId,
}

impl Membership {
    /// The group is through with this member, or the other way round: it joins anew at its next
    /// poll. `AbstractCoordinator.resetStateAndRejoin`.
    pub(crate) fn reset(&mut self, keep: Keep) {
        self.phase = Phase::Unjoined;
        self.generation = None;
        if keep == Keep::Nothing {
            self.member = None;
        }
        self.rejoin = Rejoin::Needed;
        if self.preparation == Preparation::Done {
            self.preparation = Preparation::Needed;
        }
    }

    /// Whether heartbeats are sent: not while it waits for the answer to its join.
    pub(crate) const fn beats(&self) -> bool {
        matches!(self.phase, Phase::Completing | Phase::Stable)
    }
}
