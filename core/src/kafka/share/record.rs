//! One record in flight.

use crate::kafka::group::MemberId;
use crate::time::SimTime;

/// What a share group knows of a record. `InFlightState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareRecord {
    /// Who has it, or what has become of it.
    pub state: RecordState,
    /// How often it was acquired.
    pub delivery_count: u16,
}

/// The state of a record. `RecordState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// The next one who fetches gets it.
    Available,
    /// A member has it, until it says what has become of it or its lock runs out.
    Acquired {
        /// Who.
        member: MemberId,
        /// When the lock runs out.
        lock_until: SimTime,
    },
    /// A member has accepted it: the group is done with it.
    Acknowledged,
    /// It was rejected, or delivered too often: the group never sees it again.
    Archived,
}

impl ShareRecord {
    pub(super) const fn is_available(self) -> bool {
        matches!(self.state, RecordState::Available)
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(
            self.state,
            RecordState::Acknowledged | RecordState::Archived
        )
    }

    /// When its lock runs out, if somebody has it.
    #[must_use]
    pub const fn lock_until(self) -> Option<SimTime> {
        match self.state {
            RecordState::Acquired { lock_until, .. } => Some(lock_until),
            _ => None,
        }
    }

    pub(super) fn is_held_by(self, member: MemberId) -> bool {
        matches!(self.state, RecordState::Acquired { member: who, .. } if who == member)
    }
}
