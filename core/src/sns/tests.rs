mod constraints;
mod delivery;
mod envelope;
mod filter_attributes;
mod filter_body;
mod json;
mod publish;
mod retries;
mod subscriptions;

use super::{
    ContentBasedDeduplication, DeliveryAnswer, DeliveryForm, DeliveryId, Effect,
    FifoThroughputScope, FilterPolicy, FilterPolicyScope, PublishError, PublishRequest, Published,
    QueueKind, Subscription, Topic, TopicAttributes, TopicKind,
};
use crate::ids::QueueId;
use crate::sqs::content::MessageAttribute;
use crate::sqs::{DeduplicationId, MessageGroup};
use crate::time::SimTime;

const BILLING: QueueId = QueueId(0);
const MAIL: QueueId = QueueId(1);
const DEAD: QueueId = QueueId(9);

/// A topic, what came of the last call, and the time.
struct Lab {
    topic: Topic<&'static str>,
    effects: Vec<Effect<&'static str>>,
    now: SimTime,
}

fn lab(kind: TopicKind) -> Lab {
    Lab {
        topic: Topic::new(TopicAttributes {
            kind,
            ..TopicAttributes::default()
        }),
        effects: Vec::new(),
        now: SimTime::ZERO,
    }
}

fn standard() -> Lab {
    lab(TopicKind::Standard)
}

fn fifo(content_based_deduplication: ContentBasedDeduplication, scope: FifoThroughputScope) -> Lab {
    lab(TopicKind::Fifo {
        content_based_deduplication,
        scope,
    })
}

/// Equal texts have equal ids.
fn id(text: &str) -> DeduplicationId {
    DeduplicationId(
        text.bytes()
            .fold(7, |sum, byte| sum * 131 % 65_537 + u32::from(byte)),
    )
}

fn group(name: &str) -> MessageGroup {
    MessageGroup(id(name).0)
}

fn message(text: &'static str) -> PublishRequest<'static, &'static str> {
    PublishRequest {
        message: text,
        attributes: &[],
        message_group_id: None,
        message_deduplication_id: None,
        content_id: Some(id(text)),
    }
}

fn in_group(
    text: &'static str,
    group: &'static str,
    id: &'static str,
) -> PublishRequest<'static, &'static str> {
    PublishRequest {
        message_group_id: Some(self::group(group)),
        message_deduplication_id: Some(self::id(id)),
        ..message(text)
    }
}

fn raw(queue: QueueId) -> Subscription {
    Subscription {
        form: DeliveryForm::Raw,
        ..Subscription::new(queue, QueueKind::Standard)
    }
}

fn raw_fifo(queue: QueueId) -> Subscription {
    Subscription {
        queue_kind: QueueKind::Fifo,
        ..raw(queue)
    }
}

fn filtered(queue: QueueId, policy: &str) -> Subscription {
    let policy = FilterPolicy::read(FilterPolicyScope::MessageAttributes, policy);
    Subscription {
        filter_policy: Some(policy.unwrap()),
        ..raw(queue)
    }
}

impl Lab {
    fn publish(
        &mut self,
        request: &PublishRequest<'_, &'static str>,
    ) -> Result<Published, PublishError> {
        self.effects.clear();
        self.topic.publish(self.now, request, &mut self.effects)
    }

    /// The attempts of the last call: where and what.
    fn attempts(&self) -> Vec<(QueueId, &'static str)> {
        let attempt = |effect: &Effect<_>| match effect {
            Effect::Attempt { delivery, .. } => Some((delivery.queue, delivery.message)),
            _ => None,
        };
        self.effects.iter().filter_map(attempt).collect()
    }

    fn answer(&mut self, id: u32, answer: DeliveryAnswer) {
        self.effects.clear();
        let answer = (DeliveryId(id), answer);
        self.topic.answer(self.now, answer, &mut self.effects);
    }

    /// Lets the time go on to the next timeout.
    fn wait(&mut self) {
        self.now = self.topic.next_timeout().unwrap();
        self.effects.clear();
        self.topic.advance(self.now, &mut self.effects);
    }
}

fn text(name: &str, value: &str) -> MessageAttribute {
    MessageAttribute::string(name, value)
}

fn number(name: &str, value: &str) -> MessageAttribute {
    MessageAttribute::number(name, value)
}

fn list(name: &str, json: &str) -> MessageAttribute {
    MessageAttribute::string_array(name, json)
}
