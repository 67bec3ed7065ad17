//! A topic: messages go in, a copy for each subscription that takes them comes out.

use super::deduplication::{Deduplication, FifoThroughputScope};
use super::delivery::{Deliveries, Delivery, DeliveryAnswer, DeliveryId, Effect, given_up};
use super::error::{PublishError, SubscribeError};
use super::limits;
use super::subscription::{DeliveryForm, QueueKind, Subscription, SubscriptionId};
use crate::sqs::content::MessageAttribute;
use crate::sqs::{Body, DeduplicationId, MessageGroup, SequenceNumber};
use crate::time::SimTime;

/// The attributes of a topic. CreateTopic (SNS API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicAttributes {
    /// Standard or FIFO: it never changes.
    pub kind: TopicKind,
    /// MaximumMessageSize, in bytes.
    pub maximum_message_size: usize,
}

/// What kind of topic it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicKind {
    /// At least once, best-effort order, to standard queues.
    Standard,
    /// Order per message group, deduplication, to FIFO and standard queues.
    Fifo {
        /// ContentBasedDeduplication.
        content_based_deduplication: ContentBasedDeduplication,
        /// FifoThroughputScope.
        scope: FifoThroughputScope,
    },
}

/// ContentBasedDeduplication: what is taken where a publish names no MessageDeduplicationId.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentBasedDeduplication {
    /// Nothing: such a publish is refused. The default.
    #[default]
    Off,
    /// The content's.
    On,
}

impl Default for TopicAttributes {
    fn default() -> Self {
        Self {
            kind: TopicKind::Standard,
            maximum_message_size: limits::MAXIMUM_MESSAGE_SIZE_DEFAULT,
        }
    }
}

/// Publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishRequest<'a, B> {
    /// Message: without a text of its own it is one that SNS takes.
    pub message: B,
    /// MessageAttributes, which filter policies look at; there can be more than ten.
    pub attributes: &'a [MessageAttribute],
    /// MessageGroupId.
    pub message_group_id: Option<MessageGroup>,
    /// MessageDeduplicationId.
    pub message_deduplication_id: Option<DeduplicationId>,
    /// The SHA-256 of the message without its attributes, or whatever else is the same for the
    /// same content: the id where [`ContentBasedDeduplication::On`] holds and none is named.
    pub content_id: Option<DeduplicationId>,
}

/// What a Publish answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// SequenceNumber: rises with each message of a topic. AWS answers it on FIFO topics.
    pub sequence_number: SequenceNumber,
    /// Whether it was accepted only to be dropped.
    pub novelty: Novelty,
}

/// Whether a message is new to its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// It is.
    New,
    /// A FIFO topic has had the same deduplication id within five minutes: the publish succeeds,
    /// nothing is delivered. Publish (SNS API).
    Duplicate,
}

/// A topic. `B` is what messages carry.
#[derive(Clone, Debug)]
pub struct Topic<B> {
    attributes: TopicAttributes,
    /// By id; `None`: unsubscribed.
    subscriptions: Vec<Option<Subscription>>,
    published: u64,
    deduplication: Deduplication,
    deliveries: Deliveries<B>,
}

impl<B: Body> Topic<B> {
    /// CreateTopic: no subscriptions.
    #[must_use]
    pub const fn new(attributes: TopicAttributes) -> Self {
        Self {
            attributes,
            subscriptions: Vec::new(),
            published: 0,
            deduplication: Deduplication::new(),
            deliveries: Deliveries::new(),
        }
    }

    /// Subscribe: messages from now on. A queue that is subscribed already stays so: the same
    /// subscription is answered if the request asks for the same or for nothing (observed on
    /// AWS).
    ///
    /// # Errors
    ///
    /// The queue is not of a kind that this topic delivers to, is subscribed with other settings,
    /// or has one filter policy too many.
    pub fn subscribe(&mut self, request: Subscription) -> Result<SubscriptionId, SubscribeError> {
        if let (TopicKind::Standard, QueueKind::Fifo) = (self.attributes.kind, request.queue_kind) {
            return Err(SubscribeError::FifoQueue);
        }
        let there = self
            .living()
            .find(|(_, there)| there.queue == request.queue);
        if let Some((id, there)) = there {
            let plain = Subscription::new(request.queue, request.queue_kind);
            return if request == *there || request == plain {
                Ok(id)
            } else {
                Err(SubscribeError::OtherAttributes)
            };
        }
        let filtered = self
            .living()
            .filter(|(_, there)| there.filter_policy.is_some())
            .count();
        if request.filter_policy.is_some() && filtered >= limits::FILTER_POLICIES_MAX {
            return Err(SubscribeError::TooManyPolicies);
        }
        let id = SubscriptionId(u16::try_from(self.subscriptions.len()).unwrap_or(u16::MAX));
        self.subscriptions.push(Some(request));
        Ok(id)
    }

    /// Unsubscribe: nothing more comes; what is in the queue stays. A second time is no error
    /// (observed on AWS). What was still to be tried again is dropped: our choice.
    pub fn unsubscribe(&mut self, subscription: SubscriptionId) {
        if let Some(slot) = self.subscriptions.get_mut(usize::from(subscription.0)) {
            *slot = None;
            self.deliveries.drop_those_of(subscription);
        }
    }

    fn living(&self) -> impl Iterator<Item = (SubscriptionId, &Subscription)> {
        let all = (0..).map(SubscriptionId).zip(&self.subscriptions);
        all.filter_map(|(id, subscription)| Some((id, subscription.as_ref()?)))
    }

    /// The subscription, unless it was taken off.
    #[must_use]
    pub fn subscription(&self, subscription: SubscriptionId) -> Option<&Subscription> {
        self.subscriptions
            .get(usize::from(subscription.0))?
            .as_ref()
    }

    /// The subscriptions that take a message with these attributes and this text, in the order in
    /// which they were made.
    pub fn takers(
        &self,
        attributes: &[MessageAttribute],
        text: Option<&str>,
    ) -> impl Iterator<Item = SubscriptionId> {
        self.living()
            .filter(move |(_, subscription)| takes(subscription, attributes, text))
            .map(|(id, _)| id)
    }

    /// Publish: an attempt for each subscription that takes the message.
    ///
    /// # Errors
    ///
    /// The message is empty, too long, has an attribute that SNS does not take, or not the ids
    /// that this kind of topic needs.
    pub fn publish(
        &mut self,
        now: SimTime,
        request: &PublishRequest<'_, B>,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<Published, PublishError> {
        self.advance(now, effects);
        self.check(request)?;
        let sequence_number = SequenceNumber(self.published + 1);
        let id = match self.attributes.kind {
            TopicKind::Standard => None,
            TopicKind::Fifo {
                content_based_deduplication,
                scope,
            } => {
                let group = request.message_group_id.ok_or(PublishError::NoGroup)?;
                let of_content = match content_based_deduplication {
                    ContentBasedDeduplication::Off => None,
                    ContentBasedDeduplication::On => request.content_id,
                };
                let id = request.message_deduplication_id.or(of_content);
                let id = id.ok_or(PublishError::NoDeduplicationId)?;
                let scope = match scope {
                    FifoThroughputScope::Topic => None,
                    FifoThroughputScope::MessageGroup => Some(group),
                };
                let key = (scope, id);
                if let Some(first) = self.deduplication.first(now, key, sequence_number) {
                    return Ok(Published {
                        sequence_number: first,
                        novelty: Novelty::Duplicate,
                    });
                }
                Some(id)
            }
        };
        self.published = sequence_number.0;
        self.fan_out(request, id, effects);
        Ok(Published {
            sequence_number,
            novelty: Novelty::New,
        })
    }

    /// Which fault is told if there are several is our choice.
    fn check(&self, request: &PublishRequest<'_, B>) -> Result<(), PublishError> {
        let text = request.message.text();
        if text.is_some_and(str::is_empty) {
            return Err(PublishError::Empty);
        }
        request
            .attributes
            .iter()
            .try_for_each(MessageAttribute::check)?;
        let attributes = request.attributes.iter().map(MessageAttribute::bytes);
        let bytes = text.map_or(0, str::len) + attributes.sum::<usize>();
        let maximum = self.attributes.maximum_message_size;
        if bytes > maximum {
            return Err(PublishError::TooLong { bytes, maximum });
        }
        match (self.attributes.kind, &request.message_deduplication_id) {
            (TopicKind::Standard, Some(_)) => Err(PublishError::DeduplicationIdOnStandard),
            (TopicKind::Standard, None) | (TopicKind::Fifo { .. }, _) => Ok(()),
        }
    }

    fn fan_out(
        &mut self,
        request: &PublishRequest<'_, B>,
        deduplication_id: Option<DeduplicationId>,
        effects: &mut Vec<Effect<B>>,
    ) {
        let kind = self.attributes.kind;
        for (number, subscription) in (0..).zip(&self.subscriptions) {
            let Some(subscription) = subscription else {
                continue;
            };
            let id = SubscriptionId(number);
            let message = request.message.clone();
            if !takes(subscription, request.attributes, request.message.text()) {
                effects.push(Effect::FilteredOut {
                    subscription: id,
                    message,
                });
                continue;
            }
            // A group goes on to FIFO queues, and from a standard topic to standard queues, where
            // it names a tenant. Publish (SNS API).
            let group = match (kind, subscription.queue_kind) {
                (TopicKind::Fifo { .. }, QueueKind::Standard) => None,
                _ => request.message_group_id,
            };
            let deduplication_id = match subscription.queue_kind {
                QueueKind::Fifo => deduplication_id,
                QueueKind::Standard => None,
            };
            let delivery = Delivery {
                subscription: id,
                queue: subscription.queue,
                message,
                form: subscription.form,
                message_group_id: group,
                message_deduplication_id: deduplication_id,
            };
            let order = match kind {
                TopicKind::Standard => None,
                TopicKind::Fifo { .. } => request.message_group_id,
            };
            let dead_letter_queue = subscription.dead_letter_queue;
            let too_many = request.attributes.len() > limits::RAW_ATTRIBUTES_MAX;
            if too_many && subscription.form == DeliveryForm::Raw {
                // A client-side error that SNS sees before it asks. Raw message delivery (SNS).
                effects.push(given_up(delivery, 1, dead_letter_queue));
                continue;
            }
            self.deliveries
                .begin(delivery, order, dead_letter_queue, effects);
        }
    }

    /// What came of an attempt. An answer to a delivery that is over is not looked at.
    pub fn answer(
        &mut self,
        now: SimTime,
        answer: (DeliveryId, DeliveryAnswer),
        effects: &mut Vec<Effect<B>>,
    ) {
        self.deliveries.answer(now, answer, effects);
    }

    /// A delivery that is not over, and how often it was attempted.
    #[must_use]
    pub fn delivery(&self, delivery: DeliveryId) -> Option<(u32, &Delivery<B>)> {
        self.deliveries.get(delivery)
    }

    /// When a delivery is tried again.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        self.deliveries.next_timeout()
    }

    /// Tries again what is due up to `now`.
    pub fn advance(&mut self, now: SimTime, effects: &mut Vec<Effect<B>>) {
        self.deliveries.advance(now, effects);
    }
}

fn takes(subscription: &Subscription, attributes: &[MessageAttribute], text: Option<&str>) -> bool {
    let policy = subscription.filter_policy.as_ref();
    policy.is_none_or(|policy| policy.matches(attributes, text))
}
