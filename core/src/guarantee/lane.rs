//! The checks, folded over one lane's events.

use std::ops::Range;

use litemap::LiteMap;

use super::Guarantee;
use super::aside::Aside;
use super::cluster::Fates;
use super::hand::{Hands, Held};
use super::queue::QueueChecks;
use super::reader::{Finish, Reader};
use crate::cast::{LaneCast, LaneKind};
use crate::chunked::Chunked;
use crate::ids::{ActorId, CopyId, MessageId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::{Event, PositionOrigin, Trace, What};

/// What the checkers know of one lane.
#[derive(Clone, Debug)]
pub(super) struct LaneChecks {
    broken: [Option<(usize, SimTime)>; Guarantee::ALL.len()],
    /// What is known of queues; `None` in a log lane.
    pub(super) queue: Option<QueueChecks>,
    /// For each group of a log, or for each queue of a queue lane.
    pub(super) readers: Vec<Reader>,
    /// The reader of each consumer; in a queue lane, the worker set of each worker.
    pub(super) reader_of: Vec<usize>,
    /// Readers from this one on are share groups.
    first_share_group: usize,
    pub(super) hands: Hands,
    pub(super) logs: LiteMap<TopicPartition, Chunked<MessageId>>,
    /// The place of each message in the order of sending: commands' messages have late numbers.
    order: Chunked<u32>,
    sent: u32,
    pub(super) fates: Fates,
    /// Work that failed at the last event: a consumer that seeks back next has not let go of it.
    failed: Option<(Moment, ActorId, MessageId)>,
    settled_at: Option<SimTime>,
    /// What lies in dead-letter queues, undone.
    pub(super) set_aside: Aside,
}

/// An event's place in the trace, and its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) index: usize,
    pub(super) at: SimTime,
}

impl LaneChecks {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let teams = cast.actors.iter().map(|actor| usize::from(actor.team));
        let readers = match cast.kind {
            LaneKind::Sqs => cast.queues.len(),
            LaneKind::Kafka => cast.teams.len(),
        };
        Self {
            broken: [None; Guarantee::ALL.len()],
            queue: (cast.kind == LaneKind::Sqs).then(|| QueueChecks::new(cast)),
            readers: vec![Reader::default(); readers],
            reader_of: teams.collect(),
            first_share_group: usize::from(cast.first_share_group),
            hands: Hands::new(cast.actors.len()),
            logs: LiteMap::new(),
            order: Chunked::default(),
            sent: 0,
            fates: Fates::default(),
            failed: None,
            settled_at: None,
            set_aside: Aside::default(),
        }
    }

    pub(super) fn broken(&self, guarantee: Guarantee) -> Option<(usize, SimTime)> {
        self.broken.get(guarantee as usize).copied().flatten()
    }

    /// Since when nothing can happen to any message, if no more than `expected` are sent.
    pub(super) fn settled_at(&self, expected: u32) -> Option<SimTime> {
        self.settled_at.filter(|_| self.sent >= expected)
    }

    pub(super) fn break_it(&mut self, guarantee: Guarantee, Moment { index, at }: Moment) {
        if let Some(broken @ None) = self.broken.get_mut(guarantee as usize) {
            *broken = Some((index, at));
        }
    }

    fn reader(&mut self, actor: ActorId) -> Option<&mut Reader> {
        self.readers.get_mut(*self.reader_of.get(actor.index())?)
    }

    pub(super) fn see(&mut self, index: usize, event: &Event, trace: &Trace) {
        self.let_failed_go(event.what);
        let at = event.at;
        let moment = Moment { index, at };
        if let What::Sent { message, .. } = event.what {
            self.send(message, trace);
        }
        if self.queue.is_some() {
            let concerned = self.concerned(event.what);
            let before = concerned.map(|message| self.aside(message));
            self.see_queue(moment, event.what, trace);
            if let Some((message, before)) = concerned.zip(before) {
                let after = self.aside(message);
                self.set_aside.replace(before, after);
            }
        } else {
            self.see_log(moment, event.what, trace);
        }
        self.settle(at);
    }

    fn see_log(&mut self, moment: Moment, what: What, trace: &Trace) {
        match what {
            What::WorkStarted { actor, message, .. } => {
                let reader = self.reader_of.get(actor.index()).copied().unwrap_or(0);
                self.start(moment, reader, (actor, message));
            }
            What::WorkFinished { actor, message, .. } => {
                let reader = self.reader_of.get(actor.index()).copied().unwrap_or(0);
                self.put_down(actor, message);
                self.hands.let_go(actor, (message, CopyId(0)));
                self.finish(moment, (reader, message), trace);
            }
            What::WorkFailed { actor, message, .. } => {
                self.put_down(actor, message);
                // A member of a share group lets go of it when it says what is to become of it.
                if !self.shares(actor) {
                    self.failed = Some((moment, actor, message));
                }
            }
            What::Appended {
                partition, message, ..
            } => {
                self.append(partition, message);
            }
            What::Polled {
                actor,
                partition,
                from,
                to,
            } => self.poll(actor, partition, from.index()..to.index()),
            What::PositionSet {
                actor,
                partition,
                offset,
                origin,
            } => self.set_position(moment, (actor, partition), (offset, origin)),
            What::Committed {
                actor,
                partition,
                offset,
            } => self.commit(moment, (self.number_of(actor), partition), offset),
            What::OffsetReset {
                group,
                partition,
                offset,
            } => self.commit(moment, (group.index(), partition), offset),
            What::Revoked { actor, partition } | What::Lost { actor, partition } => {
                self.give_up(moment, actor, partition);
            }
            What::ActorStopped { actor } | What::ActorCrashed { actor } => {
                if let Some(reader) = self.reader(actor) {
                    reader.put_all_down(actor);
                }
                self.drop_everything(moment, actor);
            }
            What::Share { what } => self.see_share(moment, what, trace),
            What::Cluster { what } => self.see_cluster(moment, what),
            What::Producer { what } => self.see_producer(moment, what),
            _ => {}
        }
    }

    /// Whether a consumer is in a share group.
    fn shares(&self, actor: ActorId) -> bool {
        let reader = self.reader_of.get(actor.index());
        reader.is_some_and(|reader| *reader >= self.first_share_group)
    }

    pub(super) fn append(&mut self, partition: TopicPartition, message: MessageId) {
        self.fates.place(message);
        let log = self.logs.entry(partition).or_default();
        log.push(message);
        let end = log.len();
        for reader in &mut self.readers {
            reader.change_reading(partition, end, |_| {});
        }
    }

    pub(super) fn end(&self, partition: TopicPartition) -> usize {
        self.logs.get(&partition).map_or(0, Chunked::len)
    }

    fn send(&mut self, message: MessageId, trace: &Trace) {
        self.sent += 1;
        self.order.grow_to(message.index(), &0);
        if let Some(order) = self.order.get_mut(message.index().saturating_sub(1)) {
            *order = self.sent;
        }
        if let Some(key) = trace.message(message).and_then(|message| message.key) {
            for reader in &mut self.readers {
                reader.open(key, self.sent);
            }
        }
    }

    pub(super) fn start(
        &mut self,
        moment: Moment,
        reader: usize,
        (actor, message): (ActorId, MessageId),
    ) {
        if let Some(reader) = self.readers.get_mut(reader)
            && reader.start(actor, message).is_contested()
        {
            self.break_it(Guarantee::OneConsumer, moment);
        }
    }

    fn put_down(&mut self, actor: ActorId, message: MessageId) {
        if let Some(reader) = self.reader(actor) {
            reader.put_down(actor, message);
        }
    }

    /// The work on a message is done, by one of those who share `reader`.
    pub(super) fn finish(
        &mut self,
        moment: Moment,
        (reader, message): (usize, MessageId),
        trace: &Trace,
    ) {
        let Some(its) = self.readers.get_mut(reader) else {
            return;
        };
        if its.has_finished(message) {
            self.break_it(Guarantee::ProcessedOnce, moment);
            return;
        }
        its.finish(message);
        if self.close((reader, message), trace).overtook() {
            self.break_it(Guarantee::OrderPerKey, moment);
        }
    }

    /// Nobody of `reader` is expected to work on a message any more.
    pub(super) fn close(&mut self, (reader, message): (usize, MessageId), trace: &Trace) -> Finish {
        let order = self.order.get(message.index().saturating_sub(1)).copied();
        let key = trace.message(message).and_then(|message| message.key);
        match (key, order, self.readers.get_mut(reader)) {
            (Some(key), Some(order), Some(reader)) => reader.close(key, order),
            _ => Finish::InTurn,
        }
    }

    /// A consumer that does not seek back to a record that failed has skipped it.
    fn let_failed_go(&mut self, next: What) {
        let Some((moment, actor, message)) = self.failed.take() else {
            return;
        };
        let seeks_back = matches!(
            next,
            What::PositionSet { actor: who, origin: PositionOrigin::SeekBack, .. } if who == actor
        );
        if !seeks_back {
            if let Some(held) = self.hands.let_go(actor, (message, CopyId(0))) {
                self.look_for_lost(moment, actor, held);
            }
            self.settle(moment.at);
        }
    }

    fn poll(&mut self, actor: ActorId, partition: TopicPartition, offsets: Range<usize>) {
        let Some(log) = self.logs.get(&partition) else {
            return;
        };
        let (to, end) = (offsets.end, log.len());
        let from = offsets.start;
        for (offset, message) in offsets.zip(log.iter_from(from)) {
            self.hands
                .take(actor, Held::of_log(*message, partition, offset));
        }
        if let Some(reader) = self.reader(actor) {
            reader.change_reading(partition, end, |reading| {
                reading.set_position(actor, to);
            });
        }
    }

    fn set_position(
        &mut self,
        moment: Moment,
        (actor, partition): (ActorId, TopicPartition),
        (offset, origin): (Offset, PositionOrigin),
    ) {
        let end = self.end(partition);
        let mut before = None;
        if let Some(reader) = self.reader(actor) {
            reader.change_reading(partition, end, |reading| {
                before = reading.set_position(actor, offset.index());
            });
        }
        if origin == PositionOrigin::SeekBack {
            // It will come to them again.
            self.hands.drop_from(actor, partition, offset.index());
        } else {
            let number = self.number_of(actor);
            self.leave_behind(moment, (number, partition), offset);
            // What it had gone back to, and now skips.
            let skipped = before.unwrap_or(end)..offset.index();
            self.look_for_lost_in(moment, (number, partition), skipped);
        }
    }

    fn commit(
        &mut self,
        moment: Moment,
        (number, partition): (usize, TopicPartition),
        offset: Offset,
    ) {
        let end = self.end(partition);
        if let Some(reader) = self.readers.get_mut(number) {
            reader.change_reading(partition, end, |r| r.committed = offset.index());
        }
        self.leave_behind(moment, (number, partition), offset);
    }

    /// The place of the reader of `actor`.
    fn number_of(&self, actor: ActorId) -> usize {
        let number = self.reader_of.get(actor.index());
        number.copied().unwrap_or(usize::MAX)
    }

    /// A group has committed up to `offset`, or begins to read there: what lies before is lost
    /// if nobody of the group has finished it, has it in hand or will come to it.
    fn leave_behind(
        &mut self,
        moment: Moment,
        (number, partition): (usize, TopicPartition),
        offset: Offset,
    ) {
        let end = self.end(partition);
        let Some(reader) = self.readers.get_mut(number) else {
            return;
        };
        // Somebody may have sought an offset that the log does not have yet.
        let left = offset.index().min(end);
        let mut before = end;
        reader.change_reading(partition, end, |reading| {
            before = reading.behind;
            reading.behind = before.max(left);
        });
        self.look_for_lost_in(moment, (number, partition), before..left);
    }

    fn look_for_lost_in(
        &mut self,
        moment: Moment,
        (number, partition): (usize, TopicPartition),
        offsets: Range<usize>,
    ) {
        let Some(log) = self.logs.get(&partition) else {
            return;
        };
        let from = offsets.start;
        let mut records = offsets
            .zip(log.iter_from(from))
            .map(|(offset, message)| Held::of_log(*message, partition, offset));
        if records.any(|record| self.has_lost(number, record)) {
            drop(records);
            self.break_it(Guarantee::NothingLost, moment);
        }
    }

    pub(super) fn look_for_lost(&mut self, moment: Moment, actor: ActorId, held: Held) {
        if self.has_lost(self.number_of(actor), held) {
            self.break_it(Guarantee::NothingLost, moment);
        }
    }

    /// Whether a group has left a record behind that nobody of it has finished, has in hand or will
    /// come to. A queue leaves nothing behind.
    fn has_lost(&self, number: usize, record: Held) -> bool {
        let Some(reader) = self.readers.get(number) else {
            return false;
        };
        let is_left = record.place.is_some_and(|(partition, offset)| {
            let is_behind = reader.has_left(partition, offset);
            let is_gone = is_behind || reader.is_done_with(record.message);
            is_gone && !reader.has_finished(record.message)
        });
        let members = || {
            let actors = (0_u16..).map(ActorId).zip(&self.reader_of);
            actors
                .filter(|(_, n)| **n == number)
                .map(|(actor, _)| actor)
        };
        is_left && !members().any(|actor| self.hands.holds(actor, record.message))
    }

    fn give_up(&mut self, moment: Moment, actor: ActorId, partition: TopicPartition) {
        let end = self.end(partition);
        let Some(reader) = self.reader(actor) else {
            return;
        };
        let mut unread = 0..0;
        reader.change_reading(partition, end, |reading| {
            if let Some(position) = reading.forget(actor) {
                unread = position..reading.behind;
            }
        });
        for held in self.hands.drop_from(actor, partition, 0) {
            self.look_for_lost(moment, actor, held);
        }
        // What it had gone back to, and what had been committed all the same.
        self.look_for_lost_in(moment, (self.number_of(actor), partition), unread);
    }

    fn drop_everything(&mut self, moment: Moment, actor: ActorId) {
        let partitions = self
            .reader(actor)
            .map_or_else(Vec::new, |reader| reader.partitions_of(actor));
        for partition in partitions {
            self.give_up(moment, actor, partition);
        }
        for held in self.hands.drop_all(actor) {
            self.look_for_lost(moment, actor, held);
        }
    }

    /// Notes the moment from which nothing can happen to any message.
    fn settle(&mut self, at: SimTime) {
        let is_over = match &self.queue {
            Some(queue) => queue.is_quiet(),
            None => {
                self.fates.settled() == self.sent && self.readers.iter().all(Reader::is_through)
            }
        };
        if self.sent > 0 && self.hands.are_empty() && is_over {
            self.settled_at.get_or_insert(at);
        } else {
            self.settled_at = None;
        }
    }
}
