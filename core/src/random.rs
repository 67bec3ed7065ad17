//! Chance, seeded: one generator per purpose, so that adding a consumer does not reshuffle the
//! producers.
//!
//! The numbers are part of what a link to an experiment means, so they must never change: that is
//! why the generator (SplitMix64) stands here and not behind a library's version.

/// What chance is asked for. Each purpose has its own stream for the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Which key a message has.
    Key,
    /// How long the work on a message takes.
    Work,
    /// Whether the work on a message fails.
    Failure,
    /// Whether a delete misses a copy of its message.
    Redelivery,
    /// Whether a receive picks a message out of order, and which.
    Reordering,
    /// Which messages a short poll overlooks.
    ShortPoll,
    /// Whether an attempt of SNS to deliver ends in an error.
    Delivery,
    /// How long an SDK waits before it calls again.
    Retry,
    /// On which brokers replicas are put.
    Placement,
    /// When a broker sends its heartbeats, and how long its process takes to start.
    Broker,
    /// Whether something gets lost on a lossy link.
    Link,
    /// Which partition a producer chooses for records without a key.
    Partitioner,
    /// How long a producer waits before it tries again.
    ProducerRetry,
}

/// A stream of pseudo-random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// The stream of the scenario's `seed` for one purpose and one thing (a message's number, say).
    pub(crate) const fn new(seed: u32, purpose: Purpose, index: u64) -> Self {
        let salted = mix((seed as u64).wrapping_add(GOLDEN_GAMMA)) ^ (purpose as u64 + 1);
        Self {
            state: mix(salted.wrapping_mul(GOLDEN_GAMMA)) ^ index,
        }
    }

    /// The next number of the stream, evenly spread over 64 bits.
    pub(crate) const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mix(self.state)
    }

    /// A number from 0 up to, not including, `bound`; 0 if `bound` is 0. The bias is under one in
    /// 2^32 for bounds below 2^32.
    pub(crate) const fn below(&mut self, bound: u64) -> u64 {
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_different_purposes_differ_and_repeat() {
        let draw = |purpose| {
            let mut random = Random::new(42, purpose, 7);
            [random.next(), random.next()]
        };
        assert_eq!(draw(Purpose::Key), draw(Purpose::Key));
        assert_ne!(draw(Purpose::Key), draw(Purpose::Work));
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_every_value() {
        let mut seen = [false; 6];
        for index in 0..200 {
            let drawn = Random::new(1, Purpose::Key, index).below(6);
            seen[usize::try_from(drawn).unwrap()] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(Random::new(1, Purpose::Key, 0).below(0), 0);
    }
}
