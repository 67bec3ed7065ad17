//! What exists in a queue lane.

use super::Since;
use super::actor::ActorWorld;
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::ids::{ActorId, MessageId, QueueId};
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// Queues, their messages and their workers.
#[derive(Clone, Debug)]
pub struct SqsWorld {
    /// The queues, by [`QueueId`].
    pub queues: Vec<QueueWorld>,
    /// The workers, by [`ActorId`].
    pub actors: Vec<ActorWorld>,
    /// How many messages were sent.
    pub sent: u32,
    /// How many times a message was given to a worker.
    pub deliveries: u32,
    /// How many messages were given to a worker at least once.
    pub received_once: u32,
    /// How many messages had their work finished at least once.
    pub processed: u32,
    /// How many times the work on a message was finished again.
    pub processed_again: u32,
    /// How many messages were deleted.
    pub deleted: u32,
    messages: Chunked<MessageWorld>,
    /// All messages below this index are finished with.
    settled_below: usize,
}

/// The counts of one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueWorld {
    /// ApproximateNumberOfMessages; exact here.
    pub visible: u32,
    /// ApproximateNumberOfMessagesNotVisible; exact here.
    pub in_flight: u32,
    /// ApproximateNumberOfMessagesDelayed; exact here.
    pub delayed: u32,
}

/// One message of the workload, as this lane has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageWorld {
    /// Where it is, where it was, and since when.
    pub place: Since<Place>,
    /// Who received it last.
    pub actor: ActorId,
    /// When its visibility timeout or delay runs out.
    pub hidden_until: SimTime,
    /// When it was hidden: what a ring counts from.
    pub hidden_since: SimTime,
    /// How often it was received.
    pub receives: u16,
    /// How often work on it was begun.
    pub starts: u16,
    /// How often work on it was finished.
    pub finishes: u16,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not sent yet.
    Nowhere,
    /// On its way from the producer.
    Sent,
    /// In a queue, for its delay.
    Delayed(QueueId),
    /// In a queue, to be received.
    Visible(QueueId),
    /// In a queue, hidden: a worker has received it.
    InFlight(QueueId),
    /// Deleted.
    Deleted,
    /// Its retention period ended.
    Expired,
}

impl Default for MessageWorld {
    fn default() -> Self {
        Self {
            place: Since::start(Place::Nowhere),
            actor: ActorId(0),
            hidden_until: SimTime::ZERO,
            hidden_since: SimTime::ZERO,
            receives: 0,
            starts: 0,
            finishes: 0,
        }
    }
}

impl MessageWorld {
    const fn is_settled(&self) -> bool {
        matches!(self.place.now, Place::Deleted | Place::Expired)
    }
}

impl SqsWorld {
    pub(super) fn new(cast: &LaneCast) -> Self {
        Self {
            queues: vec![QueueWorld::default(); cast.places.len()],
            actors: vec![ActorWorld::absent(); cast.actors.len()],
            sent: 0,
            deliveries: 0,
            received_once: 0,
            processed: 0,
            processed_again: 0,
            deleted: 0,
            messages: Chunked::default(),
            settled_below: 0,
        }
    }

    pub(super) const fn weight(&self) -> usize {
        self.queues.len() + self.actors.len() + self.messages.weight()
    }

    /// One message; `None` before it is sent.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&MessageWorld> {
        self.messages.get(id.index().checked_sub(1)?)
    }

    /// The messages that are not deleted or expired (and a few that are), in the order of their
    /// numbers, with all that were sent after them.
    pub fn unsettled(&self) -> impl Iterator<Item = (MessageId, &MessageWorld)> {
        let first = self.settled_below;
        (0_u32..)
            .zip(self.messages.iter_from(first))
            .map(move |(n, message)| (message_id(first, n), message))
    }

    fn message_mut(&mut self, id: MessageId) -> Option<&mut MessageWorld> {
        self.messages.get_mut(id.index().checked_sub(1)?)
    }

    pub(super) fn fold(&mut self, at: SimTime, what: What) {
        match what {
            What::Sent { message, .. } => {
                self.sent += 1;
                self.messages
                    .grow_to(message.index(), &MessageWorld::default());
                self.move_to(at, message, Place::Sent);
            }
            What::Enqueued { queue, message } | What::BecameVisible { queue, message } => {
                self.move_to(at, message, Place::Visible(queue));
            }
            What::Delayed {
                queue,
                message,
                delay,
            } => {
                self.move_to(at, message, Place::Delayed(queue));
                self.hide(at, message, delay.into());
            }
            What::Received {
                queue,
                actor,
                message,
                receive_count,
                timeout,
            } => {
                self.deliveries += 1;
                self.move_to(at, message, Place::InFlight(queue));
                self.hide(at, message, timeout.into());
                let mut first = false;
                if let Some(message) = self.message_mut(message) {
                    message.actor = actor;
                    first = message.receives == 0;
                    message.receives = u16::try_from(receive_count).unwrap_or(u16::MAX);
                }
                self.received_once += u32::from(first);
            }
            What::Deleted { message, .. } => {
                self.deleted += 1;
                self.move_to(at, message, Place::Deleted);
            }
            What::Expired { message, .. } => self.move_to(at, message, Place::Expired),
            What::DeadLettered { to, message, .. } => {
                self.move_to(at, message, Place::Visible(to));
            }
            _ => self.fold_work(at, what),
        }
    }

    fn fold_work(&mut self, at: SimTime, what: What) {
        let (actor, again) = match what {
            What::WorkStarted { actor, message, .. } => {
                let again = self.message_mut(message).is_some_and(|message| {
                    message.starts = message.starts.saturating_add(1);
                    message.starts > 1
                });
                (actor, again)
            }
            What::WorkFinished { actor, message } => {
                let again = self.message_mut(message).is_some_and(|message| {
                    message.finishes = message.finishes.saturating_add(1);
                    message.finishes > 1
                });
                self.processed += u32::from(!again);
                self.processed_again += u32::from(again);
                (actor, again)
            }
            What::WorkFailed { actor, .. }
            | What::ActorStarted { actor }
            | What::ActorCrashed { actor }
            | What::ActorStopped { actor } => (actor, false),
            _ => return,
        };
        if let Some(actor) = self.actors.get_mut(actor.index()) {
            actor.fold(at, what, again.into());
        }
    }

    fn hide(&mut self, at: SimTime, id: MessageId, length: SimDuration) {
        if let Some(message) = self.message_mut(id) {
            message.hidden_since = at;
            message.hidden_until = at + length;
        }
    }

    fn move_to(&mut self, at: SimTime, id: MessageId, next: Place) {
        let Some(message) = self.message_mut(id) else {
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
        while self
            .messages
            .get(self.settled_below)
            .is_some_and(MessageWorld::is_settled)
        {
            self.settled_below += 1;
        }
    }

    fn count_mut(&mut self, place: Place) -> Option<&mut u32> {
        match place {
            Place::Delayed(queue) => Some(&mut self.queues.get_mut(queue.index())?.delayed),
            Place::Visible(queue) => Some(&mut self.queues.get_mut(queue.index())?.visible),
            Place::InFlight(queue) => Some(&mut self.queues.get_mut(queue.index())?.in_flight),
            Place::Nowhere | Place::Sent | Place::Deleted | Place::Expired => None,
        }
    }
}

/// The message at place `first + n` of a list that begins with message 1.
pub(super) fn message_id(first: usize, n: u32) -> MessageId {
    let before = u32::try_from(first).unwrap_or(u32::MAX);
    MessageId(before.saturating_add(n).saturating_add(1))
}
