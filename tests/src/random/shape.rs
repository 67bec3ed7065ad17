//! How large a random scenario is.

use super::dice::Dice;

/// The size of a random scenario, and the seed of everything else. Smaller numbers are simpler
/// scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What the dice are thrown with.
    pub seed: u64,
    /// 0: a queue lane; 1: a log lane; 2: both.
    pub lanes: u8,
    /// Messages of each producer; from [`Shape::MANY`] on they come fast and are little work.
    pub messages: u16,
    /// Producers, at most 2.
    pub producers: u8,
    /// Keys, at least 1.
    pub keys: u8,
    /// Workers of the queue lane.
    pub workers: u8,
    /// Partitions of each topic, at least 1.
    pub partitions: u8,
    /// Groups of the log lane, at most 2.
    pub groups: u8,
    /// Members of each group.
    pub members: u8,
    /// Commands.
    pub commands: u8,
    /// Seconds until the horizon, at least 1.
    pub horizon: u8,
}

impl Shape {
    /// So many messages are sent in a hurry.
    pub const MANY: u16 = 1_000;

    /// The shape that belongs to `seed`.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "shape");
        let mut upto = |most: u64| dice.below(most + 1) as u8;
        Self {
            seed,
            lanes: upto(2),
            messages: upto(24).into(),
            producers: 1 + upto(1),
            keys: 1 + upto(4),
            workers: upto(4),
            partitions: 1 + upto(4),
            groups: upto(2),
            members: upto(4),
            commands: upto(10),
            horizon: 5 + upto(145),
        }
    }

    pub(super) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, purpose)
    }

    /// Whether the queues are FIFO queues.
    pub(super) fn is_fifo(&self) -> bool {
        self.has_queue_lane() && self.dice("fifo").once_in(3)
    }

    /// The name of a queue.
    pub(super) fn queue(&self, name: &str) -> String {
        let end = if self.is_fifo() { ".fifo" } else { "" };
        format!("{name}{end}")
    }

    /// Whether there is a queue lane.
    #[must_use]
    pub const fn has_queue_lane(&self) -> bool {
        self.lanes != 1
    }

    /// Whether there is a log lane.
    #[must_use]
    pub const fn has_log_lane(&self) -> bool {
        self.lanes != 0
    }
}
