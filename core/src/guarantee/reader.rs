//! Those who share the work on one copy of the messages: the workers behind one queue that is
//! sent to, or one group.

use std::collections::BTreeSet;

use litemap::LiteMap;

use crate::chunked::Chunked;
use crate::ids::{ActorId, MessageId, TopicPartition};
use crate::workload::KeyId;

/// What has become of one copy of the messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    finished: Chunked<bool>,
    /// What a share group is done with, whether its work was finished or not.
    gone: Chunked<bool>,
    /// What is worked on, in order; one worker can have received a message twice.
    working: Vec<(MessageId, ActorId)>,
    /// Per key, the messages that were sent and are not finished, by their order of sending.
    open: LiteMap<KeyId, BTreeSet<u32>>,
    readings: LiteMap<TopicPartition, Reading>,
    /// How many partitions are not read through.
    unread: usize,
}

/// How a group stands with one partition; offsets are those to be read next.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) committed: usize,
    /// What lies before is committed, or was left out where the group began.
    pub(super) behind: usize,
    /// Of each owner that knows one: there are two while one does not know that it lost the
    /// partition.
    positions: LiteMap<ActorId, usize>,
    is_unread: bool,
}

/// Whether the same message is worked on already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Alone,
    Contested,
}

/// Whether an earlier message of the same key is still unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    InTurn,
    Overtook,
}

impl Start {
    pub(super) fn is_contested(self) -> bool {
        self == Self::Contested
    }
}

impl Finish {
    pub(super) fn overtook(self) -> bool {
        self == Self::Overtook
    }
}

impl Reading {
    /// `actor` reads on there; where it would have read on, if it knew.
    pub(super) fn set_position(&mut self, actor: ActorId, position: usize) -> Option<usize> {
        self.positions.insert(actor, position)
    }

    /// `actor` reads no further; where it would have.
    pub(super) fn forget(&mut self, actor: ActorId) -> Option<usize> {
        self.positions.remove(&actor)
    }

    fn is_through(&self, end: usize) -> bool {
        self.committed >= end && self.positions.values().all(|position| *position >= end)
    }
}

impl Reader {
    pub(super) fn has_finished(&self, message: MessageId) -> bool {
        let index = message.index().checked_sub(1);
        index
            .and_then(|index| self.finished.get(index))
            .copied()
            .unwrap_or(false)
    }

    pub(super) fn finish(&mut self, message: MessageId) {
        self.finished.grow_to(message.index(), &false);
        let index = message.index().saturating_sub(1);
        if let Some(finished) = self.finished.get_mut(index) {
            *finished = true;
        }
    }

    /// A share group is done with a message.
    pub(super) fn lose(&mut self, message: MessageId) {
        self.gone.grow_to(message.index(), &false);
        let index = message.index().saturating_sub(1);
        if let Some(gone) = self.gone.get_mut(index) {
            *gone = true;
        }
    }

    /// Whether a share group is done with a message.
    pub(super) fn is_done_with(&self, message: MessageId) -> bool {
        let index = message.index().checked_sub(1);
        index
            .and_then(|index| self.gone.get(index))
            .copied()
            .unwrap_or(false)
    }

    pub(super) fn start(&mut self, actor: ActorId, message: MessageId) -> Start {
        let place = self.working.partition_point(|(what, _)| *what < message);
        let contested = self
            .working
            .get(place)
            .is_some_and(|(what, _)| *what == message);
        self.working.insert(place, (message, actor));
        if contested {
            Start::Contested
        } else {
            Start::Alone
        }
    }

    pub(super) fn put_down(&mut self, actor: ActorId, message: MessageId) {
        let first = self.working.partition_point(|(what, _)| *what < message);
        let mut same = self.working.iter().skip(first);
        if let Some(n) = same.position(|work| *work == (message, actor)) {
            self.working.remove(first + n);
        }
    }

    pub(super) fn put_all_down(&mut self, actor: ActorId) {
        self.working.retain(|(_, who)| *who != actor);
    }

    /// A message of `key` was sent, as number `order`.
    pub(super) fn open(&mut self, key: KeyId, order: u32) {
        let open = self.open.entry(key).or_default();
        open.insert(order);
    }

    /// The message of `key` that was sent as number `order` is finished.
    pub(super) fn close(&mut self, key: KeyId, order: u32) -> Finish {
        let Some(open) = self.open.get_mut(&key) else {
            return Finish::InTurn;
        };
        open.remove(&order);
        match open.first() {
            Some(first) if *first < order => Finish::Overtook,
            _ => Finish::InTurn,
        }
    }

    /// Changes how it stands with a partition whose log ends at `end`.
    pub(super) fn change_reading(
        &mut self,
        partition: TopicPartition,
        end: usize,
        change: impl FnOnce(&mut Reading),
    ) {
        let entry = self.readings.entry(partition);
        let reading = entry.or_default();
        let was_unread = reading.is_unread;
        change(reading);
        reading.is_unread = !reading.is_through(end);
        self.unread -= usize::from(was_unread);
        self.unread += usize::from(reading.is_unread);
    }

    /// The partitions that `actor` has a position in.
    pub(super) fn partitions_of(&self, actor: ActorId) -> Vec<TopicPartition> {
        let readings = self.readings.iter();
        readings
            .filter(|(_, reading)| reading.positions.contains_key(&actor))
            .map(|(partition, _)| *partition)
            .collect()
    }

    /// Whether it has left a record behind that none of its members will come to.
    pub(super) fn has_left(&self, partition: TopicPartition, offset: usize) -> bool {
        self.readings.get(&partition).is_some_and(|reading| {
            let is_ahead = reading.positions.values().any(|at| *at <= offset);
            offset < reading.behind && !is_ahead
        })
    }

    /// Whether everything is committed and no member has anything to read.
    pub(super) const fn is_through(&self) -> bool {
        self.unread == 0
    }
}
