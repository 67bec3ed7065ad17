//! Dice that fall the same way everywhere.

use broker_lab_core::SimDuration;

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    /// The stream of `seed` for one purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: &str) -> Self {
        let salt = purpose.bytes().fold(seed, |salt, byte| {
            (salt ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut dice = Self { state: salt };
        dice.roll();
        dice
    }

    /// The next number, evenly spread over 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(bound)) >> 64) as u64
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of `choices`.
    ///
    /// # Panics
    ///
    /// There is none.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64) as usize;
        choices[index].clone()
    }
}

pub(super) const fn secs(secs: u64) -> SimDuration {
    SimDuration::from_secs(secs)
}

pub(super) const fn millis(millis: u64) -> SimDuration {
    SimDuration::from_millis(millis)
}
