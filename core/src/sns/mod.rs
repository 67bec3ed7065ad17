//! SNS: how the queue world broadcasts.
//!
//! A [`Topic`] is a state machine without network and clock: a message and the time go in, and an
//! [`Effect::Attempt`] comes out for each subscription whose [`FilterPolicy`] takes the message.
//! Who runs it sends the copy to the queue and tells what the queue said; [`Topic::next_timeout`]
//! says when the topic wants to be woken to try again.
//!
//! ```text
//!            no match                    delivered
//!   publish ─────────▶ filtered out     ┌─────────▶ in the queue, a message of its own
//!      │                                │
//!      └──────match───▶ attempt ────────┤ client-side error, or no attempt left
//!                        ▲              ├─────────▶ the subscription's dead-letter queue,
//!                        │ pause        │           or discarded
//!                        └──────────────┘ server-side error
//! ```
//!
//! Each copy is a message of its queue: it has its own receive count, timeouts and dead-letter
//! queue, and knows nothing of the others. Fanout to Amazon SQS queues (SNS).
//!
//! Left out: endpoints that are no queues, archiving and replay of FIFO topics, batches, the
//! duplicates and the disorder of a standard topic, jitter, and the 15 minutes that a new filter
//! policy can take.

mod body;
mod deduplication;
mod delivery;
mod envelope;
mod error;
mod filter;
mod json;
pub mod limits;
pub mod parameter;
pub mod retry;
mod subscription;
#[cfg(test)]
mod tests;
mod topic;

pub use body::{Content, content};
pub use deduplication::FifoThroughputScope;
pub use delivery::{Delivery, DeliveryAnswer, DeliveryId, Effect};
pub use envelope::{Notification, envelope};
pub use error::{PolicyError, PublishError, SubscribeError};
pub use filter::{FilterPolicy, FilterPolicyScope};
pub use subscription::{DeliveryForm, QueueKind, Subscription, SubscriptionId};
pub use topic::{
    ContentBasedDeduplication, Novelty, PublishRequest, Published, Topic, TopicAttributes,
    TopicKind,
};
