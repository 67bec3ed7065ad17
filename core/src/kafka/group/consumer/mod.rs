//! The consumer protocol (KIP-848): one request, ConsumerGroupHeartbeat, and beside it OffsetCommit
//! and OffsetFetch.
//!
//! [`ConsumerGroupCoordinator`] is the coordinator of one group, without network and clock: a
//! request and the time go in, an answer and [`Effect`]s come out, and
//! [`ConsumerGroupCoordinator::next_timeout`] says when it wants to be woken.
//!
//! Three numbers tell how far a group has come:
//!
//! ```text
//!   group epoch    rises with each change of members, subscriptions, partitions
//!       ≥ target epoch    which group epoch the target was computed for: on a heartbeat, at most
//!       │                 once in group.consumer.assignment.interval.ms
//!       └─ ≥ member epoch    which target a member has come to: on its own heartbeats
//! ```
//!
//! There is no barrier. A member that has to give something up stays at its epoch until it says
//! that it did, and is thrown out if that takes longer than its rebalance timeout; a member that
//! shall get something gets it with the first heartbeat that finds it free; everybody else goes on.
//!
//! ```text
//!             nothing to give up, all free
//!          ┌──────────────────────────────────────────────────────────┐
//!          │                something to give up                      ▼
//!   joins ─┴▶ STABLE ─────────────────────────▶ UNREVOKED ────▶ STABLE at the target's epoch
//!          │                                        │ gave it up      ▲ all are free
//!          └────────────────────────────────────▶ UNRELEASED ─────────┘
//!             something is still another's
//! ```
//!
//! Follows `GroupMetadataManager` and `ConsumerGroup` of Kafka 4.3. The state of the group is a
//! view of these numbers. Left out: subscriptions by regular expression, members of the classic
//! protocol in such a group and the migration between the two, `group.consumer.max.size`, racks
//! (no assignor on the broker uses them).

mod commit;
mod coordinator;
pub mod epoch;
mod heartbeat;
mod leaving;
mod member;
mod messages;
pub mod reconciliation;
mod state;
mod target;

pub use coordinator::{ConsumerGroupCoordinator, ConsumerGroupSettings};
pub use epoch::MemberEpoch;
pub use messages::{
    CommitRequest, DeleteError, Effect, EpochReason, FenceReason, HeartbeatError, HeartbeatRequest,
    HeartbeatResponse, OffsetError,
};
pub use reconciliation::{
    AssignedPartition, CurrentAssignment, Heartbeat, MemberState, SubscriptionChange, Target,
    reconcile,
};
pub use state::ConsumerGroupState;
