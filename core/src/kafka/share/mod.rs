//! Share groups: a queue on a log. KIP-932 (on by default since 4.2), KIP-1206, KIP-1222.
//!
//! [`SharePartition`] is what the leader of a partition keeps for each share group: the state of
//! every record between its start offset (SPSO) and its end offset (SPEO). [`ShareGroup`] is the
//! coordinator: who is a member, and which partitions each member fetches from; several members
//! can fetch from the same one.
//!
//! ```text
//!                  acquire: delivery count + 1, lock
//!   ┌─▶ Available ──────────────────────────▶ Acquired ──accept──▶ Acknowledged
//!   │                                          │ │ ▲ │
//!   │   release, lock ran out, session closed  │ │ └─┘ renew: the lock begins anew
//!   └──────────────────────────────────────────┘ │
//!                                                └──reject, or one of the above with the
//!                                                   delivery count at its limit──▶ Archived
//! ```
//!
//! Left out: the share coordinator that keeps the states in `__share_group_state` (a change holds at
//! once, and no leader ever forgets one), transactions (`share.isolation.level`), gaps that
//! compaction leaves, a log start offset that moves, and the dead-letter topic of KIP-1191.

mod acknowledge;
mod acquire;
mod batch;
pub(crate) mod consumer;
mod group;
mod partition;
mod record;
#[cfg(test)]
mod tests;

pub use acknowledge::{AcknowledgeError, AcknowledgeType, AcknowledgementBatch};
pub use acquire::{Acquire, FetchedLog};
pub use group::{
    Heartbeat, HeartbeatAnswer, HeartbeatError, ShareGroup, ShareGroupEffect, ShareGroupSettings,
};
pub use partition::{ShareEffect, SharePartition, SharePartitionSettings};
pub use record::{RecordState, ShareRecord};
