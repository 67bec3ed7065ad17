//! The world at any time: the nearest snapshot, and what happened since.

use super::World;
use crate::cast::Cast;
use crate::time::SimTime;
use crate::trace::Trace;

/// Events between two snapshots: a seek folds at most so many.
const INTERVAL: usize = 16_384;

/// Snapshots of the world along a trace.
#[derive(Clone, Debug)]
pub struct History {
    latest: World,
    folded: usize,
    snapshots: Vec<World>,
}

impl History {
    /// The history of a trace that is still empty.
    #[must_use]
    pub fn new(cast: &Cast) -> Self {
        let start = World::new(cast);
        Self {
            latest: start.clone(),
            folded: 0,
            snapshots: vec![start],
        }
    }

    /// Takes in what `trace` has more than at the last call.
    pub fn extend(&mut self, trace: &Trace) {
        for event in trace.iter_from(self.folded) {
            self.latest.fold(event);
            self.folded += 1;
            if self.folded.is_multiple_of(INTERVAL) {
                self.snapshots.push(self.latest.clone());
            }
        }
    }

    /// The world after the first `count` events of `trace`.
    #[must_use]
    pub fn after(&self, trace: &Trace, count: usize) -> World {
        let nearest = (count / INTERVAL).min(self.snapshots.len().saturating_sub(1));
        let Some(snapshot) = self.snapshots.get(nearest) else {
            return self.latest.clone();
        };
        let mut world = snapshot.clone();
        let start = nearest * INTERVAL;
        for event in trace.iter_from(start).take(count.saturating_sub(start)) {
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
