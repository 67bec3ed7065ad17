//! The number that tells how far a member has come.

use std::fmt;

/// An epoch of a group, of its target assignment, or of a member: a member is at the epoch of the
/// target it was last led to. KIP-848.
///
/// Signed as in Kafka's messages, where numbers below one have a meaning of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberEpoch(pub i32);

impl MemberEpoch {
    /// What a member sends to join. `ConsumerGroupHeartbeatRequest.JOIN_GROUP_MEMBER_EPOCH`.
    pub const JOIN: Self = Self(0);
    /// What a member sends to leave; also what stands where there was no epoch before.
    /// `ConsumerGroupHeartbeatRequest.LEAVE_GROUP_MEMBER_EPOCH`.
    pub const LEAVE: Self = Self(-1);
    /// What a static member sends to leave for a while.
    /// `ConsumerGroupHeartbeatRequest.LEAVE_GROUP_STATIC_MEMBER_EPOCH`.
    pub const LEAVE_STATIC: Self = Self(-2);

    /// The epoch after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for MemberEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
