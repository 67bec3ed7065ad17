//! What matters in a run, as flags on its timeline.

use broker_lab_core::trace::{DeliveryWhat, MoveTaskEnd, Trace, What};
use broker_lab_core::{Cast, LaneCast, LaneId, SimTime};

use crate::stage::words::setting_name;

/// Something that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub at: SimTime,
    pub kind: FlagKind,
    pub text: String,
}

/// What kind of thing it is: tells its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// A process died.
    Crash,
    /// A message comes back, or is done again.
    Again,
    /// A group shares out its partitions anew.
    Rebalance,
    /// Something was done by hand.
    Command,
    /// A message was given up.
    DeadLetter,
}

/// The flags of a trace, in order; at most `limit`.
#[must_use]
pub fn flags(trace: &Trace, cast: &Cast, limit: usize) -> Vec<Flag> {
    let mut flags = Vec::new();
    // What becomes visible for the first time does not come back: the delayed copies of each
    // message of each lane.
    let mut fresh: Vec<Vec<u8>> = vec![Vec::new(); cast.lanes.len()];
    for event in trace.iter() {
        if let Some(fresh) = fresh.get_mut(event.lane.index())
            && is_first_sight(fresh, event.what)
        {
            continue;
        }
        if let Some((kind, text)) = flag(event.lane, event.what, cast)
            && !(event.at == SimTime::ZERO && kind == FlagKind::Command)
        {
            flags.push(Flag {
                at: event.at,
                kind,
                text,
            });
            if flags.len() == limit {
                break;
            }
        }
    }
    flags
}

/// Whether a message becomes visible when its delay ends. `fresh`: its copies that are delayed.
fn is_first_sight(fresh: &mut Vec<u8>, what: What) -> bool {
    match what {
        What::Delayed { message, .. } => {
            fresh.resize(fresh.len().max(message.index() + 1), 0);
            if let Some(count) = fresh.get_mut(message.index()) {
                *count = count.saturating_add(1);
            }
            false
        }
        What::BecameVisible { message, .. } => {
            let delayed = fresh.get_mut(message.index()).filter(|count| **count > 0);
            delayed.map(|count| *count -= 1).is_some()
        }
        _ => false,
    }
}

fn flag(lane: LaneId, what: What, cast: &Cast) -> Option<(FlagKind, String)> {
    let noun = &cast.noun;
    let lane = cast.lane(lane)?;
    Some(match what {
        What::ActorCrashed { actor } => (FlagKind::Crash, format!("{} crashes", lane.actor(actor))),
        What::ActorStopped { actor } => {
            (FlagKind::Command, format!("{} leaves", lane.actor(actor)))
        }
        What::ActorStarted { actor } => {
            (FlagKind::Command, format!("{} starts", lane.actor(actor)))
        }
        What::Poisoned { message } => (FlagKind::Command, format!("{noun} {message} poisoned")),
        What::BecameVisible { message, .. } => {
            (FlagKind::Again, format!("{noun} {message} visible again"))
        }
        What::DeadLettered { message, to, .. } => (
            FlagKind::DeadLetter,
            format!("{noun} {message} to {}", lane.queue(to)),
        ),
        What::Expired { message, .. } => {
            (FlagKind::DeadLetter, format!("{noun} {message} expires"))
        }
        What::Redelivered { message, .. } => {
            (FlagKind::Again, format!("{noun} {message} redelivered"))
        }
        What::DeleteFailed { message, .. } => {
            (FlagKind::Again, format!("delete of {noun} {message} fails"))
        }
        What::DeleteIgnored { message, .. } => (
            FlagKind::Again,
            format!("delete of {noun} {message} ignored"),
        ),
        What::Deduplicated { message, .. } | What::TopicDeduplicated { message, .. } => (
            FlagKind::Command,
            format!("{noun} {message} swallowed as a duplicate"),
        ),
        What::Moved { message, to, .. } => (
            FlagKind::Again,
            format!("{noun} {message} back to {}", lane.queue(to)),
        ),
        What::Resent { message } => (FlagKind::Command, format!("{noun} {message} sent again")),
        What::SessionExpired { actor, .. } => (
            FlagKind::Rebalance,
            format!("session of {} ends", lane.actor(actor)),
        ),
        What::GenerationStarted {
            group, generation, ..
        } => (
            FlagKind::Rebalance,
            format!("{} generation {generation}", lane.group(group)),
        ),
        _ => return queue_flag(lane, what, cast),
    })
}

/// What is done to a queue.
fn queue_flag(lane: &LaneCast, what: What, cast: &Cast) -> Option<(FlagKind, String)> {
    Some(match what {
        What::QueuePurged { queue } => (FlagKind::Command, format!("{} purged", lane.queue(queue))),
        What::AttributeChanged { queue, setting, .. } => (
            FlagKind::Command,
            format!("{} of {}", setting_name(setting), lane.queue(queue)),
        ),
        What::PurgeRefused { queue } => refused(lane.queue(queue), "purge"),
        What::AttributesRefused { queue } => refused(lane.queue(queue), "new attributes"),
        What::MoveTaskRefused { source } => refused(lane.queue(source), "redrive"),
        What::Delivery { what } => return delivery_flag(lane, what, cast),
        What::TenantNoisy { tenant, .. } => (
            FlagKind::Again,
            format!("{} is noisy", cast.keys.name(tenant)),
        ),
        What::MoveTaskStarted { source, .. } => (
            FlagKind::Command,
            format!("redrive of {} begins", lane.queue(source)),
        ),
        What::MoveTaskEnded { source, end } => {
            let how = match end {
                MoveTaskEnd::Completed => "ends",
                MoveTaskEnd::Cancelled => "is cancelled",
                MoveTaskEnd::Failed => "fails",
            };
            (
                FlagKind::Command,
                format!("redrive of {} {how}", lane.queue(source)),
            )
        }
        _ => return None,
    })
}

/// What happens to the deliveries of a topic.
fn delivery_flag(lane: &LaneCast, what: DeliveryWhat, cast: &Cast) -> Option<(FlagKind, String)> {
    let noun = &cast.noun;
    Some(match what {
        DeliveryWhat::Denied { queue } => (
            FlagKind::Command,
            format!("{} denies SNS", lane.queue(queue)),
        ),
        DeliveryWhat::Allowed { queue } => (
            FlagKind::Command,
            format!("{} lets SNS in", lane.queue(queue)),
        ),
        DeliveryWhat::Unreachable { queue, .. } => (
            FlagKind::Crash,
            format!("SNS cannot reach {}", lane.queue(queue)),
        ),
        DeliveryWhat::Reachable { queue } => (
            FlagKind::Command,
            format!("SNS reaches {} again", lane.queue(queue)),
        ),
        DeliveryWhat::GivenUp { queue, message, .. } => (
            FlagKind::DeadLetter,
            format!("{noun} {message} not delivered to {}", lane.queue(queue)),
        ),
        DeliveryWhat::Failed { .. }
        | DeliveryWhat::Succeeded { .. }
        | DeliveryWhat::DeadLettered { .. } => return None,
    })
}

fn refused(queue: &str, what: &str) -> (FlagKind, String) {
    (FlagKind::Command, format!("{what} of {queue} refused"))
}
