//! JoinGroup.

use super::coordinator::GroupCoordinator;
use super::member::Member;
use super::messages::{
    Caller, Effect, JoinError, JoinRequest, Joined, JoinedMember, RebalanceReason, SkipAssignment,
};
use super::state::{Arrivals, JoinPhase, State};
use crate::ids::ActorId;
use crate::kafka::assignor::Assignor;
use crate::kafka::group::MemberId;
use crate::time::{SimDuration, SimTime};

/// How long a new member may wait for the answer to its first join before it counts as gone.
/// `GroupCoordinatorConfig.CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS`, not a setting.
const NEW_MEMBER_JOIN_TIMEOUT: SimDuration = SimDuration::from_secs(300);

impl GroupCoordinator {
    /// Takes a JoinGroup request. It is answered by an effect: at once, or when all have joined.
    /// `GroupMetadataManager.classicGroupJoinToClassicGroup`.
    pub fn join(&mut self, now: SimTime, request: JoinRequest, effects: &mut Vec<Effect>) {
        let Some(member) = request.member else {
            self.join_anew(now, request, effects);
            return;
        };
        if !self.supports(&request.protocols) {
            refuse(member, JoinError::InconsistentGroupProtocol, effects);
            return;
        }
        if self.pending.remove(&member).is_some() {
            self.add_member(now, member, request, effects);
            return;
        }
        let caller = Caller {
            member,
            group_instance_id: request.group_instance_id,
        };
        if let Err(fault) = self.validate(caller) {
            refuse(member, fault.into(), effects);
            return;
        }
        let changed = (self.members.get(&member)).is_some_and(|known| !known.matches(&request));
        let leads = self.leader == Some(member);
        match self.state {
            State::PreparingRebalance(_) => {
                self.update_member(member, request);
                self.maybe_complete_join(now, effects);
            }
            State::Stable { .. } if leads => {
                // How a leader reports what changes the assignment and not its own subscription,
                // such as new partitions.
                self.update_member(member, request);
                self.prepare_rebalance(now, RebalanceReason::LeaderRejoined(member), effects);
            }
            State::CompletingRebalance { .. } | State::Stable { .. } if changed => {
                self.update_member(member, request);
                self.prepare_rebalance(now, RebalanceReason::SubscriptionChanged(member), effects);
            }
            // It may not have received the first answer.
            State::CompletingRebalance { .. } | State::Stable { .. } => {
                self.answer_join(member, SkipAssignment::No, effects);
            }
            State::Empty => refuse(member, JoinError::UnknownMemberId, effects),
        }
    }

    /// A first join is only told a member id to join again with, so that a consumer that tries
    /// again and again leaves no members behind. KIP-394; `classicGroupJoinNewDynamicMember`.
    fn give_member_id(&mut self, now: SimTime, request: &JoinRequest, effects: &mut Vec<Effect>) {
        let member = self.next_member_id(request.actor);
        self.pending.insert(member, ());
        self.sessions
            .schedule(member, now + request.session_timeout);
        refuse(member, JoinError::MemberIdRequired, effects);
    }

    /// A join of a process that has no member id. `classicGroupJoinNewMember`.
    fn join_anew(&mut self, now: SimTime, request: JoinRequest, effects: &mut Vec<Effect>) {
        if !self.supports(&request.protocols) {
            let nobody = self.next_member_id(request.actor);
            refuse(nobody, JoinError::InconsistentGroupProtocol, effects);
            return;
        }
        match request.group_instance_id {
            None => self.give_member_id(now, &request, effects),
            Some(instance) => self.join_static(now, (instance, request), effects),
        }
    }

    pub(super) fn next_member_id(&mut self, actor: ActorId) -> MemberId {
        let next = self.incarnations.entry(actor).or_insert(0);
        let incarnation = *next;
        *next = incarnation.saturating_add(1);
        MemberId { actor, incarnation }
    }

    /// The member id that `actor` was given last; none if it was given none.
    #[must_use]
    pub fn latest_id(&self, actor: ActorId) -> Option<MemberId> {
        let given = *self.incarnations.get(&actor)?;
        let incarnation = given.checked_sub(1)?;
        Some(MemberId { actor, incarnation })
    }

    /// `GroupMetadataManager.addMemberThenRebalanceOrCompleteJoin`.
    pub(super) fn add_member(
        &mut self,
        now: SimTime,
        member: MemberId,
        request: JoinRequest,
        effects: &mut Vec<Effect>,
    ) {
        if let State::PreparingRebalance(JoinPhase::Initial(delay)) = &mut self.state {
            delay.arrivals = Arrivals::Some;
        }
        if let Some(instance) = request.group_instance_id {
            self.statics.insert(instance, member);
        }
        self.members
            .insert(member, Member::new(self.joined, request));
        self.joined = self.joined.saturating_add(1);
        self.leader.get_or_insert(member);
        self.sessions
            .schedule(member, now + NEW_MEMBER_JOIN_TIMEOUT);
        effects.push(Effect::MemberJoined { member });
        match self.state {
            State::PreparingRebalance(_) => self.maybe_complete_join(now, effects),
            State::Empty | State::CompletingRebalance { .. } | State::Stable { .. } => {
                self.prepare_rebalance(now, RebalanceReason::MemberJoined(member), effects);
            }
        }
    }

    pub(super) fn update_member(&mut self, member: MemberId, request: JoinRequest) {
        if let Some(known) = self.members.get_mut(&member) {
            known.rejoin(request);
        }
    }

    /// Tells `member` the current generation.
    pub(super) fn answer_join(
        &self,
        member: MemberId,
        skip_assignment: SkipAssignment,
        effects: &mut Vec<Effect>,
    ) {
        let (Some(leader), Some(protocol)) = (self.leader, self.protocol) else {
            return;
        };
        let members = if leader == member {
            self.joined_members()
        } else {
            Vec::new()
        };
        effects.push(Effect::JoinAnswered {
            member,
            answer: Ok(Joined {
                generation: self.generation,
                leader,
                protocol,
                skip_assignment,
                members,
            }),
        });
    }

    /// `ClassicGroup.currentClassicGroupMembers`.
    fn joined_members(&self) -> Vec<JoinedMember> {
        self.members()
            .into_iter()
            .filter_map(|member| {
                let known = self.members.get(&member)?;
                Some(JoinedMember {
                    member,
                    group_instance_id: known.group_instance_id,
                    subscription: known.subscription.clone(),
                })
            })
            .collect()
    }

    /// Forgets `member`. A join that is parked is answered, so that a consumer that is still there
    /// joins anew; if it led, the first that is left leads. `ClassicGroup.remove`.
    pub(super) fn remove_member(&mut self, member: MemberId, effects: &mut Vec<Effect>) {
        let Some(known) = self.members.remove(&member) else {
            return;
        };
        if let Some(instance) = known.group_instance_id {
            self.statics.remove(&instance);
        }
        if known.awaits_join() {
            refuse(member, JoinError::UnknownMemberId, effects);
        }
        if self.leader == Some(member) {
            self.leader = self.members().first().copied();
        }
    }

    /// Whether one of `protocols` is supported by all members. `ClassicGroup.supportsProtocols`.
    fn supports(&self, protocols: &[Assignor]) -> bool {
        protocols.iter().any(|protocol| {
            let mut members = self.members.values();
            members.all(|member| member.protocols.contains(protocol))
        })
    }

    /// The assignor of the next generation: each member votes for the first of its list that all
    /// support; the one with the most votes is taken. Of several with as many, Kafka takes any; here
    /// the one that the first member likes better. `ClassicGroup.selectProtocol`.
    pub(super) fn select_protocol(&self) -> Option<Assignor> {
        let supported = |protocol: &&Assignor| self.supports(&[**protocol]);
        let votes = |protocol: Assignor| {
            let members = self.members.values();
            let voted = members.filter_map(|member| member.protocols.iter().find(supported));
            voted.filter(|voted| **voted == protocol).count()
        };
        let first = self.members().first().copied()?;
        let candidates = self.members.get(&first)?.protocols.iter().filter(supported);
        candidates
            .copied()
            .rev()
            .max_by_key(|protocol| votes(*protocol))
    }

    /// Whether nobody is waited for. `ClassicGroup.hasAllMembersJoined`.
    pub(super) fn all_have_joined(&self) -> bool {
        self.pending.is_empty() && self.members.values().all(Member::awaits_join)
    }
}

pub(super) fn refuse(member: MemberId, error: JoinError, effects: &mut Vec<Effect>) {
    effects.push(Effect::JoinAnswered {
        member,
        answer: Err(error),
    });
}
