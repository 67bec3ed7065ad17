//! One or two sentences under a lane: what is going on now, in plain words, then the term.

use broker_lab_core::trace::RebalanceReason;
use broker_lab_core::world::{
    ActorState, ActorWorld, GroupPhase, GroupWorld, KafkaWorld, LaneWorld, MessageWorld, Place,
    ReadingWorld, SqsWorld,
};
use broker_lab_core::{ActorId, GroupId, MessageId, QueueId, SimDuration, SimTime};

use super::view::Glance;
use super::words::{capital, counted, list, thousands};

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
        LaneWorld::Sqs(world) => of_queue(world, glance),
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

fn of_queue(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    let noun = glance.noun;
    let name = |actor| glance.cast.actor(actor);
    for (id, actor, _) in crashed(&world.actors) {
        let held = actor.task.map(|task| task.message);
        let hidden = |message: &MessageWorld| matches!(message.place.now, Place::InFlight(_));
        if let Some(message) = held.filter(|id| world.message(*id).is_some_and(hidden))
            && world
                .message(message)
                .is_some_and(|message| message.actor == id)
        {
            return say(
                format!(
                    "{} crashed. Nobody tells the queue: {noun} {message} stays hidden until its time runs out, then it can be received again.",
                    capital(name(id))
                ),
                "visibility timeout",
            );
        }
    }
    if let Some(message) = forsaken(world) {
        return say(
            format!(
                "Nobody works on {noun} {message} any more: the work failed or was broken off. The queue is told nothing and keeps it hidden until its time runs out."
            ),
            "visibility timeout",
        );
    }
    message_news(world, glance).unwrap_or_else(|| at_work(world, glance))
}

/// What a queue is about while nothing stands out.
fn at_work(world: &SqsWorld, glance: Glance<'_>) -> Caption {
    let noun = glance.noun;
    if world.sent == 0 {
        let workers = world
            .actors
            .iter()
            .filter(|actor| actor.is_running())
            .count();
        let workers = u32::try_from(workers).unwrap_or(u32::MAX);
        return say(
            format!(
                "The queue is empty. {} {} for something to do.",
                counted(workers, "worker"),
                if workers == 1 { "waits" } else { "wait" }
            ),
            "long polling",
        );
    }
    let left = world.sent - world.deleted;
    if left == 0 {
        return say(
            format!(
                "All {} are done and deleted. The queue is empty: nothing is left to read again.",
                counted(world.sent, noun)
            ),
            "DeleteMessage",
        );
    }
    if let Some((dead, queue)) = set_aside(world)
        && dead == left
    {
        return say(
            format!(
                "{} deleted, {} set aside in {}. Nobody works there: a person has to look into it before the retention period ends.",
                counted(world.deleted, noun),
                thousands(dead),
                glance.cast.queue(queue)
            ),
            "dead-letter queue",
        );
    }
    say(
        format!(
            "Each {noun} goes to one worker at a time: it is hidden from the others until its time runs out. When the work is done, the worker deletes it."
        ),
        "competing consumers",
    )
}

/// A hidden message that was begun and that nobody works on.
fn forsaken(world: &SqsWorld) -> Option<MessageId> {
    let worked_on = |id| {
        let mut tasks = world.actors.iter().filter_map(|actor| actor.task);
        tasks.any(|task| task.message == id)
    };
    let mut messages = world.unsettled().take(LOOKED_THROUGH);
    let found = messages.find(|(id, _, message)| {
        matches!(message.place.now, Place::InFlight(_))
            && message.starts > 0
            && message.starts == message.receives
            && message.finishes == 0
            && !worked_on(*id)
    });
    found.map(|(id, _, _)| id)
}

/// How many messages lie in dead-letter queues, and in which the first of them.
fn set_aside(world: &SqsWorld) -> Option<(u32, QueueId)> {
    let messages = world.unsettled().take(LOOKED_THROUGH);
    messages.fold(None, |found, (_, _, message)| {
        match (message.place.before, message.place.now) {
            (Place::Visible(from), Place::Visible(to)) if from != to => {
                let (count, queue) = found.unwrap_or((0, to));
                Some((count + 1, queue))
            }
            _ => found,
        }
    })
}

/// What has just become of a message that stands out.
fn message_news(world: &SqsWorld, glance: Glance<'_>) -> Option<Caption> {
    let noun = capital(glance.noun);
    let mut news: Option<(SimTime, Caption)> = None;
    for (id, _, message) in world.unsettled().take(LOOKED_THROUGH) {
        let at = message.place.at;
        if !is_news(at, glance.now) || news.as_ref().is_some_and(|(last, _)| *last > at) {
            continue;
        }
        let caption = match (message.place.before, message.place.now) {
            (Place::InFlight(_), Place::Visible(_)) => say(
                format!(
                    "{noun} {id} can be received again: its time ran out before anybody deleted it."
                ),
                "visibility timeout",
            ),
            (Place::Visible(from), Place::Visible(to)) if from != to => say(
                format!(
                    "{noun} {id} had been received {}, and was found once more: it moved to {}.",
                    times(message.receives),
                    glance.cast.queue(to)
                ),
                "dead-letter queue",
            ),
            (_, Place::InFlight(_)) if message.receives > 1 => say(
                format!(
                    "{} has {} {id} now: it has been received {}. Nobody can know how far the work got before.",
                    capital(glance.cast.actor(message.actor)),
                    glance.noun,
                    times(message.receives)
                ),
                "at-least-once delivery",
            ),
            _ => continue,
        };
        news = Some((at, caption));
    }
    news.map(|(_, caption)| caption)
}

fn times(count: u16) -> String {
    match count {
        1 => String::from("once"),
        2 => String::from("twice"),
        _ => format!("{count} times"),
    }
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
