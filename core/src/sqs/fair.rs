//! Fair queues: which tenants of a standard queue are noisy, and who is served first. How Amazon
//! SQS fair queues work (DG).
//!
//! MessageGroupId names a tenant; a message without one is a tenant of its own, and always quiet.
//! AWS calls its thresholds approximate; here they hold exactly. What AWS leaves open is a model
//! of ours: "recent" is the last five minutes, processing time runs from the receive to the delete
//! or the timeout, among the quiet the oldest message comes first, and a noisy tenant is down to
//! what quiet ones have when no share of its is above that of the quiet tenant with the most.
//!
//! This is the rule alone; a queue keeps the figures.

use crate::time::SimDuration;

/// A noisy tenant has more than one part in so many: 10 %.
pub const NOISY_PARTS: u64 = 10;
/// In flight, a noisy tenant has at least so many of its own.
pub const OWN_IN_FLIGHT_MIN: u32 = 30;
/// A tenant that has sent nothing for so long is quiet.
pub const QUIET_WITHOUT_SENDS: SimDuration = SimDuration::from_secs(300);
/// How far back processing time counts: a choice.
pub const RECENT: SimDuration = SimDuration::from_secs(300);

/// What a tenant has of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// Its messages in flight.
    pub in_flight: u32,
    /// Those of the whole queue.
    pub in_flight_of_all: u32,
    /// The consumers' time that it took recently, in any unit.
    pub processing: u64,
    /// What all tenants took together.
    pub processing_of_all: u64,
}

/// What a tenant has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its messages that wait: visible ones.
    pub backlog: u32,
    /// How long ago it sent its last message.
    pub since_last_send: SimDuration,
}

/// The most that any quiet tenant has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuietLevel {
    /// Messages in flight.
    pub in_flight: u32,
    /// Recent processing time.
    pub processing: u64,
}

/// Whether a tenant is held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noise {
    /// It is served as ever.
    #[default]
    Quiet,
    /// Its messages wait while quiet tenants have any.
    Noisy,
}

/// Whether so many messages in flight are noisy: more than 10 % of all, and at least 30.
#[must_use]
pub fn is_noisy_by_concurrency(shares: Shares) -> bool {
    shares.in_flight >= OWN_IN_FLIGHT_MIN
        && u64::from(shares.in_flight) * NOISY_PARTS > u64::from(shares.in_flight_of_all)
}

/// Whether so much processing time is noisy: more than 10 % of what all took.
#[must_use]
pub const fn is_noisy_by_processing(shares: Shares) -> bool {
    shares.processing.saturating_mul(NOISY_PARTS) > shares.processing_of_all
}

/// Whether a tenant's shares make it noisy: either is enough.
#[must_use]
pub fn is_noisy(shares: Shares) -> bool {
    is_noisy_by_concurrency(shares) || is_noisy_by_processing(shares)
}

/// Whether a tenant can be noisy at all: it has a backlog, and has sent within five minutes.
#[must_use]
pub fn can_be_noisy(activity: Activity) -> bool {
    activity.backlog > 0 && activity.since_last_send < QUIET_WITHOUT_SENDS
}

/// Whether a noisy tenant still is: until both shares are down to what quiet tenants have.
#[must_use]
pub fn stays_noisy(activity: Activity, shares: Shares, quiet: QuietLevel) -> bool {
    let is_above = shares.in_flight > quiet.in_flight || shares.processing > quiet.processing;
    can_be_noisy(activity) && (is_above || is_noisy(shares))
}

/// When a message is given: the least comes first. `P` is where it stands among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn<P> {
    /// Of a quiet tenant.
    Quiet(P),
    /// Of a noisy one: that with the fewest in flight first.
    Noisy {
        /// The tenant's messages in flight.
        in_flight: u32,
        /// Where it stands.
        place: P,
    },
}

/// When a tenant's message is given.
pub const fn turn<P: Copy>(noise: Noise, in_flight: u32, place: P) -> Turn<P> {
    match noise {
        Noise::Quiet => Turn::Quiet(place),
        Noise::Noisy => Turn::Noisy { in_flight, place },
    }
}
