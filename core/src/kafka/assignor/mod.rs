//! Who gets which partition: the assignors that the leader of a classic group runs, and those that
//! the coordinator of a group of the consumer protocol runs.
//!
//! Each is a pure function of the topics and the members. Where Kafka lets the order of names or
//! of member ids decide, here the order of our ids decides. Where it lets the order of a hash map
//! of member ids decide, or of a hash set of topic ids, here the order of the list does: real ids
//! are random, so any order is that of some real cluster. Deeper inside, Java's order is followed
//! ([`java_hash`]).

mod group;
mod input;
pub mod java_hash;
mod ladder;
mod previous;
mod racks;
mod range;
mod round_robin;
mod simple;
mod sticky;
mod strategy;
mod table;
mod uniform;
mod uuid;

pub use input::{InstanceId, MemberSubscription, RackId, TopicMetadata};
pub use sticky::RebalanceProtocol;
pub use strategy::{Assignor, ServerAssignor, ShareAssignor};
pub use uuid::Uuid;
