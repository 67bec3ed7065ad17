//! ReceiveMessage: who is given what, and what waits for it.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::body::Body;
use crate::sqs::error::{OverLimit, QueueDoesNotExist};
use crate::sqs::messages::{Effect, ReceiptHandle, ReceiveRequest, Received, Waiter};
use crate::sqs::queue::Waiting;
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

    /// Gives what is there to the receives that wait, the longest waiting first: our choice, SQS
    /// documents none.
    pub(super) fn serve_waiting(
        &mut self,
        now: SimTime,
        queue: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) {
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
