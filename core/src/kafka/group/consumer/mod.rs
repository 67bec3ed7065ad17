//! The consumer group protocol of KIP-848: the coordinator computes a target, and leads each
//! member to it at the pace of that member's own heartbeats.
//!
//! [`reconciliation`] is the step that one heartbeat of one member makes.

pub mod epoch;
pub mod reconciliation;

pub use epoch::MemberEpoch;
pub use reconciliation::{
    AssignedPartition, CurrentAssignment, Heartbeat, MemberState, SubscriptionChange, Target,
    reconcile,
};
