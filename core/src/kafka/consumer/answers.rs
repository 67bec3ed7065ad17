//! What a group's coordinator did, as events, and its answers, on their way to the consumers.

use super::membership::Answer;
use super::state::State;
use crate::ids::{ActorId, GroupId};
use crate::kafka::assignor::Assignor;
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{Effect, GroupState, RebalanceReason};
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::trace::{self, What};

impl KafkaLane {
    /// Turns what the coordinator did into events, and its answers into messages on the wire.
    pub(in crate::kafka) fn drain_effects(&mut self, step: &mut Step<'_>, index: usize) {
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let mut effects = std::mem::take(&mut group.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::JoinAnswered { member, answer } => {
                    self.answer(step, member, Answer::Join(member, answer));
                }
                Effect::SyncAnswered { member, answer } => {
                    self.answer(step, member, Answer::Sync(answer));
                }
                other => self.report(step, index, &other),
            }
        }
        if let Some(group) = self.groups.get_mut(index) {
            group.effects = effects;
        }
        self.note_wake(step, index);
    }

    fn answer(&mut self, step: &mut Step<'_>, member: MemberId, answer: Answer) {
        let client = self.client(member.actor);
        if let Some(consumer) = self.consumers.get_mut(member.actor.index()) {
            // An answer for an earlier life of the process has nobody to go to.
            let membership = &mut consumer.membership;
            let is_for_it = [membership.member, membership.given].contains(&Some(member));
            if consumer.state != State::Down && is_for_it {
                membership.on_the_wire.push_back(answer);
                step.out
                    .timer(step.now + self.latency, KafkaTimer::AnswerArrives(client));
            }
        }
    }

    /// Says by which assignor a group assigns from now on, if it is another one than before.
    fn report_protocol(&mut self, step: &mut Step<'_>, index: usize, protocol: Option<Assignor>) {
        if let (Some(group), Some(assignor)) = (self.groups.get_mut(index), protocol)
            && group.told_protocol.replace(assignor) != protocol
        {
            let group = GroupId(u16::try_from(index).unwrap_or(u16::MAX));
            step.out.event(What::ProtocolChosen { group, assignor });
        }
    }

    fn report(&mut self, step: &mut Step<'_>, index: usize, effect: &Effect) {
        let group = GroupId(u16::try_from(index).unwrap_or(u16::MAX));
        let what = match effect {
            Effect::RebalanceStarted { reason } => {
                let (actor, reason) = reason_of(*reason);
                What::RebalanceStarted {
                    group,
                    actor,
                    reason,
                }
            }
            Effect::MemberTimedOut { member } => What::SessionExpired {
                group,
                actor: member.actor,
            },
            Effect::MemberTimedOutOfRebalance { member, .. } => What::RebalanceTimedOut {
                group,
                actor: member.actor,
            },
            Effect::GenerationStarted {
                generation,
                protocol,
            } => {
                self.report_protocol(step, index, *protocol);
                let members = self
                    .groups
                    .get(index)
                    .map_or(0, |g| g.coordinator.member_count());
                What::GenerationStarted {
                    group,
                    generation: *generation,
                    members: u16::try_from(members).unwrap_or(u16::MAX),
                }
            }
            Effect::StaticMemberReplaced { member, before } => What::StaticMemberReplaced {
                group,
                actor: member.actor,
                before: before.actor,
            },
            Effect::StateChanged {
                state: GroupState::Stable,
            } => What::GroupStable { group },
            _ => return,
        };
        step.out.event(what);
    }
}

fn reason_of(reason: RebalanceReason) -> (Option<ActorId>, trace::RebalanceReason) {
    use trace::RebalanceReason as Told;
    match reason {
        RebalanceReason::MemberJoined(member) => (Some(member.actor), Told::MemberJoined),
        RebalanceReason::SubscriptionChanged(member) | RebalanceReason::LeaderRejoined(member) => {
            (Some(member.actor), Told::MemberRejoined)
        }
        RebalanceReason::StaticMemberReplaced(member) => {
            (Some(member.actor), Told::StaticMemberReplaced)
        }
        RebalanceReason::MemberLeft(member) => (Some(member.actor), Told::MemberLeft),
        RebalanceReason::MemberTimedOut(member) => (Some(member.actor), Told::SessionExpired),
        RebalanceReason::MembersDidNotSync => (None, Told::MembersDidNotSync),
    }
}
