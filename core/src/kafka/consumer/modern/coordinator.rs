//! The coordinator of a group of the consumer protocol in its lane: what comes to it over the
//! network, and what it does, as events.

use std::collections::VecDeque;

use super::membership::Membership;
use crate::ids::{ActorId, Generation, GroupId, TopicId};
use crate::kafka::assignor::TopicMetadata;
use crate::kafka::consumer::Client;
use crate::kafka::group::MemberId;
use crate::kafka::group::consumer::{
    CommitRequest, ConsumerGroupCoordinator, ConsumerGroupSettings, ConsumerGroupState, Effect,
    EpochReason, FenceReason, HeartbeatRequest, MemberEpoch,
};
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::scenario;
use crate::time::SimTime;
use crate::trace::{ConsumerGroupWhat, Life, RebalanceReason, What};

/// The coordinator of a group of the consumer protocol. What is on its way to it arrives in the
/// order it was sent, whatever has become of who sent it.
#[derive(Clone, Debug)]
pub(crate) struct Modern {
    pub(crate) coordinator: ConsumerGroupCoordinator,
    pub(super) effects: Vec<Effect>,
    /// Heartbeats on their way, with the attempts of their senders.
    pub(super) heartbeats: VecDeque<(u32, HeartbeatRequest)>,
    /// Commits on their way.
    pub(super) commits: VecDeque<CommitRequest>,
}

/// What is due later in a group of the consumer protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ModernTimer {
    /// The background thread of a client has something to do, if this was its last alarm.
    Background(Client, u32),
    /// A heartbeat reaches the coordinator.
    HeartbeatArrives(Client),
    /// Its answer reaches the client.
    HeartbeatAnswer(Client),
    /// A commit reaches the coordinator.
    CommitArrives(Client, Awaited),
    /// The refusal of a commit that nobody waits for reaches the client.
    CommitRefused(Client),
}

impl Modern {
    /// The coordinator of a group in a lane whose topics have so many partitions.
    pub(crate) fn new(lane: &scenario::KafkaLane) -> Self {
        let settings = ConsumerGroupSettings {
            session_timeout: lane.group_consumer_session_timeout,
            heartbeat_interval: lane.group_consumer_heartbeat_interval,
            assignment_interval: lane.group_consumer_assignment_interval,
        };
        let topics = (0_u16..).zip(&lane.topics).map(|(id, topic)| {
            let partitions = u16::try_from(topic.partitions).unwrap_or(u16::MAX);
            TopicMetadata::new(TopicId(id), partitions)
        });
        Self {
            coordinator: ConsumerGroupCoordinator::new(settings, topics.collect()),
            effects: Vec::new(),
            heartbeats: VecDeque::new(),
            commits: VecDeque::new(),
        }
    }
}

impl Modern {
    pub(in crate::kafka) fn advance(&mut self, now: SimTime) {
        self.coordinator.advance(now, &mut self.effects);
    }
}

impl KafkaLane {
    pub(in crate::kafka) fn on_modern_timer(&mut self, step: &mut Step<'_>, timer: ModernTimer) {
        let lives = |lane: &mut Self, client| {
            lane.lives(client) && !lane.piles_up(client, KafkaTimer::Modern(timer))
        };
        match timer {
            ModernTimer::HeartbeatArrives(client) => self.modern_heartbeat_arrives(step, client),
            ModernTimer::CommitArrives(client, awaited) => {
                self.modern_commit_arrives(step, (client, awaited));
            }
            ModernTimer::Background(client, alarm) => {
                if lives(self, client) {
                    self.wake_background(step, client, alarm);
                }
            }
            ModernTimer::HeartbeatAnswer(client) => {
                if lives(self, client) {
                    self.hear_heartbeat(step, client);
                }
            }
            ModernTimer::CommitRefused(client) => {
                if lives(self, client) {
                    self.forget_committed(client.actor);
                }
            }
        }
    }

    pub(super) fn modern(&self, actor: ActorId) -> Option<&Membership> {
        self.consumers.get(actor.index())?.modern.as_ref()
    }

    pub(super) fn modern_mut(&mut self, actor: ActorId) -> Option<&mut Membership> {
        self.consumers.get_mut(actor.index())?.modern.as_mut()
    }

    /// The coordinator of the group of `actor`, and the group's number.
    pub(super) fn modern_group(&mut self, actor: ActorId) -> Option<(usize, &mut Modern)> {
        let index = self.consumers.get(actor.index())?.group;
        let modern = self.groups.get_mut(index)?.modern.as_mut()?;
        Some((index, modern))
    }

    /// Turns what the coordinator did into events.
    pub(in crate::kafka) fn drain_modern(&mut self, step: &mut Step<'_>, index: usize) {
        let group = GroupId(u16::try_from(index).unwrap_or(u16::MAX));
        let modern = self.groups.get_mut(index).and_then(|g| g.modern.as_mut());
        let Some(modern) = modern else { return };
        let effects = std::mem::take(&mut modern.effects);
        let mut fenced = FenceReason::SessionExpired;
        for effect in &effects {
            if let Effect::MemberFenced { reason, .. } = *effect {
                fenced = reason;
            }
            let what = match *effect {
                Effect::GroupEpochBumped { epoch, reason } => {
                    let (actor, reason) = reason_of(reason, fenced);
                    let epoch = generation(epoch);
                    ConsumerGroupWhat::EpochBumped {
                        group,
                        epoch,
                        actor,
                        reason,
                    }
                    .into()
                }
                Effect::MemberJoined { .. }
                | Effect::MemberLeft { .. }
                | Effect::StaticMemberLeft { .. }
                | Effect::StaticMemberReturned { .. }
                | Effect::MemberFenced { .. } => match self.told_of_member(group, *effect) {
                    Some(what) => what,
                    None => continue,
                },
                _ => match told_of_partitions(group, *effect) {
                    Some(what) => what,
                    None => continue,
                },
            };
            step.out.event(what);
        }
        self.note_wake(step, index);
    }

    /// What is told of a member that comes or goes.
    fn told_of_member(&self, group: GroupId, effect: Effect) -> Option<What> {
        Some(match effect {
            Effect::MemberJoined { member } => {
                let actor = member.actor;
                ConsumerGroupWhat::Joined { group, actor }.into()
            }
            Effect::MemberLeft { member } => {
                let (actor, life) = (member.actor, self.life_of(member));
                ConsumerGroupWhat::Left { group, actor, life }.into()
            }
            Effect::StaticMemberLeft { member } => {
                let actor = member.actor;
                ConsumerGroupWhat::LeftForAWhile { group, actor }.into()
            }
            Effect::StaticMemberReturned { old, new } => What::StaticMemberReplaced {
                group,
                actor: new.actor,
                before: old.actor,
            },
            Effect::MemberFenced { member, reason } => {
                let (actor, life) = (member.actor, self.life_of(member));
                match reason {
                    FenceReason::SessionExpired => What::SessionExpired { group, actor },
                    FenceReason::RebalanceTimedOut => {
                        ConsumerGroupWhat::RevocationTimedOut { group, actor, life }.into()
                    }
                }
            }
            _ => return None,
        })
    }

    /// Whether a member is what its consumer is now.
    fn life_of(&self, member: MemberId) -> Life {
        let consumer = self.consumers.get(member.actor.index());
        let present = consumer.map(|consumer| member_of(member.actor, consumer.incarnation));
        if present == Some(member) {
            Life::Present
        } else {
            Life::Former
        }
    }
}

/// The member id that a process makes up when it starts.
pub(super) const fn member_of(actor: ActorId, incarnation: u32) -> MemberId {
    MemberId {
        actor,
        incarnation: incarnation.saturating_sub(1),
    }
}

/// An epoch as events name it: those below 1 never get there.
pub(super) fn generation(epoch: MemberEpoch) -> Generation {
    Generation(u32::try_from(epoch.0).unwrap_or(0))
}

fn told_of_partitions(group: GroupId, effect: Effect) -> Option<What> {
    let what = match effect {
        Effect::TargetChanged { partition, member } => ConsumerGroupWhat::TargetChanged {
            group,
            partition,
            actor: member.map(|member| member.actor),
        },
        Effect::TargetComputed { epoch } => ConsumerGroupWhat::TargetComputed {
            group,
            epoch: generation(epoch),
        },
        Effect::Given { member, partition } => ConsumerGroupWhat::Given {
            actor: member.actor,
            partition,
        },
        Effect::RevocationPending { member, partition } => ConsumerGroupWhat::RevocationPending {
            actor: member.actor,
            partition,
        },
        Effect::Released { member, partition } => ConsumerGroupWhat::Released {
            actor: member.actor,
            partition,
        },
        // A static member that leaves for a while is told of by itself.
        Effect::MemberReconciled {
            member,
            epoch,
            state,
        } if epoch >= MemberEpoch::JOIN => ConsumerGroupWhat::Reconciled {
            actor: member.actor,
            epoch: generation(epoch),
            state,
        },
        Effect::StateChanged {
            state: ConsumerGroupState::Stable,
        } => return Some(What::GroupStable { group }),
        _ => return None,
    };
    Some(what.into())
}

fn reason_of(reason: EpochReason, fenced: FenceReason) -> (Option<ActorId>, RebalanceReason) {
    let fence = match fenced {
        FenceReason::SessionExpired => RebalanceReason::SessionExpired,
        FenceReason::RebalanceTimedOut => RebalanceReason::RevocationTimedOut,
    };
    match reason {
        EpochReason::MemberJoined(member) => (Some(member.actor), RebalanceReason::MemberJoined),
        EpochReason::SubscriptionChanged(member) => {
            (Some(member.actor), RebalanceReason::SubscriptionChanged)
        }
        EpochReason::MetadataChanged => (None, RebalanceReason::MetadataChanged),
        EpochReason::MemberLeft(member) => (Some(member.actor), RebalanceReason::MemberLeft),
        EpochReason::MemberFenced(member) => (Some(member.actor), fence),
    }
}
