//! How many invocations of a mapping can run at the same time. Configuring scaling behavior for
//! SQS event source mappings (Lambda DG).
//!
//! Lambda says how much is added in a minute of backlog. That it is added evenly, one invocation
//! every 200 ms (every 60 ms in provisioned mode), is our model.

use super::limits;
use super::settings::{Pollers, Settings};
use crate::time::SimDuration;

const MINUTE: SimDuration = SimDuration::from_secs(60);

/// The most invocations at the same time for a standard queue that has had messages left over
/// for `backlog`, from the state in which a mapping starts.
#[must_use]
pub fn most_concurrent(settings: &Settings, backlog: SimDuration) -> u32 {
    grown(settings, initial(settings), backlog)
}

/// The most invocations at the same time for a FIFO queue: one for each message group that has
/// messages.
#[must_use]
pub fn most_concurrent_fifo(settings: &Settings, active_message_groups: u32) -> u32 {
    active_message_groups.min(most_of_setting(settings))
}

/// What `from` grows to in so much time with messages left over.
pub(super) fn grown(settings: &Settings, from: u32, backlog: SimDuration) -> u32 {
    let more = backlog
        .as_micros()
        .saturating_mul(per_minute(settings).into())
        / MINUTE.as_micros();
    let more = u32::try_from(more).unwrap_or(u32::MAX);
    from.saturating_add(more).min(most(settings))
}

/// How long it takes until one more invocation can run.
pub(super) fn step(settings: &Settings) -> SimDuration {
    SimDuration::from_micros(MINUTE.as_micros() / u64::from(per_minute(settings)))
}

/// With how many a mapping starts that has found messages.
pub(super) fn initial(settings: &Settings) -> u32 {
    let initial = match settings.pollers {
        Pollers::Automatic => limits::CONCURRENCY_INITIAL,
        Pollers::MaximumConcurrency(most) => limits::CONCURRENCY_INITIAL.min(most),
        Pollers::Provisioned { minimum, .. } => {
            minimum.saturating_mul(limits::INVOCATIONS_PER_POLLER)
        }
    };
    initial.min(settings.room)
}

/// What is left of them when it is quiet: two, but not with a maximum concurrency. Provisioned
/// pollers stay.
pub(super) fn quiet(settings: &Settings) -> u32 {
    match settings.pollers {
        Pollers::Automatic => limits::CONCURRENCY_QUIET,
        Pollers::MaximumConcurrency(_) | Pollers::Provisioned { .. } => initial(settings),
    }
}

/// The most there can ever be for a standard queue.
pub(super) fn most(settings: &Settings) -> u32 {
    match settings.pollers {
        Pollers::Automatic | Pollers::MaximumConcurrency(_) => {
            limits::CONCURRENCY_MAX.min(most_of_setting(settings))
        }
        Pollers::Provisioned { .. } => most_of_setting(settings),
    }
}

/// What the mapping was told; for FIFO queues no other bound is documented.
pub(super) fn most_of_setting(settings: &Settings) -> u32 {
    let most = match settings.pollers {
        Pollers::Automatic => u32::MAX,
        Pollers::MaximumConcurrency(most) => most,
        Pollers::Provisioned { maximum, .. } => maximum
            .saturating_mul(limits::INVOCATIONS_PER_POLLER)
            .min(limits::PROVISIONED_CONCURRENCY_MAX),
    };
    most.min(settings.room)
}

const fn per_minute(settings: &Settings) -> u32 {
    match settings.pollers {
        Pollers::Automatic | Pollers::MaximumConcurrency(_) => limits::SCALE_UP_PER_MINUTE,
        Pollers::Provisioned { .. } => limits::PROVISIONED_SCALE_UP_PER_MINUTE,
    }
}
