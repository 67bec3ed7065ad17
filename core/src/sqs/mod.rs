//! SQS: the queue lane.
//!
//! [`Service`] is a set of standard queues without network and clock: requests and the time go
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
//! Left out so far: FIFO queues, message attributes and sizes, fair queues, redrive tasks, SNS,
//! and the chance of a real standard queue to deliver twice or out of order.

pub(crate) mod lane;
pub mod limits;
mod messages;
mod queue;
mod service;
mod worker;

pub use messages::{
    ChangeVisibilityError, Counts, Deletion, Effect, OverLimit, PurgeQueueInProgress,
    QueueAttributes, ReceiptHandle, ReceiveRequest, Received, RedrivePolicy, SendRequest, Waiter,
};
pub use service::Service;

#[cfg(test)]
mod tests;
