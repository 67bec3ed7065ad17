//! The queues of a lane: requests go to one of them, dead letters from one to another.

mod attributes;
mod lifecycle;
mod looking;
mod moving;
mod receiving;
mod sending;

use super::attributes::QueueAttributes;
use super::body::Body;
use super::chances::{Chances, Dice};
use super::error::{ChangeVisibilityError, PurgeError, QueueDoesNotExist};
use super::limits;
use super::messages::{Counts, Deletion, Effect, FairCounts, ReceiptHandle};
use super::queue::{Due, Queue};
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};
use moving::MoveTasks;

/// A set of queues. `B` is what the messages carry.
#[derive(Clone, Debug)]
pub struct Service<B> {
    queues: Vec<Queue<B>>,
    move_tasks: MoveTasks,
}

impl<B: Body> Default for Service<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Body> Service<B> {
    /// No queues.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            queues: Vec::new(),
            move_tasks: MoveTasks::new(),
        }
    }

    /// A queue that is there from the start. Its redrive policy may name a queue that is added
    /// later. CreateQueue is [`Self::create_queue`].
    pub fn add_queue(&mut self, attributes: QueueAttributes) -> QueueId {
        let id = QueueId(u16::try_from(self.queues.len()).unwrap_or(u16::MAX));
        self.queues.push(Queue::new(attributes));
        id
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        self.queues.iter().map(Queue::weight).sum()
    }

    fn queue(&self, queue: QueueId) -> Result<&Queue<B>, QueueDoesNotExist> {
        let place = self.queues.get(queue.index());
        place
            .filter(|queue| queue.exists())
            .ok_or(QueueDoesNotExist(queue))
    }

    fn queue_mut(&mut self, queue: QueueId) -> Result<&mut Queue<B>, QueueDoesNotExist> {
        let place = self.queues.get_mut(queue.index());
        place
            .filter(|queue| queue.exists())
            .ok_or(QueueDoesNotExist(queue))
    }

    /// GetQueueAttributes: those that can be set.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn attributes(&self, queue: QueueId) -> Result<&QueueAttributes, QueueDoesNotExist> {
        Ok(&self.queue(queue)?.attributes)
    }

    /// What a standard queue may do by chance from now on; the same seed does the same. A FIFO
    /// queue does none of it.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn set_chances(
        &mut self,
        queue: QueueId,
        chances: Chances,
        seed: u32,
    ) -> Result<(), QueueDoesNotExist> {
        let dice = Dice::new(chances, seed, queue.0.into());
        self.queue_mut(queue)?.set_dice(dice);
        Ok(())
    }

    /// The metrics of a fair queue, as of `now`.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn fair_counts(
        &mut self,
        now: SimTime,
        queue: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<FairCounts, QueueDoesNotExist> {
        self.advance(now, effects);
        Ok(self.queue_mut(queue)?.fair_counts(now))
    }

    /// GetQueueAttributes: the counts, as of the last call with a time.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn counts(&self, queue: QueueId) -> Result<Counts, QueueDoesNotExist> {
        Ok(self.queue(queue)?.counts())
    }

    /// DeleteMessage.
    pub fn delete(
        &mut self,
        now: SimTime,
        receipt: ReceiptHandle,
        effects: &mut Vec<Effect<B>>,
    ) -> Deletion<B> {
        self.advance(now, effects);
        let queue = receipt.queue;
        let Ok(state) = self.queue_mut(queue) else {
            return Deletion::NoQueue;
        };
        let deletion = state.delete(now, receipt);
        // A deletion frees a group, or makes room at the limit of messages in flight; and by chance
        // a copy of the message is visible at once.
        self.settle(now, queue, effects);
        deletion
    }

    /// ChangeMessageVisibility. `timeout` is 0..=43,200 s: the caller has checked it.
    ///
    /// # Errors
    ///
    /// There is no such queue, the message is gone, would be in flight for too long, or the receipt
    /// was never issued.
    pub fn change_visibility(
        &mut self,
        now: SimTime,
        receipt: ReceiptHandle,
        timeout: SimDuration,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), ChangeVisibilityError> {
        self.advance(now, effects);
        let queue = receipt.queue;
        let state = self.queue_mut(queue)?;
        if let Some(body) = state.change_visibility(now, receipt, timeout)? {
            effects.push(Effect::BecameVisible { queue, body });
            self.serve_waiting(now, queue, effects);
        }
        Ok(())
    }

    /// PurgeQueue: at once here (on AWS it takes up to 60 s).
    ///
    /// # Errors
    ///
    /// There is no such queue, or the last purge was less than 60 s ago.
    pub fn purge(
        &mut self,
        now: SimTime,
        queue: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), PurgeError> {
        self.advance(now, effects);
        let state = self.queue_mut(queue)?;
        let running = |at: SimTime| now.since(at) < limits::PURGE_INTERVAL;
        if state.purged_at.is_some_and(running) {
            return Err(PurgeError::InProgress);
        }
        state.purge(now);
        Ok(())
    }

    /// When something happens by itself: a timeout, a delay, an expiry, the end of a wait,
    /// the next message of a redrive task.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        let queues = self.queues.iter().filter_map(Queue::next_timeout);
        queues.chain(self.move_tasks.next_timeout()).min()
    }

    /// Lets everything happen that is due up to `now`, in the order of time. At one instant all
    /// timeouts of all queues are over before a receive that waits is served, and those that can
    /// be served are before a wait is over.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect<B>>) {
        while let Some(next) = self.next_timeout()
            && next <= now
        {
            self.each_queue(|service, queue| service.take_dues(next, queue, effects));
            self.advance_move_tasks(next, effects);
            self.each_queue(|service, queue| service.serve_waiting(next, queue, effects));
            self.each_queue(|service, queue| service.end_waits(next, queue, effects));
        }
    }

    fn each_queue(&mut self, mut each: impl FnMut(&mut Self, QueueId)) {
        for index in 0..self.queues.len() {
            each(self, QueueId(u16::try_from(index).unwrap_or(u16::MAX)));
        }
    }

    /// Lets everything happen in one queue that is due now that it has changed.
    fn settle(&mut self, now: SimTime, queue: QueueId, effects: &mut Vec<Effect<B>>) {
        self.take_dues(now, queue, effects);
        self.serve_waiting(now, queue, effects);
    }

    fn take_dues(&mut self, at: SimTime, queue: QueueId, effects: &mut Vec<Effect<B>>) {
        while let Some(due) = self
            .queues
            .get_mut(queue.index())
            .and_then(|q| q.take_due(at))
        {
            effects.push(match due {
                Due::BecameVisible(body) => Effect::BecameVisible { queue, body },
                Due::Expired(body) => Effect::Expired { queue, body },
                Due::Undeleted(body) => Effect::Undeleted { queue, body },
                Due::Nothing => continue,
            });
        }
    }

    fn end_waits(&mut self, at: SimTime, queue: QueueId, effects: &mut Vec<Effect<B>>) {
        let Some(state) = self.queues.get_mut(queue.index()) else {
            return;
        };
        while let Some(waiting) = state.waiting.take_over(at) {
            let (waiter, answer) = (waiting.waiter, Ok(0));
            effects.push(Effect::Answered { waiter, answer });
        }
    }
}
