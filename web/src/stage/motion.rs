//! How a thing on its way is placed: from when it left, when it arrives and what time it is.

use broker_lab_core::{SimDuration, SimTime};

use super::layout::Point;
use crate::player::Speed;

/// How long a move takes on screen.
const ON_SCREEN: SimDuration = SimDuration::from_millis(420);
/// Above this speed marks jump.
const FASTEST: u32 = 8_000;

/// The length of a move in simulation time; zero where moves are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Travel(SimDuration);

impl Travel {
    /// Everything stands where it belongs.
    pub const NONE: Self = Self(SimDuration::ZERO);

    /// Moves at a playback speed: the same on screen at every speed, none where it is too fast
    /// to follow.
    #[must_use]
    pub fn at(speed: Speed) -> Self {
        let thousandths = speed.thousandths();
        if thousandths > FASTEST {
            return Self::NONE;
        }
        Self(SimDuration::from_micros(
            ON_SCREEN.as_micros() * u64::from(thousandths) / 1_000,
        ))
    }

    /// How far a move that began at `left` has come, 0 to 1.
    #[must_use]
    pub fn progress(self, left: SimTime, now: SimTime) -> f32 {
        let (elapsed, whole) = (now.since(left).as_micros(), self.0.as_micros());
        if elapsed >= whole {
            return 1.0;
        }
        ease(elapsed as f32 / whole as f32)
    }

    /// Where a thing is that left `from` at `left` and goes to `to`.
    #[must_use]
    pub fn place(self, (from, left): (Point, SimTime), to: Point, now: SimTime) -> Point {
        between(from, to, self.progress(left, now))
    }

    /// The same by way of another place, if there is one on the way.
    #[must_use]
    pub fn place_by(
        self,
        (from, left): (Point, SimTime),
        by: Option<Point>,
        to: Point,
        now: SimTime,
    ) -> Point {
        let share = self.progress(left, now);
        let (from, to, share) = match by {
            Some(by) if share < 0.5 => (from, by, 2.0 * share),
            Some(by) => (by, to, 2.0 * share - 1.0),
            None => (from, to, share),
        };
        between(from, to, share)
    }
}

fn between(from: Point, to: Point, share: f32) -> Point {
    Point {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
    }
}

/// The curve of the design, `cubic-bezier(.3, .1, .2, 1)`.
fn ease(time: f32) -> f32 {
    let bezier = |a: f32, b: f32, s: f32| {
        let r = 1.0 - s;
        3.0 * r * r * s * a + 3.0 * r * s * s * b + s * s * s
    };
    // x(s) rises, so halving finds s; twelve steps are finer than a pixel.
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    for _ in 0..12 {
        let middle = (low + high) / 2.0;
        if bezier(0.3, 0.2, middle) < time {
            low = middle;
        } else {
            high = middle;
        }
    }
    bezier(0.1, 1.0, (low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_begins_and_ends_where_it_should_and_never_goes_back() {
        let travel = Travel::at(Speed::NORMAL);
        let left = SimTime::from_millis(1_000);
        let mut last = -1.0;
        for millis in 1_000..1_500 {
            let share = travel.progress(left, SimTime::from_millis(millis));
            assert!(
                (0.0..=1.0).contains(&share) && share >= last,
                "{millis}: {share}"
            );
            last = share;
        }
        assert!(travel.progress(left, left) < 0.01);
        assert_eq!(last, 1.0);
    }

    #[test]
    fn a_way_by_another_place_goes_through_it() {
        let travel = Travel::at(Speed::NORMAL);
        let (from, by, to) = [(0.0, 0.0), (10.0, 50.0), (90.0, 100.0)]
            .map(|(x, y)| Point { x, y })
            .into();
        let at = |millis| {
            let now = SimTime::from_millis(millis);
            travel.place_by((from, SimTime::ZERO), Some(by), to, now)
        };
        assert!(at(0).y < 0.1, "{:?}", at(0));
        assert_eq!(at(420), to);
        let ys: Vec<f32> = (0..=420).map(|millis| at(millis).y).collect();
        assert!(ys.windows(2).all(|pair| pair[0] <= pair[1]));
        let near = (0..=420).map(at).find(|point| point.y >= 50.0).unwrap();
        assert!((near.x - 10.0).abs() < 3.0, "{near:?}");
    }

    #[test]
    fn moves_take_as_long_on_screen_at_every_speed_and_none_when_too_fast() {
        let slow = Travel::at(Speed::CHOICES[0]);
        assert_eq!(slow.0, SimDuration::from_millis(42));
        assert_eq!(Travel::at(Speed::CHOICES[9]), Travel::NONE);
        assert_eq!(Travel::NONE.progress(SimTime::ZERO, SimTime::ZERO), 1.0);
    }
}
