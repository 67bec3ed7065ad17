//! What a consumer knows and is doing.

use std::collections::VecDeque;

use super::fetching::Fetch;
use super::membership::Membership;
use super::modern;
use super::reading::{Fetched, Found, Owned, Polled};
use super::wishes::Wish;
use crate::ids::{ActorId, TopicId, TopicPartition};
use crate::kafka::assignor::InstanceId;
use crate::kafka::lane::KafkaTimer;
use crate::time::{SimDuration, SimTime};
use crate::trace::Millis;

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
    /// `group.instance.id`; none for a dynamic member.
    pub(crate) group_instance_id: Option<InstanceId>,
    /// How long its work takes, if the document says so of it alone.
    pub(crate) takes: Option<Millis>,
    pub(crate) incarnation: u32,
    /// Since when it has metadata of the topics: they are renewed at regular times from then on.
    pub(crate) metadata_since: SimTime,
    pub(crate) state: State,
    /// How it stands with its group.
    pub(crate) membership: Membership,
    /// The same in a group of the consumer protocol; none in a classic one.
    pub(crate) modern: Option<modern::Membership>,
    /// What its application has subscribed to.
    pub(crate) subscription: Vec<TopicId>,
    /// What it owns, with the position of each.
    pub(crate) owned: Vec<Owned>,
    /// Whether it leaves at the next poll.
    pub(crate) leaving: Leaving,
    /// What its application does before the next poll.
    pub(crate) wishes: Vec<Wish>,
    /// Fetched and not yet returned by `poll()`.
    pub(crate) fetched: Vec<Fetched>,
    /// Its request for more.
    pub(crate) fetch: Fetch,
    /// Where to read on, as the answer on its way says.
    pub(crate) found: Vec<(TopicPartition, Found)>,
    /// Returned by `poll()` and not yet worked on.
    pub(crate) batch: VecDeque<Polled>,
    /// The record in hand.
    pub(crate) current: Option<Polled>,
    /// When the work in hand ends, and which work that is: the timer of another one is dropped.
    pub(crate) work: (SimTime, u32),
    /// How many times as long its work takes.
    pub(crate) slow: u16,
    /// When the next automatic commit is due.
    pub(crate) auto_commit_at: SimTime,
    /// When it called `poll()` last.
    pub(crate) polled_at: SimTime,
    /// The number of its last request for positions: an answer to an earlier one is dropped.
    pub(crate) asked: u32,
    /// Set while the process stands still.
    pub(crate) frozen: Option<Frozen>,
}

/// What waits in a process that stands still.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frozen {
    /// How much of the work in hand is left.
    pub(crate) rest: SimDuration,
    /// What came in the meantime, in order.
    pub(crate) came: Vec<KafkaTimer>,
}

/// What a consumer's one thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The process does not run.
    Down,
    /// It is inside `poll()` and asks where to read on in what it owns.
    FetchingOffsets,
    /// It is inside `poll()`, waiting for records or for its group.
    Polling,
    /// It works on a record.
    Working,
    /// It waits for the answer to a commit.
    Committing {
        /// What it does then.
        then: Then,
    },
    /// It waits before it reads a record that failed again. It polls all the while, with the
    /// partitions paused.
    BackingOff,
}

/// What comes after a synchronous commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The work on the record in hand.
    Work,
    /// The next record of the batch.
    NextRecord,
    /// The next `poll()`, or the rest of one.
    Poll,
}

/// Whether a consumer is about to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    No,
    Yes,
}

impl Consumer {
    pub(crate) fn new(
        group: usize,
        group_instance_id: Option<InstanceId>,
        takes: Option<Millis>,
    ) -> Self {
        Self {
            group,
            group_instance_id,
            takes,
            incarnation: 0,
            metadata_since: SimTime::ZERO,
            state: State::Down,
            membership: Membership::default(),
            modern: None,
            subscription: Vec::new(),
            owned: Vec::new(),
            leaving: Leaving::No,
            wishes: Vec::new(),
            fetched: Vec::new(),
            fetch: Fetch::default(),
            found: Vec::new(),
            batch: VecDeque::new(),
            current: None,
            work: (SimTime::ZERO, 0),
            slow: 1,
            auto_commit_at: SimTime::ZERO,
            polled_at: SimTime::ZERO,
            asked: 0,
            frozen: None,
        }
    }

    /// Forgets everything that was in the process's memory; a new life begins.
    pub(crate) fn reset(&mut self) {
        let incarnation = self.incarnation + 1;
        *self = Self {
            incarnation,
            slow: self.slow,
            ..Self::new(self.group, self.group_instance_id, self.takes)
        };
    }

    pub(crate) fn owned_mut(&mut self, partition: TopicPartition) -> Option<&mut Owned> {
        self.owned
            .iter_mut()
            .find(|owned| owned.partition == partition)
    }

    /// Whether its thread is inside `poll()` or as good as, so that it notices things at once.
    pub(crate) const fn is_in_poll(&self) -> bool {
        matches!(
            self.state,
            State::Polling | State::FetchingOffsets | State::BackingOff
        )
    }
}
