//! States to go back to, along something that grows.

use std::rc::Rc;

/// Events between two milestones, at first; doubles whenever there are [`MOST`].
const INTERVAL: usize = 32_768;
/// How many are kept at most.
const MOST: usize = 16;

/// States by how many events had happened, shared between clones; the first is the start.
#[derive(Clone, Debug)]
pub(crate) struct Milestones<T> {
    kept: Vec<(usize, Rc<T>)>,
    interval: usize,
}

impl<T: Clone> Milestones<T> {
    pub(crate) fn new(start: T) -> Self {
        Self {
            kept: vec![(0, Rc::new(start))],
            interval: INTERVAL,
        }
    }

    /// Keeps `now`, after `events` events, if so much has happened since the last one. A state with
    /// more `weight` is kept more rarely, so that they never hold more than what happened does.
    pub(crate) fn pass(&mut self, events: usize, weight: impl FnOnce() -> usize, now: &T) {
        let last = self.kept.last().map_or(0, |(events, _)| *events);
        let grown = events - last;
        if grown < self.interval || grown < weight() {
            return;
        }
        if self.kept.len() == MOST {
            let mut n = 0;
            self.kept.retain(|_| {
                n += 1;
                n % 2 == 1
            });
            self.interval *= 2;
        }
        self.kept.push((events, Rc::new(now.clone())));
    }

    /// Those for which `is_before` holds, given that they come first, and the start in any case.
    pub(crate) fn until(&self, is_before: impl Fn(&T) -> bool) -> Self {
        let before = self.kept.partition_point(|(_, state)| is_before(state));
        Self {
            kept: self.kept.iter().take(before.max(1)).cloned().collect(),
            interval: self.interval,
        }
    }

    /// The last one, and after how many events that was; 0 is the start.
    pub(crate) fn last(&self) -> Option<(usize, T)> {
        let (events, state) = self.kept.last()?;
        Some((*events, T::clone(state)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_stand_ever_further_apart_and_always_reach_back_to_the_start() {
        let mut milestones = Milestones::new(0);
        for events in (0..10_000_000).step_by(10_000) {
            milestones.pass(events, || 0, &events);
        }
        assert!((MOST / 2..=MOST).contains(&milestones.kept.len()));
        let gaps = milestones.kept.windows(2).map(|pair| pair[1].0 - pair[0].0);
        assert!(gaps.max() <= gaps_of(&milestones).map(|least| 4 * least));
        assert_eq!(milestones.until(|state| *state < 1).last(), Some((0, 0)));
        assert_eq!(milestones.until(|_| false).last(), Some((0, 0)));
        let (events, state) = milestones.until(|state| *state < 5_000_000).last().unwrap();
        assert!(events == state && (3_000_000..5_000_000).contains(&events));
    }

    fn gaps_of(milestones: &Milestones<usize>) -> Option<usize> {
        let pairs = milestones.kept.windows(2);
        pairs.map(|pair| pair[1].0 - pair[0].0).min()
    }

    #[test]
    fn what_is_heavy_is_kept_rarely() {
        let (mut light, mut heavy) = (Milestones::new(()), Milestones::new(()));
        for events in (0..400_000).step_by(1_000) {
            light.pass(events, || 0, &());
            heavy.pass(events, || 200_000, &());
        }
        assert_eq!((light.kept.len(), heavy.kept.len()), (13, 2));
    }
}
