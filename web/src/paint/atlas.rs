//! Cells: looks drawn once and kept, row by row.

use std::ops::Range;

use litemap::LiteMap;

use super::{
    Look, Palette,
    blend::Rgba,
    key::{CellKey, fade_share},
    raster::{Raster, Ring},
    surface::Surface,
};

/// The looks drawn so far, for one theme and one device pixel ratio.
///
/// It holds at most [`Atlas::PIXELS_MAX`] pixels and one cell; when they are used up all cells go,
/// and those that are still seen are drawn again.
#[derive(Debug)]
pub struct Atlas {
    raster: Raster,
    cells: Vec<Cell>,
    by_key: LiteMap<CellKey, usize>,
    bodies: LiteMap<CellKey, Surface>,
    spans: Vec<Span>,
    pixels: Vec<Rgba>,
}

/// Where a look lies in the atlas, and its bounds around the mark's centre in device pixels.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) spans: Range<usize>,
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// Pixels side by side in a row: some that may be soft, some that are opaque, some that may be
/// soft again. What is between spans is transparent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) x: i16,
    pub(super) y: i16,
    pub(super) head: u16,
    pub(super) solid: u16,
    pub(super) tail: u16,
}

/// Transparent pixels that end a span; fewer are carried along.
const GAP: usize = 4;

impl Atlas {
    pub const PIXELS_MAX: usize = 8 << 20;
    /// Bodies are the drawings that cells are made from; they are few, but large.
    const BODIES_MAX: usize = 512;

    #[must_use]
    pub fn new(palette: Palette, ratio: f32) -> Self {
        Self {
            raster: Raster { palette, ratio },
            cells: Vec::new(),
            by_key: LiteMap::new(),
            bodies: LiteMap::new(),
            spans: Vec::new(),
            pixels: Vec::new(),
        }
    }

    /// Device pixels in a CSS pixel.
    #[must_use]
    pub fn ratio(&self) -> f32 {
        self.raster.ratio
    }

    #[cfg(test)]
    pub(super) fn cell_count(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn raster(&self) -> Raster {
        self.raster
    }

    pub(super) fn cell(&mut self, look: &Look) -> usize {
        let key = CellKey::of_look(look);
        if let Some(&index) = self.by_key.get(&key) {
            return index;
        }
        if self.bodies.len() >= Self::BODIES_MAX {
            self.bodies.clear();
        }
        let raster = self.raster;
        let body = self
            .bodies
            .entry(CellKey::of_body(look))
            .or_insert_with(|| raster.body(look));
        let surface = raster.finish(body, look, fade_share(look.fade));
        self.keep(key, &surface)
    }

    pub(super) fn ring(&mut self, look: &Look) -> Option<usize> {
        let ring = Ring::of(look)?;
        let key = CellKey::of_ring(ring, look.fade);
        if let Some(&index) = self.by_key.get(&key) {
            return Some(index);
        }
        let mut surface = self.raster.ring(ring);
        surface.thin(fade_share(look.fade));
        Some(self.keep(key, &surface))
    }

    pub(super) fn at(&self, index: usize) -> (&Cell, &[Span], &[Rgba]) {
        let cell = &self.cells[index];
        (cell, &self.spans[cell.spans.clone()], &self.pixels)
    }

    fn keep(&mut self, key: CellKey, surface: &Surface) -> usize {
        if self.pixels.len() > Self::PIXELS_MAX {
            self.cells.clear();
            self.by_key.clear();
            self.spans.clear();
            self.pixels.clear();
        }
        let first = self.spans.len();
        let side = surface.half as usize * 2;
        for (row, pixels) in surface.pixels.chunks_exact(side).enumerate() {
            self.keep_row(row as i32 - surface.half, pixels, surface.half);
        }
        let spans = first..self.spans.len();
        let cell = bounds(&self.spans[spans.clone()], spans);
        let index = self.cells.len();
        self.cells.push(cell);
        self.by_key.insert(key, index);
        index
    }

    fn keep_row(&mut self, y: i32, row: &[Rgba], half: i32) {
        let mut at = 0;
        while let Some(skip) = row[at..].iter().position(|pixel| pixel[3] > 0) {
            let start = at + skip;
            let run = seen(&row[start..]);
            let pixels = &row[start..start + run];
            let head = pixels.iter().take_while(|pixel| pixel[3] < 255).count();
            let solid = pixels[head..]
                .iter()
                .take_while(|pixel| pixel[3] == 255)
                .count();
            self.spans.push(Span {
                start: self.pixels.len() as u32,
                x: (start as i32 - half) as i16,
                y: y as i16,
                head: head as u16,
                solid: solid as u16,
                tail: (run - head - solid) as u16,
            });
            self.pixels.extend_from_slice(pixels);
            at = start + run;
        }
    }
}

impl Span {
    pub(super) fn len(&self) -> usize {
        usize::from(self.head) + usize::from(self.solid) + usize::from(self.tail)
    }
}

/// Length of the run at the start of `row`, up to the next gap.
fn seen(row: &[Rgba]) -> usize {
    let mut end = 0;
    for (index, pixel) in row.iter().enumerate() {
        if pixel[3] > 0 {
            end = index + 1;
        } else if index + 1 - end >= GAP {
            break;
        }
    }
    end
}

fn bounds(spans: &[Span], range: Range<usize>) -> Cell {
    let side = |pick: fn(&Span) -> i32| spans.iter().map(pick);
    Cell {
        spans: range,
        left: side(|span| i32::from(span.x)).min().unwrap_or(0),
        top: side(|span| i32::from(span.y)).min().unwrap_or(0),
        right: side(|span| i32::from(span.x) + span.len() as i32)
            .max()
            .unwrap_or(0),
        bottom: side(|span| i32::from(span.y) + 1).max().unwrap_or(0),
    }
}
