//! The topics of a play: publishes, and handing their copies to the queues.

use std::collections::BTreeMap;
use std::rc::Rc;

use broker_lab_core::sns::{
    ContentBasedDeduplication, Delivery, DeliveryAnswer, DeliveryForm, Effect, FifoThroughputScope,
    FilterPolicy, FilterPolicyScope, Notification, PublishRequest, QueueKind, Subscription,
    SubscriptionId, Topic, TopicAttributes, TopicKind, envelope,
};
use broker_lab_core::sqs::{DeduplicationId, ErrorCode, MessageGroup, SendRequest, Sent, check_id};

use super::super::Stop;
use super::super::messages::Letter;
use super::super::script::{Publish, Scope, Script, Subscribe, Unsubscribe};
use super::sending::sha256;
use super::{Answered, Play};

/// The topics of a script, by name, and what its subscriptions are called.
#[derive(Default)]
pub(super) struct Topics {
    all: BTreeMap<String, Topic<Letter>>,
    subscriptions: BTreeMap<String, SubscriptionId>,
}

impl Play<'_> {
    pub(super) fn make_topics(&mut self, script: &Script) -> Result<(), Stop> {
        for topic in &script.topics {
            let kind = if topic.name.ends_with(".fifo") {
                TopicKind::Fifo {
                    content_based_deduplication: ContentBasedDeduplication::default(),
                    scope: FifoThroughputScope::default(),
                }
            } else {
                TopicKind::Standard
            };
            let attributes = TopicAttributes {
                kind,
                ..TopicAttributes::default()
            };
            let made = Topic::new(attributes);
            self.topics.all.insert(topic.name.clone(), made);
            for subscription in &topic.subscriptions {
                if let Err(error) = self.subscribe(&topic.name, (subscription, None))? {
                    let expected = format!("a subscription of {}", subscription.queue);
                    return Err(Stop::failed(expected, error.name()));
                }
            }
        }
        Ok(())
    }

    /// Subscribes a queue; `name` is what the script calls the subscription.
    pub(super) fn subscribe(
        &mut self,
        topic: &str,
        (request, name): (&Subscribe, Option<&str>),
    ) -> Result<Answered, Stop> {
        let scope = match request.filter_policy_scope {
            None | Some(Scope::MessageAttributes) => FilterPolicyScope::MessageAttributes,
            Some(Scope::MessageBody) => FilterPolicyScope::MessageBody,
        };
        let policy = request.filter_policy.as_ref();
        let policy = policy.map(|policy| FilterPolicy::read(scope, &policy.to_string()));
        let filter_policy = match policy.transpose() {
            Ok(policy) => policy,
            Err(error) => return Ok(Err(error.code())),
        };
        let subscription = Subscription {
            queue: self.names.queue(&mut self.service, &request.queue),
            queue_kind: if request.queue.ends_with(".fifo") {
                QueueKind::Fifo
            } else {
                QueueKind::Standard
            },
            form: if request.raw {
                DeliveryForm::Raw
            } else {
                DeliveryForm::Envelope
            },
            filter_policy,
            dead_letter_queue: None,
        };
        let subscribed = self.topics.find(topic)?.subscribe(subscription);
        Ok(match subscribed {
            Ok(id) => {
                let name = name.map(str::to_owned);
                self.topics
                    .subscriptions
                    .extend(name.map(|name| (name, id)));
                Ok(())
            }
            Err(error) => Err(error.code()),
        })
    }

    pub(super) fn unsubscribe(
        &mut self,
        topic: &str,
        request: &Unsubscribe,
    ) -> Result<Answered, Stop> {
        let name = &request.subscription;
        let id = self.topics.subscriptions.get(name).copied();
        let id = id.ok_or_else(|| Stop::skipped(format!("no subscription is called {name:?}")))?;
        self.topics.find(topic)?.unsubscribe(id);
        Ok(Ok(()))
    }

    /// Publishes, and lets SQS answer each attempt at once.
    pub(super) fn publish(
        &mut self,
        topic: &str,
        (publish, name): (&Publish, Option<&str>),
    ) -> Result<Answered, Stop> {
        let text: Rc<str> = publish.text().into();
        let attributes = publish.attributes.read().map_err(Stop::Skipped)?;
        let attributes: Rc<[_]> = attributes.as_slice().into();
        let letter = Letter {
            name: name.map_or_else(|| Rc::clone(&text), Rc::from),
            text: Rc::clone(&text),
            attributes: Rc::clone(&attributes),
            system_attributes: Rc::default(),
            published: Some(text),
        };
        let ids = [
            publish.group.as_deref(),
            publish.deduplication_id.as_deref(),
        ];
        if ids.into_iter().flatten().any(|id| check_id(id).is_err()) {
            return Ok(Err(ErrorCode::InvalidParameter));
        }
        let [group, deduplication_id] = ids.map(|id| id.map(|id| self.names.id(id)));
        let request = PublishRequest {
            content_id: Some(DeduplicationId(self.names.id(&sha256(&letter.text)))),
            message: letter,
            attributes: &attributes,
            message_group_id: group.map(MessageGroup),
            message_deduplication_id: deduplication_id.map(DeduplicationId),
        };
        let (now, mut effects) = (self.now, Vec::new());
        let published = self
            .topics
            .find(topic)?
            .publish(now, &request, &mut effects);
        let sequence_number = match published {
            Ok(published) => published.sequence_number,
            Err(error) => return Ok(Err(error.code())),
        };
        let notification = |letter: &Letter| {
            envelope(&Notification {
                message_id: &format!("00000000-0000-4000-8000-{:012}", sequence_number.0),
                topic,
                subject: publish.subject.as_deref(),
                message: &letter.text,
                published_at: now,
                sequence_number: topic.ends_with(".fifo").then_some(sequence_number),
                attributes: &letter.attributes,
            })
        };
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                if let Effect::Attempt { id, delivery, .. } = effect {
                    let answer = match self.deliver(delivery, &notification)? {
                        Ok(()) => DeliveryAnswer::Delivered,
                        Err(_) => DeliveryAnswer::ClientError,
                    };
                    let topic = self.topics.find(topic)?;
                    topic.answer(now, (id, answer), &mut effects);
                }
            }
        }
        Ok(Ok(()))
    }

    fn deliver(
        &mut self,
        delivery: Delivery<Letter>,
        envelope: &impl Fn(&Letter) -> String,
    ) -> Result<Result<(), ErrorCode>, Stop> {
        let letter = delivery.message;
        let body = match delivery.form {
            DeliveryForm::Raw => letter,
            DeliveryForm::Envelope => Letter {
                text: envelope(&letter).into(),
                attributes: Rc::default(),
                ..letter
            },
        };
        let (queue, name) = (delivery.queue, Rc::clone(&body.name));
        let request = SendRequest {
            group: delivery.message_group_id,
            deduplication_id: delivery.message_deduplication_id,
            ..SendRequest::new(body)
        };
        let effects = &mut self.receives.effects;
        let sent = self.service.send(self.now, queue, request, effects);
        if let Ok(Sent::Stored {
            sequence_number: Some(sequence_number),
        }) = sent
        {
            self.names.note(queue, &name, sequence_number);
        }
        self.settle()?;
        Ok(sent.map(|_| ()).map_err(|error| error.code()))
    }
}

impl Topics {
    fn find(&mut self, name: &str) -> Result<&mut Topic<Letter>, Stop> {
        let topic = self.all.get_mut(name);
        topic.ok_or_else(|| Stop::skipped(format!("there is no topic {name:?}")))
    }
}
