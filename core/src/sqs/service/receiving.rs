//! ReceiveMessage: who is given what, and what waits for it.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::attributes::{QueueAttributes, RedrivePolicy};
use crate::sqs::body::Body;
use crate::sqs::error::{OverLimit, QueueDoesNotExist};
use crate::sqs::identity::Deduplication;
use crate::sqs::messages::{Effect, ReceiptHandle, ReceiveRequest, Received, Waiter};
use crate::sqs::queue::{Entry, Waiting, Walk};
use crate::time::{SimDuration, SimTime};

impl<B: Body> Service<B> {
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
        let is_full = state.attributes.fifo.is_none() && state.room() == 0;
        let poll = match wait {
            SimDuration::ZERO => Poll::Short,
            _ => Poll::Long,
        };
        // Only a call is looked at as a repeat, not a receive that waits already: a choice.
        let given = match self.repeated(now, queue, request) {
            Some(numbers) => self.give_again(now, (queue, &numbers), (waiter, request), effects),
            None => self.give(now, queue, (waiter, request, poll), effects),
        };
        if given > 0 || wait == SimDuration::ZERO {
            // At the limit a long poll is not refused, nor is any receive of a FIFO queue; it gets
            // nothing until there is room.
            let answer = if is_full { Err(OverLimit) } else { Ok(given) };
            effects.push(Effect::Answered { waiter, answer });
        } else {
            self.queue_mut(queue)?.waiting.push(Waiting {
                waiter,
                request,
                until: now + wait,
            });
        }
        // What this receive has moved or shown can be another's that waits.
        self.serve_waiting(now, queue, effects);
        Ok(())
    }

    /// The connection of a waiting receive is closed: it gets nothing and no answer.
    pub fn cancel_receive(&mut self, waiter: Waiter) {
        for queue in &mut self.queues {
            queue.waiting.cancel(waiter);
        }
    }

    /// Gives what is there to the receives that wait, the longest waiting first: our choice, SQS
    /// documents none.
    pub(super) fn serve_waiting(
        &mut self,
        now: SimTime,
        queue: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) {
        while let Some(state) = self.queues.get(queue.index())
            && state.has_next()
            && let Some(first) = state.waiting.first()
        {
            let (waiter, request) = (first.waiter, first.request);
            let given = self.give(now, queue, (waiter, request, Poll::Long), effects);
            if given == 0 {
                break;
            }
            if let Some(state) = self.queues.get_mut(queue.index()) {
                state.waiting.take_first();
            }
            let answer = Ok(given);
            effects.push(Effect::Answered { waiter, answer });
        }
    }

    /// Gives up to MaxNumberOfMessages messages to one receive. A message that has been received
    /// maxReceiveCount times moves to the dead-letter queue in place of being given, and the
    /// same receive goes on to the next one, on a FIFO queue to what was behind it.
    fn give(
        &mut self,
        now: SimTime,
        queue: QueueId,
        (waiter, request, poll): (Waiter, ReceiveRequest, Poll),
        effects: &mut Vec<Effect<B>>,
    ) -> u8 {
        let (mut given, mut overlooked) = (Vec::new(), Vec::new());
        let mut walk = Walk::default();
        let mut timeout = SimDuration::ZERO;
        let policy = self.policy_that_works(queue);
        while given.len() < request.max_number_of_messages.into()
            && let Some(state) = self.queues.get_mut(queue.index())
            && state.room() > 0
            && !(poll == Poll::Short && state.overlooks_all())
            && let Some((number, entry)) = state.next(now, &mut walk)
        {
            let receives_here = entry.receives_here;
            if poll == Poll::Short && state.overlooks(now, number) {
                overlooked.push(number);
                continue;
            }
            if let Some(policy) = policy
                && receives_here >= policy.max_receive_count
            {
                self.bury(now, (queue, number), policy.dead_letter_target, effects);
                continue;
            }
            timeout = request.timeout(&state.attributes);
            let Some(entry) = state.receive(now, number, timeout) else {
                break;
            };
            walk.has_given();
            given.push((number, entry.receives_here));
            effects.push(received(entry, (waiter, queue, number), timeout));
        }
        let count = u8::try_from(given.len()).unwrap_or(u8::MAX);
        let numbers: Vec<u32> = given.iter().map(|(number, _)| *number).collect();
        if let Some(state) = self.queues.get_mut(queue.index()) {
            state.end(&mut walk);
            for number in overlooked {
                state.overlook_no_more(number);
            }
            if let Some(attempt) = request.attempt
                && !given.is_empty()
            {
                state.remember_attempt(now, attempt, given);
            }
        }
        if timeout == SimDuration::ZERO {
            self.show_at_once(now, (queue, &numbers), effects);
        }
        count
    }

    /// Without its dead-letter queue a redrive policy does nothing: our choice.
    fn policy_that_works(&self, queue: QueueId) -> Option<RedrivePolicy> {
        let policy = self.queue(queue).ok()?.attributes.redrive_policy?;
        self.queue(policy.dead_letter_target).ok().and(Some(policy))
    }

    /// Received with timeout zero, messages stay visible; one receive gets each of them once.
    fn show_at_once(
        &mut self,
        now: SimTime,
        (queue, numbers): (QueueId, &[u32]),
        effects: &mut Vec<Effect<B>>,
    ) {
        for number in numbers {
            let state = self.queues.get_mut(queue.index());
            if let Some(body) = state.and_then(|state| state.show(now, *number)) {
                effects.push(Effect::BecameVisible { queue, body });
            }
        }
    }

    /// The messages of an earlier receive with the same attempt id, if it can be repeated.
    fn repeated(
        &mut self,
        now: SimTime,
        queue: QueueId,
        request: ReceiveRequest,
    ) -> Option<Vec<u32>> {
        let attempt = request.attempt?;
        self.queues.get_mut(queue.index())?.repeated(now, attempt)
    }

    /// Gives the messages of an earlier receive again, with the same receipt handles.
    fn give_again(
        &mut self,
        now: SimTime,
        (queue, numbers): (QueueId, &[u32]),
        (waiter, request): (Waiter, ReceiveRequest),
        effects: &mut Vec<Effect<B>>,
    ) -> u8 {
        let Some(state) = self.queues.get_mut(queue.index()) else {
            return 0;
        };
        let timeout = request.timeout(&state.attributes);
        for number in numbers {
            state.repeat(now, *number, timeout);
            if let Some(entry) = state.entry(*number) {
                effects.push(received(entry, (waiter, queue, *number), timeout));
            }
        }
        if timeout == SimDuration::ZERO {
            self.show_at_once(now, (queue, numbers), effects);
        }
        u8::try_from(numbers.len()).unwrap_or(u8::MAX)
    }

    /// Moves a message to the dead-letter queue: same message, same group, a receive count that
    /// goes on. On a standard queue its age goes on too; on a FIFO queue it starts anew, and the
    /// message id becomes the deduplication id, so that it is no duplicate. Dead-letter queues
    /// (DG). That no delay of the dead-letter queue holds for it is our choice.
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
            .and_then(|q| q.take(now, number))
        else {
            return;
        };
        entry.receives_here = 0;
        entry.dead_letter_source = Some(from);
        entry.is_copy = false;
        let body = entry.body.clone();
        effects.push(Effect::DeadLettered { from, to, body });
        let Some(target) = self.queues.get_mut(to.index()) else {
            return;
        };
        if target.attributes.fifo.is_some() {
            entry.sent_at = now;
            entry.deduplication = Some(Deduplication::MessageId);
        }
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

/// Whom a receive asks: some servers, or all. Short and long polling (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Poll {
    Short,
    Long,
}

impl ReceiveRequest {
    fn timeout(&self, queue: &QueueAttributes) -> SimDuration {
        self.visibility_timeout.unwrap_or(queue.visibility_timeout)
    }
}

fn received<B: Clone>(
    entry: &Entry<B>,
    (waiter, queue, number): (Waiter, QueueId, u32),
    timeout: SimDuration,
) -> Effect<B> {
    Effect::Received(Received {
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
        first_received_at: entry.first_received_at.unwrap_or(entry.sent_at),
        dead_letter_source: entry.dead_letter_source,
        redrives: entry.redrives,
        group: entry.group,
        deduplication: entry.deduplication,
        sequence_number: entry.sequence_number,
        timeout,
    })
}
