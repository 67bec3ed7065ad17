//! A consumer of the consumer protocol (KIP-848): `AsyncKafkaConsumer`.
//!
//! Two threads. The application's polls, works and commits as in a classic group. The background
//! thread sends ConsumerGroupHeartbeat, also while the other one works; it hears what the
//! coordinator gives and takes, and leaves the group when the other one does not poll for
//! `max.poll.interval.ms`.
//!
//! ```text
//!                       told of another assignment        in poll(): gave up, took over
//!   Joining ──answered──▶ Reconciling ─────────────────────▶ Acknowledging ──▶ Stable
//!      ▲                      ▲                                   at once, with what it owns
//!      │                      └──────────────── told of another assignment ───────┘
//!      └── lost everything, in poll() ── Fenced (the coordinator), Stale (did not poll in time)
//! ```
//!
//! What it has to give up it gives up in `poll()`: commits, revokes, says so. All the while it reads
//! the rest, and what others do does not concern it.
//!
//! Follows `ConsumerMembershipManager`, `AbstractMembershipManager`, `ConsumerHeartbeatRequestManager`
//! and `CommitRequestManager` of Kafka 4.3. Where the application has no rebalance listener, Kafka
//! revokes outside `poll()` as well; ours always has one.

mod acting;
mod commits;
mod coordinator;
mod heartbeats;
mod life;
mod membership;

pub(crate) use coordinator::{Modern, ModernTimer};
pub(crate) use membership::Membership;
