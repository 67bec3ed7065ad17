//! Where the marks of a row stand: large while they fit, then compact, then dots.

use super::layout::{Point, Rect};
use crate::paint::MarkSize;

/// A row of marks of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slots {
    pub size: MarkSize,
    area: Rect,
    columns: usize,
    rows: usize,
    pitch: f32,
}

/// Sizes with the distance from mark to mark, largest first.
const STEPS: [(MarkSize, f32); 3] = [
    (MarkSize::Large, 40.0),
    (MarkSize::Compact, 21.0),
    (MarkSize::Dot, 10.0),
];
const PAD: f32 = 6.0;
/// A row of large marks is as high.
const LARGE_LEAST: f32 = 40.0;

impl Slots {
    /// Room for `count` marks in `area`.
    #[must_use]
    pub fn new(area: Rect, count: usize) -> Self {
        let mut slots = Self::of_step(area, STEPS[0]);
        let large = area.h < LARGE_LEAST;
        for step in STEPS.into_iter().skip(large.into()) {
            slots = Self::of_step(area, step);
            if slots.capacity() >= count {
                break;
            }
        }
        slots
    }

    fn of_step(area: Rect, (size, pitch): (MarkSize, f32)) -> Self {
        let fit = |length: f32| ((length - 2.0 * PAD) / pitch).floor().max(0.0) as usize;
        let rows = match size {
            // A large mark has its ring and pips around it: one row.
            MarkSize::Large => 1,
            MarkSize::Compact | MarkSize::Dot => fit(area.h + 4.0).max(1),
        };
        Self {
            size,
            area,
            columns: fit(area.w).max(1),
            rows,
            pitch,
        }
    }

    /// How many marks fit.
    #[must_use]
    pub fn capacity(self) -> usize {
        self.columns * self.rows
    }

    /// The middle of place `n`; places beyond the last are on the last.
    #[must_use]
    pub fn place(self, n: usize) -> Point {
        let n = n.min(self.capacity() - 1);
        // Compact marks and dots fill column by column, so that the oldest stay at the left.
        let (column, row) = (n / self.rows, n % self.rows);
        let height = self.rows as f32 * self.pitch;
        Point {
            x: self.area.x + PAD + (column as f32 + 0.5) * self.pitch,
            y: self.area.y + (self.area.h - height) / 2.0 + (row as f32 + 0.5) * self.pitch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_shrink_only_when_they_must_and_stay_inside() {
        let area = Rect::new(100.0, 50.0, 300.0, 48.0);
        let mut last = MarkSize::Large;
        for count in [0, 1, 7, 8, 20, 60, 10_000] {
            let slots = Slots::new(area, count);
            assert!(slots.size >= last, "{count}");
            last = slots.size;
            for n in 0..count.min(slots.capacity()) {
                let Point { x, y } = slots.place(n);
                let half = slots.size.px() / 2.0;
                assert!(
                    x - half >= area.x && x + half <= area.right(),
                    "{count}: {n} at {x}"
                );
                assert!(
                    y - half >= area.y && y + half <= area.bottom(),
                    "{count}: {n} at {y}"
                );
            }
        }
        assert_eq!(Slots::new(area, 7).size, MarkSize::Large);
        assert_eq!(Slots::new(area, 8).size, MarkSize::Compact);
        assert_eq!(Slots::new(area, 10_000).size, MarkSize::Dot);
    }

    #[test]
    fn no_two_places_are_the_same() {
        let slots = Slots::new(Rect::new(0.0, 0.0, 200.0, 48.0), 30);
        let mut seen: Vec<(i32, i32)> = (0..slots.capacity())
            .map(|n| (slots.place(n).x as i32, slots.place(n).y as i32))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), slots.capacity());
    }
}
