//! The four checks, folded over one lane's events.

use std::collections::BTreeSet;

use litemap::LiteMap;

use super::Guarantee;
use crate::cast::{LaneCast, LaneKind};
use crate::chunked::Chunked;
use crate::ids::{ActorId, MessageId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::{Event, PositionOrigin, Trace, What};
use crate::workload::KeyId;

/// What the checkers know of one lane.
#[derive(Clone, Debug)]
pub(super) struct LaneChecks {
    broken: [Option<(usize, SimTime)>; Guarantee::ALL.len()],
    kind: LaneKind,
    /// For each group of a log, or once for all workers of a queue lane.
    readers: Vec<Reader>,
    /// The reader of each worker or consumer.
    reader_of: Vec<usize>,
    logs: LiteMap<TopicPartition, Log>,
    appended: u32,
    gone: u32,
    /// Messages that lie in a dead-letter queue and were not received there.
    parked: BTreeSet<MessageId>,
    sent: u32,
    settled_at: Option<SimTime>,
}

/// The records of one partition, by offset.
type Log = Chunked<MessageId>;

/// Those who share the work on one copy of the messages.
#[derive(Clone, Debug, Default)]
struct Reader {
    finished: Chunked<bool>,
    finished_count: u32,
    working: LiteMap<ActorId, MessageId>,
    /// Per key, the messages that were sent and are not finished, oldest first.
    open: LiteMap<KeyId, BTreeSet<MessageId>>,
    committed: LiteMap<TopicPartition, Offset>,
}

impl Reader {
    fn has_finished(&self, message: MessageId) -> bool {
        let index = message.index().checked_sub(1);
        index
            .and_then(|index| self.finished.get(index))
            .copied()
            .unwrap_or(false)
    }

    /// Whether it has committed everything there is.
    fn is_through(&self, logs: &LiteMap<TopicPartition, Log>) -> bool {
        logs.iter().all(|(partition, log)| {
            let committed = self.committed.get(partition);
            committed.map_or(0, |offset| offset.index()) >= log.len()
        })
    }

    fn finish(&mut self, message: MessageId) {
        self.finished.grow_to(message.index(), &false);
        let index = message.index().saturating_sub(1);
        if let Some(finished) = self.finished.get_mut(index) {
            *finished = true;
            self.finished_count += 1;
        }
    }
}

impl LaneChecks {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let (readers, reader_of) = match cast.kind {
            LaneKind::Sqs => (1, vec![0; cast.actors.len()]),
            LaneKind::Kafka => {
                let teams = cast.actors.iter().map(|actor| usize::from(actor.team));
                (cast.teams.len(), teams.collect())
            }
        };
        Self {
            broken: [None; Guarantee::ALL.len()],
            kind: cast.kind,
            readers: vec![Reader::default(); readers],
            reader_of,
            logs: LiteMap::new(),
            appended: 0,
            gone: 0,
            parked: BTreeSet::new(),
            sent: 0,
            settled_at: None,
        }
    }

    pub(super) fn broken(&self, guarantee: Guarantee) -> Option<(usize, SimTime)> {
        self.broken.get(guarantee as usize).copied().flatten()
    }

    pub(super) const fn settled_at(&self) -> Option<SimTime> {
        self.settled_at
    }

    fn break_it(&mut self, guarantee: Guarantee, event: usize, at: SimTime) {
        if let Some(broken @ None) = self.broken.get_mut(guarantee as usize) {
            *broken = Some((event, at));
        }
    }

    fn reader(&mut self, actor: ActorId) -> Option<&mut Reader> {
        self.readers.get_mut(*self.reader_of.get(actor.index())?)
    }

    pub(super) fn see(&mut self, index: usize, event: &Event, trace: &Trace, expected: u32) {
        let at = event.at;
        match event.what {
            What::Sent { message, .. } => {
                self.sent += 1;
                if let Some(key) = trace.message(message).and_then(|message| message.key) {
                    for reader in &mut self.readers {
                        reader.open.entry(key).or_default().insert(message);
                    }
                }
            }
            What::WorkStarted { actor, message, .. } => self.start(index, at, actor, message),
            What::WorkFinished { actor, message } => {
                self.finish(index, at, (actor, message), trace);
            }
            What::WorkFailed { actor, .. }
            | What::ActorStopped { actor }
            | What::ActorCrashed { actor } => self.put_down(actor),
            What::Appended {
                partition, message, ..
            } => {
                self.appended += 1;
                self.logs.entry(partition).or_default().push(message);
            }
            What::Deleted { message, .. } | What::Expired { message, .. } => {
                self.gone += 1;
                self.parked.remove(&message);
                if !self
                    .readers
                    .first()
                    .is_some_and(|reader| reader.has_finished(message))
                {
                    self.break_it(Guarantee::NothingLost, index, at);
                }
                self.settle(index, at, expected);
            }
            What::DeadLettered { message, .. } => {
                self.parked.insert(message);
                self.settle(index, at, expected);
            }
            What::Received { message, .. } => {
                self.parked.remove(&message);
            }
            What::Committed {
                actor,
                partition,
                offset,
            } => {
                if let Some(reader) = self.reader(actor) {
                    reader.committed.insert(partition, offset);
                }
                self.settle(index, at, expected);
            }
            What::PositionSet {
                actor,
                partition,
                offset,
                origin,
            } => self.look_for_skipped(index, at, (actor, partition), (offset, origin)),
            _ => {}
        }
    }

    fn start(&mut self, index: usize, at: SimTime, actor: ActorId, message: MessageId) {
        let Some(reader) = self.reader(actor) else {
            return;
        };
        let other = reader
            .working
            .iter()
            .any(|(who, what)| *who != actor && *what == message);
        reader.working.insert(actor, message);
        if other {
            self.break_it(Guarantee::OneConsumer, index, at);
        }
    }

    fn put_down(&mut self, actor: ActorId) {
        if let Some(reader) = self.reader(actor) {
            reader.working.remove(&actor);
        }
    }

    fn finish(
        &mut self,
        index: usize,
        at: SimTime,
        (actor, message): (ActorId, MessageId),
        trace: &Trace,
    ) {
        self.put_down(actor);
        let Some(reader) = self.reader(actor) else {
            return;
        };
        if reader.has_finished(message) {
            self.break_it(Guarantee::ProcessedOnce, index, at);
            return;
        }
        reader.finish(message);
        let key = trace.message(message).and_then(|message| message.key);
        let Some(open) = key.and_then(|key| reader.open.get_mut(&key)) else {
            return;
        };
        let overtook = open.first().is_some_and(|oldest| *oldest < message);
        open.remove(&message);
        if overtook {
            self.break_it(Guarantee::OrderPerKey, index, at);
        }
    }

    /// A group that begins to read behind a record nobody of it has finished has skipped it: with
    /// a commit before the work, or by `auto.offset.reset=latest`.
    fn look_for_skipped(
        &mut self,
        index: usize,
        at: SimTime,
        (actor, partition): (ActorId, TopicPartition),
        (offset, origin): (Offset, PositionOrigin),
    ) {
        let Some(log) = self.logs.get(&partition) else {
            return;
        };
        if origin == PositionOrigin::SeekBack {
            return;
        }
        let reader = self
            .reader_of
            .get(actor.index())
            .and_then(|n| self.readers.get(*n));
        let skipped = reader.is_some_and(|reader| {
            log.iter()
                .take(offset.index())
                .any(|message| !reader.has_finished(*message))
        });
        if skipped {
            self.break_it(Guarantee::NothingLost, index, at);
        }
    }

    /// Notes the moment from which nothing can happen to any message. A record that a group has
    /// left behind unfinished by then, it has skipped.
    fn settle(&mut self, index: usize, at: SimTime, expected: u32) {
        if self.settled_at.is_some() || self.sent < expected {
            return;
        }
        let settled = match self.kind {
            LaneKind::Sqs => usize::try_from(self.sent - self.gone) == Ok(self.parked.len()),
            LaneKind::Kafka => {
                self.appended == self.sent && self.readers.iter().all(|r| r.is_through(&self.logs))
            }
        };
        if settled {
            self.settled_at = Some(at);
            let complete = |reader: &Reader| reader.finished_count == self.appended;
            if self.kind == LaneKind::Kafka && !self.readers.iter().all(complete) {
                self.break_it(Guarantee::NothingLost, index, at);
            }
        }
    }
}
