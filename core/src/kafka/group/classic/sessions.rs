//! The session timers of a group's members.

use litemap::LiteMap;

use crate::kafka::group::MemberId;
use crate::time::SimTime;

/// One timer for each member; in a classic group also for those that have a member id and have not
/// joined with it.
/// Both maps hold the same pairs. A sorted vector is quick at the few hundred members of a group.
#[derive(Clone, Debug, Default)]
pub(in crate::kafka::group) struct Sessions {
    deadlines: LiteMap<MemberId, SimTime>,
    by_time: LiteMap<(SimTime, MemberId), ()>,
}

impl Sessions {
    /// Starts the timer of `member` anew.
    pub(in crate::kafka::group) fn schedule(&mut self, member: MemberId, deadline: SimTime) {
        self.cancel(member);
        self.deadlines.insert(member, deadline);
        self.by_time.insert((deadline, member), ());
    }

    pub(in crate::kafka::group) fn cancel(&mut self, member: MemberId) {
        if let Some(deadline) = self.deadlines.remove(&member) {
            self.by_time.remove(&(deadline, member));
        }
    }

    /// When the next timer runs out.
    pub(in crate::kafka::group) fn next(&self) -> Option<SimTime> {
        self.by_time.first().map(|(&(deadline, _), ())| deadline)
    }

    /// Stops a timer that runs out at `due` and says whose it was.
    pub(in crate::kafka::group) fn take(&mut self, due: SimTime) -> Option<MemberId> {
        let (&(deadline, member), ()) = self.by_time.first()?;
        if deadline > due {
            return None;
        }
        self.cancel(member);
        Some(member)
    }
}
