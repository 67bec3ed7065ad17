//! Within a group and a generation, a partition has at most one owner.

use std::collections::BTreeMap;

use broker_lab_core::trace::What;
use broker_lab_core::{ActorId, Generation, GroupId, LaneCast, LaneId, LaneKind, TopicPartition};

use super::{Seen, Verdict, broken};

/// Each partition has at most one owner per group and generation; generations rise by one; who
/// polls, owns, and a member owns one partition once.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn a_partition_has_one(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Kafka) {
        check_lane(seen, lane, cast)?;
    }
    Ok(())
}

fn check_lane(seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Verdict {
    let mut owners: BTreeMap<(GroupId, Generation, TopicPartition), ActorId> = BTreeMap::new();
    let mut generations: BTreeMap<GroupId, Generation> = BTreeMap::new();
    let mut owns: BTreeMap<(ActorId, TopicPartition), Generation> = BTreeMap::new();
    for (index, event) in seen.events(lane) {
        match event.what {
            What::GenerationStarted {
                group, generation, ..
            } => {
                let last = generations.insert(group, generation);
                if generation.0 != last.map_or(0, |last| last.0) + 1 {
                    return Err(broken(index, event, format_args!("follows {last:?}")));
                }
            }
            What::Assigned {
                actor,
                partition,
                generation,
            } => {
                let Some(group) = cast.group_of(actor) else {
                    return Err(broken(index, event, "is in no group"));
                };
                if generations
                    .get(&group)
                    .is_none_or(|latest| *latest < generation)
                {
                    return Err(broken(index, event, "of a generation that has not started"));
                }
                let key = (group, generation, partition);
                if let Some(other) = owners.insert(key, actor)
                    && other != actor
                {
                    return Err(broken(index, event, format_args!("{other:?} owns it")));
                }
                if owns.insert((actor, partition), generation).is_some() {
                    return Err(broken(index, event, "it owns it already"));
                }
            }
            What::Revoked { actor, partition } if owns.remove(&(actor, partition)).is_none() => {
                return Err(broken(index, event, "it does not own it"));
            }
            What::Polled {
                actor, partition, ..
            }
            | What::PositionSet {
                actor, partition, ..
            } if !owns.contains_key(&(actor, partition)) => {
                return Err(broken(index, event, "it does not own it"));
            }
            What::ActorCrashed { actor } => owns.retain(|(owner, _), _| *owner != actor),
            What::ActorStopped { actor } if owns.keys().any(|(owner, _)| *owner == actor) => {
                return Err(broken(index, event, "it still owns partitions"));
            }
            _ => {}
        }
    }
    Ok(())
}
