//! The SNS topic of a queue lane: what is published comes into each subscribed queue, one latency
//! later. SNS reaches SQS at the first attempt here; nothing of a lane makes SQS fail.

use super::lane::{SqsLane, SqsTimer, Step, Tenants};
use super::worker::Item;
use super::{DeduplicationId, MessageGroup, SendRequest};
use crate::ids::{MessageId, QueueId, TopicId};
use crate::scenario::{self, SnsTopic};
use crate::sns::{
    ContentBasedDeduplication, DeliveryAnswer, DeliveryForm, DeliveryId, Effect,
    FifoThroughputScope, Novelty, PublishRequest, QueueKind, Subscription, Topic, TopicAttributes,
    TopicKind,
};
use crate::sqs::content::MessageAttribute;
use crate::trace::What;

/// The topic that the producers of a lane publish to.
#[derive(Clone, Debug)]
pub(super) struct LaneTopic {
    id: TopicId,
    topic: Topic<Item>,
    /// The subscribed queues, in the order of the subscriptions.
    queues: Vec<QueueId>,
    ids: Ids,
}

/// Whether producers give a MessageGroupId and a MessageDeduplicationId: FIFO topics need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    Given,
    /// A MessageGroupId at most, where keys are tenants.
    NotGiven,
}

/// A copy on its way from the topic to a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnTheWay {
    delivery: DeliveryId,
    queue: QueueId,
    message: MessageId,
    group: Option<MessageGroup>,
    deduplication_id: Option<DeduplicationId>,
}

impl LaneTopic {
    /// `None`: the producers send to a queue.
    pub(super) fn new(lane: &scenario::SqsLane) -> Option<Self> {
        let (id, written) = lane.topic()?;
        let mut topic = Topic::new(TopicAttributes {
            kind: kind(written),
            ..TopicAttributes::default()
        });
        let mut queues = Vec::new();
        for subscription in &written.subscriptions {
            let queue = lane.find_queue(&subscription.queue)?;
            let is_fifo = lane.queues.get(queue.index())?.is_fifo();
            let queue_kind = if is_fifo {
                QueueKind::Fifo
            } else {
                QueueKind::Standard
            };
            let form = if subscription.raw_message_delivery {
                DeliveryForm::Raw
            } else {
                DeliveryForm::Envelope
            };
            let subscribed = topic.subscribe(Subscription {
                form,
                filter_policy: subscription.policy().ok()?,
                ..Subscription::new(queue, queue_kind)
            });
            debug_assert!(subscribed.is_ok(), "the scenario's check has told");
            queues.push(queue);
        }
        Some(Self {
            id,
            topic,
            queues,
            ids: if written.is_fifo() {
                Ids::Given
            } else {
                Ids::NotGiven
            },
        })
    }
}

fn kind(written: &SnsTopic) -> TopicKind {
    if !written.is_fifo() {
        return TopicKind::Standard;
    }
    TopicKind::Fifo {
        content_based_deduplication: if written.content_based_deduplication {
            ContentBasedDeduplication::On
        } else {
            ContentBasedDeduplication::Off
        },
        scope: FifoThroughputScope::Topic,
    }
}

impl SqsLane {
    /// A publish comes to the topic.
    pub(super) fn publish(&mut self, step: &mut Step<'_>, message: MessageId) {
        let attributes = self.message_attributes(step, message);
        let body = self.next_copy(message);
        let Some(lane_topic) = &mut self.topic else {
            return;
        };
        let key = step.work.and_then(|work| work.key(message));
        let group = key.map(|key| MessageGroup(key.0.into()));
        let id = Some(DeduplicationId(message.0));
        let is_fifo = lane_topic.ids == Ids::Given;
        let topic = lane_topic.id;
        let request = PublishRequest {
            message: body,
            attributes: &attributes,
            message_group_id: group.filter(|_| is_fifo || self.tenants == Tenants::Keys),
            message_deduplication_id: id.filter(|_| is_fifo),
            content_id: None,
        };
        let mut effects = Vec::new();
        let published = lane_topic.topic.publish(step.now, &request, &mut effects);
        debug_assert!(published.is_ok(), "the scenario's check has told");
        if published.is_ok_and(|published| published.novelty == Novelty::Duplicate) {
            step.out.event(What::TopicDeduplicated { topic, message });
        } else {
            // A FIFO topic makes a copy wait for those before it: not all are on their way now.
            let is_out = |effect: &&Effect<Item>| matches!(effect, Effect::FilteredOut { .. });
            let copies = lane_topic.queues.len() - effects.iter().filter(is_out).count();
            step.out.event(What::Published {
                topic,
                message,
                copies: u16::try_from(copies).unwrap_or(u16::MAX),
            });
        }
        self.fan_out(step, effects);
    }

    /// What filter policies can look at: the message's key and its producer, by name.
    fn message_attributes(&self, step: &Step<'_>, message: MessageId) -> Vec<MessageAttribute> {
        let Some(work) = step.work else {
            return Vec::new();
        };
        let producer = self.cast.producer(work.producer(message));
        let mut attributes = vec![MessageAttribute::string("producer", producer)];
        if let Some(key) = work.key(message) {
            let key = self.cast.keys.name(key);
            attributes.push(MessageAttribute::string("key", key));
        }
        attributes
    }

    fn fan_out(&self, step: &mut Step<'_>, effects: Vec<Effect<Item>>) {
        let Some(lane_topic) = &self.topic else {
            return;
        };
        for effect in effects {
            match effect {
                Effect::Attempt { id, delivery, .. } => {
                    let copy = OnTheWay {
                        delivery: id,
                        queue: delivery.queue,
                        message: delivery.message.message,
                        group: delivery.message_group_id,
                        deduplication_id: delivery.message_deduplication_id,
                    };
                    let arrives = SqsTimer::CopyArrives(copy);
                    step.out.timer(step.now + self.latency, arrives);
                }
                Effect::FilteredOut {
                    subscription,
                    message,
                } => {
                    let queue = lane_topic.queues.get(usize::from(subscription.0));
                    step.out.event(What::FilteredOut {
                        topic: lane_topic.id,
                        queue: queue.copied().unwrap_or_default(),
                        message: message.message,
                    });
                }
                // SNS gives up only where SQS fails.
                Effect::DeadLettered { .. } | Effect::Discarded { .. } => {}
            }
        }
    }

    /// What the topic has sent comes to a queue, as a copy of its own.
    pub(super) fn copy_arrives(&mut self, step: &mut Step<'_>, copy: OnTheWay) {
        let mut request = SendRequest::new(self.next_copy(copy.message));
        request.group = copy.group;
        request.deduplication_id = copy.deduplication_id;
        self.store(step, copy.queue, request);
        if let Some(lane_topic) = &mut self.topic {
            let answer = (copy.delivery, DeliveryAnswer::Delivered);
            let mut effects = Vec::new();
            lane_topic.topic.answer(step.now, answer, &mut effects);
            self.fan_out(step, effects);
        }
    }
}
