//! What a layer shows after a painting, and what it says has changed.

use super::light;
use crate::paint::{Atlas, Hue, Layer, Look, Mark, MarkSize, MarkState, Painted};

const WIDTH: usize = 120;
const HEIGHT: usize = 80;

fn mark(x: f32, y: f32, look: Look) -> Mark {
    Mark { x, y, look }
}

fn painted(marks: &[Mark]) -> Vec<u8> {
    let mut layer = Layer::new(WIDTH, HEIGHT);
    layer.paint(marks, &mut Atlas::new(light(), 1.0));
    layer.bytes(0..HEIGHT).to_vec()
}

fn pixel(bytes: &[u8], x: usize, y: usize) -> &[u8] {
    let start = (y * WIDTH + x) * 4;
    &bytes[start..start + 4]
}

#[test]
fn a_full_mark_is_opaque_in_its_hue_and_its_surroundings_are_transparent() {
    let look = Look {
        size: MarkSize::Compact,
        ..Look::fresh(Hue::K2, 1)
    };
    let bytes = painted(&[mark(40.0, 40.0, look)]);
    assert_eq!(pixel(&bytes, 40, 40), light().keys[1]);
    assert_eq!(pixel(&bytes, 70, 40), [0; 4]);
}

#[test]
fn the_last_mark_lies_on_top() {
    let look = |hue| Look {
        size: MarkSize::Compact,
        ..Look::fresh(hue, 1)
    };
    let marks = [Hue::K1, Hue::K3, Hue::K5].map(|hue| mark(40.0, 40.0, look(hue)));
    assert_eq!(pixel(&painted(&marks), 40, 40), light().keys[4]);
}

#[test]
fn marks_over_an_edge_are_cut_there() {
    let whole = painted(&[mark(60.0, 40.0, ringed(12))]);
    let places = [(0, 0), (119, 79), (2, 78), (118, 1), (60, -15), (-18, 40)];
    for (x, y) in places {
        let cut = painted(&[mark(x as f32, y as f32, ringed(12))]);
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                let from = (column as i32 - x + 60, row as i32 - y + 40);
                let inside =
                    (0..WIDTH as i32).contains(&from.0) && (0..HEIGHT as i32).contains(&from.1);
                let expected: &[u8] = if inside {
                    pixel(&whole, from.0 as usize, from.1 as usize)
                } else {
                    &[0; 4]
                };
                assert_eq!(pixel(&cut, column, row), expected, "mark at {x}, {y}");
            }
        }
    }
}

#[test]
fn marks_far_outside_change_nothing() {
    for place in [1e9, -1e9, f32::INFINITY, -400.0] {
        let bytes = painted(&[mark(place, 40.0, ringed(1)), mark(40.0, place, ringed(1))]);
        assert!(bytes.iter().all(|&byte| byte == 0));
    }
}

#[test]
fn a_repainted_layer_equals_a_fresh_one() {
    let mut atlas = Atlas::new(light(), 1.0);
    let mut layer = Layer::new(WIDTH, HEIGHT);
    for step in 0..40 {
        let marks = crowd(step);
        layer.paint(&marks, &mut atlas);
        assert_eq!(layer.bytes(0..HEIGHT), painted(&marks), "step {step}");
    }
}

#[test]
fn only_the_reported_rectangle_changes() {
    let mut atlas = Atlas::new(light(), 1.0);
    let mut layer = Layer::new(WIDTH, HEIGHT);
    for step in 0..40 {
        let before = layer.bytes(0..HEIGHT).to_vec();
        let marks = crowd(step);
        let Painted::Changed { rows, columns } = layer.paint(&marks[..3], &mut atlas) else {
            panic!("every step moves the marks");
        };
        let after = layer.bytes(0..HEIGHT);
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                if !rows.contains(&row) || !columns.contains(&column) {
                    assert_eq!(pixel(&before, column, row), pixel(after, column, row));
                }
            }
        }
    }
}

#[test]
fn the_same_marks_need_no_painting_until_the_theme_changes() {
    let mut atlas = Atlas::new(light(), 1.0);
    let mut layer = Layer::new(WIDTH, HEIGHT);
    let marks = crowd(1);
    assert_ne!(layer.paint(&marks, &mut atlas), Painted::Nothing);
    assert_eq!(layer.paint(&marks, &mut atlas), Painted::Nothing);
    let mut atlas = Atlas::new(super::dark(), 1.0);
    assert_ne!(layer.paint(&marks, &mut atlas), Painted::Nothing);
    layer.resize(WIDTH, HEIGHT);
    assert_ne!(layer.paint(&marks, &mut atlas), Painted::Nothing);
}

fn ringed(label: u32) -> Look {
    Look {
        state: MarkState::Hidden,
        ring: Some(150),
        ..Look::fresh(Hue::K4, label)
    }
}

/// Overlapping marks of all hues that move with `step`.
fn crowd(step: u32) -> Vec<Mark> {
    (0..30)
        .map(|index| {
            let x = (index * 37 + step * 3) % 130;
            let y = (index * 23 + step * 5) % 90;
            let mut look = ringed(index + step);
            look.hue = Hue::KEYS[index as usize % 6];
            if index % 3 == 0 {
                look.state = MarkState::Done;
                look.ring = None;
            }
            mark(x as f32, y as f32, look)
        })
        .collect()
}
