//! One or two sentences under a lane: what is going on now, in plain words, then the term.

mod deliveries;
mod fill;
mod log;
mod news;
mod queue;
mod rebalance;
mod share;
#[cfg(test)]
mod tests;

use broker_lab_core::trace::Event;
use broker_lab_core::world::{ActorState, ActorWorld, LaneWorld};
use broker_lab_core::{ActorId, SimDuration, SimTime};

use super::view::Glance;

/// What is going on, and the systems' word for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    pub text: String,
    pub term: &'static str,
}

/// For how long something that has happened is spoken of.
const NEWS: SimDuration = SimDuration::from_secs(3);
/// Messages looked through for something to speak of.
const LOOKED_THROUGH: usize = 5_000;

/// Events looked back at for something to speak of.
const LOOKED_BACK: usize = 2_000;

/// What is going on in a lane.
#[must_use]
pub fn of(glance: Glance<'_>) -> Caption {
    match glance.world {
        LaneWorld::Sqs(world) => queue::of_queue(world, glance),
        LaneWorld::Kafka(world) => log::of_log(world, glance),
    }
}

/// How the opening scene begins. As soon as anything can have happened in it, nothing.
pub(crate) fn at_first(glance: Glance<'_>) -> Caption {
    let (text, term) = match glance.world {
        _ if glance.now > SimTime::ZERO => ("", ""),
        LaneWorld::Sqs(_) => (
            "The queue is empty. 3 workers wait for something to do.",
            "long polling",
        ),
        LaneWorld::Kafka(_) => (
            "The partitions are empty. The consumers ask to join their groups.",
            "JoinGroup",
        ),
    };
    Caption {
        text: String::from(text),
        term,
    }
}

fn is_news(at: SimTime, now: SimTime) -> bool {
    now.since(at) < NEWS && at <= now
}

/// Those who crashed, with what they held.
fn crashed(actors: &[ActorWorld]) -> impl Iterator<Item = (ActorId, &ActorWorld, SimTime)> {
    (0..)
        .map(ActorId)
        .zip(actors)
        .filter_map(|(id, actor)| match actor.state {
            ActorState::Crashed { at } => Some((id, actor, at)),
            _ => None,
        })
}

/// The events of this lane up to now, the latest first.
fn latest(glance: Glance<'_>) -> impl Iterator<Item = &Event> {
    let seen = glance.trace.count_until(glance.now);
    let events = (0..seen).rev().take(LOOKED_BACK);
    let events = events.filter_map(move |index| glance.trace.get(index));
    events.filter(move |event| event.lane == glance.lane)
}
