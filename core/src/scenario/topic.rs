//! SNS topics of a queue lane as they are written.

use serde::Serialize;

use super::document::is_default;
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
}

impl SnsTopic {
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
