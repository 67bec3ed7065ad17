//! What a share consumer knows and is doing.

use std::collections::VecDeque;

use crate::ids::{GroupEpoch, MessageId, Offset, TopicPartition};
use crate::kafka::consumer::Client;
use crate::kafka::group::MemberId;
use crate::kafka::share::{AcknowledgeType, HeartbeatAnswer, HeartbeatError};
use crate::scenario::ShareMember;
use crate::time::SimTime;

/// A share consumer's process.
#[derive(Clone, Debug)]
pub(crate) struct ShareConsumer {
    /// Its share group, as an index.
    pub(super) group: usize,
    /// What the document says of it alone; a consumer without a name of its own has none here.
    pub(super) own: ShareMember,
    pub(super) incarnation: u32,
    pub(super) state: State,
    pub(super) leaving: Leaving,
    pub(super) epoch: GroupEpoch,
    /// What it fetches from.
    pub(super) assigned: Vec<TopicPartition>,
    /// When it sent its last heartbeat.
    pub(super) heartbeat_at: SimTime,
    /// The coordinator's answer that is on its way to it.
    pub(super) answer: Option<Result<HeartbeatAnswer, HeartbeatError>>,
    /// The requests of its share session so far. KIP-932, "Share sessions".
    pub(super) session_epoch: u32,
    /// The number of the last poll that fetched: an answer to an earlier one is dropped.
    pub(super) poll: u32,
    /// Returned by the last poll.
    pub(super) polled: Vec<Delivered>,
    /// Those of it that wait to be worked on.
    pub(super) batch: VecDeque<Delivered>,
    /// The record in hand.
    pub(super) current: Option<Delivered>,
    /// Acknowledged, and not told to the brokers yet.
    pub(super) acknowledged: Vec<Acknowledged>,
}

/// What a share consumer's one thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The process does not run.
    Down,
    /// It is inside `poll()`.
    Polling {
        /// Whether a fetch is on its way, or waits at the broker.
        fetching: Fetching,
    },
    /// It works on a record.
    Working,
    /// It waits for the answer to `commitSync()`.
    Committing,
    /// It waits before it works on a record that failed again.
    BackingOff,
}

/// Whether a consumer has a fetch under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetching {
    /// It has no partition to fetch from.
    No,
    Yes,
}

/// Whether a consumer is about to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    No,
    Yes,
}

/// A record that a fetch has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delivered {
    pub(super) partition: TopicPartition,
    pub(super) offset: Offset,
    pub(super) message: MessageId,
}

/// What a consumer says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acknowledged {
    pub(super) partition: TopicPartition,
    pub(super) offset: Offset,
    pub(super) said: AcknowledgeType,
}

impl Delivered {
    pub(super) const fn say(self, said: AcknowledgeType) -> Acknowledged {
        Acknowledged {
            partition: self.partition,
            offset: self.offset,
            said,
        }
    }
}

impl ShareConsumer {
    pub(super) const fn new(group: usize, own: ShareMember, incarnation: u32) -> Self {
        Self {
            group,
            own,
            incarnation,
            state: State::Down,
            leaving: Leaving::No,
            epoch: GroupEpoch(0),
            assigned: Vec::new(),
            heartbeat_at: SimTime::ZERO,
            answer: None,
            session_epoch: 0,
            poll: 0,
            polled: Vec::new(),
            batch: VecDeque::new(),
            current: None,
            acknowledged: Vec::new(),
        }
    }

    /// Forgets everything that was in the process's memory; a new life begins.
    pub(super) fn reset(&mut self) {
        let own = std::mem::take(&mut self.own);
        *self = Self::new(self.group, own, self.incarnation + 1);
    }
}

/// The member id that a process makes for itself: another one in each of its lives.
pub(super) const fn member_of(client: Client) -> MemberId {
    MemberId {
        actor: client.actor,
        incarnation: client.incarnation,
    }
}
