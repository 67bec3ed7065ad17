//! What distinguishes one cell from another, in one word.

use super::{
    Look, MarkSize, MarkState, Pips,
    raster::{Ring, Urgency},
};

/// Looks that are drawn alike have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellKey(u64);

const LABEL_BITS: u32 = 17;
const NO_LABEL: u64 = (1 << LABEL_BITS) - 1;
const FADE_BITS: u32 = 4;
const RING: u64 = 1 << 63;
const PIP_BAR_STEPS: u16 = 16;

impl CellKey {
    pub(super) fn of_look(look: &Look) -> Self {
        let labelled = look.size == MarkSize::Large
            && look.state != MarkState::Lost
            && look.label < Look::LABEL_END;
        let label = if labelled {
            u64::from(look.label)
        } else {
            NO_LABEL
        };
        let mut word = Packing { word: 0, used: 0 };
        word.put(label, LABEL_BITS);
        word.put(u64::from(fade_step(look.fade)), FADE_BITS);
        word.put(look.state as u64, 3);
        word.put(look.hue as u64, 3);
        word.put(look.size as u64, 2);
        if look.size != MarkSize::Dot {
            word.put(u64::from(look.dots.min(Look::DOTS_MAX)), 2);
            word.put(look.again as u64, 1);
            if let Some(pips) = look.pips {
                word.put(u64::from(look.ring.is_some()), 1);
                word.put(1 + pips_word(pips), 8);
            }
        }
        Self(word.word)
    }

    /// The key of the look without label and fading, and with a processed mark as a full one.
    pub(super) fn of_body(look: &Look) -> Self {
        let state = if look.state == MarkState::Done {
            MarkState::Full
        } else {
            look.state
        };
        Self::of_look(&Look {
            label: Look::LABEL_END,
            fade: 0,
            state,
            ..*look
        })
    }

    pub(super) fn of_ring(ring: Ring, fade: u8) -> Self {
        let mut word = Packing { word: 0, used: 0 };
        word.put(u64::from(ring.step), 7);
        word.put(u64::from(ring.urgency == Urgency::Urgent), 1);
        word.put(ring.size as u64, 2);
        word.put(u64::from(fade_step(fade)), FADE_BITS);
        Self(word.word | RING)
    }
}

/// Share of the alpha that a fading mark still has.
pub(super) fn fade_share(fade: u8) -> u8 {
    255 - fade_step(fade) * 16
}

fn fade_step(fade: u8) -> u8 {
    fade >> (8 - FADE_BITS)
}

fn pips_word(pips: Pips) -> u64 {
    if pips.max <= Pips::COUNTABLE {
        return u64::from(pips.max) * 8 + u64::from(pips.received.min(pips.max));
    }
    let share = u16::from(pips.received.min(pips.max)) * PIP_BAR_STEPS / u16::from(pips.max);
    64 + u64::from(share)
}

struct Packing {
    word: u64,
    used: u32,
}

impl Packing {
    fn put(&mut self, value: u64, bits: u32) {
        self.word |= value << self.used;
        self.used += bits;
    }
}
