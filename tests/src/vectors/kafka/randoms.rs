//! Random numbers of which it is known what they are.

/// Random numbers, in the order they are to be drawn.
pub(super) struct Randoms {
    pub(super) numbers: Vec<u32>,
    pub(super) drawn: usize,
}

impl Randoms {
    /// A number that nobody said would be drawn is 0, and is counted.
    pub(super) fn draw(&mut self) -> u32 {
        let number = self.numbers.get(self.drawn).copied().unwrap_or_default();
        self.drawn += 1;
        number
    }
}
