//! Looks: what must differ, what is kept, and that a picture never changes by itself.

use super::{STATES, light};
use crate::paint::{Again, Atlas, Hue, Layer, Look, Mark, MarkSize, MarkState, Pips};

fn alphas(look: Look, ratio: f32) -> Vec<u8> {
    let side = (60.0 * ratio) as usize;
    let mut layer = Layer::new(side, side);
    let (x, y) = (30.0, 30.0);
    layer.paint(&[Mark { x, y, look }], &mut Atlas::new(light(), ratio));
    layer
        .bytes(0..side)
        .iter()
        .skip(3)
        .step_by(4)
        .copied()
        .collect()
}

fn differing(one: &[u8], other: &[u8]) -> usize {
    one.iter()
        .zip(other)
        .filter(|(one, other)| one.abs_diff(**other) > 60)
        .count()
}

#[test]
fn shapes_differ_without_colour() {
    for size in [MarkSize::Large, MarkSize::Compact, MarkSize::Dot] {
        for state in [MarkState::Full, MarkState::Hidden] {
            for (index, &hue) in Hue::KEYS.iter().enumerate() {
                for &other in &Hue::KEYS[..index] {
                    let look = Look {
                        size,
                        state,
                        ..Look::fresh(hue, 1)
                    };
                    let count = differing(
                        &alphas(look, 1.0),
                        &alphas(Look { hue: other, ..look }, 1.0),
                    );
                    let least = if size == MarkSize::Dot { 3 } else { 8 };
                    assert!(
                        count >= least,
                        "{hue:?} {other:?} {size:?} {state:?}: {count}"
                    );
                }
            }
        }
    }
}

#[test]
fn states_differ_without_colour() {
    for size in [MarkSize::Large, MarkSize::Compact, MarkSize::Dot] {
        for (index, &state) in STATES.iter().enumerate() {
            for &other in &STATES[..index] {
                let look = Look {
                    size,
                    state,
                    ..Look::fresh(Hue::K2, 1)
                };
                let one = alphas(look, 1.0);
                let other = alphas(
                    Look {
                        state: other,
                        ..look
                    },
                    1.0,
                );
                assert!(differing(&one, &other) >= 4, "{state:?} {size:?}");
            }
        }
    }
}

#[test]
fn echo_dots_pips_and_ring_show() {
    let look = Look::fresh(Hue::K3, 7);
    let plain = alphas(look, 1.0);
    let pips = |received, max| Some(Pips { received, max });
    for other in [
        Look {
            again: Again::Echo,
            ..look
        },
        Look { dots: 1, ..look },
        Look {
            pips: pips(1, 3),
            ..look
        },
        Look {
            pips: pips(4, 200),
            ..look
        },
        Look {
            ring: Some(90),
            ..look
        },
    ] {
        assert!(differing(&plain, &alphas(other, 1.0)) > 8, "{other:?}");
    }
}

#[test]
fn fading_ends_in_nothing() {
    let look = Look::fresh(Hue::K1, 7);
    let sum = |fade| -> u32 {
        let alphas = alphas(Look { fade, ..look }, 1.0);
        alphas.into_iter().map(u32::from).sum()
    };
    assert!(sum(0) > sum(100) && sum(100) > sum(200));
    assert_eq!(sum(255), 0);
}

#[test]
fn every_number_and_odd_ratio_is_drawn() {
    for ratio in [1.0, 1.25, 1.5, 2.0, 2.625, 3.0] {
        for label in [0, 9, 10, 999, 9_999, 99_999, 100_000, u32::MAX] {
            for hue in Hue::KEYS {
                let alphas = alphas(Look::fresh(hue, label), ratio);
                assert!(alphas.contains(&255));
            }
        }
    }
}

#[test]
fn looks_that_are_drawn_alike_share_a_cell() {
    let mut atlas = Atlas::new(light(), 1.0);
    let compact = Look {
        size: MarkSize::Compact,
        ..Look::fresh(Hue::K1, 1)
    };
    let first = atlas.cell(&compact);
    assert_eq!(
        atlas.cell(&Look {
            label: 2,
            ..compact
        }),
        first
    );
    assert_ne!(
        atlas.cell(&Look {
            hue: Hue::K2,
            ..compact
        }),
        first
    );
    assert_ne!(
        atlas.cell(&Look::fresh(Hue::K1, 1)),
        atlas.cell(&Look::fresh(Hue::K1, 2))
    );
}

#[test]
fn the_atlas_stays_bounded() {
    let mut atlas = Atlas::new(light(), 3.0);
    let mut most = 0;
    for label in 0..3_000 {
        atlas.cell(&Look::fresh(Hue::K2, label));
        most = most.max(atlas.cell_count());
    }
    assert!(atlas.cell_count() < most);
}

/// The picture to the last bit, on every platform. A wanted change of looks changes the number.
#[test]
fn the_picture_is_the_same_everywhere() {
    let mut layer = Layer::new(800, 400);
    let mut marks = Vec::new();
    for (column, hue) in Hue::KEYS.into_iter().chain([Hue::NoKey]).enumerate() {
        for (row, state) in STATES.into_iter().enumerate() {
            let count = (row * 7 + column) as u32;
            let look = Look {
                state,
                ring: count.is_multiple_of(2).then_some((count * 5) as u8),
                dots: (count % 4) as u8,
                ..Look::fresh(hue, count * count)
            };
            marks.push(Mark {
                x: column as f32 * 50.3 + 30.2,
                y: row as f32 * 52.7 + 30.1,
                look,
            });
        }
    }
    layer.paint(&marks, &mut Atlas::new(light(), 1.0));
    let hash = layer.bytes(0..400).iter().fold(0_u64, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(hash, 15_659_487_611_040_597_258);
}
