//! How a rebalance begins, waits and ends.

use super::coordinator::GroupCoordinator;
use super::member::{Member, WaitsFor};
use super::messages::{Effect, RebalancePhase, RebalanceReason, SkipAssignment};
use super::state::{Arrivals, GroupState, InitialDelay, JoinPhase, State};
use crate::ids::Generation;
use crate::kafka::group::MemberId;
use crate::time::{SimDuration, SimTime};

impl GroupCoordinator {
    /// Has everybody join again. From Empty it waits for strangers, else for the known members;
    /// if all of them have joined already, the next generation begins at once.
    /// `GroupMetadataManager.prepareRebalance`.
    pub(super) fn prepare_rebalance(
        &mut self,
        now: SimTime,
        reason: RebalanceReason,
        effects: &mut Vec<Effect>,
    ) {
        effects.push(Effect::RebalanceStarted { reason });
        let timeout = self.rebalance_timeout();
        let phase = match self.state {
            State::Empty => JoinPhase::Initial(self.initial_delay(now, timeout)),
            State::PreparingRebalance(_)
            | State::CompletingRebalance { .. }
            | State::Stable { .. } => JoinPhase::Delayed {
                deadline: now + timeout,
            },
        };
        self.enter(State::PreparingRebalance(phase), effects);
        self.answer_syncs(now, GroupState::PreparingRebalance, effects);
        for (_, known) in self.members.iter_mut() {
            if known.waits_for == WaitsFor::ItsSync {
                known.waits_for = WaitsFor::Nothing;
            }
        }
        self.maybe_complete_join(now, effects);
    }

    /// KIP-134: the first stretch; the whole wait is at most the rebalance timeout.
    fn initial_delay(&self, now: SimTime, timeout: SimDuration) -> InitialDelay {
        let delay = self.settings.initial_rebalance_delay;
        InitialDelay {
            deadline: now + delay,
            remaining: less(timeout, delay),
            arrivals: Arrivals::None,
        }
    }

    /// Begins the next generation if all have joined; a group that was empty waits its time all
    /// the same. `GroupMetadataManager.maybeCompleteJoinPhase`.
    pub(super) fn maybe_complete_join(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        let waits_for_members = matches!(
            self.state,
            State::PreparingRebalance(JoinPhase::Delayed { .. })
        );
        if waits_for_members && self.all_have_joined() {
            self.complete_join(now, effects);
        }
    }

    /// Begins the next generation with those that have joined, and removes the others; a static
    /// member may be late and stays until its session is over.
    /// `GroupMetadataManager.completeClassicGroupJoin`.
    fn complete_join(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        let is_late = |known: &Member| !known.awaits_join() && known.group_instance_id.is_none();
        let late = self.members_that(is_late);
        self.remove_late(&late, RebalancePhase::Join, effects);
        if !self.members.is_empty() && self.elect_leader().is_none() {
            // Only static members are left, and none has joined: their sessions decide.
            let deadline = now + self.rebalance_timeout();
            self.state = State::PreparingRebalance(JoinPhase::Delayed { deadline });
            return;
        }

        self.generation = Generation(self.generation.0.saturating_add(1));
        self.protocol = self.select_protocol();
        effects.push(Effect::GenerationStarted {
            generation: self.generation,
            protocol: self.protocol,
        });
        if self.members.is_empty() {
            self.enter(State::Empty, effects);
            return;
        }
        let sync_deadline = Some(now + self.rebalance_timeout());
        self.enter(State::CompletingRebalance { sync_deadline }, effects);
        for member in self.members() {
            let Some(known) = self.members.get_mut(&member) else {
                continue;
            };
            let has_joined = known.awaits_join();
            known.waits_for = WaitsFor::ItsSync;
            known.assignment.clear();
            self.restart_session(now, member);
            if has_joined {
                self.answer_join(member, SkipAssignment::No, effects);
            }
        }
    }

    /// The leader, if it has joined; else the first that has leads from now on.
    /// `ClassicGroup.maybeElectNewJoinedLeader`.
    fn elect_leader(&mut self) -> Option<MemberId> {
        let joined = self.members_that(Member::awaits_join);
        if !self.leader.is_some_and(|leader| joined.contains(&leader)) {
            self.leader = Some(*joined.first()?);
        }
        self.leader
    }

    /// What happens when the time of a state is over.
    pub(super) fn expire_state(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        match self.state {
            State::Empty => {}
            State::PreparingRebalance(JoinPhase::Initial(delay)) => {
                self.expire_initial_delay(now, delay, effects);
            }
            State::PreparingRebalance(JoinPhase::Delayed { .. }) => {
                self.complete_join(now, effects);
            }
            State::CompletingRebalance { .. } | State::Stable { .. } => {
                self.expire_syncs(now, effects);
            }
        }
    }

    /// Waits another stretch if somebody joined in this one and time remains.
    /// `GroupMetadataManager.tryCompleteInitialRebalanceElseSchedule`.
    fn expire_initial_delay(
        &mut self,
        now: SimTime,
        over: InitialDelay,
        effects: &mut Vec<Effect>,
    ) {
        if over.arrivals == Arrivals::None || over.remaining == SimDuration::ZERO {
            self.complete_join(now, effects);
            return;
        }
        let delay = self.settings.initial_rebalance_delay.min(over.remaining);
        self.state = State::PreparingRebalance(JoinPhase::Initial(InitialDelay {
            deadline: now + delay,
            remaining: less(over.remaining, delay),
            arrivals: Arrivals::None,
        }));
    }

    /// Removes the members that did not sync. `GroupMetadataManager.expirePendingSync`.
    fn expire_syncs(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        let late = self.members_that(|known| known.waits_for == WaitsFor::ItsSync);
        self.remove_late(&late, RebalancePhase::Sync, effects);
        self.prepare_rebalance(now, RebalanceReason::MembersDidNotSync, effects);
    }

    fn remove_late(&mut self, late: &[MemberId], phase: RebalancePhase, effects: &mut Vec<Effect>) {
        for &member in late {
            effects.push(Effect::MemberTimedOutOfRebalance { member, phase });
            self.remove_member(member, effects);
            self.sessions.cancel(member);
        }
    }

    /// What happens when no heartbeat of `member` came in time.
    /// `GroupMetadataManager.expireClassicGroupMemberHeartbeat`.
    pub(super) fn expire_session(
        &mut self,
        now: SimTime,
        member: MemberId,
        effects: &mut Vec<Effect>,
    ) {
        if self.pending.remove(&member).is_none() {
            match self.members.get(&member) {
                Some(known) if !known.has_satisfied_heartbeat() => {}
                _ => return,
            }
            effects.push(Effect::MemberTimedOut { member });
            self.remove_member(member, effects);
            if let State::CompletingRebalance { .. } | State::Stable { .. } = self.state {
                let reason = RebalanceReason::MemberTimedOut(member);
                self.prepare_rebalance(now, reason, effects);
                return;
            }
        }
        // Unlike a join or a leave, this ends the wait of a group that was empty as well.
        if matches!(self.state, State::PreparingRebalance(_)) && self.all_have_joined() {
            self.complete_join(now, effects);
        }
    }

    /// The longest that a member allows. `ClassicGroup.rebalanceTimeoutMs`.
    fn rebalance_timeout(&self) -> SimDuration {
        self.members
            .values()
            .map(|member| member.rebalance_timeout)
            .max()
            .unwrap_or_default()
    }

    pub(super) fn enter(&mut self, state: State, effects: &mut Vec<Effect>) {
        self.state = state;
        effects.push(Effect::StateChanged {
            state: state.name(),
        });
    }
}

/// `from` without `length`, at least zero.
const fn less(from: SimDuration, length: SimDuration) -> SimDuration {
    SimDuration::from_micros(from.as_micros().saturating_sub(length.as_micros()))
}
