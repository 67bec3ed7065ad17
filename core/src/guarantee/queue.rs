//! What the checkers know of the queues of a lane.

use super::Guarantee;
use super::hand::Held;
use super::lane::{LaneChecks, Moment};
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::copies::Copies;
use crate::ids::{ActorId, CopyId, MessageId, QueueId};
use crate::trace::{DeliveryWhat, Trace, What};

/// The copies of messages, and who has to work on them.
#[derive(Clone, Debug)]
pub(super) struct QueueChecks {
    copies: Copies<Standing>,
    /// Copies that somebody can still receive, those in a dead-letter queue left out.
    open: u32,
    /// Copies in dead-letter queues.
    parked: u32,
    /// Sends that have not come to where they go.
    on_the_way: u32,
    /// How many queues a send comes to.
    per_send: u32,
    /// The queue of each worker set, and what it has finished; empty if there is only one.
    teams: Vec<(QueueId, Chunked<bool>)>,
}

/// What has become of one copy.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// The queue that it first came into: its workers have to work on it, wherever it goes.
    origin: QueueId,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// It is in no queue.
    #[default]
    Gone,
    Open,
    /// In a dead-letter queue, and not received there.
    Parked,
}

impl QueueChecks {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let sent_to = cast.queues.iter().filter(|queue| queue.is_sent_to).count();
        let several = Guarantee::EveryTeam.concerns(cast);
        let teams = cast
            .team_queues
            .iter()
            .map(|queue| (*queue, Chunked::default()));
        Self {
            copies: Copies::default(),
            open: 0,
            parked: 0,
            on_the_way: 0,
            per_send: u32::try_from(sent_to).unwrap_or(u32::MAX),
            teams: teams.filter(|_| several).collect(),
        }
    }

    /// Whether nothing can happen to any copy.
    pub(super) const fn is_quiet(&self) -> bool {
        self.open == 0 && self.on_the_way == 0
    }

    fn origin(&self, message: MessageId, copy: CopyId) -> QueueId {
        let standing = self.copies.get(message, copy);
        standing.map_or(QueueId(0), |standing| standing.origin)
    }

    /// Whether a copy that came by `origin` lies in some queue.
    fn is_there(&self, message: MessageId, origin: QueueId) -> bool {
        let mut copies = self.copies.of(message);
        copies.any(|(_, copy)| copy.origin == origin && copy.state != State::Gone)
    }

    fn change(&mut self, (message, copy): (MessageId, CopyId), next: State) {
        if let Some(standing) = self.copies.get_mut(message, copy) {
            self.open -= u32::from(standing.state == State::Open);
            self.open += u32::from(next == State::Open);
            self.parked -= u32::from(standing.state == State::Parked);
            self.parked += u32::from(next == State::Parked);
            standing.state = next;
        }
    }

    /// Whether something lies in a dead-letter queue.
    pub(super) const fn has_parked(&self) -> bool {
        self.parked > 0
    }

    /// The queues that the copies of a message came by which lie in dead-letter queues.
    pub(super) fn parked(&self, message: MessageId) -> impl Iterator<Item = QueueId> {
        let copies = self.copies.of(message);
        let parked = copies.filter(|(_, copy)| copy.state == State::Parked);
        parked.map(|(_, copy)| copy.origin)
    }

    /// The worker sets of a queue that have not finished a message.
    pub(super) fn unfinished(
        &self,
        origin: QueueId,
        message: MessageId,
    ) -> impl Iterator<Item = usize> {
        let index = message.index().saturating_sub(1);
        let teams = (0..).zip(&self.teams);
        let unfinished = teams.filter(move |(_, (place, finished))| {
            *place == origin && !finished.get(index).copied().unwrap_or(false)
        });
        unfinished.map(|(team, _)| team)
    }

    /// A send has come into a queue; whether the same message had come there before.
    fn store(&mut self, queue: QueueId, (message, copy): (MessageId, CopyId)) -> bool {
        self.on_the_way = self.on_the_way.saturating_sub(1);
        let again = self
            .copies
            .of(message)
            .any(|(n, before)| n < copy && before.origin == queue);
        if let Some(standing) = self.copies.add(message, copy) {
            standing.origin = queue;
        }
        self.change((message, copy), State::Open);
        again
    }

    fn finish(&mut self, team: usize, message: MessageId) {
        if let Some((_, finished)) = self.teams.get_mut(team) {
            finished.grow_to(message.index(), &false);
            if let Some(done) = finished.get_mut(message.index().saturating_sub(1)) {
                *done = true;
            }
        }
    }
}

impl LaneChecks {
    pub(super) fn see_queue(&mut self, moment: Moment, what: What, trace: &Trace) {
        let Some(queue) = &mut self.queue else {
            return;
        };
        match what {
            What::Sent { .. } | What::Resent { .. } => queue.on_the_way += queue.per_send,
            What::Enqueued {
                queue: place,
                message,
                copy,
            }
            | What::Delayed {
                queue: place,
                message,
                copy,
                ..
            } => {
                if queue.store(place, (message, copy)) {
                    self.break_it(Guarantee::NoDuplicateSends, moment);
                }
            }
            What::Deduplicated { .. } => queue.on_the_way = queue.on_the_way.saturating_sub(1),
            What::TopicDeduplicated { .. } => {
                queue.on_the_way = queue.on_the_way.saturating_sub(queue.per_send);
            }
            What::FilteredOut {
                queue: place,
                message,
                ..
            } => {
                queue.on_the_way = queue.on_the_way.saturating_sub(1);
                self.close((place.index(), message), trace);
            }
            What::Redelivered { message, copy, .. } | What::Moved { message, copy, .. } => {
                queue.change((message, copy), State::Open);
            }
            What::Received {
                actor,
                message,
                copy,
                ..
            } => {
                queue.change((message, copy), State::Open);
                self.hands.take(actor, Held::of_queue(message, copy));
            }
            What::Deleted { message, copy, .. }
            | What::Expired { message, copy, .. }
            | What::Purged { message, copy, .. } => {
                queue.change((message, copy), State::Gone);
                self.look_for_lost_copy(moment, (message, copy));
            }
            What::DeadLettered { message, copy, .. } => {
                queue.change((message, copy), State::Parked);
            }
            What::Delivery { what } => self.see_delivery(moment, what),
            _ => self.see_work(moment, what, trace),
        }
    }

    /// What SNS cannot deliver is lost to the workers of the queue, or set aside for them.
    fn see_delivery(&mut self, moment: Moment, what: DeliveryWhat) {
        let Some(queue) = &mut self.queue else {
            return;
        };
        match what {
            DeliveryWhat::GivenUp {
                queue: origin,
                message,
                to: None,
                ..
            } => {
                queue.on_the_way = queue.on_the_way.saturating_sub(1);
                self.look_for_lost_of(moment, (message, origin));
            }
            DeliveryWhat::DeadLettered {
                queue: origin,
                message,
                copy,
                ..
            } => {
                queue.store(origin, (message, copy));
                queue.change((message, copy), State::Parked);
            }
            _ => {}
        }
    }

    fn see_work(&mut self, moment: Moment, what: What, trace: &Trace) {
        match what {
            What::WorkStarted {
                actor,
                message,
                copy,
                ..
            } => {
                let reader = self.origin(message, copy).index();
                self.start(moment, reader, (actor, message));
            }
            What::WorkFinished {
                actor,
                message,
                copy,
            } => {
                self.stop_work(actor, (message, copy));
                let team = self.reader_of.get(actor.index()).copied();
                if let (Some(queue), Some(team)) = (&mut self.queue, team) {
                    queue.finish(team, message);
                }
                let reader = self.origin(message, copy).index();
                self.finish(moment, (reader, message), trace);
            }
            What::WorkFailed {
                actor,
                message,
                copy,
            }
            | What::WorkDiscarded {
                actor,
                message,
                copy,
            } => {
                self.stop_work(actor, (message, copy));
                self.look_for_lost_copy(moment, (message, copy));
            }
            // Who deletes before the work does not begin it then.
            What::DeleteFailed {
                actor,
                message,
                copy,
                ..
            }
            | What::LetGo {
                actor,
                message,
                copy,
            }
            | What::WorkSkipped {
                actor,
                message,
                copy,
            } => {
                self.hands.let_go(actor, (message, copy));
                self.look_for_lost_copy(moment, (message, copy));
            }
            What::ActorStopped { actor } | What::ActorCrashed { actor } => {
                for reader in &mut self.readers {
                    reader.put_all_down(actor);
                }
                for held in self.hands.drop_all(actor) {
                    self.look_for_lost_copy(moment, (held.message, held.copy));
                }
            }
            _ => {}
        }
    }

    fn origin(&self, message: MessageId, copy: CopyId) -> QueueId {
        let queue = self.queue.as_ref();
        queue.map_or(QueueId(0), |queue| queue.origin(message, copy))
    }

    fn stop_work(&mut self, actor: ActorId, (message, copy): (MessageId, CopyId)) {
        let reader = self.origin(message, copy).index();
        if let Some(reader) = self.readers.get_mut(reader) {
            reader.put_down(actor, message);
        }
        self.hands.let_go(actor, (message, copy));
    }

    /// A copy is gone, or somebody has let go of it: whether that was the last one, and nobody
    /// has done, or can still do, the work.
    fn look_for_lost_copy(&mut self, moment: Moment, (message, copy): (MessageId, CopyId)) {
        let Some(queue) = &self.queue else {
            return;
        };
        let origin = queue.origin(message, copy);
        self.look_for_lost_of(moment, (message, origin));
    }

    /// Whether the last copy that came, or was to come, by `origin` is gone, and nobody has done,
    /// or can still do, the work.
    fn look_for_lost_of(&mut self, moment: Moment, (message, origin): (MessageId, QueueId)) {
        let Some(queue) = &self.queue else {
            return;
        };
        if queue.is_there(message, origin) {
            return;
        }
        let is_done = |reader: usize| {
            let reader = self.readers.get(reader);
            reader.is_some_and(|reader| reader.has_finished(message))
        };
        let is_lost = !is_done(origin.index()) && !self.is_held((message, origin), None);
        let mut unfinished = queue.unfinished(origin, message);
        let misses = unfinished.any(|team| !self.is_held((message, origin), Some(team)));
        drop(unfinished);
        if is_lost {
            self.break_it(Guarantee::NothingLost, moment);
        }
        if misses {
            self.break_it(Guarantee::EveryTeam, moment);
        }
    }

    /// Whether a worker, of one set or of any, has such a copy in hand.
    fn is_held(&self, (message, origin): (MessageId, QueueId), team: Option<usize>) -> bool {
        let actors = (0_u16..).map(ActorId).zip(&self.reader_of);
        let mut hands = actors.filter(|(_, its)| team.is_none_or(|team| team == **its));
        hands.any(|(actor, _)| {
            let mut copies = self.hands.copies(actor, message);
            copies.any(|copy| self.origin(message, copy) == origin)
        })
    }
}
