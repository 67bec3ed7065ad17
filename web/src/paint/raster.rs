//! Draws one look: body, label, ring and what stands beside it.

use super::{
    Again, Look, MarkSize, MarkState, Palette, Pips,
    digits::{Label, Lettering, count},
    outline::{Outline, Point, square_to_piece, unit_circle},
    shape::Shape,
    surface::{Area, Ink, Surface, inside, stroke},
};

/// Draws looks in the colours of a theme at a device pixel ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Raster {
    pub(super) palette: Palette,
    pub(super) ratio: f32,
}

/// A ring around a mark of some size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ring {
    pub(super) size: MarkSize,
    /// Of [`Ring::STEPS`].
    pub(super) step: u8,
    pub(super) urgency: Urgency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Calm,
    /// Under 20 % is left.
    Urgent,
}

/// Lengths are written in units of a box of 28, as the shapes are.
#[derive(Clone, Copy)]
struct Scale {
    unit: f32,
    ratio: f32,
}

const FULL: f32 = 0.92;
const HIDDEN: f32 = 0.8;
const DONE_SHARE: u8 = 97;
const EDGE: f32 = 1.6;
const EDGE_LEAST_PX: f32 = 1.3;
const DASH: f32 = 4.3;
const DASH_SHARE: f32 = 0.56;
const RING_RADIUS: f32 = 16.4;

impl Ring {
    pub(super) const STEPS: u8 = 64;
    const URGENT_BELOW: u8 = 51;

    pub(super) fn of(look: &Look) -> Option<Self> {
        let left = look.ring.filter(|_| look.size != MarkSize::Dot)?;
        Some(Self {
            size: look.size,
            step: (u16::from(left) * u16::from(Self::STEPS)).div_ceil(255) as u8,
            urgency: if left < Self::URGENT_BELOW {
                Urgency::Urgent
            } else {
                Urgency::Calm
            },
        })
    }
}

impl Raster {
    /// Everything of a look but its label, its ring and what makes it fainter.
    pub(super) fn body(&self, look: &Look) -> Surface {
        let scale = self.scale(look.size);
        let mut surface = self.surface(look.size);
        let colour = Ink::Colour(self.palette.of(look.hue));
        if look.again == Again::Echo && look.size != MarkSize::Dot {
            echo(&mut surface, look, scale, colour);
        }
        match look.state {
            MarkState::Full | MarkState::Done | MarkState::Dead => {
                fill(&mut surface, look, scale, colour);
            }
            MarkState::Hidden => dashed(&mut surface, look, scale, colour),
            MarkState::Lost => {
                edge(&mut surface, look, scale, colour);
                let pen = (Ink::Colour(self.palette.bad), scale.width(2.4, 1.4));
                let (arm, y) = (4.7, Shape::of(look.hue).label_drop * HIDDEN);
                line(&mut surface, [(-arm, y - arm), (arm, y + arm)], scale, pen);
                line(&mut surface, [(arm, y - arm), (-arm, y + arm)], scale, pen);
            }
            MarkState::Open | MarkState::Aborted => {
                hatch(&mut surface, look, scale, colour);
                edge(&mut surface, look, scale, colour);
            }
        }
        if matches!(look.state, MarkState::Dead | MarkState::Aborted) {
            let ends = [(-12.0, 12.0), (12.0, -12.0)];
            line(
                &mut surface,
                ends,
                scale,
                (Ink::Erase, scale.width(5.0, 3.4)),
            );
            let ink = Ink::Colour(self.palette.ink);
            line(&mut surface, ends, scale, (ink, scale.width(2.0, 1.3)));
        }
        if look.size != MarkSize::Dot {
            dots(&mut surface, look.dots, scale, colour);
            if let Some(pips) = look.pips {
                let low = if look.ring.is_some() { 2.4 } else { 0.0 };
                self.pips(&mut surface, pips, scale, 19.0 + low);
            }
        }
        surface
    }

    /// Adds the label to a body and makes it as faint as its state and fading ask.
    pub(super) fn finish(&self, body: &Surface, look: &Look, fade_share: u8) -> Surface {
        let mut surface = body.clone();
        let silent = look.state == MarkState::Lost || look.label >= Look::LABEL_END;
        if look.size == MarkSize::Large && !silent {
            self.label(&mut surface, look);
        }
        if look.state == MarkState::Done {
            surface.thin(DONE_SHARE);
        }
        if fade_share < 255 {
            surface.thin(fade_share);
        }
        surface
    }

    pub(super) fn ring(&self, ring: Ring) -> Surface {
        let scale = self.scale(ring.size);
        let mut surface = self.surface(ring.size);
        let radius = RING_RADIUS * scale.unit;
        let (thin, thick) = (scale.width(1.2, 1.0), scale.width(2.6, 1.9));
        let area = Area::around(0.0, 0.0, radius + thick);
        surface.draw(area, Ink::Colour(self.palette.line_2), &|x, y| {
            stroke((x * x + y * y).sqrt() - radius, thin)
        });
        let colour = match ring.urgency {
            Urgency::Calm => self.palette.ink_2,
            Urgency::Urgent => self.palette.bad,
        };
        if ring.step > 0 {
            let turn = unit_circle();
            let end = turn[usize::from(ring.step) % turn.len()];
            surface.draw(area, Ink::Colour(colour), &|x, y| {
                stroke(
                    distance_to_arc(Point { x, y }, end, (ring.step, radius)),
                    thick,
                )
            });
        }
        surface
    }

    fn label(&self, surface: &mut Surface, look: &Look) {
        let shape = Shape::of(look.hue);
        let hollow = matches!(
            look.state,
            MarkState::Hidden | MarkState::Open | MarkState::Aborted
        );
        let (room, drop) = if look.state == MarkState::Hidden {
            (shape.label_room * 0.72, shape.label_drop * HIDDEN)
        } else {
            (shape.label_room, shape.label_drop)
        };
        let lettering =
            Lettering::fit(count(look.label), room, self.ratio).lowered(drop * self.ratio);
        let label = Label::new(look.label, lettering);
        let colour = self.palette.of(look.hue);
        match look.state {
            MarkState::Open | MarkState::Aborted => {
                label.draw(surface, Ink::Erase, 2.2 * self.ratio);
            }
            MarkState::Dead => label.draw(surface, Ink::Colour(colour), 1.8 * self.ratio),
            MarkState::Full | MarkState::Hidden | MarkState::Done | MarkState::Lost => {}
        }
        let ink = if hollow { colour } else { self.palette.on_key };
        label.draw(surface, Ink::Colour(ink), 0.0);
    }

    fn pips(&self, surface: &mut Surface, pips: Pips, scale: Scale, y: f32) {
        let ink = Ink::Colour(self.palette.ink_2);
        let thin = scale.width(1.2, 1.0);
        let (y, radius, pitch) = (y * scale.unit, scale.width(2.5, 1.9), scale.width(7.6, 5.6));
        if pips.max > Pips::COUNTABLE {
            bar(surface, (pips, y), radius * 0.8, (ink, thin));
            return;
        }
        for index in 0..pips.max {
            let x = (f32::from(index) - f32::from(pips.max - 1) / 2.0) * pitch;
            let area = Area::around(x, y, radius + thin);
            surface.draw(area, ink, &|px, py| {
                let distance = length(px - x, py - y) - radius;
                if index < pips.received {
                    inside(distance - thin / 2.0)
                } else {
                    stroke(distance, thin)
                }
            });
        }
    }

    fn scale(&self, size: MarkSize) -> Scale {
        let box_px = match size {
            MarkSize::Large | MarkSize::Compact => size.px() / 28.0,
            // A dot fills its room: nothing stands around it.
            MarkSize::Dot => size.px() / 23.0,
        };
        Scale {
            unit: box_px * self.ratio,
            ratio: self.ratio,
        }
    }

    fn surface(&self, size: MarkSize) -> Surface {
        Surface::new((self.scale(size).unit * 27.0).ceil() as i32)
    }
}

impl Scale {
    /// A stroke's width, at least `least` CSS pixels.
    fn width(self, units: f32, least: f32) -> f32 {
        (units * self.unit).max(least * self.ratio)
    }

    fn edge(self) -> f32 {
        self.width(EDGE, EDGE_LEAST_PX)
    }

    fn whole(self) -> Area {
        Area::around(0.0, 0.0, 19.0 * self.unit)
    }
}

fn outline(look: &Look, scale: Scale, size: f32, edge: f32) -> Outline {
    Shape::of(look.hue).outline(scale.unit * size, edge, scale.width(DASH, 3.6))
}

fn fill(surface: &mut Surface, look: &Look, scale: Scale, ink: Ink) {
    let outline = outline(look, scale, FULL, 0.0);
    surface.draw(scale.whole(), ink, &|x, y| inside(outline.signed(x, y)));
}

fn edge(surface: &mut Surface, look: &Look, scale: Scale, ink: Ink) {
    let width = scale.edge();
    let outline = outline(look, scale, FULL - 0.04, width);
    surface.draw(scale.whole(), ink, &|x, y| {
        stroke(outline.signed(x, y), width)
    });
}

fn dashed(surface: &mut Surface, look: &Look, scale: Scale, ink: Ink) {
    let width = scale.edge();
    if look.size == MarkSize::Dot {
        edge(surface, look, scale, ink);
        return;
    }
    let dash = scale.width(DASH, 3.6);
    let outline = outline(look, scale, HIDDEN, width);
    surface.draw(scale.whole(), ink, &|x, y| {
        let nearest = outline.nearest(x, y);
        let from_middle = (nearest.dashes - nearest.dashes.round_ties_even()).abs() * dash;
        stroke(nearest.distance, width) * inside(from_middle - dash * DASH_SHARE / 2.0)
    });
}

fn hatch(surface: &mut Surface, look: &Look, scale: Scale, ink: Ink) {
    let outline = outline(look, scale, FULL - 0.04, 0.0);
    let (pitch, width) = (scale.width(4.6, 3.8), scale.width(1.9, 1.4));
    surface.draw(scale.whole(), ink, &|x, y| {
        let across = (x + y) * std::f32::consts::FRAC_1_SQRT_2 / pitch;
        let from_middle = (across - across.round_ties_even()).abs() * pitch;
        inside(outline.signed(x, y)) * stroke(from_middle, width)
    });
}

fn echo(surface: &mut Surface, look: &Look, scale: Scale, ink: Ink) {
    let size = if look.state == MarkState::Hidden {
        HIDDEN
    } else {
        FULL
    };
    let outline = outline(look, scale, size, 0.0);
    let (gap, width) = (scale.width(3.0, 2.2), scale.width(1.5, 1.2));
    surface.draw(scale.whole(), ink, &|x, y| {
        stroke(outline.signed(x, y) - gap, width)
    });
}

/// Badges at the corners, cut out of the body.
fn dots(surface: &mut Surface, count: u8, scale: Scale, ink: Ink) {
    let places = [(9.0, -9.4), (-9.0, -9.4), (9.0, 9.4)];
    let (radius, gap) = (scale.width(2.6, 1.7), scale.width(1.5, 1.0));
    for (x, y) in places.into_iter().take(usize::from(count)) {
        let (x, y) = (x * scale.unit, y * scale.unit);
        let area = Area::around(x, y, radius + gap + 1.0);
        surface.draw(area, Ink::Erase, &|px, py| {
            inside(length(px - x, py - y) - radius - gap)
        });
        surface.draw(area, ink, &|px, py| inside(length(px - x, py - y) - radius));
    }
}

/// The share of receives, when they are too many to count.
fn bar(surface: &mut Surface, (pips, y): (Pips, f32), radius: f32, (ink, thin): (Ink, f32)) {
    let reach = radius * 6.5;
    let share = f32::from(pips.received.min(pips.max)) / f32::from(pips.max);
    let area = Area {
        left: -reach - radius - thin,
        top: y - radius - thin,
        right: reach + radius + thin,
        bottom: y + radius + thin,
    };
    let end = reach * (2.0 * share - 1.0);
    surface.draw(area, ink, &|px, py| {
        let off = (px.abs() - reach).max(0.0);
        let distance = length(off, py - y) - radius;
        let filled = inside(distance) * inside(px - end);
        filled.max(stroke(distance, thin))
    });
}

fn line(surface: &mut Surface, ends: [(f32, f32); 2], scale: Scale, (ink, width): (Ink, f32)) {
    let [from, to] = ends.map(|(x, y)| Point {
        x: x * scale.unit,
        y: y * scale.unit,
    });
    surface.draw(scale.whole(), ink, &|x, y| {
        inside(square_to_piece(Point { x, y }, from, to).0.sqrt() - width / 2.0)
    });
}

/// Distance to the arc from the top clockwise to the direction `end`, `step` of the whole turn.
fn distance_to_arc(point: Point, end: Point, (step, radius): (u8, f32)) -> f32 {
    let past_start = point.x >= 0.0;
    let before_end = point.x * end.y - point.y * end.x >= 0.0;
    let on_arc = if step <= Ring::STEPS / 2 {
        past_start && before_end
    } else {
        past_start || before_end
    };
    if on_arc || step == Ring::STEPS {
        return (length(point.x, point.y) - radius).abs();
    }
    let to_start = length(point.x, point.y + radius);
    let to_end = length(point.x - end.x * radius, point.y - end.y * radius);
    to_start.min(to_end)
}

fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}
