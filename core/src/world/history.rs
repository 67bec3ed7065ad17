//! The world at any time: the nearest snapshot, and what happened since.

use std::rc::Rc;

use super::World;
use crate::cast::Cast;
use crate::time::SimTime;
use crate::trace::Trace;

/// Events between two snapshots, at least: a seek folds about so many.
const INTERVAL: usize = 16_384;

/// Snapshots of the world along a trace.
///
/// A large world has fewer of them, so that they never hold more than the trace does: a snapshot
/// is taken when as many events have happened as it copies things.
#[derive(Clone, Debug)]
pub struct History {
    latest: World,
    folded: usize,
    snapshots: Vec<Snapshot>,
}

/// The world after the first `count` events, shared by all clones of the history.
#[derive(Clone, Debug)]
struct Snapshot {
    count: usize,
    world: Rc<World>,
}

impl History {
    /// The history of a trace that is still empty.
    #[must_use]
    pub fn new(cast: &Cast) -> Self {
        let start = World::new(cast);
        let snapshot = Snapshot {
            count: 0,
            world: Rc::new(start.clone()),
        };
        Self {
            latest: start,
            folded: 0,
            snapshots: vec![snapshot],
        }
    }

    /// Takes in what `trace` has more than at the last call.
    pub fn extend(&mut self, trace: &Trace) {
        for event in trace.iter_from(self.folded) {
            self.latest.fold(event);
            self.folded += 1;
            if self.folded.is_multiple_of(INTERVAL) {
                self.keep_snapshot();
            }
        }
    }

    fn keep_snapshot(&mut self) {
        let last = self.snapshots.last().map_or(0, |snapshot| snapshot.count);
        if self.folded - last >= self.latest.weight() {
            self.snapshots.push(Snapshot {
                count: self.folded,
                world: Rc::new(self.latest.clone()),
            });
        }
    }

    /// How many things a clone copies.
    pub(crate) fn weight(&self) -> usize {
        self.latest.weight()
    }

    /// The world after the first `count` events of `trace`.
    #[must_use]
    pub fn after(&self, trace: &Trace, count: usize) -> World {
        let before = self
            .snapshots
            .partition_point(|snapshot| snapshot.count <= count);
        let Some(nearest) = self.snapshots.get(before.saturating_sub(1)) else {
            return self.latest.clone();
        };
        let mut world = World::clone(&nearest.world);
        let left = count.saturating_sub(nearest.count);
        for event in trace.iter_from(nearest.count).take(left) {
            world.fold(event);
        }
        world
    }

    /// The world at the moment `at`, everything that happened at that moment included.
    #[must_use]
    pub fn at(&self, trace: &Trace, at: SimTime) -> World {
        self.after(trace, trace.count_until(at))
    }

    /// How many snapshots there are.
    #[must_use]
    pub const fn snapshot_count(&self) -> usize {
        self.snapshots.len()
    }
}
