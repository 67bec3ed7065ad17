//! Which mark is under a pointer.

use super::Mark;

/// Fingers need targets of 40 px: a mark is caught from this far when nothing is nearer.
const REACH_PX: f32 = 20.0;

/// Index of the topmost mark at a point in CSS pixels; if it is on none, of the nearest in reach.
#[must_use]
pub fn topmost(marks: &[Mark], x: f32, y: f32) -> Option<usize> {
    let seen = |mark: &Mark| mark.look.fade < u8::MAX;
    let square = |mark: &Mark| (mark.x - x) * (mark.x - x) + (mark.y - y) * (mark.y - y);
    let under = |mark: &Mark| {
        let radius = mark.look.size.px() / 2.0;
        seen(mark) && square(mark) <= radius * radius
    };
    marks.iter().rposition(under).or_else(|| {
        marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| seen(mark) && square(mark) <= REACH_PX * REACH_PX)
            .min_by(|(_, one), (_, other)| square(one).total_cmp(&square(other)))
            .map(|(index, _)| index)
    })
}
