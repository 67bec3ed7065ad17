//! The six shapes of keys, in units of a box of 28 around its middle.

use super::{
    Hue,
    outline::{Outline, Point},
};

pub(super) struct Shape {
    /// Clockwise from the top; empty for the circle.
    corners: &'static [Point],
    rounding: f32,
    /// How far the flat edges are from the middle; they are laid on whole pixels to be crisp. For
    /// the circle its radius, which is not.
    flat: f32,
    /// Room for a label, in CSS pixels of a large mark.
    pub(super) label_room: f32,
    /// How far a label is below the middle, in CSS pixels of a large mark.
    pub(super) label_drop: f32,
}

const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

const CIRCLE: Shape = Shape {
    corners: &[],
    rounding: 0.0,
    flat: 12.0,
    label_room: 19.0,
    label_drop: 0.0,
};

const SQUARE: Shape = Shape {
    corners: &[
        at(-11.0, -11.0),
        at(11.0, -11.0),
        at(11.0, 11.0),
        at(-11.0, 11.0),
    ],
    rounding: 2.6,
    flat: 11.0,
    label_room: 19.0,
    label_drop: 0.0,
};

const TRIANGLE: Shape = Shape {
    corners: &[at(0.0, -13.2), at(14.0, 12.8), at(-14.0, 12.8)],
    rounding: 2.2,
    flat: 12.8,
    label_room: 15.0,
    label_drop: 5.0,
};

const DIAMOND: Shape = Shape {
    corners: &[at(0.0, -13.4), at(13.4, 0.0), at(0.0, 13.4), at(-13.4, 0.0)],
    rounding: 1.4,
    flat: 13.4,
    label_room: 15.0,
    label_drop: 0.0,
};

const HEXAGON: Shape = Shape {
    corners: &[
        at(-6.5, -11.258),
        at(6.5, -11.258),
        at(13.0, 0.0),
        at(6.5, 11.258),
        at(-6.5, 11.258),
        at(-13.0, 0.0),
    ],
    rounding: 1.6,
    flat: 11.258,
    label_room: 19.0,
    label_drop: 0.0,
};

const PENTAGON: Shape = Shape {
    corners: &[
        at(0.0, -12.8),
        at(12.934, -3.403),
        at(7.994, 11.803),
        at(-7.994, 11.803),
        at(-12.934, -3.403),
    ],
    rounding: 1.8,
    flat: 11.803,
    label_room: 18.0,
    label_drop: 1.0,
};

impl Shape {
    pub(super) const fn of(hue: Hue) -> &'static Self {
        match hue {
            Hue::K1 | Hue::NoKey => &CIRCLE,
            Hue::K2 => &SQUARE,
            Hue::K3 => &TRIANGLE,
            Hue::K4 => &DIAMOND,
            Hue::K5 => &HEXAGON,
            Hue::K6 => &PENTAGON,
        }
    }

    /// The edge at `scale` device pixels a unit. A stroke of width `stroke` along it has its outer
    /// edge where the filled shape's would be laid.
    pub(super) fn outline(&self, scale: f32, stroke: f32, dash: f32) -> Outline {
        if self.corners.is_empty() {
            return Outline::circle(self.flat * scale, dash);
        }
        let laid = (self.flat * scale + stroke / 2.0).round_ties_even() - stroke / 2.0;
        let scale = laid / self.flat;
        let corners: Vec<Point> = self
            .corners
            .iter()
            .map(|corner| at(corner.x * scale, corner.y * scale))
            .collect();
        Outline::polygon(&corners, self.rounding * scale, dash)
    }
}
