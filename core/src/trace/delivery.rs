//! What can happen between an SNS topic and the queues that it delivers to.

use super::event::Millis;
use super::reason::DeliveryError;
use crate::ids::{CopyId, MessageId, QueueId};

/// What happened to a delivery of SNS, or to what lets it through. Amazon SNS message delivery
/// retries; Amazon SNS dead-letter queues (SNS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryWhat {
    /// An attempt ended in a server-side error: SNS will try again.
    Failed {
        /// Where to.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which attempt it was, counted from 1.
        attempt: u32,
        /// How long SNS waits before the next one.
        retry_in: Millis,
    },
    /// An attempt has come through, and was not the first.
    Succeeded {
        /// Where to.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// Which attempt it was, counted from 1.
        attempt: u32,
    },
    /// SNS gives up.
    GivenUp {
        /// Where it was to go.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// How many attempts were made.
        attempts: u32,
        /// Why.
        error: DeliveryError,
        /// The subscription's dead-letter queue, where it is sent now; `None`: it is lost.
        to: Option<QueueId>,
    },
    /// The subscription's dead-letter queue has stored what could not be delivered.
    DeadLettered {
        /// Where it was to go.
        queue: QueueId,
        /// The dead-letter queue.
        to: QueueId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// For how long it is hidden at first: the delay of the dead-letter queue.
        delay: Millis,
    },
    /// The access policy of a queue does not let SNS in from now on.
    Denied {
        /// Which queue.
        queue: QueueId,
    },
    /// The access policy of a queue lets SNS in from now on.
    Allowed {
        /// Which queue.
        queue: QueueId,
    },
    /// SNS cannot reach a queue from now on.
    Unreachable {
        /// Which queue.
        queue: QueueId,
        /// For how long.
        lasts: Millis,
    },
    /// SNS reaches a queue again.
    Reachable {
        /// Which queue.
        queue: QueueId,
    },
}
