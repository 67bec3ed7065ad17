//! How often and when SNS tries to reach a queue.

use crate::time::SimDuration;

/// Attempts without a pause, the first one included.
pub const IMMEDIATE_ATTEMPTS: u32 = 3;
/// Attempts after them, each [`PRE_BACKOFF_DELAY`] after the one before.
pub const PRE_BACKOFF_ATTEMPTS: u32 = 2;
/// The pause before each of [`PRE_BACKOFF_ATTEMPTS`].
pub const PRE_BACKOFF_DELAY: SimDuration = SimDuration::from_secs(1);
/// Attempts with exponential back-off.
pub const BACKOFF_ATTEMPTS: u32 = 10;
/// The pauses before the attempts with back-off: from 1 to 20 seconds, each the same factor
/// longer than the one before. The guide says "exponential" and the two ends; that the factor is
/// the same throughout is our choice. Whole milliseconds, so that no platform rounds apart.
pub const BACKOFF_DELAYS: [SimDuration; BACKOFF_ATTEMPTS as usize] = [
    SimDuration::from_millis(1_000),
    SimDuration::from_millis(1_395),
    SimDuration::from_millis(1_946),
    SimDuration::from_millis(2_714),
    SimDuration::from_millis(3_786),
    SimDuration::from_millis(5_282),
    SimDuration::from_millis(7_368),
    SimDuration::from_millis(10_278),
    SimDuration::from_millis(14_337),
    SimDuration::from_millis(20_000),
];
/// Attempts after the back-off, each [`POST_BACKOFF_DELAY`] after the one before.
pub const POST_BACKOFF_ATTEMPTS: u32 = 100_000;
/// The pause before each of [`POST_BACKOFF_ATTEMPTS`].
pub const POST_BACKOFF_DELAY: SimDuration = SimDuration::from_secs(20);

/// The first attempt with back-off, counted from 1, and the first one after the back-off.
const BACKOFF_FROM: u32 = IMMEDIATE_ATTEMPTS + PRE_BACKOFF_ATTEMPTS + 1;
const POST_BACKOFF_FROM: u32 = BACKOFF_FROM + BACKOFF_ATTEMPTS;

/// All attempts: 100,015, which takes 23 days.
pub const ATTEMPTS: u32 = POST_BACKOFF_FROM + POST_BACKOFF_ATTEMPTS - 1;

/// The pause before an attempt, counted from 1, at a queue that cannot be reached; `None`: it is
/// not made. Jitter is left out. Amazon SNS message delivery retries (SNS).
#[must_use]
pub fn delay_before(attempt: u32) -> Option<SimDuration> {
    match attempt {
        1..=IMMEDIATE_ATTEMPTS => Some(SimDuration::ZERO),
        ..BACKOFF_FROM => (attempt > 0).then_some(PRE_BACKOFF_DELAY),
        BACKOFF_FROM..POST_BACKOFF_FROM => {
            let place = usize::try_from(attempt - BACKOFF_FROM).ok()?;
            BACKOFF_DELAYS.get(place).copied()
        }
        POST_BACKOFF_FROM..=ATTEMPTS => Some(POST_BACKOFF_DELAY),
        _ => None,
    }
}
