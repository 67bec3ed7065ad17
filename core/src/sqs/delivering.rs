//! What a topic of a queue lane delivers, on its way: attempts, answers, what cannot be delivered.
//!
//! ```text
//! topic ──attempt──▶ queue: stored
//!   ▲                  │ error
//!   └──answer──────────┘
//!   │ server-side: again, after the pause of SNS's policy
//!   └ client-side, or no attempt left ──▶ the subscription's dead-letter queue, or lost
//! ```
//!
//! Each arrow takes the scenario's latency. That a standard topic is told of a success at once is
//! no difference that could be seen: nothing waits for it.

use super::lane::{SqsLane, SqsTimer, Step, Tenants};
use super::reach::Policy;
use super::topic::LaneTopic;
use super::worker::Item;
use super::{DeduplicationId, Effect as QueueEffect, MessageGroup, SendRequest};
use crate::ids::{MessageId, QueueId};
use crate::scenario::{self, Command};
use crate::sns::{Delivery, DeliveryAnswer, DeliveryId, Effect, retry};
use crate::trace::{DeliveryError, DeliveryWhat, Millis, What};

/// A copy on its way from the topic to a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnTheWay {
    delivery: DeliveryId,
    attempt: u32,
    /// The subscribed queue.
    queue: QueueId,
    /// Where it goes: to that queue, or to the subscription's dead-letter queue.
    to: QueueId,
    message: MessageId,
    group: Option<MessageGroup>,
    deduplication_id: Option<DeduplicationId>,
}

impl SqsLane {
    /// Sends out what the topic has to send, and tells what becomes of the rest. `answer`: what
    /// the topic was told before.
    pub(super) fn fan_out(
        &mut self,
        step: &mut Step<'_>,
        effects: Vec<Effect<Item>>,
        answer: Option<DeliveryAnswer>,
    ) {
        for effect in effects {
            match effect {
                Effect::Attempt {
                    id,
                    attempt,
                    delivery,
                } => {
                    let to = delivery.queue;
                    let copy = on_the_way((id, attempt), &delivery, to);
                    let arrives = SqsTimer::CopyArrives(copy);
                    step.out.timer(step.now + self.latency, arrives);
                }
                Effect::FilteredOut {
                    subscription,
                    message,
                } => {
                    if let Some(lane_topic) = &self.topic {
                        step.out.event(What::FilteredOut {
                            topic: lane_topic.id,
                            queue: lane_topic.queue(subscription),
                            message: message.message,
                        });
                    }
                }
                Effect::DeadLettered {
                    to,
                    attempts,
                    delivery,
                } => {
                    give_up(step, (&delivery, attempts, Some(to)), answer);
                    let id = DeliveryId(0);
                    let copy = self.dead_letter(step, on_the_way((id, attempts), &delivery, to));
                    let arrives = SqsTimer::DeadLetterArrives(copy);
                    step.out.timer(step.now + self.latency, arrives);
                }
                Effect::Discarded { attempts, delivery } => {
                    give_up(step, (&delivery, attempts, None), answer);
                }
            }
        }
        self.wake_topic(step);
    }

    /// Notes when the topic wants to try again.
    fn wake_topic(&mut self, step: &mut Step<'_>) {
        if let Some(lane_topic) = &mut self.topic
            && let Some(next) = lane_topic.topic.next_timeout()
            && lane_topic.wake_at.is_none_or(|at| next < at)
        {
            lane_topic.wake_at = Some(next);
            step.out.timer(next, SqsTimer::TopicDue);
        }
    }

    pub(super) fn topic_due(&mut self, step: &mut Step<'_>) {
        let Some(lane_topic) = &mut self.topic else {
            return;
        };
        if lane_topic.wake_at.is_some_and(|at| at <= step.now) {
            lane_topic.wake_at = None;
        }
        let mut effects = Vec::new();
        lane_topic.topic.advance(step.now, &mut effects);
        self.fan_out(step, effects, None);
    }

    /// What the topic has sent comes to a queue, and if that takes it, is a copy of its own there.
    pub(super) fn copy_arrives(&mut self, step: &mut Step<'_>, copy: OnTheWay) {
        let Some(lane_topic) = &mut self.topic else {
            return;
        };
        let answer = lane_topic.reaches.attempt(step.now, copy.to);
        let is_in_order = lane_topic.is_fifo();
        if answer == DeliveryAnswer::Delivered {
            if copy.attempt > 1 {
                let what = DeliveryWhat::Succeeded {
                    queue: copy.queue,
                    message: copy.message,
                    attempt: copy.attempt,
                };
                step.out.event(What::Delivery { what });
            }
            let request = self.copy_request(copy);
            self.store(step, copy.queue, request);
            if !is_in_order {
                return self.answer_delivery(step, (copy.delivery, answer));
            }
        }
        let answered = SqsTimer::DeliveryAnswered(copy.delivery, answer);
        step.out.timer(step.now + self.latency, answered);
    }

    fn copy_request(&self, copy: OnTheWay) -> SendRequest<Item> {
        SendRequest {
            group: copy.group,
            deduplication_id: copy.deduplication_id,
            ..SendRequest::new(self.next_copy(copy.message))
        }
    }

    fn answer_delivery(&mut self, step: &mut Step<'_>, answer: (DeliveryId, DeliveryAnswer)) {
        if let Some(lane_topic) = &mut self.topic {
            let mut effects = Vec::new();
            lane_topic.topic.answer(step.now, answer, &mut effects);
            self.fan_out(step, effects, Some(answer.1));
        }
    }

    /// What a queue has answered comes to the topic.
    pub(super) fn delivery_answered(
        &mut self,
        step: &mut Step<'_>,
        answer: (DeliveryId, DeliveryAnswer),
    ) {
        if answer.1 == DeliveryAnswer::ServerError
            && let Some(lane_topic) = &self.topic
            && let Some((attempt, delivery)) = lane_topic.topic.delivery(answer.0)
            && let Some(pause) = retry::delay_before(attempt + 1)
        {
            let what = DeliveryWhat::Failed {
                queue: delivery.queue,
                message: delivery.message.message,
                attempt,
                retry_in: pause.into(),
            };
            step.out.event(What::Delivery { what });
        }
        self.answer_delivery(step, answer);
    }

    /// A copy as it is sent to a dead-letter queue. That it has a MessageDeduplicationId of its
    /// own there, so that two dead letters cannot swallow each other, is our choice: SQS does so
    /// with its own.
    fn dead_letter(&mut self, step: &Step<'_>, copy: OnTheWay) -> OnTheWay {
        let attributes = self.service.attributes(copy.to);
        let is_fifo = attributes.is_ok_and(|attributes| attributes.fifo.is_some());
        let key = step.work.and_then(|work| work.key(copy.message));
        let key = key.map(|key| MessageGroup(key.0.into()));
        let number = self.topic.as_mut().map(LaneTopic::next_dead_letter);
        OnTheWay {
            group: key.filter(|_| is_fifo || self.tenants == Tenants::Keys),
            deduplication_id: number.filter(|_| is_fifo),
            ..copy
        }
    }

    /// What could not be delivered comes to the subscription's dead-letter queue. If that does not
    /// let SNS in or cannot be reached, it is lost: that SNS does not try again is our choice.
    pub(super) fn dead_letter_arrives(&mut self, step: &mut Step<'_>, copy: OnTheWay) {
        let (queue, to, message) = (copy.queue, copy.to, copy.message);
        let reaches = self.topic.as_mut().map(|topic| &mut topic.reaches);
        let answer = reaches.map(|reaches| reaches.attempt(step.now, to));
        if answer != Some(DeliveryAnswer::Delivered) {
            let what = DeliveryWhat::GivenUp {
                queue,
                message,
                attempts: copy.attempt,
                error: DeliveryError::DeadLetterQueue,
                to: None,
            };
            return step.out.event(What::Delivery { what });
        }
        // What is due by now happens before: what comes first then is the send's own.
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let request = self.copy_request(copy);
        let copy = request.body.copy;
        self.send(step, to, request);
        let is_stored = |effect: &QueueEffect<Item>| matches!(effect, QueueEffect::Stored { .. });
        if let Some(place) = self.effects.iter().position(is_stored)
            && let QueueEffect::Stored { delay, .. } = self.effects.remove(place)
        {
            let delay = Millis::from(delay);
            let what = DeliveryWhat::DeadLettered {
                queue,
                to,
                message,
                copy,
                delay,
            };
            step.out.event(What::Delivery { what });
        }
        self.drain(step);
    }

    /// Lets SNS in, or keeps it out, as a command says.
    pub(super) fn change_deliveries(
        &mut self,
        step: &mut Step<'_>,
        (command, lane): (&Command, &scenario::SqsLane),
    ) {
        let Some(lane_topic) = &mut self.topic else {
            return;
        };
        let policies = [
            (&command.deny, Policy::Denies),
            (&command.allow, Policy::Allows),
        ];
        for (name, policy) in policies {
            let Some(queue) = name.as_ref().and_then(|name| lane.find_queue(name)) else {
                continue;
            };
            lane_topic.reaches.set_policy(queue, policy);
            let what = match policy {
                Policy::Denies => DeliveryWhat::Denied { queue },
                Policy::Allows => DeliveryWhat::Allowed { queue },
            };
            step.out.event(What::Delivery { what });
        }
        if let Some(outage) = &command.unreachable
            && let Some(queue) = lane.find_queue(&outage.queue)
        {
            let until = step.now + outage.lasts;
            lane_topic.reaches.keep_away(queue, until);
            let lasts = outage.lasts.into();
            let what = DeliveryWhat::Unreachable { queue, lasts };
            step.out.event(What::Delivery { what });
            step.out.timer(until, SqsTimer::OutageOver(queue));
        }
    }

    pub(super) fn outage_over(&mut self, step: &mut Step<'_>, queue: QueueId) {
        let topic = self.topic.as_mut();
        if topic.is_some_and(|topic| topic.reaches.ends(step.now, queue)) {
            let what = DeliveryWhat::Reachable { queue };
            step.out.event(What::Delivery { what });
        }
    }
}

/// Tells that SNS gives a delivery up. `to`: the subscription's dead-letter queue.
fn give_up(
    step: &mut Step<'_>,
    (delivery, attempts, to): (&Delivery<Item>, u32, Option<QueueId>),
    answer: Option<DeliveryAnswer>,
) {
    let what = DeliveryWhat::GivenUp {
        queue: delivery.queue,
        message: delivery.message.message,
        attempts,
        error: match answer {
            Some(DeliveryAnswer::ServerError) => DeliveryError::ServerSide,
            _ => DeliveryError::ClientSide,
        },
        to,
    };
    step.out.event(What::Delivery { what });
}

fn on_the_way(
    (id, attempt): (DeliveryId, u32),
    delivery: &Delivery<Item>,
    to: QueueId,
) -> OnTheWay {
    OnTheWay {
        delivery: id,
        attempt,
        queue: delivery.queue,
        to,
        message: delivery.message.message,
        group: delivery.message_group_id,
        deduplication_id: delivery.message_deduplication_id,
    }
}
