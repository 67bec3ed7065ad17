//! Everything that can happen in a share group.

use super::event::Millis;
use super::reason::{LockEnd, PositionOrigin};
use super::what::What;
use crate::ids::{ActorId, GroupEpoch, GroupId, Offset, TopicPartition};

/// What happened in a share group. KIP-932.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareWhat {
    /// A share group has another epoch: its members have changed, or what can be assigned.
    GroupChanged {
        /// Which group.
        group: GroupId,
        /// Its epoch.
        epoch: GroupEpoch,
        /// How many members it has.
        members: u16,
    },
    /// A member of a share group learned that it fetches from a partition from now on; others may
    /// do so too.
    Assigned {
        /// Who.
        actor: ActorId,
        /// From what.
        partition: TopicPartition,
        /// The epoch of the target.
        epoch: GroupEpoch,
    },
    /// A member of a share group fetches from a partition no more.
    Revoked {
        /// Who.
        actor: ActorId,
        /// From what.
        partition: TopicPartition,
    },
    /// A share group begins with a partition: its leader reads for it from here on.
    PartitionStarted {
        /// Which group.
        group: GroupId,
        /// With what.
        partition: TopicPartition,
        /// The first offset that it gets.
        offset: Offset,
        /// Where that comes from.
        origin: PositionOrigin,
    },
    /// The start offset of a share partition (SPSO) has moved up: what lies before is done.
    StartMoved {
        /// Which group.
        group: GroupId,
        /// Of what.
        partition: TopicPartition,
        /// The first offset that is not done.
        offset: Offset,
    },
    /// The leader gives a record to a member of a share group, with a lock.
    Acquired {
        /// To whom.
        actor: ActorId,
        /// From where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
        /// How often it has been delivered to the group, this time included.
        delivery_count: u8,
        /// When the lock runs out, from now.
        lock: Millis,
    },
    /// The leader has noted that a member of a share group accepts a record: the group is done with
    /// it.
    Acknowledged {
        /// Who.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
    },
    /// A record can be acquired by a share group again.
    Released {
        /// Who had it.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
        /// Why.
        end: LockEnd,
    },
    /// A record was rejected, or has been delivered as often as is allowed: the share group never
    /// sees it again.
    Archived {
        /// Who had it.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
        /// Why, or what ended its last delivery.
        end: LockEnd,
    },
    /// A member of a share group still works on a record: its lock begins anew.
    Renewed {
        /// Who has it.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
        /// When the lock runs out, from now.
        lock: Millis,
    },
    /// The leader refuses an acknowledgement with INVALID_RECORD_STATE: the member does not have
    /// the record (any more), or another one of the same request.
    Refused {
        /// Whose.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
    },
    /// The leader refuses to renew a lock: the member does not have the record any more, and may
    /// still work on it.
    RenewalRefused {
        /// Whose.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
    },
    /// The leader answers an acknowledgement with success and does nothing: the group is done with
    /// the record.
    Ignored {
        /// Whose.
        actor: ActorId,
        /// Where.
        partition: TopicPartition,
        /// Which.
        offset: Offset,
    },
}

impl From<ShareWhat> for What {
    fn from(what: ShareWhat) -> Self {
        Self::Share { what }
    }
}
