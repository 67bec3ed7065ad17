//! The numbers on marks: ten digits as strokes, all of one width.

use super::{
    outline::{Point, between, square_to_piece},
    surface::{Area, Ink, Surface, inside},
};

/// Where a label stands and how large it is, in device pixels around the mark's middle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lettering {
    left: f32,
    top: f32,
    height: f32,
    width: f32,
    advance: f32,
    stroke: f32,
    count: usize,
}

/// A number as the straight pieces of its digits.
pub(super) struct Label {
    digits: Vec<Digit>,
    lettering: Lettering,
}

struct Digit {
    left: f32,
    pieces: Vec<(Point, Point)>,
}

const HEIGHT_PX: f32 = 8.0;
const LOW_HEIGHT_PX: f32 = 7.0;
const ADVANCE_PX: f32 = 6.4;
const STROKE_PX: f32 = 1.5;
/// Of a digit's width at most, so that narrow ones keep their holes.
const STROKE_SHARE: f32 = 0.31;
/// Digits narrower than this are also made lower.
const NARROW_PX: f32 = 4.5;
const CURVE_PIECES: usize = 4;

/// A step of a glyph in its unit box, y down.
enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Curve([f32; 6]),
}

impl Lettering {
    /// Digits are as wide as they can be in `room` CSS pixels, and always stand on whole pixels.
    pub(super) fn fit(count: usize, room: f32, ratio: f32) -> Self {
        let gap = (1.1 * ratio).round().max(1.0);
        let widest = ((room * ratio + gap) / count as f32).min(ADVANCE_PX * ratio);
        let advance = widest.floor().max(gap + 2.0);
        let narrow = advance < NARROW_PX * ratio;
        let height = if narrow { LOW_HEIGHT_PX } else { HEIGHT_PX };
        let height = (height * ratio).round();
        Self {
            left: (-(advance * count as f32 - gap) / 2.0).round_ties_even(),
            top: (-height / 2.0).round_ties_even(),
            height,
            width: advance - gap,
            advance,
            stroke: (STROKE_PX * ratio).min((advance - gap) * STROKE_SHARE),
            count,
        }
    }

    pub(super) fn lowered(self, by: f32) -> Self {
        Self {
            top: self.top + by.round_ties_even(),
            ..self
        }
    }

    fn area(&self, left: f32, margin: f32) -> Area {
        Area {
            left: left - margin,
            top: self.top - margin,
            right: left + self.width + margin,
            bottom: self.top + self.height + margin,
        }
    }
}

impl Label {
    pub(super) fn new(number: u32, lettering: Lettering) -> Self {
        let mut rest = number;
        let digits = (0..lettering.count).rev().map(|place| {
            let left = lettering.left + lettering.advance * place as f32;
            let digit = rest % 10;
            rest /= 10;
            Digit {
                left,
                pieces: trace(digit as usize, left, &lettering),
            }
        });
        Self {
            digits: digits.collect(),
            lettering,
        }
    }

    /// Draws the digits, thickened on all sides by `margin` device pixels.
    pub(super) fn draw(&self, surface: &mut Surface, ink: Ink, margin: f32) {
        let reach = self.lettering.stroke / 2.0 + margin;
        for digit in &self.digits {
            let area = self.lettering.area(digit.left, margin + 1.0);
            surface.draw(area, ink, &|x, y| {
                let square = digit.pieces.iter().fold(f32::INFINITY, |best, piece| {
                    best.min(square_to_piece(Point { x, y }, piece.0, piece.1).0)
                });
                inside(square.sqrt() - reach)
            });
        }
    }
}

pub(super) fn count(number: u32) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

fn trace(digit: usize, left: f32, lettering: &Lettering) -> Vec<(Point, Point)> {
    let mut pieces = Vec::new();
    let inset = lettering.stroke / 2.0;
    let place = |x: f32, y: f32| Point {
        x: left + inset + x * (lettering.width - lettering.stroke),
        y: lettering.top + inset + y * (lettering.height - lettering.stroke),
    };
    let mut pen = place(0.0, 0.0);
    for step in GLYPHS[digit] {
        match *step {
            Move(x, y) => pen = place(x, y),
            Line(x, y) => {
                let to = place(x, y);
                pieces.push((pen, to));
                pen = to;
            }
            Curve([x1, y1, x2, y2, x, y]) => {
                let curve = [pen, place(x1, y1), place(x2, y2), place(x, y)];
                for piece in 1..=CURVE_PIECES {
                    let to = on_curve(curve, piece as f32 / CURVE_PIECES as f32);
                    pieces.push((pen, to));
                    pen = to;
                }
            }
        }
    }
    pieces
}

fn on_curve([a, b, c, d]: [Point; 4], t: f32) -> Point {
    let (ab, bc, cd) = (between(a, b, t), between(b, c, t), between(c, d, t));
    between(between(ab, bc, t), between(bc, cd, t), t)
}

use Step::{Curve, Line, Move};

const GLYPHS: [&[Step]; 10] = [
    &[
        Move(0.5, 0.0),
        Curve([0.86, 0.0, 1.0, 0.18, 1.0, 0.5]),
        Curve([1.0, 0.82, 0.86, 1.0, 0.5, 1.0]),
        Curve([0.14, 1.0, 0.0, 0.82, 0.0, 0.5]),
        Curve([0.0, 0.18, 0.14, 0.0, 0.5, 0.0]),
    ],
    &[Move(0.1, 0.2), Line(0.6, 0.0), Line(0.6, 1.0)],
    &[
        Move(0.03, 0.18),
        Curve([0.12, 0.06, 0.28, 0.0, 0.48, 0.0]),
        Curve([0.8, 0.0, 0.98, 0.11, 0.98, 0.29]),
        Curve([0.98, 0.5, 0.7, 0.63, 0.02, 1.0]),
        Line(1.0, 1.0),
    ],
    &[
        Move(0.03, 0.12),
        Curve([0.16, 0.04, 0.3, 0.0, 0.46, 0.0]),
        Curve([0.78, 0.0, 0.95, 0.1, 0.95, 0.24]),
        Curve([0.95, 0.39, 0.76, 0.47, 0.4, 0.47]),
        Curve([0.8, 0.47, 1.0, 0.56, 1.0, 0.73]),
        Curve([1.0, 0.9, 0.8, 1.0, 0.46, 1.0]),
        Curve([0.27, 1.0, 0.12, 0.96, 0.0, 0.88]),
    ],
    &[
        Move(0.76, 1.0),
        Line(0.76, 0.0),
        Line(0.0, 0.72),
        Line(1.0, 0.72),
    ],
    &[
        Move(0.9, 0.0),
        Line(0.12, 0.0),
        Line(0.08, 0.44),
        Curve([0.2, 0.39, 0.32, 0.37, 0.46, 0.37]),
        Curve([0.8, 0.37, 1.0, 0.48, 1.0, 0.68]),
        Curve([1.0, 0.88, 0.8, 1.0, 0.46, 1.0]),
        Curve([0.27, 1.0, 0.12, 0.96, 0.0, 0.88]),
    ],
    &[
        Move(0.9, 0.06),
        Curve([0.8, 0.02, 0.7, 0.0, 0.58, 0.0]),
        Curve([0.2, 0.0, 0.0, 0.2, 0.0, 0.6]),
        Curve([0.0, 0.86, 0.2, 1.0, 0.5, 1.0]),
        Curve([0.8, 1.0, 1.0, 0.87, 1.0, 0.68]),
        Curve([1.0, 0.49, 0.8, 0.38, 0.52, 0.38]),
        Curve([0.24, 0.38, 0.02, 0.48, 0.0, 0.64]),
    ],
    &[Move(0.0, 0.0), Line(1.0, 0.0), Line(0.34, 1.0)],
    &[
        Move(0.5, 0.46),
        Curve([0.2, 0.46, 0.05, 0.37, 0.05, 0.23]),
        Curve([0.05, 0.09, 0.2, 0.0, 0.5, 0.0]),
        Curve([0.8, 0.0, 0.95, 0.09, 0.95, 0.23]),
        Curve([0.95, 0.37, 0.8, 0.46, 0.5, 0.46]),
        Curve([0.82, 0.46, 1.0, 0.57, 1.0, 0.73]),
        Curve([1.0, 0.9, 0.82, 1.0, 0.5, 1.0]),
        Curve([0.18, 1.0, 0.0, 0.9, 0.0, 0.73]),
        Curve([0.0, 0.57, 0.18, 0.46, 0.5, 0.46]),
    ],
    &[
        Move(0.1, 0.94),
        Curve([0.2, 0.98, 0.3, 1.0, 0.42, 1.0]),
        Curve([0.8, 1.0, 1.0, 0.8, 1.0, 0.4]),
        Curve([1.0, 0.14, 0.8, 0.0, 0.5, 0.0]),
        Curve([0.2, 0.0, 0.0, 0.13, 0.0, 0.32]),
        Curve([0.0, 0.51, 0.2, 0.62, 0.48, 0.62]),
        Curve([0.76, 0.62, 0.98, 0.52, 1.0, 0.36]),
    ],
];
