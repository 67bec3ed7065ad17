//! Within a classic group and a generation, a partition has one owner.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::scenario::{GroupProtocol, Scenario};
use broker_lab_core::trace::{Event, What};
use broker_lab_core::{ActorId, Generation, GroupId, LaneCast, LaneId, LaneKind, TopicPartition};

use super::epochs::group_of;
use super::{Seen, Verdict, broken};

/// Each partition has at most one owner per group and generation; generations rise by one; who
/// polls, owns, and a member owns one partition once; who commits is in the latest generation, or on
/// its way into it; and once everybody has an assignment of a generation in which nobody had to give
/// anything up, every partition has an owner.
///
/// Not so, by its own rule: who is fenced by another process with its `group.instance.id` owns its
/// partitions until it hears of it.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn a_partition_has_one(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Kafka) {
        let mut owners = Owners::new(seen, lane, cast);
        for (index, event) in seen.events(lane) {
            let group = group_of(cast, event.what);
            if group.is_none_or(|id| cast.group_protocol(id) == GroupProtocol::Classic) {
                owners.see(event).map_err(|why| broken(index, event, why))?;
            }
        }
    }
    Ok(())
}

/// What a consumer has.
#[derive(Clone, Debug, Default)]
struct Member {
    generation: Option<Generation>,
    owns: BTreeSet<TopicPartition>,
    /// It has asked to join and has not taken over what it was given, and may be down since: what it
    /// committed in the meantime can still arrive.
    joins: bool,
    /// It has had a part of the present generation: what it owns was its own there.
    synced: bool,
    /// Another process has taken its place, and it may not know.
    fenced: bool,
    runs: bool,
}

#[derive(Clone, Debug, Default)]
struct Group {
    generation: Generation,
    members: u16,
    synced: BTreeSet<ActorId>,
    /// Somebody gave something up in this generation.
    moves: bool,
    /// What it reads; none if that changes while it runs.
    reads: Option<BTreeSet<TopicPartition>>,
}

struct Owners<'a> {
    cast: &'a LaneCast,
    groups: BTreeMap<GroupId, Group>,
    members: BTreeMap<ActorId, Member>,
    /// Who has just got an assignment: what it gives up and gets follows.
    fresh: Option<ActorId>,
}

impl<'a> Owners<'a> {
    fn new(seen: Seen<'_>, lane: LaneId, cast: &'a LaneCast) -> Self {
        let written = seen.scenario.lanes.get(lane.index());
        let written = written.and_then(|lane| lane.kafka.as_ref());
        let groups = (0_u16..).zip(written.iter().flat_map(|lane| &lane.groups));
        let groups = groups.map(|(n, group)| {
            let topics = |p: &TopicPartition| group.topics.iter().any(|t| t == cast.topic(p.topic));
            let is_fixed = !changes_what_is_read(seen.scenario, &group.name);
            let reads = is_fixed.then(|| cast.topic_partitions().filter(topics).collect());
            let group = Group {
                reads,
                ..Group::default()
            };
            (GroupId(n), group)
        });
        Self {
            cast,
            groups: groups.collect(),
            members: BTreeMap::new(),
            fresh: None,
        }
    }

    fn group_of(&mut self, actor: ActorId) -> Result<(GroupId, &mut Group), String> {
        let id = self.cast.group_of(actor).ok_or("is in no group")?;
        Ok((id, self.groups.entry(id).or_default()))
    }

    fn see(&mut self, event: &Event) -> Verdict {
        let goes_on = match event.what {
            What::Revoked { actor, .. } | What::Assigned { actor, .. } => self.fresh == Some(actor),
            _ => false,
        };
        if !goes_on && let Some(actor) = self.fresh.take() {
            self.settle(actor)?;
        }
        match event.what {
            What::GenerationStarted {
                group,
                generation,
                members,
            } => self.start(group, generation, members)?,
            What::JoinSent { actor } => self.member(actor).joins = true,
            What::Synced { actor, generation } => self.sync(actor, generation)?,
            What::Assigned {
                actor,
                partition,
                generation,
            } => {
                let member = self.member(actor);
                if member.generation != Some(generation) {
                    return Err(String::from("of another generation"));
                }
                if !member.owns.insert(partition) {
                    return Err(String::from("it owns it already"));
                }
            }
            What::Revoked { actor, partition } | What::Lost { actor, partition } => {
                if !self.member(actor).owns.remove(&partition) {
                    return Err(String::from("it does not own it"));
                }
                let synced = self.member(actor).synced;
                self.group_of(actor)?.1.moves |= synced;
            }
            What::Polled {
                actor, partition, ..
            }
            | What::PositionSet {
                actor, partition, ..
            } if !self.member(actor).owns.contains(&partition) => {
                return Err(String::from("it does not own it"));
            }
            What::Committed { actor, .. } => self.commit(actor)?,
            What::StaticMemberReplaced { actor, before, .. } => {
                self.member(before).synced = false;
                self.member(before).fenced = true;
                self.member(actor).fenced = false;
                self.group_of(before)?.1.synced.remove(&before);
            }
            What::ActorStarted { actor } => {
                let member = self.member(actor);
                (member.runs, member.fenced) = (true, false);
            }
            What::ActorCrashed { actor } => {
                let member = self.member(actor);
                member.runs = false;
                member.owns.clear();
            }
            What::ActorStopped { actor } => {
                let member = self.member(actor);
                if !member.owns.is_empty() {
                    return Err(String::from("it still owns partitions"));
                }
                member.runs = false;
            }
            _ => {}
        }
        Ok(())
    }

    fn member(&mut self, actor: ActorId) -> &mut Member {
        self.members.entry(actor).or_default()
    }

    fn start(&mut self, id: GroupId, generation: Generation, members: u16) -> Verdict {
        let group = self.groups.entry(id).or_default();
        if generation.0 != group.generation.0 + 1 {
            return Err(format!("follows {:?}", group.generation));
        }
        (group.generation, group.members) = (generation, members);
        group.synced.clear();
        group.moves = false;
        let cast = self.cast;
        for (actor, member) in &mut self.members {
            if cast.group_of(*actor) == Some(id) {
                member.synced = false;
            }
        }
        Ok(())
    }

    fn sync(&mut self, actor: ActorId, generation: Generation) -> Verdict {
        let latest = self.group_of(actor)?.1.generation;
        if generation > latest {
            return Err(String::from("a generation that has not started"));
        }
        let member = self.member(actor);
        member.generation = Some(generation);
        member.joins = false;
        member.synced = generation == latest && !member.fenced;
        self.fresh = Some(actor);
        Ok(())
    }

    /// What `actor` has now is its own in its generation.
    fn settle(&mut self, actor: ActorId) -> Verdict {
        let member = self.member(actor).clone();
        if !member.synced {
            return Ok(());
        }
        let cast = self.cast;
        let (id, group) = self.group_of(actor)?;
        group.synced.insert(actor);
        let group = group.clone();
        let colleagues = |other: &ActorId| *other != actor && cast.group_of(*other) == Some(id);
        let mut others = self
            .members
            .iter()
            .filter(|(other, its)| colleagues(other) && its.synced);
        let shared = others.find_map(|(other, its)| {
            let partition = its.owns.intersection(&member.owns).next()?;
            Some(format!("{partition} is {other:?}'s as well"))
        });
        if let Some(shared) = shared {
            return Err(format!("after what {actor:?} got: {shared}"));
        }
        self.everything_is_owned(&group)
    }

    /// If all members of the generation have their part, there is nothing left.
    fn everything_is_owned(&self, group: &Group) -> Verdict {
        let Some(reads) = &group.reads else {
            return Ok(());
        };
        let has_all = group.synced.len() == usize::from(group.members);
        let members = || {
            group
                .synced
                .iter()
                .filter_map(|actor| self.members.get(actor))
        };
        let is_quiet = members().all(|member| member.runs && !member.joins);
        let is_left =
            |partition: &&TopicPartition| !members().any(|member| member.owns.contains(partition));
        match reads.iter().find(is_left) {
            Some(partition) if has_all && is_quiet && !group.moves => Err(format!(
                "{partition} has no owner in {:?}",
                group.generation
            )),
            _ => Ok(()),
        }
    }

    fn commit(&mut self, actor: ActorId) -> Verdict {
        let latest = self.group_of(actor)?.1.generation;
        let member = self.member(actor);
        if member.generation == Some(latest) || member.joins {
            Ok(())
        } else {
            Err(format!(
                "of {:?}, the latest is {latest:?}",
                member.generation
            ))
        }
    }
}

/// Whether a command changes which partitions a group reads.
pub(super) fn changes_what_is_read(scenario: &Scenario, group: &str) -> bool {
    scenario.commands.iter().any(|command| {
        let subscribes = command.subscribe.as_ref();
        command.create_partitions.is_some() || subscribes.is_some_and(|its| its.group == group)
    })
}
