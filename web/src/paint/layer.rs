//! The pixels of all marks, as an `ImageData` takes them.

use std::ops::Range;

use super::{
    Atlas, Mark,
    atlas::{Cell, Span},
    blend::{Rgba, over},
    raster::Raster,
};

/// A buffer of straight RGBA pixels that remembers what it shows.
#[derive(Debug)]
pub struct Layer {
    width: usize,
    height: usize,
    pixels: Vec<Rgba>,
    /// The columns that marks touched, row by row.
    touched: Vec<Range<usize>>,
    shown: Vec<Mark>,
    /// What the shown marks were drawn with; `None` = nothing was painted yet.
    shown_with: Option<Raster>,
}

/// What a painting changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Painted {
    /// The marks are those of the last time: there is nothing to put on the screen.
    Nothing,
    /// All changed pixels are in this rectangle of device pixels, which may be empty.
    Changed {
        rows: Range<usize>,
        columns: Range<usize>,
    },
}

impl Layer {
    /// A transparent layer of a size in device pixels.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        let mut layer = Self {
            width: 0,
            height: 0,
            pixels: Vec::new(),
            touched: Vec::new(),
            shown: Vec::new(),
            shown_with: None,
        };
        layer.resize(width, height);
        layer
    }

    /// Changes the size in device pixels and forgets what was shown.
    pub fn resize(&mut self, width: usize, height: usize) {
        self.width = width;
        self.height = height;
        self.pixels.clear();
        self.pixels.resize(width * height, [0; 4]);
        self.touched.clear();
        self.touched.resize(height, 0..0);
        self.shown.clear();
        self.shown_with = None;
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whole rows as red, green, blue, alpha.
    #[must_use]
    pub fn bytes(&self, rows: Range<usize>) -> &[u8] {
        self.pixels[rows.start * self.width..rows.end * self.width].as_flattened()
    }

    /// Shows `marks` and nothing else.
    pub fn paint(&mut self, marks: &[Mark], atlas: &mut Atlas) -> Painted {
        if self.shown_with == Some(atlas.raster()) && self.shown == marks {
            return Painted::Nothing;
        }
        self.shown_with = Some(atlas.raster());
        self.shown.clear();
        self.shown.extend_from_slice(marks);
        let before = self.bounds();
        self.clear();
        let ratio = atlas.ratio();
        for mark in marks {
            if mark.look.fade == u8::MAX {
                continue;
            }
            let at = (on_grid(mark.x * ratio), on_grid(mark.y * ratio));
            if let Some(ring) = atlas.ring(&mark.look) {
                self.blit(atlas.at(ring), at);
            }
            let cell = atlas.cell(&mark.look);
            self.blit(atlas.at(cell), at);
        }
        let after = self.bounds();
        Painted::Changed {
            rows: around(before.0, after.0),
            columns: around(before.1, after.1),
        }
    }

    fn clear(&mut self) {
        for (row, columns) in self.touched.iter_mut().enumerate() {
            let start = row * self.width;
            self.pixels[start + columns.start..start + columns.end].fill([0; 4]);
            *columns = 0..0;
        }
    }

    fn bounds(&self) -> (Range<usize>, Range<usize>) {
        let mut bounds = (0..0, 0..0);
        for (row, columns) in self.touched.iter().enumerate() {
            if !columns.is_empty() {
                bounds = (
                    around(bounds.0, row..row + 1),
                    around(bounds.1, columns.clone()),
                );
            }
        }
        bounds
    }

    fn blit(&mut self, (cell, spans, pixels): (&Cell, &[Span], &[Rgba]), (x, y): (i32, i32)) {
        let (width, height) = (self.width as i32, self.height as i32);
        let columns = (x + cell.left).max(0)..(x + cell.right).min(width);
        let rows = (y + cell.top).max(0)..(y + cell.bottom).min(height);
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        for touched in &mut self.touched[rows.start as usize..rows.end as usize] {
            *touched = around(
                touched.clone(),
                columns.start as usize..columns.end as usize,
            );
        }
        let whole = columns.len() as i32 == cell.right - cell.left
            && rows.len() as i32 == cell.bottom - cell.top;
        if whole {
            let middle = y * width + x;
            for span in spans {
                let start = middle + i32::from(span.y) * width + i32::from(span.x);
                let row = &mut self.pixels[start as usize..start as usize + span.len()];
                lay(row, &pixels[span.start as usize..], *span);
            }
        } else {
            for span in spans {
                self.blit_clipped(*span, pixels, (x, y));
            }
        }
    }

    fn blit_clipped(&mut self, span: Span, pixels: &[Rgba], (x, y): (i32, i32)) {
        let (x, y) = (x + i32::from(span.x), y + i32::from(span.y));
        let from = x.max(0);
        let to = (x + span.len() as i32).min(self.width as i32);
        if from >= to || !(0..self.height as i32).contains(&y) {
            return;
        }
        let row = y as usize * self.width;
        let under = &mut self.pixels[row + from as usize..row + to as usize];
        soft(under, &pixels[span.start as usize + (from - x) as usize..]);
    }
}

/// Lays a span's pixels over those of a row. Copying the opaque ones in one go is worth a third of
/// the time at device pixel ratio 2.
#[inline]
fn lay(under: &mut [Rgba], top: &[Rgba], span: Span) {
    let (head, solid) = (usize::from(span.head), usize::from(span.solid));
    soft(&mut under[..head], top);
    under[head..head + solid].copy_from_slice(&top[head..head + solid]);
    soft(&mut under[head + solid..], &top[head + solid..]);
}

#[inline]
fn soft(under: &mut [Rgba], top: &[Rgba]) {
    for (under, &top) in under.iter_mut().zip(top) {
        *under = over(*under, top);
    }
}

/// The nearest whole device pixel; marks far away stay far away.
#[inline]
fn on_grid(place: f32) -> i32 {
    const FAR: f32 = 1e6;
    place.clamp(-FAR, FAR).round_ties_even() as i32
}

/// The smallest range that holds both; empty ranges hold nothing.
#[inline]
fn around(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    if one.is_empty() {
        other
    } else if other.is_empty() {
        one
    } else {
        one.start.min(other.start)..one.end.max(other.end)
    }
}
