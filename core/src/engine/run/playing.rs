//! Recorded lanes among the others.

use super::{Due, Engine, Lane, RecordedLane};
use crate::engine::Batch;
use crate::ids::LaneId;
use crate::trace::Event;

impl Engine {
    pub(super) fn open_recorded(&mut self, lane: LaneId, recorded: RecordedLane) {
        if let Some(at) = recorded.next_time() {
            self.agenda.note(at, Due::Recorded(lane));
        }
        self.lanes.push(Lane::Recorded(recorded));
    }

    /// Whether nothing reaches a lane any more: it was recorded.
    pub(super) fn is_recorded(&self, lane: usize) -> bool {
        matches!(self.lanes.get(lane), Some(Lane::Recorded(_)))
    }

    /// Tells what has happened by now in a recorded lane, and comes back when there is more; in the
    /// same moment, if that comes after a message that is still to be sent.
    pub(super) fn tell_recorded(&mut self, lane: LaneId, batch: &mut Batch) {
        let Some(Lane::Recorded(recorded)) = self.lanes.get_mut(lane.index()) else {
            return;
        };
        while let Some(what) = recorded.next(self.now, self.sent) {
            let at = self.now;
            batch.events.push(Event { at, lane, what });
        }
        if let Some(at) = recorded.next_time() {
            self.agenda.note(at.max(self.now), Due::Recorded(lane));
        }
    }
}
