//! What exists of a consumer group.

use super::Since;
use crate::chunked::Chunked;
use crate::ids::{ActorId, Generation, MessageId, Offset};
use crate::time::SimTime;
use crate::trace::{CommitRefusal, RebalanceReason};

/// A consumer group.
#[derive(Clone, Debug)]
pub struct GroupWorld {
    /// What it is doing.
    pub phase: GroupPhase,
    /// The generation that was completed last.
    pub generation: Generation,
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
    pub(super) records: Chunked<GroupRecord>,
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
    },
    /// Everybody knows what is theirs.
    Stable,
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
