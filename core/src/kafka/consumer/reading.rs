//! What a consumer knows of the partitions that it owns and the records that it was given.

use crate::ids::{MessageId, Offset, TopicPartition};
use crate::trace::PositionOrigin;

/// A partition that a consumer owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) partition: TopicPartition,
    pub(crate) position: Position,
    /// What it has committed last, to leave out what changes nothing.
    pub(crate) committed: Option<Offset>,
}

/// What a consumer knows of where to read on. `SubscriptionState.FetchStates`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// Nothing: it asks for the committed offset.
    Unknown,
    /// The offset to be read next.
    At(Offset),
}

/// Where to read on, as the brokers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) offset: Offset,
    pub(crate) origin: PositionOrigin,
}

/// Records of one partition that lie ready at the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    pub(crate) partition: TopicPartition,
    pub(crate) from: Offset,
    pub(crate) to: Offset,
}

/// A record that `poll()` has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Polled {
    pub(crate) partition: TopicPartition,
    pub(crate) offset: Offset,
    pub(crate) message: MessageId,
}

impl Owned {
    /// A partition that is new to its owner.
    pub(crate) const fn new(partition: TopicPartition) -> Self {
        Self {
            partition,
            position: Position::Unknown,
            committed: None,
        }
    }
}

impl Position {
    /// The offset to be read next; none as long as it is not known.
    pub(crate) const fn offset(self) -> Option<Offset> {
        match self {
            Self::At(offset) => Some(offset),
            Self::Unknown => None,
        }
    }
}
