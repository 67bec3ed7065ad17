//! A small picture around a centre, drawn by coverage.

use super::blend::{Rgba, over, thinned};

/// A square of pixels whose origin is in its middle, on a pixel's corner.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    pub(super) half: i32,
    pub(super) pixels: Vec<Rgba>,
}

/// A rectangle around the origin's neighbourhood, in device pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    Colour(Rgba),
    /// Takes away what is there, so that whatever lies below the layer shows.
    Erase,
}

impl Surface {
    pub(super) fn new(half: i32) -> Self {
        let side = half as usize * 2;
        Self {
            half,
            pixels: vec![[0; 4]; side * side],
        }
    }

    /// Inks every pixel of `area` by `coverage` (0 to 1) at its middle.
    pub(super) fn draw(&mut self, area: Area, ink: Ink, coverage: &dyn Fn(f32, f32) -> f32) {
        let half = self.half;
        let clip = |edge: f32| (edge as i32).clamp(-half, half);
        let (left, right) = (clip(area.left.floor()), clip(area.right.ceil()));
        for y in clip(area.top.floor())..clip(area.bottom.ceil()) {
            for x in left..right {
                let share = coverage(x as f32 + 0.5, y as f32 + 0.5);
                if share <= 0.0 {
                    continue;
                }
                let share = (share * 255.0 + 0.5) as u8;
                let pixel = &mut self.pixels[((y + half) * 2 * half + x + half) as usize];
                *pixel = match ink {
                    Ink::Colour(colour) => over(*pixel, thinned(colour, share)),
                    Ink::Erase => thinned(*pixel, 255 - share),
                };
            }
        }
    }

    /// Leaves `share` of all alpha.
    pub(super) fn thin(&mut self, share: u8) {
        for pixel in &mut self.pixels {
            *pixel = thinned(*pixel, share);
        }
    }
}

impl Area {
    pub(super) fn around(x: f32, y: f32, reach: f32) -> Self {
        Self {
            left: x - reach,
            top: y - reach,
            right: x + reach,
            bottom: y + reach,
        }
    }
}

/// Share of a pixel that is inside an edge, by the signed distance of its middle (inside < 0).
pub(super) fn inside(distance: f32) -> f32 {
    (0.5 - distance).clamp(0.0, 1.0)
}

/// As [`inside`], for strokes, which may be thinner than a pixel.
pub(super) fn stroke(distance: f32, width: f32) -> f32 {
    inside(distance.abs() - width / 2.0) * width.min(1.0)
}
