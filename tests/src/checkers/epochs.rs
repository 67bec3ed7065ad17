//! Groups of the consumer protocol: epochs, and who has what in the books and in fact.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::kafka::group::consumer::MemberState;
use broker_lab_core::scenario::GroupProtocol;
use broker_lab_core::trace::{CommitRefusal, ConsumerGroupWhat, Event, Life, What};
use broker_lab_core::{ActorId, Generation, GroupId, LaneCast, LaneKind, TopicPartition};

use super::owner::changes_what_is_read;
use super::{Seen, Verdict, broken};

/// In a group of the consumer protocol
///
/// - a partition is in the books of one member at a time, and goes to another one only when it is
///   free; what a member owns that the coordinator knows is its own in the books, so that no two of
///   them own the same;
/// - group epochs rise by one; a target is for the group epoch; a member stays at its epoch or comes
///   to that of the target;
/// - a stable group has its target: every partition that it reads is where it shall be;
/// - a commit is taken from a member for what it has, or in a group without members, and refused of
///   who is no member.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn lead_to_the_target(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Kafka) {
        let written = seen.scenario.lanes[lane.index()].kafka.as_ref();
        let mut groups = BTreeMap::new();
        for (n, group) in (0_u16..).zip(written.iter().flat_map(|lane| &lane.groups)) {
            let topics = |p: &TopicPartition| group.topics.iter().any(|t| t == cast.topic(p.topic));
            if group.group_protocol == GroupProtocol::Consumer {
                let is_fixed = !changes_what_is_read(seen.scenario, &group.name);
                let reads = is_fixed.then(|| cast.topic_partitions().filter(topics).collect());
                groups.insert(GroupId(n), Group::new(reads));
            }
        }
        for (index, event) in seen.events(lane) {
            see(&mut groups, cast, event).map_err(|why| broken(index, event, why))?;
        }
    }
    Ok(())
}

fn see(groups: &mut BTreeMap<GroupId, Group>, cast: &LaneCast, event: &Event) -> Verdict {
    for (id, group) in groups {
        if group_of(cast, event.what) == Some(*id) {
            group.see(event.what)?;
            group.nobody_has_what_is_anothers()?;
        }
    }
    Ok(())
}

/// Which group an event is about.
pub(super) fn group_of(cast: &LaneCast, what: What) -> Option<GroupId> {
    let actor = match what {
        What::ConsumerGroup { what } => match what {
            ConsumerGroupWhat::Joined { group, .. }
            | ConsumerGroupWhat::Left { group, .. }
            | ConsumerGroupWhat::LeftForAWhile { group, .. }
            | ConsumerGroupWhat::RevocationTimedOut { group, .. }
            | ConsumerGroupWhat::EpochBumped { group, .. }
            | ConsumerGroupWhat::TargetChanged { group, .. }
            | ConsumerGroupWhat::TargetComputed { group, .. } => return Some(group),
            ConsumerGroupWhat::Given { actor, .. }
            | ConsumerGroupWhat::RevocationPending { actor, .. }
            | ConsumerGroupWhat::Released { actor, .. }
            | ConsumerGroupWhat::Reconciled { actor, .. } => actor,
        },
        What::GroupStable { group }
        | What::SessionExpired { group, .. }
        | What::StaticMemberReplaced { group, .. } => return Some(group),
        What::Synced { actor, .. }
        | What::Assigned { actor, .. }
        | What::Revoked { actor, .. }
        | What::Lost { actor, .. }
        | What::Polled { actor, .. }
        | What::PositionSet { actor, .. }
        | What::Committed { actor, .. }
        | What::CommitRefused { actor, .. }
        | What::ActorCrashed { actor }
        | What::ActorStopped { actor } => actor,
        _ => return None,
    };
    cast.group_of(actor)
}

/// What the coordinator knows of a member.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    epoch: Generation,
    unsettled: bool,
    away: bool,
}

#[derive(Debug)]
struct Group {
    /// What it subscribes to; unknown if that changes as it runs.
    reads: Option<BTreeSet<TopicPartition>>,
    epoch: Generation,
    target_epoch: Generation,
    target: BTreeMap<TopicPartition, ActorId>,
    /// Who has it, and whether it has still to give it up.
    books: BTreeMap<TopicPartition, (ActorId, bool)>,
    known: BTreeMap<ActorId, Known>,
    /// How many members a consumer was before that are still waited for.
    former: BTreeMap<ActorId, u32>,
    /// What each consumer takes for its own.
    owned: BTreeMap<ActorId, BTreeSet<TopicPartition>>,
    heard: BTreeMap<ActorId, Generation>,
    /// What a member was just handed by the one whose place it took: whatever the target says now.
    handed: Option<(TopicPartition, ActorId)>,
    /// Who took whose place last.
    replaced: Option<(ActorId, ActorId)>,
}

impl Group {
    fn new(reads: Option<BTreeSet<TopicPartition>>) -> Self {
        Self {
            reads,
            epoch: Generation(1),
            target_epoch: Generation(1),
            target: BTreeMap::new(),
            books: BTreeMap::new(),
            known: BTreeMap::new(),
            former: BTreeMap::new(),
            owned: BTreeMap::new(),
            heard: BTreeMap::new(),
            handed: None,
            replaced: None,
        }
    }

    fn see(&mut self, what: What) -> Verdict {
        match what {
            What::ConsumerGroup { what } => {
                let is_handover = matches!(
                    what,
                    ConsumerGroupWhat::Given { .. } | ConsumerGroupWhat::Released { .. }
                );
                self.replaced = self.replaced.filter(|_| is_handover);
                self.see_coordinator(what)
            }
            What::SessionExpired { actor, .. } => self.forget(actor),
            What::StaticMemberReplaced { actor, before, .. } => self.replace(actor, before),
            What::GroupStable { .. } => self.is_at_its_target(),
            What::Synced { actor, generation } => {
                self.heard.insert(actor, generation);
                ok(generation <= self.target_epoch, "no target is so late")
            }
            What::Assigned {
                actor,
                partition,
                generation,
            } => {
                ok(
                    self.heard.get(&actor) == Some(&generation),
                    "of another epoch",
                )?;
                let is_new = self.owned.entry(actor).or_default().insert(partition);
                ok(is_new, "it owns it already")
            }
            What::Revoked { actor, partition } | What::Lost { actor, partition } => {
                let owned = self.owned.entry(actor).or_default();
                ok(owned.remove(&partition), "it does not own it")
            }
            What::Polled {
                actor, partition, ..
            }
            | What::PositionSet {
                actor, partition, ..
            } => ok(self.owns(actor, partition), "it does not own it"),
            What::Committed {
                actor, partition, ..
            } => ok(
                self.has(actor, partition) || self.is_empty(),
                "it does not have it, and there are members",
            ),
            What::CommitRefused { actor, error, .. } => {
                let known = self.known.get(&actor);
                let is_member = known.is_some_and(|known| !known.away);
                let is_unknown = error == CommitRefusal::UnknownMemberId;
                ok(
                    !is_member && (!is_unknown || known.is_none()),
                    "it is a member",
                )
            }
            What::ActorCrashed { actor } => {
                self.owned.remove(&actor);
                Ok(())
            }
            What::ActorStopped { actor } => {
                let owned = self.owned.get(&actor);
                ok(owned.is_none_or(BTreeSet::is_empty), "it still owns some")
            }
            _ => Ok(()),
        }
    }

    fn see_coordinator(&mut self, what: ConsumerGroupWhat) -> Verdict {
        match what {
            ConsumerGroupWhat::Joined { actor, .. } => {
                if self.known.insert(actor, Known::default()).is_some() {
                    *self.former.entry(actor).or_default() += 1;
                }
                Ok(())
            }
            ConsumerGroupWhat::Left { actor, life, .. }
            | ConsumerGroupWhat::RevocationTimedOut { actor, life, .. } => match life {
                Life::Present => ok(self.known.remove(&actor).is_some(), "it is no member"),
                Life::Former => self.forget(actor),
            },
            ConsumerGroupWhat::LeftForAWhile { actor, .. } => {
                let known = self.known.get_mut(&actor).ok_or("it is no member")?;
                known.away = true;
                Ok(())
            }
            ConsumerGroupWhat::EpochBumped { epoch, .. } => {
                let before = std::mem::replace(&mut self.epoch, epoch);
                ok(epoch.0 == before.0 + 1, "it does not follow")
            }
            ConsumerGroupWhat::TargetComputed { epoch, .. } => {
                let before = std::mem::replace(&mut self.target_epoch, epoch);
                ok(
                    epoch == self.epoch && epoch > before,
                    "not of the group epoch",
                )
            }
            ConsumerGroupWhat::TargetChanged {
                partition, actor, ..
            } => {
                match actor {
                    Some(actor) => self.target.insert(partition, actor),
                    None => self.target.remove(&partition),
                };
                ok(
                    self.reads
                        .as_ref()
                        .is_none_or(|reads| reads.contains(&partition)),
                    "the group does not read it",
                )
            }
            ConsumerGroupWhat::Reconciled {
                actor,
                epoch,
                state,
            } => self.reconcile(actor, (epoch, state)),
            _ => self.see_books(what),
        }
    }

    fn see_books(&mut self, what: ConsumerGroupWhat) -> Verdict {
        match what {
            ConsumerGroupWhat::Given { actor, partition } => {
                let is_handed = self.handed.take() == Some((partition, actor));
                let shall_have = is_handed || self.target.get(&partition) == Some(&actor);
                let before = self.books.insert(partition, (actor, false));
                let is_free = before.is_none_or(|before| before == (actor, true));
                ok(shall_have, "the target says otherwise")?;
                ok(is_free, "it is not free")
            }
            ConsumerGroupWhat::RevocationPending { actor, partition } => {
                let before = self.books.insert(partition, (actor, true));
                ok(before == Some((actor, false)), "it does not have it")
            }
            ConsumerGroupWhat::Released { actor, partition } => {
                let before = self.books.remove(&partition);
                let heir = self.replaced.filter(|(_, former)| *former == actor);
                self.handed = heir.map(|(heir, _)| (partition, heir));
                ok(
                    before.is_some_and(|(holder, _)| holder == actor),
                    "it does not have it",
                )
            }
            _ => Ok(()),
        }
    }

    /// A member stays where it is while it has something to give up, else it comes to the target.
    fn reconcile(&mut self, actor: ActorId, (epoch, state): (Generation, MemberState)) -> Verdict {
        let known = self.known.get_mut(&actor).ok_or("it is no member")?;
        let before = std::mem::replace(
            known,
            Known {
                epoch,
                unsettled: state != MemberState::Stable,
                away: false,
            },
        );
        let stays = epoch == before.epoch;
        let comes = epoch == self.target_epoch && state != MemberState::UnrevokedPartitions;
        ok(stays || comes, "neither its own epoch nor the target's")
    }

    fn forget(&mut self, actor: ActorId) -> Verdict {
        match self.former.get_mut(&actor) {
            Some(former) if *former > 0 => *former -= 1,
            _ => ok(self.known.remove(&actor).is_some(), "it is no member")?,
        }
        Ok(())
    }

    fn replace(&mut self, actor: ActorId, before: ActorId) -> Verdict {
        let away = self.known.remove(&before).is_some_and(|known| known.away);
        if self.known.insert(actor, Known::default()).is_some() {
            *self.former.entry(actor).or_default() += 1;
        }
        self.replaced = Some((actor, before));
        for shall_have in self.target.values_mut().filter(|who| **who == before) {
            *shall_have = actor;
        }
        ok(away, "the one before has not left")
    }

    fn owns(&self, actor: ActorId, partition: TopicPartition) -> bool {
        let owned = self.owned.get(&actor);
        owned.is_some_and(|owned| owned.contains(&partition))
    }

    fn has(&self, actor: ActorId, partition: TopicPartition) -> bool {
        let holder = self.books.get(&partition);
        holder.is_some_and(|(holder, _)| *holder == actor)
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty() && self.former.values().all(|former| *former == 0)
    }

    fn nobody_has_what_is_anothers(&self) -> Verdict {
        for (actor, known) in self.known.iter().filter(|(_, known)| !known.away) {
            let owned = self.owned.get(actor);
            let mut owned = owned.into_iter().flatten();
            // It hears of what it is given later than the coordinator notes it.
            if let Some(partition) = owned.find(|partition| !self.has(*actor, **partition)) {
                let holder = self.books.get(partition);
                return Err(format!(
                    "{actor:?}, {known:?}, owns {partition}, which in the books is {holder:?}'s"
                ));
            }
        }
        Ok(())
    }

    fn is_at_its_target(&self) -> Verdict {
        ok(self.epoch == self.target_epoch, "the target is outdated")?;
        let at_target =
            |known: &Known| known.epoch == self.target_epoch && !known.unsettled && !known.away;
        ok(
            self.known.values().all(at_target),
            "a member is not at its target",
        )?;
        let reads = self.reads.iter().flatten();
        let misplaced = reads.chain(self.target.keys()).find(|partition| {
            let target = self.target.get(*partition).map(|actor| (*actor, false));
            target.is_none() || self.books.get(*partition).copied() != target
        });
        match misplaced {
            Some(partition) => Err(format!("{partition} is not where it shall be")),
            None => Ok(()),
        }
    }
}

fn ok(holds: bool, why: &str) -> Verdict {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}
