//! A rebalance as it is seen: whom it waits for, who stands still, which partitions nobody reads.

use broker_lab_core::kafka::assignor::{Assignor, RebalanceProtocol};
use broker_lab_core::kafka::group::consumer::MemberState;
use broker_lab_core::scenario::GroupProtocol;
use broker_lab_core::world::{
    GroupPhase, GroupWorld, Holding, KafkaWorld, MemberPhase, RebalanceStep,
};
use broker_lab_core::{ActorId, GroupId, LaneCast};

use super::{Flow, Glance, Status};
use crate::stage::words::seconds;

/// How a group gets to a new assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::stage) enum Way {
    /// All give everything up and wait for each other.
    Eager,
    /// Only what moves is given up, in a round of its own.
    Cooperative,
    /// The coordinator tells each member by itself: KIP-848.
    Broker,
}

/// How a group gets to a new assignment.
pub(in crate::stage) fn way(group: &GroupWorld) -> Way {
    match (group.protocol, group.assignor.map(Assignor::protocol)) {
        (GroupProtocol::Consumer, _) => Way::Broker,
        (GroupProtocol::Classic, Some(RebalanceProtocol::Cooperative)) => Way::Cooperative,
        (GroupProtocol::Classic, _) => Way::Eager,
    }
}

/// What the head of a group says of its state.
pub(super) fn note(
    (id, group): (GroupId, &GroupWorld),
    world: &KafkaWorld,
    glance: Glance<'_>,
) -> String {
    let (now, counted) = match group.protocol {
        GroupProtocol::Classic => (group.generation.0, "generation"),
        GroupProtocol::Consumer => (group.generation.0, "epoch"),
    };
    let (since, step) = match group.phase {
        GroupPhase::Empty => return String::from("Empty"),
        GroupPhase::Stable => return format!("{counted} {now}"),
        GroupPhase::Rebalancing { since, step, .. } => (since, step),
    };
    let next = match group.protocol {
        GroupProtocol::Classic => now + 1,
        GroupProtocol::Consumer => group.group_epoch.0,
    };
    let numbers = match step {
        RebalanceStep::Preparing => format!("{counted} {now} → {next}"),
        RebalanceStep::Completing => format!("{counted} {now}"),
    };
    if let Some(what) = waits_for(&names(world.awaited(id), glance.cast)) {
        return format!("{numbers} · {what}");
    }
    let lasts = seconds(glance.now.since(since));
    format!("{numbers} · {}, {lasts}", group.state())
}

/// The names of some consumers.
fn names(actors: impl Iterator<Item = ActorId>, cast: &LaneCast) -> Vec<&str> {
    actors.map(|actor| cast.actor(actor)).collect()
}

fn waits_for(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("waits for {one}")),
        [first, rest @ ..] => Some(format!("waits for {first} and {} more", rest.len())),
    }
}

/// What a consumer does that has no record in hand, or does beside it.
pub(super) fn standing(
    actor: ActorId,
    (id, group): (GroupId, &GroupWorld),
    (world, owned): (&KafkaWorld, &[String]),
) -> Option<(String, Status)> {
    let member = world.members.get(actor.index())?;
    let joins = matches!(member.phase, MemberPhase::Joining { .. });
    match way(group) {
        Way::Eager if joins && member.generation.is_some() => {
            Some((String::from("stopped, rejoins"), Status::Stalled))
        }
        Way::Eager | Way::Cooperative if joins && owned.is_empty() => {
            Some((String::from("joins"), Status::Stalled))
        }
        Way::Broker => {
            let known = member.known?;
            match known.state {
                MemberState::UnreleasedPartitions if owned.is_empty() => {
                    Some((String::from("waits: not free yet"), Status::Stalled))
                }
                _ if owned.is_empty() && matches!(group.phase, GroupPhase::Rebalancing { .. }) => {
                    Some((String::from("joins"), Status::Stalled))
                }
                _ => None,
            }
        }
        Way::Eager | Way::Cooperative => {
            let is_awaited = world.awaited(id).any(|awaited| awaited == actor);
            (is_awaited && owned.is_empty())
                .then(|| (String::from("is to rejoin"), Status::Stalled))
        }
    }
}

/// How the records of a partition flow to the groups: the first group that has them stopped is told.
pub(super) fn flow(index: usize, world: &KafkaWorld, cast: &LaneCast) -> Flow {
    let partition = world.partitions.get(index);
    if partition.is_none_or(|partition| partition.since.is_none()) {
        return Flow::NotThere;
    }
    let groups = (0..).map(GroupId).zip(&world.groups);
    let mut stopped = groups.filter_map(|(id, group)| {
        if world.share_group(id).is_some() {
            return None;
        }
        let reading = group.reading.get(index)?;
        let of = cast.group(id);
        if let Some(target) = reading.target
            && let Some(holder) = reading.holder
            && holder.holding == Holding::PendingRevocation
        {
            let (from, to) = (cast.actor(holder.actor), cast.actor(target));
            return Some(Flow::Moves(format!(
                "{of}: {from} is to give it up, {to} gets it"
            )));
        }
        match reading.owner.now {
            Some(owner) => {
                let actor = world.actors.get(owner.index())?;
                let is_dead = !actor.is_running() || actor.frozen.is_some();
                is_dead.then(|| {
                    let who = cast.actor(owner);
                    Flow::Stopped(format!(
                        "{of}: {who} owns it and does nothing; its session has still to end"
                    ))
                })
            }
            None => {
                let was_read = reading.owner.before.is_some() || reading.committed.now.is_some();
                let rebalances = matches!(group.phase, GroupPhase::Rebalancing { .. });
                (was_read && rebalances).then(|| {
                    Flow::Stopped(format!("{of}: nobody owns it until the rebalance is over"))
                })
            }
        }
    });
    stopped.next().unwrap_or(Flow::Flows)
}
