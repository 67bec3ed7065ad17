//! Tests of painting; `sheet` writes pictures to look at.

mod blend;
mod hit;
mod layer;
mod looks;
mod sheet;

use super::{MarkState, Palette};

/// Every state a mark can be in.
const STATES: [MarkState; 7] = [
    MarkState::Full,
    MarkState::Hidden,
    MarkState::Done,
    MarkState::Dead,
    MarkState::Lost,
    MarkState::Open,
    MarkState::Aborted,
];

/// The tokens of the light theme.
fn light() -> Palette {
    Palette {
        keys: [
            opaque(0x2f6fde),
            opaque(0xb35907),
            opaque(0x12805c),
            opaque(0x8e3fb5),
            opaque(0xb0305f),
            opaque(0x5c6b00),
        ],
        on_key: opaque(0xffffff),
        ink: opaque(0x1b1c1e),
        ink_2: opaque(0x55575c),
        ink_3: opaque(0x67696f),
        line_2: opaque(0xc9c8c0),
        bad: opaque(0xb3261e),
    }
}

/// The tokens of the dark theme.
fn dark() -> Palette {
    Palette {
        keys: [
            opaque(0x7fb0ff),
            opaque(0xffa657),
            opaque(0x4fd0a1),
            opaque(0xd59bff),
            opaque(0xff8fb6),
            opaque(0xc6d64a),
        ],
        on_key: opaque(0x14161a),
        ink: opaque(0xeceded),
        ink_2: opaque(0xb4b7bd),
        ink_3: opaque(0x9a9da5),
        line_2: opaque(0x4a4f59),
        bad: opaque(0xff8a80),
    }
}

fn opaque(rgb: u32) -> [u8; 4] {
    let [_, red, green, blue] = rgb.to_be_bytes();
    [red, green, blue, 255]
}
