//! Pointing at marks.

use crate::paint::{Hue, Look, Mark, MarkSize, hit::topmost};

fn mark(x: f32, size: MarkSize) -> Mark {
    let look = Look {
        size,
        ..Look::fresh(Hue::K1, 1)
    };
    Mark { x, y: 50.0, look }
}

#[test]
fn the_topmost_of_overlapping_marks_is_hit() {
    let marks = [mark(50.0, MarkSize::Large), mark(60.0, MarkSize::Large)];
    assert_eq!(topmost(&marks, 56.0, 50.0), Some(1));
    assert_eq!(topmost(&marks, 40.0, 50.0), Some(0));
    assert_eq!(topmost(&marks, 81.0, 50.0), None);
}

#[test]
fn beside_all_marks_the_nearest_within_20_px_is_hit() {
    let marks = [mark(50.0, MarkSize::Dot), mark(80.0, MarkSize::Dot)];
    assert_eq!(topmost(&marks, 62.0, 50.0), Some(0));
    assert_eq!(topmost(&marks, 66.0, 50.0), Some(1));
    assert_eq!(topmost(&marks, 101.0, 50.0), None);
}

#[test]
fn a_mark_under_the_point_wins_though_another_centre_is_nearer() {
    let marks = [mark(56.0, MarkSize::Dot), mark(50.0, MarkSize::Large)];
    assert_eq!(topmost(&marks, 54.0, 50.0), Some(1));
}

#[test]
fn what_has_faded_away_cannot_be_hit() {
    let mut gone = mark(50.0, MarkSize::Large);
    gone.look.fade = 255;
    assert_eq!(topmost(&[gone], 50.0, 50.0), None);
}
