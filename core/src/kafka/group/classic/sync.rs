//! SyncGroup.

use super::coordinator::GroupCoordinator;
use super::member::{Member, WaitsFor};
use super::messages::{Caller, Effect, MemberAssignment, SyncError, SyncRequest};
use super::state::{GroupState, State};
use crate::ids::{Generation, TopicPartition};
use crate::kafka::group::MemberId;
use crate::time::SimTime;

impl GroupCoordinator {
    /// Takes a SyncGroup request. It is answered by an effect: at once, or when the leader has
    /// sent the assignment. `GroupMetadataManager.classicGroupSyncToClassicGroup`.
    pub fn sync(&mut self, now: SimTime, request: SyncRequest, effects: &mut Vec<Effect>) {
        let member = request.caller.member;
        if let Err(error) = self.check_sync(request.caller, request.generation) {
            answer(member, Err(error), effects);
            return;
        }
        match self.state {
            State::Empty => answer(member, Err(SyncError::UnknownMemberId), effects),
            State::PreparingRebalance(_) => {
                answer(member, Err(SyncError::RebalanceInProgress), effects);
            }
            State::CompletingRebalance { .. } => {
                self.note_sync(member, WaitsFor::Sync);
                if self.leader == Some(member) {
                    self.assign(now, request.assignments, effects);
                }
            }
            State::Stable { .. } => {
                self.note_sync(member, WaitsFor::Nothing);
                answer(member, Ok(self.assignment(member).to_vec()), effects);
            }
        }
    }

    /// `GroupMetadataManager.validateSyncGroup`.
    fn check_sync(&self, caller: Caller, generation: Generation) -> Result<(), SyncError> {
        self.validate(caller)?;
        if generation != self.generation {
            return Err(SyncError::IllegalGeneration);
        }
        Ok(())
    }

    /// `GroupMetadataManager.removePendingSyncMember`: the last sync stops the timer.
    fn note_sync(&mut self, member: MemberId, waits_for: WaitsFor) {
        if let Some(known) = self.members.get_mut(&member) {
            known.waits_for = waits_for;
        }
        let missing = |known: &Member| known.waits_for == WaitsFor::ItsSync;
        if self.members.values().any(missing) {
            return;
        }
        if let State::CompletingRebalance { sync_deadline } | State::Stable { sync_deadline } =
            &mut self.state
        {
            *sync_deadline = None;
        }
    }

    /// Takes the leader's assignment and hands it to those that wait for it; the others get it
    /// when they sync. `GroupMetadataManager.setAndPropagateAssignment`.
    fn assign(
        &mut self,
        now: SimTime,
        assignments: Vec<MemberAssignment>,
        effects: &mut Vec<Effect>,
    ) {
        for (_, known) in self.members.iter_mut() {
            known.assignment.clear();
        }
        for assignment in assignments {
            if let Some(known) = self.members.get_mut(&assignment.member) {
                known.assignment = assignment.partitions;
            }
        }
        self.enter(
            State::Stable {
                sync_deadline: self.state.deadline(),
            },
            effects,
        );
        self.answer_syncs(now, GroupState::Stable, effects);
    }

    /// Answers everybody who waits for an assignment: with it if the group is now stable, else
    /// that a rebalance is in progress. Their sessions begin anew.
    /// `GroupMetadataManager.propagateAssignment`.
    pub(super) fn answer_syncs(
        &mut self,
        now: SimTime,
        state: GroupState,
        effects: &mut Vec<Effect>,
    ) {
        for member in self.members() {
            let Some(known) = self.members.get_mut(&member) else {
                continue;
            };
            if known.waits_for != WaitsFor::Sync {
                continue;
            }
            known.waits_for = WaitsFor::Nothing;
            let result = match state {
                GroupState::Stable => Ok(known.assignment.clone()),
                GroupState::Empty
                | GroupState::PreparingRebalance
                | GroupState::CompletingRebalance => Err(SyncError::RebalanceInProgress),
            };
            self.restart_session(now, member);
            answer(member, result, effects);
        }
    }
}

fn answer(
    member: MemberId,
    answer: Result<Vec<TopicPartition>, SyncError>,
    effects: &mut Vec<Effect>,
) {
    effects.push(Effect::SyncAnswered { member, answer });
}
