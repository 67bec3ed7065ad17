//! What happens in a group of the consumer protocol, as its coordinator sees it. KIP-848.

use super::reason::RebalanceReason;
use crate::ids::{ActorId, Generation, GroupId, TopicPartition};
use crate::kafka::group::consumer::MemberState;

/// What a coordinator does in a group of the consumer protocol. What its members do is told by the
/// same events as in a classic group; where those name a generation, it is a member epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerGroupWhat {
    /// A member was let in, at epoch 0.
    Joined {
        /// Into which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
    },
    /// A member left for good.
    Left {
        /// Which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
        /// As which member.
        life: Life,
    },
    /// A static member left for a while: what it has stays its own until its session ends.
    LeftForAWhile {
        /// Which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
    },
    /// A member was thrown out: it did not give up in time what it was asked to.
    RevocationTimedOut {
        /// Of which group.
        group: GroupId,
        /// Who.
        actor: ActorId,
        /// As which member.
        life: Life,
    },
    /// The group epoch rises: a new target assignment is due.
    EpochBumped {
        /// Of which group.
        group: GroupId,
        /// The group epoch.
        epoch: Generation,
        /// Because of whom, if it is one member.
        actor: Option<ActorId>,
        /// Why.
        reason: RebalanceReason,
    },
    /// In the target assignment a partition belongs to another member, or to nobody.
    TargetChanged {
        /// Of which group.
        group: GroupId,
        /// Which.
        partition: TopicPartition,
        /// To whom.
        actor: Option<ActorId>,
    },
    /// The target assignment was computed anew; what has changed in it has gone before.
    TargetComputed {
        /// Of which group.
        group: GroupId,
        /// The group epoch that it is for.
        epoch: Generation,
    },
    /// A partition was given to a member, which hears of it with the answer to its heartbeat.
    Given {
        /// To whom.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
    },
    /// A partition was taken from a member, and is free when the member says that it gave it up.
    RevocationPending {
        /// From whom.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
    },
    /// A partition is free.
    Released {
        /// Who gave it up, or is gone.
        actor: ActorId,
        /// What.
        partition: TopicPartition,
    },
    /// A member has come to another epoch, or to another state.
    Reconciled {
        /// Who.
        actor: ActorId,
        /// Its member epoch.
        epoch: Generation,
        /// Its state.
        state: MemberState,
    },
}

/// Which member a consumer is spoken of as: it is another one each time that its process starts, and
/// the one before may still be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// The one that it is now.
    Present,
    /// One that it was.
    Former,
}

impl From<ConsumerGroupWhat> for super::What {
    fn from(what: ConsumerGroupWhat) -> Self {
        Self::ConsumerGroup { what }
    }
}
