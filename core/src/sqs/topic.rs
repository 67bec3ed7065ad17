//! The SNS topic of a queue lane: what is published sets out for each subscribed queue.

use super::lane::{SqsLane, Step, Tenants};
use super::reach::Reaches;
use super::worker::Item;
use super::{DeduplicationId, MessageGroup};
use crate::ids::{MessageId, QueueId, TopicId};
use crate::scenario::{self, SnsTopic};
use crate::sns::{
    ContentBasedDeduplication, DeliveryForm, Effect, FifoThroughputScope, Novelty, PublishRequest,
    QueueKind, Subscription, SubscriptionId, Topic, TopicAttributes, TopicKind,
};
use crate::sqs::content::MessageAttribute;
use crate::time::SimTime;
use crate::trace::What;

/// The topic that the producers of a lane publish to.
#[derive(Clone, Debug)]
pub(super) struct LaneTopic {
    pub(super) id: TopicId,
    pub(super) topic: Topic<Item>,
    /// What stands between it and the queues.
    pub(super) reaches: Reaches,
    /// For when the topic asked to be woken.
    pub(super) wake_at: Option<SimTime>,
    /// The subscribed queues, in the order of the subscriptions.
    queues: Vec<QueueId>,
    ids: Ids,
    /// How many copies it could not deliver and has sent to dead-letter queues.
    dead_letters: u32,
}

/// Whether producers give a MessageGroupId and a MessageDeduplicationId: FIFO topics need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    Given,
    /// A MessageGroupId at most, where keys are tenants.
    NotGiven,
}

impl LaneTopic {
    /// `None`: the producers send to a queue.
    pub(super) fn new(lane: &scenario::SqsLane, seed: u32) -> Option<Self> {
        let (id, written) = lane.topic()?;
        let mut topic = Topic::new(TopicAttributes {
            kind: kind(written),
            ..TopicAttributes::default()
        });
        let mut queues = Vec::new();
        let mut reaches = Reaches::new(lane.queues.len());
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
                dead_letter_queue: match &subscription.redrive_policy {
                    Some(policy) => Some(lane.find_queue(&policy.dead_letter_target)?),
                    None => None,
                },
                ..Subscription::new(queue, queue_kind)
            });
            debug_assert!(subscribed.is_ok(), "the scenario's check has told");
            reaches.set_errors(queue, subscription.delivery_errors, seed);
            queues.push(queue);
        }
        Some(Self {
            id,
            topic,
            reaches,
            wake_at: None,
            queues,
            dead_letters: 0,
            ids: if written.is_fifo() {
                Ids::Given
            } else {
                Ids::NotGiven
            },
        })
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.ids == Ids::Given
    }

    /// The queue of a subscription.
    pub(super) fn queue(&self, subscription: SubscriptionId) -> QueueId {
        let queue = self.queues.get(usize::from(subscription.0));
        queue.copied().unwrap_or_default()
    }

    /// A MessageDeduplicationId for one more dead letter: numbered from the end, where no message
    /// has a number.
    pub(super) const fn next_dead_letter(&mut self) -> DeduplicationId {
        self.dead_letters += 1;
        DeduplicationId(u32::MAX - self.dead_letters)
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
        let is_fifo = lane_topic.is_fifo();
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
        self.fan_out(step, effects, None);
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
}
