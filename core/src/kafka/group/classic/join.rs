//! JoinGroup.

use super::coordinator::GroupCoordinator;
use super::member::Member;
use super::messages::{Effect, JoinError, JoinRequest, Joined, JoinedMember, RebalanceReason};
use super::state::{Arrivals, JoinPhase, State};
use crate::ids::ActorId;
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
            self.give_member_id(now, &request, effects);
            return;
        };
        if self.pending.remove(&member).is_some() {
            self.add_member(now, member, request, effects);
            return;
        }
        let Some(known) = self.members.get(&member) else {
            refuse(member, JoinError::UnknownMemberId, effects);
            return;
        };
        let changed = known.subscription != request.subscription;
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
                self.answer_join(member, effects);
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

    fn next_member_id(&mut self, actor: ActorId) -> MemberId {
        let next = self.incarnations.entry(actor).or_insert(0);
        let incarnation = *next;
        *next = incarnation.saturating_add(1);
        MemberId { actor, incarnation }
    }

    /// `GroupMetadataManager.addMemberThenRebalanceOrCompleteJoin`.
    fn add_member(
        &mut self,
        now: SimTime,
        member: MemberId,
        request: JoinRequest,
        effects: &mut Vec<Effect>,
    ) {
        if let State::PreparingRebalance(JoinPhase::Initial(delay)) = &mut self.state {
            delay.arrivals = Arrivals::Some;
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

    fn update_member(&mut self, member: MemberId, request: JoinRequest) {
        if let Some(known) = self.members.get_mut(&member) {
            known.rejoin(request);
        }
    }

    /// Tells `member` the current generation.
    pub(super) fn answer_join(&self, member: MemberId, effects: &mut Vec<Effect>) {
        let Some(leader) = self.leader else {
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
        if known.awaits_join() {
            refuse(member, JoinError::UnknownMemberId, effects);
        }
        if self.leader == Some(member) {
            self.leader = self.members().first().copied();
        }
    }

    /// Whether nobody is waited for. `ClassicGroup.hasAllMembersJoined`.
    pub(super) fn all_have_joined(&self) -> bool {
        self.pending.is_empty() && self.members.values().all(Member::awaits_join)
    }
}

fn refuse(member: MemberId, error: JoinError, effects: &mut Vec<Effect>) {
    effects.push(Effect::JoinAnswered {
        member,
        answer: Err(error),
    });
}
