//! Topics, subscriptions and publishes, as a script writes them.

use serde::Deserialize;
use serde_json::Value;

use super::content::Attributes;

/// A topic that is there from the start.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Topic {
    pub(in super::super) name: String,
    #[serde(default)]
    pub(in super::super) subscriptions: Vec<Subscribe>,
}

/// A subscription of a topic, or a Subscribe.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Subscribe {
    pub(in super::super) queue: String,
    /// RawMessageDelivery.
    #[serde(default)]
    pub(in super::super) raw: bool,
    pub(in super::super) filter_policy: Option<Value>,
    pub(in super::super) filter_policy_scope: Option<Scope>,
}

#[derive(Clone, Copy, Deserialize)]
pub(in super::super) enum Scope {
    MessageAttributes,
    MessageBody,
}

/// What a Subscribe called its subscription.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Unsubscribe {
    pub(in super::super) subscription: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Publish {
    #[serde(rename = "Message")]
    pub(in super::super) message: Option<String>,
    pub(in super::super) body_bytes: Option<usize>,
    #[serde(rename = "Subject")]
    pub(in super::super) subject: Option<String>,
    #[serde(rename = "MessageAttributes", default)]
    pub(in super::super) attributes: Attributes,
    #[serde(rename = "MessageGroupId")]
    pub(in super::super) group: Option<String>,
    #[serde(rename = "MessageDeduplicationId")]
    pub(in super::super) deduplication_id: Option<String>,
}

impl Publish {
    /// What is published; nothing, if there is no message.
    pub(in super::super) fn text(&self) -> std::borrow::Cow<'_, str> {
        match self.body_bytes {
            Some(bytes) => "x".repeat(bytes).into(),
            None => self.message.as_deref().unwrap_or_default().into(),
        }
    }
}
