//! Blending against the formula in floating point.

use crate::paint::blend::{over, thinned};

/// Source-over as it is written in the books.
fn expected(under: [u8; 4], top: [u8; 4]) -> [f64; 4] {
    let share = |pixel: [u8; 4]| f64::from(pixel[3]) / 255.0;
    let rest = share(under) * (1.0 - share(top));
    let alpha = share(top) + rest;
    let mix = |channel: usize| {
        (f64::from(top[channel]) * share(top) + f64::from(under[channel]) * rest) / alpha
    };
    [mix(0), mix(1), mix(2), alpha * 255.0]
}

fn check(under: [u8; 4], top: [u8; 4]) {
    let mixed = over(under, top);
    if under[3] == 0 && top[3] == 0 {
        assert_eq!(mixed[3], 0);
        return;
    }
    for (channel, exact) in expected(under, top).into_iter().enumerate() {
        let off = (f64::from(mixed[channel]) - exact).abs();
        assert!(off <= 0.500_001, "{top:?} over {under:?} gave {mixed:?}");
    }
}

#[test]
fn every_alpha_over_opaque_and_translucent_is_rounded_to_nearest() {
    for alpha in 0..=255 {
        for under_alpha in [0, 1, 7, 127, 128, 254, 255] {
            for (low, high) in [(0, 255), (255, 0), (17, 201), (128, 127)] {
                check([low, high, low, under_alpha], [high, low, 91, alpha]);
            }
        }
    }
}

#[test]
fn opaque_replaces_and_transparent_leaves() {
    assert_eq!(over([1, 2, 3, 255], [9, 8, 7, 255]), [9, 8, 7, 255]);
    assert_eq!(over([1, 2, 3, 255], [9, 8, 7, 0]), [1, 2, 3, 255]);
    assert_eq!(over([1, 2, 3, 0], [9, 8, 7, 40]), [9, 8, 7, 40]);
}

#[test]
fn thinning_takes_a_share_of_alpha_alone() {
    assert_eq!(thinned([1, 2, 3, 255], 97), [1, 2, 3, 97]);
    assert_eq!(thinned([1, 2, 3, 100], 128), [1, 2, 3, 50]);
    assert_eq!(thinned([1, 2, 3, 100], 0), [1, 2, 3, 0]);
}
