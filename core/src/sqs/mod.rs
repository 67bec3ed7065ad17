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
//! What messages carry is [`content`]: a body that has a text and attributes is held to its rules.
//!
//! Numbers as a client writes them are checked by their [`parameter`], the entries of a batch by
//! [`batch`]; what is refused has its [`ErrorCode`].
//!
//! Queues are made and deleted by name through a [`Registry`].

mod asking;
mod attributes;
pub mod batch;
mod body;
mod chances;
pub mod content;
mod delivering;
mod ending;
mod error;
pub mod fair;
mod function;
mod identity;
pub(crate) mod lane;
pub mod limits;
mod messages;
mod move_task;
pub mod parameter;
mod queue;
mod reach;
mod registry;
mod service;
mod settings;
mod team;
mod telling;
mod throttling;
mod throughput;
mod topic;
mod worker;
mod working;

pub use attributes::{
    AttributeChange, AttributeName, DeduplicationScope, FifoAttributes, FifoThroughputLimit,
    QueueAttributes, RedriveAllowPolicy, RedrivePolicy, RedrivePolicyRequest,
};
pub use body::{Body, bytes};
pub use chances::Chances;
pub use error::{
    BodyError, ChangeVisibilityError, ErrorCode, OverLimit, PurgeError, QueueDoesNotExist,
    RedrivePolicyError, SendError, SetAttributesError, UnknownAttribute,
};
pub use identity::{
    Deduplication, DeduplicationId, InvalidId, MessageGroup, ReceiveAttempt, SequenceNumber,
    check_id,
};
pub use messages::{
    Counts, Deletion, Effect, FairCounts, ReceiptHandle, ReceiveRequest, Received, SendRequest,
    Sent, Waiter,
};
pub use move_task::{
    CancelMoveTaskError, ListMoveTasksError, MoveFailure, MoveTask, MoveTaskHandle,
    MoveTaskRequest, MoveTaskStatus, StartMoveTaskError,
};
pub use parameter::OutOfRange;
pub use registry::{CreateQueueError, QueueNameError, Registry};
pub use service::Service;
pub use throughput::{Action, RequestThrottled, Throughput};

#[cfg(test)]
mod tests;
