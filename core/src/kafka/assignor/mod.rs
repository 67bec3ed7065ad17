//! Who gets which partition: the assignors that the leader of a classic group runs, and those that
//! the coordinator of a group of the consumer protocol runs.
//!
//! Each is a pure function of the topics and the members. Where Kafka lets the order of names or
//! of member ids decide, here the order of the ids decides.

mod input;
mod range;
mod strategy;

pub use input::{InstanceId, MemberSubscription, RackId, TopicMetadata};
pub use strategy::{Assignor, ServerAssignor};
