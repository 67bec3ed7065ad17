//! What is going on in a log lane.

use broker_lab_core::world::{
    ActorWorld, GroupPhase, GroupWorld, KafkaWorld, MemberPhase, ResetOutcome,
};
use broker_lab_core::{ActorId, GroupId};

use super::fill::{Parts, Words, fill};
use super::{Caption, crashed, is_news, rebalance, share};
use crate::stage::view::{Glance, owned_by, way};

/// So many records behind, in one partition, are worth a word when the others have none.
const HOT: usize = 5;

/// What a log is about while nothing stands out.
const RULE: Words = (
    "Each group reads its own way through the same records; the filled triangle marks what it will read next if a consumer dies.",
    "committed offset",
);

/// The same for one that was recorded.
const RECORDED: Words = (
    "This is what clients of a real Kafka said, at the times at which they said it. What a client does without saying so, as an automatic commit, is shown as far as others noticed.",
    "recorded",
);

pub(super) fn of_log(world: &KafkaWorld, glance: Glance<'_>) -> Caption {
    let groups = || (0..).map(GroupId).zip(&world.groups);
    let (words, parts) = groups()
        .find_map(|group| crash_news(world, group, glance))
        .or_else(|| {
            groups().find_map(|(id, group)| match world.share_group(id) {
                Some(share) => share::news(world, (id, share), glance),
                None => group_news(world, (id, group), glance),
            })
        })
        .or_else(|| at_the_ends(world))
        .or_else(|| groups().find_map(|group| hot_partition(world, group)))
        .or_else(|| groups().find_map(|group| idle(world, group, glance)))
        .unwrap_or_else(|| {
            if glance.cast.is_recorded() {
                return (RECORDED, Parts::default());
            }
            let all_share = world.share_groups.len() == world.groups.len();
            let rule = if all_share { share::RULE } else { RULE };
            (rule, Parts::default())
        });
    fill(glance, words, &parts)
}

/// The consumers of a group.
fn members<'a>(
    world: &'a KafkaWorld,
    group: GroupId,
    glance: Glance<'a>,
) -> impl Iterator<Item = (ActorId, &'a ActorWorld)> {
    let all = (0..).map(ActorId).zip(&world.actors);
    all.filter(move |(id, _)| glance.cast.group_of(*id) == Some(group))
}

/// A consumer has crashed and its group does not know yet.
fn crash_news(
    world: &KafkaWorld,
    (group, _): (GroupId, &GroupWorld),
    glance: Glance<'_>,
) -> Option<(Words, Parts)> {
    let crashed = crashed(&world.actors).map(|(id, ..)| id);
    let mut crashed = crashed.filter(|id| glance.cast.group_of(*id) == Some(group));
    let actor = crashed.find(|id| !owned_by(*id, glance).is_empty())?;
    let text = if owned_by(actor, glance).len() == 1 {
        "@w crashed. Its group notices only when the heartbeats stay away for the whole session: until then @p waits."
    } else {
        "@w crashed. Its group notices only when the heartbeats stay away for the whole session: until then @p wait."
    };
    let parts = Parts {
        actor,
        ..Parts::default()
    };
    Some(((text, "session.timeout.ms"), parts))
}

/// A group rebalances, has just done so, or has refused a commit.
fn group_news(
    world: &KafkaWorld,
    (group, state): (GroupId, &GroupWorld),
    glance: Glance<'_>,
) -> Option<(Words, Parts)> {
    let mut parts = Parts {
        group,
        ..Parts::default()
    };
    if let Some((actor, _)) = members(world, group, glance).find(|(_, its)| its.frozen.is_some()) {
        parts.actor = actor;
        let text = if owned_by(actor, glance).is_empty() {
            "@w stands still. Its group has gone on without it; it does not know."
        } else {
            "@w stands still, and sends no heartbeat: when its session is over, its group gives its partitions to others."
        };
        return Some(((text, "session.timeout.ms"), parts));
    }
    if let GroupPhase::Rebalancing { actor, reason, .. } = state.phase {
        parts.actor = actor.unwrap_or_default();
        let words = rebalance::words(reason, actor, way(state));
        return Some((words, parts));
    }
    if let Some((outcome, at)) = state.reset
        && is_news(at, glance.now)
    {
        let text = match outcome {
            ResetOutcome::Set => {
                "An admin has reset the offsets of @g. Nothing moves in the log: who joins next reads on from there."
            }
            ResetOutcome::Refused => {
                "An admin wants to reset the offsets of @g, and is refused: it still has members."
            }
        };
        return Some(((text, "--reset-offsets"), parts));
    }
    if let Some(actor) = out_and_at_work(world, group, glance) {
        parts.actor = actor;
        let text = "@w did not poll in time, and is out of @g. It does not know yet: it works on, and its commit will be refused.";
        return Some(((text, "max.poll.interval.ms"), parts));
    }
    if let Some((actor, _, at)) = state.refused
        && is_news(at, glance.now)
    {
        parts.actor = actor;
        let text = "The commit of @w was refused: the group has gone on without it.";
        return Some(((text, "CommitFailedException"), parts));
    }
    let (actor, message) = members(world, group, glance).find_map(|(id, actor)| {
        let task = actor.task.filter(|task| task.again && actor.is_running())?;
        Some((id, task.message))
    })?;
    (parts.actor, parts.message) = (actor, message);
    let words = match (
        state.record(message).failures,
        owned_by(actor, glance).len(),
    ) {
        (0, _) => (
            "@w reads on from the committed offset. @m was begun before; what was done after the last commit is done again.",
            "at-least-once delivery",
        ),
        (_, 0 | 1) => (
            "The work on @m failed. @w goes back to it and tries again: every record behind it in its partition waits.",
            "head-of-line blocking",
        ),
        _ => (
            "The work on @m failed. @w goes back to it and tries again: every record behind it in its partition waits, and its other partitions are held up.",
            "head-of-line blocking",
        ),
    };
    Some((words, parts))
}

/// A consumer that its group no longer counts in, and that works on.
fn out_and_at_work(world: &KafkaWorld, group: GroupId, glance: Glance<'_>) -> Option<ActorId> {
    let mut members = members(world, group, glance);
    let found = members.find(|(id, actor)| {
        let member = world.members.get(id.index());
        let is_out = member.is_some_and(|its| its.phase == MemberPhase::Outside);
        is_out && actor.is_running() && actor.task.is_some()
    });
    found.map(|(id, _)| id)
}

/// Before the first record, and after all work.
fn at_the_ends(world: &KafkaWorld) -> Option<(Words, Parts)> {
    let parts = Parts {
        count: world.sent,
        ..Parts::default()
    };
    let words = if world.sent == 0 {
        let settled = |(id, group): (GroupId, &GroupWorld)| match world.share_group(id) {
            Some(share) => share.members > 0,
            None => group.phase == GroupPhase::Stable,
        };
        if world.groups.len() == world.share_groups.len() {
            (
                "The partitions are empty. The members of the share group wait for records.",
                "share group",
            )
        } else if (0..).map(GroupId).zip(&world.groups).all(settled) {
            (
                "The partitions are empty. Each group has shared them out among its members.",
                "consumer group",
            )
        } else {
            (
                "The partitions are empty. The consumers ask to join their groups.",
                "JoinGroup",
            )
        }
    } else {
        let logs = world.partitions.iter().map(|partition| partition.log.len());
        let appended = u32::try_from(logs.sum::<usize>()).unwrap_or(u32::MAX);
        let mut groups = world.groups.iter();
        if appended != world.sent || groups.any(|group| group.processed < appended) {
            return None;
        }
        match world.groups.len() {
            1 => (
                "The group has finished all @n. The records stay where they are and can be read again.",
                "retention",
            ),
            _ => (
                "Every group has finished all @n. The records stay where they are and can be read again.",
                "retention",
            ),
        }
    };
    Some((words, parts))
}

/// One partition is far behind, and the others of its group have nothing to do.
fn hot_partition(
    world: &KafkaWorld,
    (group, state): (GroupId, &GroupWorld),
) -> Option<(Words, Parts)> {
    if state.reading.len() < 2 {
        return None;
    }
    let left = |index: usize| {
        let end = world.partitions.get(index)?.log.len();
        let next = state.reading.get(index)?.position.now?.index();
        Some(end.saturating_sub(next))
    };
    let mut hot = None;
    for index in 0..state.reading.len() {
        match left(index) {
            Some(count) if count >= HOT && hot.is_none() => hot = Some((index, count)),
            Some(0) => {}
            _ => return None,
        }
    }
    let (partition, count) = hot?;
    let parts = Parts {
        group,
        partition,
        count: u32::try_from(count).unwrap_or(u32::MAX),
        ..Parts::default()
    };
    let text = "@c records wait in @r, and the other partitions have none: a key always goes to the same partition, and a partition to one member of @g.";
    Some(((text, "hot partition"), parts))
}

/// A member without a partition.
fn idle(
    world: &KafkaWorld,
    (group, state): (GroupId, &GroupWorld),
    glance: Glance<'_>,
) -> Option<(Words, Parts)> {
    if state.phase != GroupPhase::Stable {
        return None;
    }
    let mut idle = members(world, group, glance)
        .filter(|(id, actor)| actor.is_running() && owned_by(*id, glance).is_empty());
    let (actor, _) = idle.next()?;
    let parts = Parts {
        actor,
        group,
        count: u32::try_from(state.reading.len()).unwrap_or(u32::MAX),
        ..Parts::default()
    };
    let text = "@w has nothing to read: each of the @c partitions belongs to one member of @g, and all are taken. It takes over when another leaves.";
    Some(((text, "partition assignment"), parts))
}
