//! What a group does, as far as its members' callbacks and an admin's look at its state tell.

use super::member::Presence;
use super::teller::Teller;
use crate::ids::{ActorId, Generation, GroupId};
use crate::kafka::assignor::Assignor;
use crate::scenario::GroupProtocol;
use crate::trace::{ConsumerGroupWhat, RebalanceReason, What};

/// What is known of a group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    /// The highest generation that a member has named; in the consumer protocol a member epoch.
    generation: u32,
    phase: Phase,
    /// Whether a member has come or gone by itself since the group was stable last.
    moved: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Empty,
    Rebalancing,
    Stable,
}

impl Teller<'_> {
    /// An admin has seen a group in a state, which it looked at every few milliseconds.
    pub(super) fn see_state(&mut self, id: GroupId, state: &str) {
        let Some(group) = self.groups.get_mut(id.index()) else {
            return;
        };
        match state {
            "Stable" if group.phase != Phase::Stable => {
                group.phase = Phase::Stable;
                group.moved = false;
                self.expel(id, &[Presence::Leaving]);
                self.tell(What::GroupStable { group: id });
            }
            // Before anybody has joined it is empty anyway.
            "Empty" if group.generation > 0 && group.phase != Phase::Empty => {
                group.phase = Phase::Empty;
                let all = [Presence::Silent, Presence::Leaving];
                let generation = Generation(group.generation);
                self.expel(id, &all);
                self.tell(What::GenerationStarted {
                    group: id,
                    generation,
                    members: 0,
                });
            }
            "PreparingRebalance" | "CompletingRebalance" | "Assigning" | "Reconciling" => {
                self.rebalance(id);
            }
            _ => {}
        }
    }

    /// A group rebalances: an admin saw it, or a member that stays has given something up. Which
    /// member began it is not recorded; but if nobody has come or gone by itself and one is silent,
    /// it was the end of the session of that one.
    pub(super) fn rebalance(&mut self, id: GroupId) {
        let Some(group) = self.groups.get_mut(id.index()) else {
            return;
        };
        if group.phase == Phase::Rebalancing {
            return;
        }
        group.phase = Phase::Rebalancing;
        let expelled = if group.moved {
            self.change_silent(id, &[Presence::Silent], Presence::Leaving);
            None
        } else {
            self.expel(id, &[Presence::Silent])
        };
        let reason = match expelled {
            Some(_) => RebalanceReason::SessionExpired,
            None => RebalanceReason::NotRecorded,
        };
        self.tell(What::RebalanceStarted {
            group: id,
            actor: expelled,
            reason,
        });
    }

    /// A group goes on without those of its members that are like this: their sessions have ended at
    /// the latest now. The first of them.
    fn expel(&mut self, id: GroupId, those: &[Presence]) -> Option<ActorId> {
        let expelled = self.change_silent(id, those, Presence::Outside);
        for actor in &expelled {
            self.tell(What::SessionExpired {
                group: id,
                actor: *actor,
            });
        }
        expelled.first().copied()
    }

    fn change_silent(&mut self, id: GroupId, those: &[Presence], to: Presence) -> Vec<ActorId> {
        let cast = self.cast;
        let members = (0_u16..).map(ActorId).zip(&mut self.members);
        let its = members.filter(|(actor, member)| {
            those.contains(&member.presence) && cast.group_of(*actor) == Some(id)
        });
        let changed = its.map(|(actor, member)| {
            member.presence = to;
            actor
        });
        changed.collect()
    }

    /// A member comes or goes by itself.
    pub(super) fn be_moved(&mut self, actor: ActorId) {
        let id = self.group_of(actor);
        if let Some(group) = self.groups.get_mut(id.index()) {
            group.moved = true;
        }
    }

    /// A member has an assignment of this generation. The first one that says so tells of the
    /// generation itself; how many members it has are all that ever name it.
    pub(super) fn see_generation(&mut self, id: GroupId, actor: ActorId, number: u32) {
        let generation = Generation(number);
        let before = self.groups.get(id.index()).map(|group| group.generation);
        if before.is_some_and(|before| number > before) {
            if let Some(group) = self.groups.get_mut(id.index()) {
                group.generation = number;
            }
            match self.cast.group_protocol(id) {
                GroupProtocol::Classic => {
                    let members = self.members_of(id, number);
                    self.tell(What::GenerationStarted {
                        group: id,
                        generation,
                        members,
                    });
                    if before == Some(0)
                        && let Some(assignor) = self.assignor(id)
                    {
                        self.tell(What::ProtocolChosen {
                            group: id,
                            assignor,
                        });
                    }
                }
                GroupProtocol::Consumer => {
                    self.tell(What::from(ConsumerGroupWhat::TargetComputed {
                        group: id,
                        epoch: generation,
                    }));
                }
            }
        }
        self.tell(What::Synced { actor, generation });
    }

    /// The assignor of a classic group: the first that its consumers like, since those of a
    /// recorded group are all alike.
    fn assignor(&self, id: GroupId) -> Option<Assignor> {
        let group = self.document.groups.get(id.index())?;
        group.assignors().first().copied()
    }
}
