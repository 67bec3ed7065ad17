//! What exists in a queue lane.

use super::actor::ActorWorld;
use super::queue::{MessageWorld, Place, QueueWorld};
use crate::cast::LaneCast;
use crate::copies::Copies;
use crate::ids::{ActorId, CopyId, MessageId, QueueId};
use crate::time::{SimDuration, SimTime};
use crate::trace::What;
use crate::workload::KeyId;

/// Queues, their messages and their workers.
#[derive(Clone, Debug)]
pub struct SqsWorld {
    /// The queues, by [`QueueId`].
    pub queues: Vec<QueueWorld>,
    /// The workers, by [`crate::ActorId`].
    pub actors: Vec<ActorWorld>,
    /// How many messages were sent.
    pub sent: u32,
    /// How many times a message was sent again.
    pub resent: u32,
    /// How many times a copy of a message was given to a worker.
    pub deliveries: u32,
    /// How many copies of messages were given to a worker at least once; what a move task has
    /// moved is a new message and counts anew.
    pub received_once: u32,
    /// How many messages had their work finished at least once; where a topic delivers to several
    /// queues, the sum over them.
    pub processed: u32,
    /// How many times the work on a message was finished again.
    pub processed_again: u32,
    /// How many copies of messages were deleted.
    pub deleted: u32,
    /// The noisy tenants of fair queues.
    pub noisy: Vec<(QueueId, KeyId)>,
    /// How many processes of Lambda poll for each function, by worker set.
    pub processes: Vec<u32>,
    pub(super) messages: Copies<MessageWorld>,
    /// All first copies below this index are finished with, and all others below that one.
    settled_below: (usize, usize),
    /// How many messages have come into a queue.
    arrivals: u32,
    /// How many copies a topic has sent that have come nowhere yet.
    pub(super) awaited: u32,
}

impl SqsWorld {
    pub(super) fn new(cast: &LaneCast) -> Self {
        Self {
            queues: cast.queues.iter().map(QueueWorld::new).collect(),
            actors: vec![ActorWorld::absent(); cast.actors.len()],
            sent: 0,
            resent: 0,
            deliveries: 0,
            received_once: 0,
            processed: 0,
            processed_again: 0,
            deleted: 0,
            noisy: Vec::new(),
            processes: vec![0; cast.teams.len()],
            messages: Copies::default(),
            settled_below: (0, 0),
            arrivals: 0,
            awaited: 0,
        }
    }

    pub(super) const fn weight(&self) -> usize {
        self.queues.len() + self.actors.len() + self.messages.weight()
    }

    /// The first copy of a message; `None` before it is sent.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&MessageWorld> {
        self.messages.get(id, CopyId(0))
    }

    /// One copy of a message; `None` before it exists.
    #[must_use]
    pub fn copy(&self, id: MessageId, copy: CopyId) -> Option<&MessageWorld> {
        self.messages.get(id, copy)
    }

    /// All copies of a message, in the order in which they came to be.
    pub fn copies(&self, id: MessageId) -> impl Iterator<Item = (CopyId, &MessageWorld)> {
        self.messages.of(id)
    }

    /// Whether a worker has done a message that it has received and not deleted yet.
    #[must_use]
    pub fn has_done(&self, actor: ActorId, id: MessageId) -> bool {
        let mut copies = self.messages.of(id);
        copies.any(|(_, copy)| {
            copy.actor == actor && copy.finishes > 0 && matches!(copy.place.now, Place::InFlight(_))
        })
    }

    /// The copies that are not gone (and a few that are): the first ones in the order of the
    /// messages' numbers, then the others in the order in which they came to be.
    pub fn unsettled(&self) -> impl Iterator<Item = (MessageId, CopyId, &MessageWorld)> {
        let (firsts, others) = self.settled_below;
        self.messages
            .firsts_from(firsts)
            .chain(self.messages.others_from(others))
    }

    pub(super) fn fold(&mut self, at: SimTime, what: What) {
        match what {
            What::Sent { message, .. } => {
                self.sent += 1;
                self.messages.add(message, CopyId(0));
                self.move_to(at, (message, CopyId(0)), Place::Sent);
            }
            What::Resent { .. } => self.resent += 1,
            What::Enqueued {
                queue,
                message,
                copy,
            } => self.store(at, (message, copy), Place::Visible(queue)),
            What::Delayed {
                queue,
                message,
                copy,
                delay,
            } => {
                self.store(at, (message, copy), Place::Delayed(queue));
                self.hide(at, (message, copy), delay.into());
            }
            What::DelayChanged {
                queue,
                message,
                copy,
                delay,
            } => {
                self.move_to(at, (message, copy), Place::Delayed(queue));
                self.hide(at, (message, copy), delay.into());
            }
            What::BecameVisible {
                queue,
                message,
                copy,
            }
            | What::Redelivered {
                queue,
                message,
                copy,
            } => self.move_to(at, (message, copy), Place::Visible(queue)),
            What::Received {
                queue,
                actor,
                message,
                copy,
                receive_count,
                timeout,
            } => {
                self.deliveries += 1;
                self.move_to(at, (message, copy), Place::InFlight(queue));
                self.hide(at, (message, copy), timeout.into());
                let mut first = false;
                if let Some(message) = self.messages.get_mut(message, copy) {
                    message.actor = actor;
                    first = message.receives == 0;
                    message.receives = u16::try_from(receive_count).unwrap_or(u16::MAX);
                    message.receives_here = message.receives_here.saturating_add(1);
                }
                self.received_once += u32::from(first);
            }
            What::VisibilityChanged {
                message,
                copy,
                timeout,
                ..
            } => self.hide(at, (message, copy), timeout.into()),
            _ => self.fold_end(at, what),
        }
    }

    /// How a copy leaves a queue.
    fn fold_end(&mut self, at: SimTime, what: What) {
        match what {
            What::Deleted { message, copy, .. } => {
                self.deleted += 1;
                self.move_to(at, (message, copy), Place::Deleted);
            }
            What::Expired {
                queue,
                message,
                copy,
            } => {
                self.move_to(at, (message, copy), Place::Expired);
                if let Some(queue) = self.queues.get_mut(queue.index()) {
                    queue.expired += 1;
                }
            }
            What::Purged { message, copy, .. } => {
                self.move_to(at, (message, copy), Place::Purged);
            }
            What::DeadLettered {
                to, message, copy, ..
            } => self.change_queue(at, (message, copy), Place::Visible(to)),
            _ => self.fold_change(at, what),
        }
    }

    /// What is done to queues while they are used.
    fn fold_change(&mut self, at: SimTime, what: What) {
        match what {
            What::Moved {
                from,
                to,
                message,
                copy,
                delay,
            } => {
                let delay = SimDuration::from(delay);
                let place = if delay == SimDuration::ZERO {
                    Place::Visible(to)
                } else {
                    Place::Delayed(to)
                };
                self.change_queue(at, (message, copy), place);
                self.hide(at, (message, copy), delay);
                // It is a new message: it has never been received, and its age starts anew.
                if let Some(message) = self.messages.get_mut(message, copy) {
                    message.sent_at = at;
                    message.receives = 0;
                }
                if let Some(queue) = self.queues.get_mut(from.index()) {
                    queue.count_moved();
                }
            }
            What::TenantNoisy { queue, tenant } => self.noisy.push((queue, tenant)),
            What::TenantQuiet { queue, tenant } => {
                self.noisy.retain(|noisy| *noisy != (queue, tenant));
            }
            What::Scaled { team, processes } => {
                if let Some(before) = self.processes.get_mut(usize::from(team)) {
                    *before = processes;
                }
            }
            What::QueuePurged { queue }
            | What::AttributeChanged { queue, .. }
            | What::MoveTaskStarted { source: queue, .. }
            | What::MoveTaskEnded { source: queue, .. } => {
                if let Some(queue) = self.queues.get_mut(queue.index()) {
                    queue.fold(at, what);
                }
            }
            What::Published {
                message, copies: 0, ..
            } => self.move_to(at, (message, CopyId(0)), Place::FilteredOut),
            What::Published {
                message, copies, ..
            } => self.await_copies(message, copies),
            What::Deduplicated { message, .. } => self.come(message),
            What::Delivery { what } => self.fold_delivery(at, what),
            What::RequestThrottled { what: throttled } => {
                if let Some(queue) = self.queues.get_mut(throttled.queue().index()) {
                    queue.fold(at, what);
                }
            }
            _ => self.fold_work(at, what),
        }
    }

    fn fold_work(&mut self, at: SimTime, what: What) {
        let (actor, again) = match what {
            What::WorkStarted {
                actor,
                message,
                copy,
                ..
            } => {
                let again = self.has_been((message, copy), |message| message.starts > 0);
                if let Some(message) = self.messages.get_mut(message, copy) {
                    message.starts = message.starts.saturating_add(1);
                }
                (actor, again)
            }
            What::WorkFinished {
                actor,
                message,
                copy,
            } => {
                let again = self.has_been((message, copy), |message| message.finishes > 0);
                if let Some(message) = self.messages.get_mut(message, copy) {
                    message.finishes = message.finishes.saturating_add(1);
                }
                self.processed += u32::from(!again);
                self.processed_again += u32::from(again);
                (actor, again)
            }
            What::WorkFailed { actor, .. }
            | What::WorkDiscarded { actor, .. }
            | What::ActorStarted { actor }
            | What::ActorCrashed { actor }
            | What::ActorStopped { actor } => (actor, false),
            _ => return,
        };
        if let Some(actor) = self.actors.get_mut(actor.index()) {
            actor.fold(at, what, again.into());
        }
    }

    /// Whether something is true of a copy, or of another copy that came by the same queue.
    fn has_been(
        &self,
        (message, copy): (MessageId, CopyId),
        is: impl Fn(&MessageWorld) -> bool,
    ) -> bool {
        let origin = self.copy(message, copy).map(|copy| copy.origin);
        let mut copies = self.messages.of(message);
        copies.any(|(_, copy)| Some(copy.origin) == origin && is(copy))
    }

    /// A send has come into a queue.
    pub(super) fn store(&mut self, at: SimTime, (message, copy): (MessageId, CopyId), next: Place) {
        self.come(message);
        self.messages.add(message, copy);
        self.move_to(at, (message, copy), next);
        self.arrivals += 1;
        if let Some(message) = self.messages.get_mut(message, copy) {
            message.origin = next.queue().unwrap_or_default();
            message.sent_at = at;
            message.stored_at = at;
            message.arrival = self.arrivals;
        }
    }

    fn change_queue(&mut self, at: SimTime, (message, copy): (MessageId, CopyId), next: Place) {
        self.move_to(at, (message, copy), next);
        self.arrivals += 1;
        if let Some(message) = self.messages.get_mut(message, copy) {
            message.receives_here = 0;
            message.stored_at = at;
            message.arrival = self.arrivals;
        }
    }

    pub(super) fn hide(
        &mut self,
        at: SimTime,
        (message, copy): (MessageId, CopyId),
        length: SimDuration,
    ) {
        if let Some(message) = self.messages.get_mut(message, copy) {
            message.hidden_since = at;
            message.hidden_until = at + length;
        }
    }

    pub(super) fn move_to(&mut self, at: SimTime, (id, copy): (MessageId, CopyId), next: Place) {
        let Some(message) = self.messages.get_mut(id, copy) else {
            return;
        };
        let before = message.place.now;
        message.place.change(at, next);
        if let Some(count) = self.count_mut(before) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = self.count_mut(next) {
            *count += 1;
        }
        self.settle(id, copy);
    }

    /// Moves the marks up to which everything is finished with.
    fn settle(&mut self, id: MessageId, copy: CopyId) {
        let (firsts, others) = &mut self.settled_below;
        // What is gone can come back: left out of one queue and stored in another, or redelivered.
        if let Some(place) = self.messages.place(id, copy) {
            let mark = if copy.0 == 0 { firsts } else { others };
            *mark = place.min(*mark);
        }
        let (firsts, others) = &mut self.settled_below;
        let is_settled = |message: Option<&MessageWorld>| {
            message.is_some_and(|message| message.place.now.is_settled())
        };
        while is_settled(self.messages.first_at(*firsts)) {
            *firsts += 1;
        }
        while is_settled(self.messages.other_at(*others)) {
            *others += 1;
        }
    }

    fn count_mut(&mut self, place: Place) -> Option<&mut u32> {
        let queue = self.queues.get_mut(place.queue()?.index())?;
        match place {
            Place::Delayed(_) => Some(&mut queue.delayed),
            Place::Visible(_) => Some(&mut queue.visible),
            Place::InFlight(_) => Some(&mut queue.in_flight),
            _ => None,
        }
    }
}
