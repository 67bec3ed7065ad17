//! What a consumer knows and is doing.

use std::collections::VecDeque;

use crate::ids::{ActorId, Generation, MessageId, Offset, TopicPartition};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{JoinError, Joined, MemberAssignment, SyncError};
use crate::time::SimTime;
use crate::trace::{Millis, PositionOrigin};

/// One life of a consumer's process: what was meant for an earlier one is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) actor: ActorId,
    pub(crate) incarnation: u32,
}

/// A consumer's process.
#[derive(Clone, Debug)]
pub(crate) struct Consumer {
    /// Its group, as an index.
    pub(crate) group: usize,
    /// How long its work takes, if the document says so of it alone.
    pub(crate) takes: Option<Millis>,
    pub(crate) incarnation: u32,
    pub(crate) state: State,
    /// Its membership, once the coordinator has given it an id.
    pub(crate) member: Option<MemberId>,
    pub(crate) generation: Generation,
    /// What it owns, with the position of each; `None` until the position is known.
    pub(crate) owned: Vec<Owned>,
    /// Whether it joins again at the next poll.
    pub(crate) rejoin: Rejoin,
    /// Whether it leaves at the next poll.
    pub(crate) leaving: Leaving,
    /// Fetched and not yet returned by `poll()`.
    pub(crate) fetched: Vec<Fetched>,
    /// Returned by `poll()` and not yet worked on.
    pub(crate) batch: VecDeque<Polled>,
    /// The record in hand.
    pub(crate) current: Option<Polled>,
    /// When the next automatic commit is due.
    pub(crate) auto_commit_at: SimTime,
    /// The number of the last fetch: an answer to an earlier one is dropped.
    pub(crate) fetch: u32,
    /// The answer of the coordinator that is on its way to it.
    pub(crate) answer: Option<Answer>,
    /// What it has worked out as the leader and sends with its SyncGroup.
    pub(crate) assignments: Vec<MemberAssignment>,
}

/// What a consumer's one thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The process does not run.
    Down,
    /// It waits for the answer to JoinGroup.
    Joining,
    /// It waits for the answer to SyncGroup.
    Syncing,
    /// It asks for the committed offsets of what it owns.
    FetchingOffsets,
    /// It is inside `poll()`, waiting for records.
    Polling {
        /// Whether its fetch waits at the broker.
        parked: Parked,
    },
    /// It works on a record.
    Working,
    /// It waits for the answer to a commit.
    Committing {
        /// What it does then.
        then: Then,
    },
    /// It waits before it reads a record that failed again.
    BackingOff,
}

/// Where a fetch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parked {
    /// On its way, there or back.
    No,
    /// At the broker, until there is something to read.
    Yes,
}

/// What comes after a synchronous commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The work on the record in hand.
    Work,
    /// The next record of the batch.
    NextRecord,
    /// The next `poll()`.
    Poll,
}

/// Whether a member joins its group again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejoin {
    No,
    /// The group rebalances: it gives up what it owns, then joins.
    Needed,
    /// The group has gone on to another generation: what it owned is lost.
    Outdated,
    /// The group does not know it any more: what it owned is lost, and it joins as a new member.
    Unknown,
}

/// Whether a consumer is about to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    No,
    Yes,
}

/// A partition that a consumer owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) partition: TopicPartition,
    pub(crate) position: Option<Offset>,
    /// What it has committed last, to leave out what changes nothing.
    pub(crate) committed: Option<Offset>,
}

/// Records of one partition that lie ready at the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    pub(crate) partition: TopicPartition,
    pub(crate) from: Offset,
    pub(crate) to: Offset,
}

/// A record that `poll()` has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Polled {
    pub(crate) partition: TopicPartition,
    pub(crate) offset: Offset,
    pub(crate) message: MessageId,
}

/// An answer of the coordinator on its way to the client.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Of a JoinGroup, with the member id that it is for.
    Join(MemberId, Result<Joined, JoinError>),
    /// Of a SyncGroup.
    Sync(Result<Vec<TopicPartition>, SyncError>),
    /// Of an OffsetFetch: where to read on.
    Offsets(Vec<(TopicPartition, Offset, PositionOrigin)>),
}

impl Consumer {
    pub(crate) const fn new(group: usize, takes: Option<Millis>) -> Self {
        Self {
            group,
            takes,
            incarnation: 0,
            state: State::Down,
            member: None,
            generation: Generation(0),
            owned: Vec::new(),
            rejoin: Rejoin::No,
            leaving: Leaving::No,
            fetched: Vec::new(),
            batch: VecDeque::new(),
            current: None,
            auto_commit_at: SimTime::ZERO,
            fetch: 0,
            answer: None,
            assignments: Vec::new(),
        }
    }

    /// Forgets everything that was in the process's memory; a new life begins.
    pub(crate) fn reset(&mut self) {
        let incarnation = self.incarnation + 1;
        *self = Self {
            incarnation,
            ..Self::new(self.group, self.takes)
        };
    }

    pub(crate) fn owned_mut(&mut self, partition: TopicPartition) -> Option<&mut Owned> {
        self.owned
            .iter_mut()
            .find(|owned| owned.partition == partition)
    }

    /// Whether its thread is inside `poll()` or waits, so that it notices things at once.
    pub(crate) const fn is_in_poll(&self) -> bool {
        matches!(
            self.state,
            State::Polling { .. } | State::FetchingOffsets | State::BackingOff
        )
    }
}
