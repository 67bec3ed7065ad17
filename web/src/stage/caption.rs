//! One or two sentences under a lane: what is going on now, in plain words, then the term.

mod fill;
mod news;
mod queue;
#[cfg(test)]
mod tests;

use broker_lab_core::trace::RebalanceReason;
use broker_lab_core::world::{
    ActorState, ActorWorld, GroupPhase, GroupWorld, KafkaWorld, LaneWorld, ReadingWorld,
};
use broker_lab_core::{ActorId, GroupId, MessageId, SimDuration, SimTime};

use super::view::Glance;
use super::words::{capital, counted, list};

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

/// What is going on in a lane.
#[must_use]
pub fn of(glance: Glance<'_>) -> Caption {
    match glance.world {
        LaneWorld::Sqs(world) => queue::of_queue(world, glance),
        LaneWorld::Kafka(world) => of_log(world, glance),
    }
}

fn say(text: String, term: &'static str) -> Caption {
    Caption { text, term }
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

fn of_log(world: &KafkaWorld, glance: Glance<'_>) -> Caption {
    for (group, state) in (0..).map(GroupId).zip(&world.groups) {
        if let Some(caption) = crash_news(world, (group, state), glance) {
            return caption;
        }
    }
    for (group, state) in (0..).map(GroupId).zip(&world.groups) {
        if let Some(caption) = group_news(world, (group, state), glance) {
            return caption;
        }
    }
    let records: usize = world
        .partitions
        .iter()
        .map(|partition| partition.log.len())
        .sum();
    let settled = |group: &GroupWorld| group.phase == GroupPhase::Stable;
    if world.sent == 0 && !world.groups.iter().all(settled) {
        return say(
            String::from("The partitions are empty. The consumers ask to join their groups."),
            "JoinGroup",
        );
    }
    if world.sent == 0 {
        return say(
            String::from(
                "The partitions are empty. Each group has shared them out among its members.",
            ),
            "consumer group",
        );
    }
    let sent = usize::try_from(world.sent).unwrap_or(usize::MAX);
    let groups = world
        .groups
        .iter()
        .map(|group| usize::try_from(group.processed).unwrap_or(0));
    if records == sent && groups.clone().all(|processed| processed >= records) {
        return say(
            format!(
                "Every group has finished all {}. The records stay where they are and can be read again.",
                counted(world.sent, glance.noun)
            ),
            "retention",
        );
    }
    say(
        String::from(
            "Each group reads its own way through the same records; the filled triangle marks what it will read next if a consumer dies.",
        ),
        "committed offset",
    )
}

/// A consumer has crashed and its group does not know yet.
fn crash_news(
    world: &KafkaWorld,
    (group, state): (GroupId, &GroupWorld),
    glance: Glance<'_>,
) -> Option<Caption> {
    let cast = glance.cast;
    for (id, _, _) in crashed(&world.actors) {
        if cast.group_of(id) != Some(group) {
            continue;
        }
        let waiting: Vec<String> = cast
            .topic_partitions()
            .zip(&state.reading)
            .filter(|(_, reading)| reading.owner.now == Some(id))
            .map(|(partition, _)| cast.partition(partition).to_string())
            .collect();
        if !waiting.is_empty() {
            let verb = if waiting.len() == 1 { "waits" } else { "wait" };
            return Some(say(
                format!(
                    "{} crashed. Its group notices only when the heartbeats stay away for the whole session: until then {} {verb}.",
                    capital(cast.actor(id)),
                    list(&waiting)
                ),
                "session.timeout.ms",
            ));
        }
    }
    None
}

/// A group rebalances, has just done so, or has refused a commit.
fn group_news(
    world: &KafkaWorld,
    (group, state): (GroupId, &GroupWorld),
    glance: Glance<'_>,
) -> Option<Caption> {
    let cast = glance.cast;
    let name = cast.group(group);
    if let GroupPhase::Rebalancing { actor, reason, .. } = state.phase {
        let why = actor.map_or_else(String::new, |actor| {
            let who = cast.actor(actor);
            match reason {
                RebalanceReason::MemberJoined => format!("{who} joins"),
                RebalanceReason::MemberLeft => format!("{who} has left"),
                RebalanceReason::SessionExpired => format!("{who} was not heard from"),
                RebalanceReason::MemberRejoined | RebalanceReason::MembersDidNotSync => {
                    format!("{who} joins again")
                }
            }
        });
        return Some(say(
            format!(
                "{} shares out its partitions anew: {why}. Each member hears of it with its next heartbeat, gives up its partitions and gets its new ones when all have joined.",
                capital(name)
            ),
            "rebalance",
        ));
    }
    if let Some((actor, _, at)) = state.refused
        && is_news(at, glance.now)
    {
        return Some(say(
            format!(
                "The commit of {} was refused: the group has gone on without it.",
                cast.actor(actor)
            ),
            "CommitFailedException",
        ));
    }
    let again = (0..)
        .map(ActorId)
        .zip(&world.actors)
        .find_map(|(id, actor)| {
            let task = actor.task.filter(|task| task.again && actor.is_running())?;
            (cast.group_of(id) == Some(group)).then_some((id, task.message))
        });
    let (id, message): (ActorId, MessageId) = again?;
    let (who, noun) = (capital(cast.actor(id)), capital(glance.noun));
    if state.record(message).failures > 0 {
        let owned = |reading: &&ReadingWorld| reading.owner.now == Some(id);
        let also = match state.reading.iter().filter(owned).count() {
            0 | 1 => "",
            _ => ", and its other partitions are held up",
        };
        return Some(say(
            format!(
                "The work on {} {message} failed. {who} goes back to it and tries again: every record behind it in its partition waits{also}.",
                glance.noun
            ),
            "head-of-line blocking",
        ));
    }
    Some(say(
        format!(
            "{who} reads on from the committed offset. {noun} {message} was begun before; what was done after the last commit is done again."
        ),
        "at-least-once delivery",
    ))
}
