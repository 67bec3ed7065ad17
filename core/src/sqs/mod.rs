//! SQS: the queue lane.
//!
//! [`Service`] is a set of queues without network and clock: requests and the time go
//! in, answers and [`Effect`]s come out, and [`Service::next_timeout`] says when it wants to be
//! woken. `lane` puts workers and a network around it.
//!
//! ```text
//!             delay over            receive                 delete
//!   Delayed ─────────────▶ Visible ─────────▶ In flight ─────────────▶ gone
//!                            ▲  │                 │
//!                            │  │ received        │ timeout, visibility 0
//!                            │  │ too often       │
//!                            │  ▼                 │
//!                            │ dead-letter queue  │
//!                            └────────────────────┘         expired: from any state
//! ```
//!
//! Numbers as a client writes them are checked by their [`parameter`], the entries of a batch by
//! [`batch`]; what is refused has its [`ErrorCode`].
//!
//! Left out so far: message attributes, making and deleting queues by name, fair
//! queues, redrive tasks, SNS, and the chance of a real standard queue to deliver twice or out of
//! order.

mod asking;
mod attributes;
pub mod batch;
mod body;
mod error;
mod identity;
pub(crate) mod lane;
pub mod limits;
mod messages;
pub mod parameter;
mod queue;
mod service;
mod settings;
mod team;
mod worker;
mod working;

pub use attributes::{
    AttributeChange, AttributeName, DeduplicationScope, FifoAttributes, FifoThroughputLimit,
    QueueAttributes, RedriveAllowPolicy, RedrivePolicy, RedrivePolicyRequest,
};
pub use body::Body;
pub use error::{
    BodyError, ChangeVisibilityError, ErrorCode, OverLimit, PurgeError, QueueDoesNotExist,
    RedrivePolicyError, SendError, SetAttributesError, UnknownAttribute,
};
pub use identity::{
    Deduplication, DeduplicationId, InvalidId, MessageGroup, ReceiveAttempt, SequenceNumber,
    check_id,
};
pub use messages::{
    Counts, Deletion, Effect, ReceiptHandle, ReceiveRequest, Received, SendRequest, Sent, Waiter,
};
pub use parameter::OutOfRange;
pub use service::Service;

#[cfg(test)]
mod tests;
