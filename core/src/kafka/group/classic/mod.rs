//! The classic group protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup, OffsetCommit.
//!
//! [`GroupCoordinator`] is the coordinator of one group, without network and clock: a request and
//! the time go in, [`Effect`]s come out, and [`GroupCoordinator::next_timeout`] says when it wants
//! to be woken. What a member does between them (poll, revoke, assign as leader) is the client's.
//!
//! ```text
//!            first member joins                     all joined, or time is up
//!   Empty ─────────────────────▶ PreparingRebalance ──────────────────────────▶ CompletingRebalance
//!     ▲                           │            ▲  ▲                               │           │
//!     └───────────────────────────┘            │  └───────────────────────────────┘           │
//!        time is up, nobody left               │    a join, a leave, a session over           │
//!                                              │                                              ▼
//!                                              └─────────────────────────────────────────── Stable
//!                                                 a join, a leave, a session over     the leader's sync
//! ```
//!
//! From Empty the group waits `group.initial.rebalance.delay.ms` for more members, and again as
//! long as new ones arrive; from the other states it waits for its known members to join again, at
//! most the longest rebalance timeout among them.
//!
//! Follows `GroupMetadataManager.classicGroup*` and `ClassicGroup` of Kafka. Left out: Dead,
//! `group.max.size`. The bounds of the session timeout are checked where a scenario is read.

mod assign;
mod coordinator;
mod join;
mod member;
mod messages;
mod rebalance;
mod sessions;
mod state;
mod statics;
mod sync;

pub use assign::assign;
pub use coordinator::{GroupCoordinator, GroupSettings};
pub use messages::{
    Caller, CommitError, CommitRequest, Effect, HeartbeatError, JoinError, JoinRequest, Joined,
    JoinedMember, LastAssignment, LeaveError, MemberAssignment, RebalancePhase, RebalanceReason,
    SkipAssignment, Subscription, SyncError, SyncRequest,
};
pub(in crate::kafka::group) use sessions::Sessions;
pub use state::GroupState;
