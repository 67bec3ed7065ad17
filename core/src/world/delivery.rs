//! What a topic has to do with the queues of a lane.

use super::queue::{DeliveriesWorld, Place};
use super::sqs::SqsWorld;
use crate::ids::{CopyId, MessageId, QueueId};
use crate::time::{SimDuration, SimTime};
use crate::trace::{DeliveryError, DeliveryWhat};

const FIRST: CopyId = CopyId(0);

impl SqsWorld {
    /// A topic has sent out so many copies.
    pub(super) fn await_copies(&mut self, message: MessageId, copies: u16) {
        self.awaited += u32::from(copies);
        if let Some(first) = self.messages.get_mut(message, FIRST) {
            first.awaited = first.awaited.saturating_add(copies);
        }
    }

    /// A copy that a topic has sent has come somewhere, or is lost; nothing where there is none.
    pub(super) fn come(&mut self, message: MessageId) {
        if self.awaited == 0 {
            return;
        }
        if let Some(first) = self.messages.get_mut(message, FIRST)
            && let Some(left) = first.awaited.checked_sub(1)
        {
            first.awaited = left;
            self.awaited -= 1;
        }
    }

    pub(super) fn fold_delivery(&mut self, at: SimTime, what: DeliveryWhat) {
        match what {
            DeliveryWhat::Failed { queue, attempt, .. } => {
                self.deliveries(queue, |its| its.retrying += u32::from(attempt == 1));
            }
            DeliveryWhat::Succeeded { queue, .. } => {
                self.deliveries(queue, |its| its.retrying = its.retrying.saturating_sub(1));
            }
            DeliveryWhat::GivenUp {
                queue,
                message,
                attempts,
                error,
                to,
            } => {
                // A second time it is given up at the dead-letter queue.
                if error != DeliveryError::DeadLetterQueue {
                    self.deliveries(queue, |its| {
                        its.given_up += 1;
                        its.retrying = its.retrying.saturating_sub(u32::from(attempts > 1));
                    });
                }
                if to.is_none() {
                    self.lose(at, message);
                }
            }
            DeliveryWhat::DeadLettered {
                queue,
                to,
                message,
                copy,
                delay,
            } => {
                let delay = SimDuration::from(delay);
                let place = match delay {
                    SimDuration::ZERO => Place::Visible(to),
                    _ => Place::Delayed(to),
                };
                self.store(at, (message, copy), place);
                self.hide(at, (message, copy), delay);
                if let Some(message) = self.messages.get_mut(message, copy) {
                    message.origin = queue;
                }
            }
            DeliveryWhat::Denied { queue } => self.deliveries(queue, |its| its.is_denied = true),
            DeliveryWhat::Allowed { queue } => self.deliveries(queue, |its| its.is_denied = false),
            DeliveryWhat::Unreachable { queue, lasts } => {
                let until = at + lasts.into();
                self.deliveries(queue, |its| its.unreachable_until = Some(until));
            }
            DeliveryWhat::Reachable { queue } => {
                self.deliveries(queue, |its| its.unreachable_until = None);
            }
        }
    }

    fn deliveries(&mut self, queue: QueueId, change: impl FnOnce(&mut DeliveriesWorld)) {
        if let Some(queue) = self.queues.get_mut(queue.index()) {
            change(&mut queue.deliveries);
        }
    }

    /// A copy is lost on its way. The message is, if nothing else of it was or is to come.
    fn lose(&mut self, at: SimTime, message: MessageId) {
        self.come(message);
        let is_all = self
            .messages
            .get(message, FIRST)
            .is_some_and(|first| first.awaited == 0 && first.place.now == Place::Sent);
        if is_all {
            self.move_to(at, (message, FIRST), Place::Undelivered);
        }
    }
}
