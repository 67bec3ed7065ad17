//! A queue's subscription to a topic.

use super::filter::FilterPolicy;
use crate::ids::QueueId;

/// A subscription of a topic, counted from 0 in the order of the Subscribes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubscriptionId(pub u16);

/// What is asked of Subscribe, and what a subscription is. Subscribe (SNS API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Endpoint: where copies go. SNS does not look whether it exists.
    pub queue: QueueId,
    /// What kind of queue it is.
    pub queue_kind: QueueKind,
    /// RawMessageDelivery.
    pub form: DeliveryForm,
    /// FilterPolicy; `None`: every message is taken.
    pub filter_policy: Option<FilterPolicy>,
    /// RedrivePolicy of the subscription: where what cannot be delivered goes; `None`: nowhere.
    /// This is not the queue's own dead-letter queue. Amazon SNS dead-letter queues (SNS).
    pub dead_letter_queue: Option<QueueId>,
}

/// What kind of queue is subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueKind {
    /// A standard queue: for topics of both kinds.
    Standard,
    /// A FIFO queue: for FIFO topics.
    Fifo,
}

/// RawMessageDelivery: how a message comes into the queue. Raw message delivery (SNS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryForm {
    /// As the body of a JSON envelope, without message attributes: the default.
    #[default]
    Envelope,
    /// As it was published, with its message attributes.
    Raw,
}

impl Subscription {
    /// Every message in an envelope, as a Subscribe without attributes has it.
    #[must_use]
    pub const fn new(queue: QueueId, queue_kind: QueueKind) -> Self {
        Self {
            queue,
            queue_kind,
            form: DeliveryForm::Envelope,
            filter_policy: None,
            dead_letter_queue: None,
        }
    }
}
