//! SNS topics of a queue lane as they are written.

use serde::Serialize;

use super::document::is_default;
use super::values::Percent;
use crate::sns::{FilterPolicy, FilterPolicyScope, PolicyError};

/// A topic: what is published to it comes into each subscribed queue, as a message of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SnsTopic {
    /// Name. A FIFO topic's ends in `.fifo`, and no other's.
    pub name: String,
    /// ContentBasedDeduplication, of a FIFO topic. Without it the producers give each message's
    /// number as its MessageDeduplicationId.
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// The subscribed queues.
    pub subscriptions: Vec<Subscription>,
}

/// A queue's subscription. Subscribe (SNS API).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Endpoint.
    pub queue: String,
    /// RawMessageDelivery.
    #[serde(skip_serializing_if = "is_default")]
    pub raw_message_delivery: bool,
    /// FilterPolicy, as SNS takes it: JSON in a text. It looks at the message attributes that the
    /// producers give: `key`, the message's key, and `producer`, the name of its producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_policy: Option<String>,
    /// RedrivePolicy of the subscription: where what cannot be delivered goes. This is not the
    /// queue's own dead-letter queue. Amazon SNS dead-letter queues (SNS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<SubscriptionRedrivePolicy>,
    /// A model, off by default: how often an attempt to deliver ends in a server-side error, by
    /// the seed. AWS gives no rate.
    #[serde(skip_serializing_if = "is_default")]
    pub delivery_errors: Percent,
}

/// Where SNS puts what it cannot deliver. Amazon SNS dead-letter queues (SNS).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SubscriptionRedrivePolicy {
    /// deadLetterTargetArn, as the queue's name: a FIFO queue for a FIFO topic, a standard queue
    /// for a standard topic.
    pub dead_letter_target: String,
}

impl SnsTopic {
    /// The queues that it can deliver to: those that are subscribed, and their dead-letter queues.
    pub fn queue_names(&self) -> impl Iterator<Item = &str> {
        self.subscriptions.iter().flat_map(|subscription| {
            let policy = subscription.redrive_policy.as_ref();
            let target = policy.map(|policy| policy.dead_letter_target.as_str());
            [Some(subscription.queue.as_str()), target]
                .into_iter()
                .flatten()
        })
    }

    /// Whether it is a FIFO topic: its name says so. CreateTopic (SNS API).
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

impl Subscription {
    /// The filter policy as SNS reads it; `None`: every message is taken.
    ///
    /// # Errors
    ///
    /// SNS does not take it.
    pub fn policy(&self) -> Result<Option<FilterPolicy>, PolicyError> {
        let text = self.filter_policy.as_deref();
        let policy =
            text.map(|text| FilterPolicy::read(FilterPolicyScope::MessageAttributes, text));
        policy.transpose()
    }
}
