//! How a coordinator tells the members of its group apart.

use std::fmt;

use crate::ids::ActorId;

/// A member of a group. A real one is called `client.id-uuid`: a consumer that starts again gets
/// another uuid and is a new member, while the old one is still waited for.
///
/// The order is by client, then by age; real member ids are compared as text, which for clients
/// with names of their own comes to the same. `ClassicGroup.generateMemberId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId {
    /// The consumer: the part of `client.id`.
    pub actor: ActorId,
    /// How many member ids this consumer was given before in this group: the part of the uuid.
    pub incarnation: u32,
}

impl fmt::Display for MemberId {
    /// `3.0`: the first member id of consumer 3.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.actor, self.incarnation)
    }
}
