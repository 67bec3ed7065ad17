//! What the coordinators of groups of the consumer protocol know.

use super::group::{GroupPhase, Holder, Holding, KnownMember, RebalanceStep};
use super::kafka::KafkaWorld;
use crate::ids::{ActorId, Generation, GroupId, TopicPartition};
use crate::kafka::group::consumer::MemberState;
use crate::scenario::GroupProtocol;
use crate::time::SimTime;
use crate::trace::{ConsumerGroupWhat, Life, RebalanceReason};

impl KafkaWorld {
    pub(super) fn fold_consumer_group(&mut self, at: SimTime, what: ConsumerGroupWhat) {
        match what {
            ConsumerGroupWhat::Joined { actor, .. } => self.join(at, actor),
            ConsumerGroupWhat::Left { actor, life, .. }
            | ConsumerGroupWhat::RevocationTimedOut { actor, life, .. } => match life {
                Life::Present => self.change_known(actor, |_| None),
                Life::Former => self.forget(actor),
            },
            ConsumerGroupWhat::LeftForAWhile { actor, .. } => self.change_known(actor, |known| {
                Some(KnownMember {
                    epoch: None,
                    since: at,
                    ..known?
                })
            }),
            ConsumerGroupWhat::EpochBumped {
                group,
                epoch,
                actor,
                reason,
            } => self.bump(at, group, (epoch, actor, reason)),
            ConsumerGroupWhat::TargetComputed { group, epoch } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.generation = epoch;
                    group.completes();
                }
            }
            ConsumerGroupWhat::Reconciled {
                actor,
                epoch,
                state,
            } => self.change_known(actor, |_| {
                Some(KnownMember {
                    epoch: Some(epoch),
                    state,
                    since: at,
                })
            }),
            ConsumerGroupWhat::TargetChanged {
                group,
                partition,
                actor,
            } => {
                let index = self.flat_index(partition);
                let group = self.groups.get_mut(group.index());
                if let Some(reading) = group.and_then(|group| group.reading.get_mut(index)) {
                    reading.target = actor;
                }
            }
            ConsumerGroupWhat::Given { actor, partition } => {
                self.hold(actor, partition, Holding::Assigned);
            }
            ConsumerGroupWhat::RevocationPending { actor, partition } => {
                self.hold(actor, partition, Holding::PendingRevocation);
            }
            ConsumerGroupWhat::Released { actor, partition } => {
                self.read(actor, partition, |reading| reading.holder = None);
                // Of a member that was thrown out nobody can say what it does with it.
                self.give_up(at, actor, Some(partition));
            }
        }
    }

    pub(super) fn is_of_consumer_protocol(&self, group: GroupId) -> bool {
        let group = self.groups.get(group.index());
        group.is_some_and(|group| group.protocol == GroupProtocol::Consumer)
    }

    pub(super) fn is_modern(&self, actor: ActorId) -> bool {
        let group = self.teams.get(actor.index());
        group.is_some_and(|group| self.is_of_consumer_protocol(*group))
    }

    fn change_known(
        &mut self,
        actor: ActorId,
        change: impl FnOnce(Option<KnownMember>) -> Option<KnownMember>,
    ) {
        if let Some(member) = self.members.get_mut(actor.index()) {
            member.known = change(member.known);
        }
    }

    fn join(&mut self, at: SimTime, actor: ActorId) {
        let Some(member) = self.members.get_mut(actor.index()) else {
            return;
        };
        let before = member.known.replace(KnownMember {
            epoch: Some(Generation(0)),
            state: MemberState::Stable,
            since: at,
        });
        member.former = member.former.saturating_add(before.is_some().into());
    }

    /// A static member takes the place that it, or another one, had.
    pub(super) fn replace(
        &mut self,
        at: SimTime,
        group: GroupId,
        (actor, before): (ActorId, ActorId),
    ) {
        if !self.is_of_consumer_protocol(group) {
            return;
        }
        self.change_known(before, |_| None);
        self.join(at, actor);
    }

    /// The session of a member has ended: of two that a consumer was, that of the one before.
    pub(super) fn forget(&mut self, actor: ActorId) {
        if let Some(member) = self.members.get_mut(actor.index()) {
            if member.former > 0 {
                member.former -= 1;
            } else {
                member.known = None;
            }
        }
    }

    fn is_empty(&self, group: GroupId) -> bool {
        let mut members = self.members.iter().zip(&self.teams);
        !members
            .any(|(member, team)| *team == group && (member.known.is_some() || member.former > 0))
    }

    fn bump(
        &mut self,
        at: SimTime,
        id: GroupId,
        (epoch, actor, reason): (Generation, Option<ActorId>, RebalanceReason),
    ) {
        let is_empty = self.is_empty(id);
        let Some(group) = self.groups.get_mut(id.index()) else {
            return;
        };
        group.group_epoch = epoch;
        group.phase = match group.phase {
            _ if is_empty => GroupPhase::Empty,
            GroupPhase::Rebalancing { since, .. } => GroupPhase::Rebalancing {
                since,
                actor,
                reason,
                step: RebalanceStep::Preparing,
            },
            GroupPhase::Empty | GroupPhase::Stable => GroupPhase::Rebalancing {
                since: at,
                actor,
                reason,
                step: RebalanceStep::Preparing,
            },
        };
    }

    fn hold(&mut self, actor: ActorId, partition: TopicPartition, holding: Holding) {
        self.read(actor, partition, |reading| {
            reading.holder = Some(Holder { actor, holding });
        });
    }
}
