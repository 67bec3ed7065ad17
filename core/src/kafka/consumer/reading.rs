//! What a consumer knows of the partitions that it owns and the records that it was given.

use super::wishes::Flow;
use crate::ids::{LeaderEpoch, MessageId, Offset, TopicPartition};
use crate::trace::{ConsumerError, PositionOrigin};

/// A partition that a consumer owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) partition: TopicPartition,
    pub(crate) position: Position,
    pub(crate) flow: Flow,
    /// What it has committed last, to leave out what changes nothing.
    pub(crate) committed: Option<Offset>,
    /// The number of the fetch that brought something of it last.
    pub(crate) served: u32,
    /// The leader epoch of the last record that it has read.
    pub(crate) epoch: Option<LeaderEpoch>,
}

/// How a log does not go with what a consumer has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parted {
    /// There is no such offset.
    OutOfRange,
    /// What was read from this offset on is not there any more.
    Truncated(Offset),
}

/// What a consumer knows of where to read on. `SubscriptionState.FetchStates`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// Nothing: it asks for the committed offset.
    Unknown,
    /// It asks for one end of the log, or what `auto.offset.reset` says.
    Reset(ResetTo),
    /// The offset to be read next.
    At(Offset),
}

/// Where a position is reset to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResetTo {
    /// By `auto.offset.reset`: the position was not in the log.
    Policy,
    /// To the start of the log.
    Earliest,
    /// To its end.
    Latest,
}

/// Where to read on, as the brokers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// There.
    At(Offset, PositionOrigin),
    /// Nowhere.
    Nowhere(ConsumerError),
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
            flow: Flow::Open,
            committed: None,
            served: 0,
            epoch: None,
        }
    }
}

impl Owned {
    /// From where it is fetched; none while that is not known or the partition is paused.
    pub(crate) fn fetched_from(&self) -> Option<Offset> {
        self.position.offset().filter(|_| self.flow == Flow::Open)
    }
}

impl Position {
    /// The offset to be read next; none as long as it is not known.
    pub(crate) const fn offset(self) -> Option<Offset> {
        match self {
            Self::At(offset) => Some(offset),
            Self::Unknown | Self::Reset(_) => None,
        }
    }
}
