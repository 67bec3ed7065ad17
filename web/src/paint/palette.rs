//! The colours that marks are drawn with.

use super::{Hue, blend::Rgba};

/// Colours of a theme as straight RGBA; the page reads them from its custom properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// `--k1` to `--k6`.
    pub keys: [Rgba; 6],
    /// Labels on filled marks.
    pub on_key: Rgba,
    /// The stroke through a dead letter.
    pub ink: Rgba,
    /// Rings and pips.
    pub ink_2: Rgba,
    /// Messages without a key.
    pub ink_3: Rgba,
    /// The track of a ring.
    pub line_2: Rgba,
    /// Rings that run out, the cross of a lost message.
    pub bad: Rgba,
}

impl Palette {
    pub(super) fn of(&self, hue: Hue) -> Rgba {
        match hue {
            Hue::K1 => self.keys[0],
            Hue::K2 => self.keys[1],
            Hue::K3 => self.keys[2],
            Hue::K4 => self.keys[3],
            Hue::K5 => self.keys[4],
            Hue::K6 => self.keys[5],
            Hue::NoKey => self.ink_3,
        }
    }
}
