//! Deliveries on their way: each is tried until the queue has it, or SNS gives up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::retry;
use super::subscription::{DeliveryForm, SubscriptionId};
use crate::ids::QueueId;
use crate::sqs::{DeduplicationId, MessageGroup};
use crate::time::{SimDuration, SimTime};

/// A copy of a message on its way to one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryId(pub u32);

/// A copy of a message, as it is to be sent to a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery<B> {
    /// For which subscription.
    pub subscription: SubscriptionId,
    /// The subscription's queue.
    pub queue: QueueId,
    /// What was published.
    pub message: B,
    /// In which form.
    pub form: DeliveryForm,
    /// MessageGroupId of the send.
    pub message_group_id: Option<MessageGroup>,
    /// MessageDeduplicationId of the send.
    pub message_deduplication_id: Option<DeduplicationId>,
}

/// What came of a step, in the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<B> {
    /// A copy is to be sent to its queue; what came of it is told with
    /// [`Topic::answer`](super::Topic::answer).
    Attempt {
        /// What the answer names.
        id: DeliveryId,
        /// Which attempt it is, counted from 1.
        attempt: u32,
        /// What is sent, and where.
        delivery: Delivery<B>,
    },
    /// A subscription's filter policy did not take a message: no failure, and no attempt.
    FilteredOut {
        /// Whose policy.
        subscription: SubscriptionId,
        /// Which message.
        message: B,
    },
    /// SNS gave up, and the subscription has a dead-letter queue: the copy is to be sent to it.
    DeadLettered {
        /// The subscription's dead-letter queue.
        to: QueueId,
        /// How many attempts were made.
        attempts: u32,
        /// What is sent.
        delivery: Delivery<B>,
    },
    /// SNS gave up, and there is nowhere to put the copy.
    Discarded {
        /// How many attempts were made.
        attempts: u32,
        /// What is lost.
        delivery: Delivery<B>,
    },
}

/// What a queue said to an attempt. Amazon SNS dead-letter queues (SNS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryAnswer {
    /// It has the message.
    Delivered,
    /// SQS could not be reached, or failed: the delivery is tried again.
    ServerError,
    /// The queue is gone, refuses SNS, or refuses the message: it is not tried again.
    ClientError,
}

/// The deliveries of a topic.
#[derive(Clone, Debug)]
pub(super) struct Deliveries<B> {
    next: u32,
    pending: BTreeMap<DeliveryId, Pending<B>>,
    /// When deliveries are tried again.
    due: BTreeSet<(SimTime, DeliveryId)>,
    /// FIFO topics: the deliveries of a group to a subscription, of which the first is tried.
    lines: BTreeMap<Line, VecDeque<DeliveryId>>,
}

type Line = (SubscriptionId, MessageGroup);

#[derive(Clone, Debug)]
struct Pending<B> {
    delivery: Delivery<B>,
    line: Option<Line>,
    /// Where it goes when SNS gives up.
    dead_letter_queue: Option<QueueId>,
    attempts: u32,
    retry_at: Option<SimTime>,
}

impl<B: Clone> Deliveries<B> {
    pub(super) const fn new() -> Self {
        Self {
            next: 0,
            pending: BTreeMap::new(),
            due: BTreeSet::new(),
            lines: BTreeMap::new(),
        }
    }

    /// Begins a delivery. With an `order` it waits for those of its group before it: a FIFO topic
    /// keeps the order also where one has to be tried again (that it waits is our choice, the
    /// guide promises the order).
    pub(super) fn begin(
        &mut self,
        delivery: Delivery<B>,
        order: Option<MessageGroup>,
        dead_letter_queue: Option<QueueId>,
        effects: &mut Vec<Effect<B>>,
    ) {
        let id = DeliveryId(self.next);
        self.next = self.next.wrapping_add(1);
        let line = order.map(|group| (delivery.subscription, group));
        let first = match &line {
            Some(line) => {
                let waiting = self.lines.entry(*line).or_default();
                waiting.push_back(id);
                waiting.len() == 1
            }
            None => true,
        };
        self.pending.insert(
            id,
            Pending {
                delivery,
                line,
                dead_letter_queue,
                attempts: 0,
                retry_at: None,
            },
        );
        if first {
            self.attempt(id, effects);
        }
    }

    fn attempt(&mut self, id: DeliveryId, effects: &mut Vec<Effect<B>>) {
        let Some(pending) = self.pending.get_mut(&id) else {
            return;
        };
        pending.attempts += 1;
        pending.retry_at = None;
        effects.push(Effect::Attempt {
            id,
            attempt: pending.attempts,
            delivery: pending.delivery.clone(),
        });
    }

    pub(super) fn get(&self, id: DeliveryId) -> Option<(u32, &Delivery<B>)> {
        let pending = self.pending.get(&id)?;
        Some((pending.attempts, &pending.delivery))
    }

    pub(super) fn answer(
        &mut self,
        now: SimTime,
        (id, answer): (DeliveryId, DeliveryAnswer),
        effects: &mut Vec<Effect<B>>,
    ) {
        let Some(pending) = self.pending.get_mut(&id) else {
            return;
        };
        match answer {
            DeliveryAnswer::Delivered => self.finish(id, effects),
            DeliveryAnswer::ClientError => self.give_up(id, effects),
            DeliveryAnswer::ServerError => match retry::delay_before(pending.attempts + 1) {
                Some(SimDuration::ZERO) => self.attempt(id, effects),
                Some(delay) => {
                    let at = now + delay;
                    pending.retry_at = Some(at);
                    self.due.insert((at, id));
                }
                None => self.give_up(id, effects),
            },
        }
    }

    fn give_up(&mut self, id: DeliveryId, effects: &mut Vec<Effect<B>>) {
        if let Some(pending) = self.pending.get(&id) {
            effects.push(given_up(
                pending.delivery.clone(),
                pending.attempts,
                pending.dead_letter_queue,
            ));
        }
        self.finish(id, effects);
    }

    fn finish(&mut self, id: DeliveryId, effects: &mut Vec<Effect<B>>) {
        let Some(line) = self.pending.remove(&id).and_then(|pending| pending.line) else {
            return;
        };
        let Some(waiting) = self.lines.get_mut(&line) else {
            return;
        };
        waiting.pop_front();
        match waiting.front() {
            Some(&next) => self.attempt(next, effects),
            None => {
                self.lines.remove(&line);
            }
        }
    }

    /// A subscription is gone: what was on its way to it is dropped.
    pub(super) fn drop_those_of(&mut self, subscription: SubscriptionId) {
        let due = &mut self.due;
        self.pending.retain(|id, pending| {
            let stays = pending.delivery.subscription != subscription;
            if !stays && let Some(at) = pending.retry_at {
                due.remove(&(at, *id));
            }
            stays
        });
        self.lines.retain(|(of, _), _| *of != subscription);
    }

    pub(super) fn next_timeout(&self) -> Option<SimTime> {
        self.due.first().map(|(at, _)| *at)
    }

    pub(super) fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect<B>>) {
        while let Some(&(at, id)) = self.due.first()
            && at <= now
        {
            self.due.remove(&(at, id));
            self.attempt(id, effects);
        }
    }
}

/// What becomes of a copy that cannot be delivered.
pub(super) fn given_up<B>(
    delivery: Delivery<B>,
    attempts: u32,
    dead_letter_queue: Option<QueueId>,
) -> Effect<B> {
    match dead_letter_queue {
        Some(to) => Effect::DeadLettered {
            to,
            attempts,
            delivery,
        },
        None => Effect::Discarded { attempts, delivery },
    }
}
