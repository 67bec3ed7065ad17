//! Between times and places on the timeline.

use broker_lab_core::SimTime;
use broker_lab_core::trace::Trace;

/// Where times stand on a timeline, in thousandths of its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeScale {
    end: SimTime,
}

impl TimeScale {
    /// The scale of a run that ends at `end`.
    #[must_use]
    pub const fn new(end: SimTime) -> Self {
        Self { end }
    }

    /// The place of a time, 0 to 1.
    #[must_use]
    pub fn share(self, at: SimTime) -> f64 {
        let end = self.end.as_micros().max(1);
        at.as_micros().min(end) as f64 / end as f64
    }

    /// The time at a place; places outside are the ends.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of the end, between 0 and the end"
    )]
    pub fn time(self, share: f64) -> SimTime {
        SimTime::from_micros((self.end.as_micros() as f64 * share.clamp(0.0, 1.0)) as u64)
    }
}

/// How many events each of a row of equal stretches has, as heights from 0 to 100.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Density(pub Vec<u8>);

impl Density {
    /// The density of `trace` in `bars` stretches up to `end`.
    #[must_use]
    pub fn of(trace: &Trace, end: SimTime, bars: usize) -> Self {
        let scale = TimeScale::new(end);
        let edge = |n: usize| trace.count_before(scale.time(n as f64 / bars.max(1) as f64));
        let edges: Vec<usize> = (0..=bars)
            .map(|n| if n == bars { trace.len() } else { edge(n) })
            .collect();
        let counts: Vec<usize> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let height = |count: usize| u8::try_from(count * 100 / most).unwrap_or(100);
        // What is there at all is seen.
        Self(
            counts
                .into_iter()
                .map(|n| if n == 0 { 0 } else { height(n).max(6) })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_times_are_each_others_way_back() {
        let scale = TimeScale::new(SimTime::from_millis(40_000));
        for millis in [0, 1, 250, 7_200, 39_999, 40_000] {
            let at = SimTime::from_millis(millis);
            let back = scale.time(scale.share(at));
            assert!(back.since(at).as_micros() < 2 && at.since(back).as_micros() < 2);
        }
        assert_eq!(scale.time(7.0), SimTime::from_millis(40_000));
        assert_eq!(scale.time(-1.0), SimTime::ZERO);
    }
}
