//! Consumer groups: who is a member, who reads which partition, and how far the group has come.
//!
//! [`classic`] is the classic group protocol, [`consumer`] the consumer protocol; [`offsets`] is what
//! a group has committed.

pub mod classic;
pub mod consumer;
pub mod member_id;
pub mod offsets;

pub use member_id::MemberId;
pub use offsets::CommittedOffsets;

#[cfg(test)]
mod tests;
