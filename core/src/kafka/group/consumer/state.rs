//! The state of a group.

use std::fmt;

/// The state of a group of the consumer protocol as `kafka-consumer-groups --describe --state`
/// prints it. It is a view: nothing waits for it. `ConsumerGroup.ConsumerGroupState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsumerGroupState {
    /// No members. Committed offsets stay.
    Empty,
    /// The target is of an older epoch than the group.
    Assigning,
    /// Some member has not come to the target yet.
    Reconciling,
    /// Every member has what the target gives it.
    Stable,
    /// There is no such group: nobody has joined yet, or it was deleted.
    Dead,
}

impl fmt::Display for ConsumerGroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Assigning => "Assigning",
            Self::Reconciling => "Reconciling",
            Self::Stable => "Stable",
            Self::Dead => "Dead",
        })
    }
}
