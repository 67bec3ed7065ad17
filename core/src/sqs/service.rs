//! The queues of a lane: requests go to one of them, dead letters from one to another.

use super::attributes::{AttributeChange, QueueAttributes, RedrivePolicy, RedrivePolicyRequest};
use super::body::{self, Body};
use super::error::{
    ChangeVisibilityError, OverLimit, PurgeError, QueueDoesNotExist, RedrivePolicyError, SendError,
    SetAttributesError,
};
use super::limits;
use super::messages::{
    Counts, Deletion, Effect, ReceiptHandle, ReceiveRequest, Received, SendRequest, Waiter,
};
use super::parameter;
use super::queue::{Due, Entry, Queue, Waiting};
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};

/// A set of standard queues. `B` is what the messages carry.
#[derive(Clone, Debug)]
pub struct Service<B> {
    queues: Vec<Queue<B>>,
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
        Self { queues: Vec::new() }
    }

    /// CreateQueue. A redrive policy may name a queue that is added later.
    pub fn add_queue(&mut self, attributes: QueueAttributes) -> QueueId {
        let id = QueueId(u16::try_from(self.queues.len()).unwrap_or(u16::MAX));
        self.queues.push(Queue::new(attributes));
        id
    }

    /// How many messages there are in all queues.
    pub(crate) fn len(&self) -> usize {
        self.queues.iter().map(Queue::len).sum()
    }

    fn queue(&self, queue: QueueId) -> Result<&Queue<B>, QueueDoesNotExist> {
        self.queues
            .get(queue.index())
            .ok_or(QueueDoesNotExist(queue))
    }

    fn queue_mut(&mut self, queue: QueueId) -> Result<&mut Queue<B>, QueueDoesNotExist> {
        self.queues
            .get_mut(queue.index())
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

    /// GetQueueAttributes: the counts, as of the last call with a time.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn counts(&self, queue: QueueId) -> Result<Counts, QueueDoesNotExist> {
        Ok(self.queue(queue)?.counts())
    }

    /// SetQueueAttributes: all of the changes or, if one is refused, none. They hold at once here
    /// (on AWS within 60 s, the retention period within 15 minutes). A new visibility timeout or
    /// delay holds for later receives and sends, a new retention period for all messages.
    ///
    /// # Errors
    ///
    /// There is no such queue, or a value is out of its range.
    pub fn set_attributes(
        &mut self,
        now: SimTime,
        queue: QueueId,
        changes: &[AttributeChange],
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), SetAttributesError> {
        self.advance(now, effects);
        let mut attributes = self.attributes(queue)?.clone();
        for change in changes {
            let redrive_policy = match change {
                AttributeChange::RedrivePolicy(Some(request)) => {
                    Some(self.check_redrive_policy(queue, request)?)
                }
                _ => None,
            };
            attributes.change(change, redrive_policy)?;
        }
        self.queue_mut(queue)?.attributes = attributes;
        self.advance_queue(now, queue, effects);
        Ok(())
    }

    fn check_redrive_policy(
        &self,
        source: QueueId,
        request: &RedrivePolicyRequest,
    ) -> Result<RedrivePolicy, RedrivePolicyError> {
        let target = request
            .dead_letter_target
            .ok_or(RedrivePolicyError::NoTarget)?;
        let count = request
            .max_receive_count
            .as_ref()
            .and_then(|written| written.parse().ok())
            .ok_or(RedrivePolicyError::NoCount)?;
        let count = parameter::MAX_RECEIVE_COUNT.check(count)?;
        if target == source {
            return Err(RedrivePolicyError::Itself);
        }
        let allowed = self
            .attributes(target)
            .map_err(|QueueDoesNotExist(_)| RedrivePolicyError::NoSuchQueue)?
            .redrive_allow_policy
            .allows(source);
        if !allowed {
            return Err(RedrivePolicyError::NotAllowed);
        }
        Ok(RedrivePolicy {
            dead_letter_target: target,
            max_receive_count: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }

    /// SendMessage.
    ///
    /// # Errors
    ///
    /// There is no such queue, or it does not take such a body.
    pub fn send(
        &mut self,
        now: SimTime,
        queue: QueueId,
        request: SendRequest<B>,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), SendError> {
        self.advance(now, effects);
        let state = self.queue_mut(queue)?;
        if let Some(text) = request.body.text() {
            body::check(text, state.attributes.maximum_message_size)?;
        }
        let delay = request.delay.unwrap_or(state.attributes.delay);
        effects.push(Effect::Stored {
            queue,
            body: request.body.clone(),
            delay,
        });
        state.store(now, Entry::new(request.body, now), delay);
        self.serve_waiting(now, queue, effects);
        Ok(())
    }

    /// ReceiveMessage. The answer is an effect: at once for a short poll or if there is a
    /// message, else when one comes or the wait is over.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn receive(
        &mut self,
        now: SimTime,
        queue: QueueId,
        (waiter, request): (Waiter, ReceiveRequest),
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), QueueDoesNotExist> {
        self.advance(now, effects);
        let state = self.queue(queue)?;
        let wait = request
            .wait_time
            .unwrap_or(state.attributes.receive_message_wait_time);
        let room = state.has_room();
        let given = self.give(now, queue, (waiter, request), effects);
        if given > 0 || wait == SimDuration::ZERO {
            // A long poll at the limit is not refused; it gets nothing until there is room.
            let answer = if room { Ok(given) } else { Err(OverLimit) };
            effects.push(Effect::Answered { waiter, answer });
        } else {
            self.queue_mut(queue)?.waiting.push_back(Waiting {
                waiter,
                request,
                until: now + wait,
            });
        }
        Ok(())
    }

    /// The connection of a waiting receive is closed: it gets nothing and no answer.
    pub fn cancel_receive(&mut self, waiter: Waiter) {
        for queue in &mut self.queues {
            queue.waiting.retain(|waiting| waiting.waiter != waiter);
        }
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
        let Some(state) = self.queues.get_mut(queue.index()) else {
            return Deletion::InvalidReceipt;
        };
        let deletion = state.delete(receipt);
        // At the limit of messages in flight, a deletion makes room for a waiting receive.
        self.serve_waiting(now, queue, effects);
        deletion
    }

    /// ChangeMessageVisibility. `timeout` is 0..=43,200 s: the caller has checked it.
    ///
    /// # Errors
    ///
    /// The message is gone, would be in flight for too long, or the receipt was never issued.
    pub fn change_visibility(
        &mut self,
        now: SimTime,
        receipt: ReceiptHandle,
        timeout: SimDuration,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), ChangeVisibilityError> {
        self.advance(now, effects);
        let queue = receipt.queue;
        let state = self.queues.get_mut(queue.index());
        let state = state.ok_or(ChangeVisibilityError::InvalidReceipt)?;
        if let Some(body) = state.change_visibility(now, receipt, timeout)? {
            effects.push(Effect::BecameVisible { queue, body });
            self.serve_waiting(now, queue, effects);
        }
        Ok(())
    }

    /// Whether the message of a receipt is in flight, by this receive or a later one.
    pub(super) fn is_in_flight(&self, receipt: ReceiptHandle) -> bool {
        let queue = self.queues.get(receipt.queue.index());
        queue.is_some_and(|queue| queue.is_in_flight(receipt.message))
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

    /// When something happens by itself: a timeout, a delay, an expiry, the end of a wait.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        self.queues.iter().filter_map(Queue::next_timeout).min()
    }

    /// Lets everything happen that is due up to `now`, in the order of time.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect<B>>) {
        while let Some(next) = self.next_timeout()
            && next <= now
        {
            for index in 0..self.queues.len() {
                let queue = QueueId(u16::try_from(index).unwrap_or(u16::MAX));
                self.advance_queue(next, queue, effects);
            }
        }
    }

    fn advance_queue(&mut self, at: SimTime, queue: QueueId, effects: &mut Vec<Effect<B>>) {
        while let Some(due) = self
            .queues
            .get_mut(queue.index())
            .and_then(|q| q.take_due(at))
        {
            effects.push(match due {
                Due::BecameVisible(body) => Effect::BecameVisible { queue, body },
                Due::Expired(body) => Effect::Expired { queue, body },
            });
        }
        self.serve_waiting(at, queue, effects);
        let Some(state) = self.queues.get_mut(queue.index()) else {
            return;
        };
        state.waiting.retain(|waiting| {
            let over = waiting.until <= at;
            if over {
                let (waiter, answer) = (waiting.waiter, Ok(0));
                effects.push(Effect::Answered { waiter, answer });
            }
            !over
        });
    }

    /// Gives what is there to the receives that wait, the longest waiting first: our choice, SQS
    /// documents none.
    fn serve_waiting(&mut self, now: SimTime, queue: QueueId, effects: &mut Vec<Effect<B>>) {
        while let Some(state) = self.queues.get(queue.index())
            && state.next_visible().is_some()
            && let Some(first) = state.waiting.front()
        {
            let (waiter, request) = (first.waiter, first.request);
            let given = self.give(now, queue, (waiter, request), effects);
            if given == 0 {
                break;
            }
            if let Some(state) = self.queues.get_mut(queue.index()) {
                state.waiting.pop_front();
            }
            let answer = Ok(given);
            effects.push(Effect::Answered { waiter, answer });
        }
    }

    /// Gives up to MaxNumberOfMessages messages to one receive. A message that has been received
    /// maxReceiveCount times moves to the dead-letter queue in place of being given, and the
    /// same receive goes on to the next one.
    fn give(
        &mut self,
        now: SimTime,
        queue: QueueId,
        (waiter, request): (Waiter, ReceiveRequest),
        effects: &mut Vec<Effect<B>>,
    ) -> u8 {
        let mut given = 0;
        let mut shown_at_once = Vec::new();
        while given < request.max_number_of_messages
            && let Some(state) = self.queues.get_mut(queue.index())
            && state.has_room()
            && let Some((number, entry)) = state.next_visible()
        {
            let policy = state.attributes.redrive_policy;
            if let Some(policy) = policy
                && entry.receives_here >= policy.max_receive_count
            {
                self.bury(now, (queue, number), policy.dead_letter_target, effects);
                continue;
            }
            let timeout = request
                .visibility_timeout
                .unwrap_or(state.attributes.visibility_timeout);
            let Some(entry) = state.receive(now, number, timeout) else {
                break;
            };
            effects.push(Effect::Received(Received {
                waiter,
                queue,
                body: entry.body.clone(),
                receipt_handle: ReceiptHandle {
                    queue,
                    message: number,
                    receive: entry.receives_here,
                },
                receive_count: entry.receive_count,
                sent_at: entry.sent_at,
                first_received_at: entry.first_received_at.unwrap_or(now),
                dead_letter_source: entry.dead_letter_source,
                timeout,
            }));
            if timeout == SimDuration::ZERO {
                shown_at_once.push(number);
            }
            given += 1;
        }
        for number in shown_at_once {
            let state = self.queues.get_mut(queue.index());
            if let Some(body) = state.and_then(|state| state.show(number)) {
                effects.push(Effect::BecameVisible { queue, body });
            }
        }
        given
    }

    /// Moves a message to the dead-letter queue: same message, same send time (standard queues),
    /// a receive count that goes on. Dead-letter queues (DG).
    fn bury(
        &mut self,
        now: SimTime,
        (from, number): (QueueId, u32),
        to: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) {
        let Some(mut entry) = self
            .queues
            .get_mut(from.index())
            .and_then(|q| q.take(number))
        else {
            return;
        };
        entry.receives_here = 0;
        entry.dead_letter_source = Some(from);
        let body = entry.body.clone();
        effects.push(Effect::DeadLettered { from, to, body });
        let Some(target) = self.queues.get_mut(to.index()) else {
            return;
        };
        // Its age goes on, so it may be too old for the dead-letter queue when it arrives.
        let retention = target.attributes.message_retention_period;
        if entry.sent_at + retention <= now {
            let body = entry.body;
            effects.push(Effect::Expired { queue: to, body });
            return;
        }
        target.store(now, entry, SimDuration::ZERO);
        // A queue that is its own dead-letter queue is refused where policies are set.
        if from != to {
            self.serve_waiting(now, to, effects);
        }
    }
}
