//! The work of a recorded consumer. When it ends was said; when it begins follows from how that
//! consumer was written, which the recordings' notes tell: record by record, at once.

use super::super::document::{RecordOf, RecordingError};
use super::member::{Commits, Member};
use super::records::{Place, find_place};
use super::teller::Teller;
use crate::ids::{ActorId, CopyId};
use crate::trace::{PositionOrigin, What};

impl Teller<'_> {
    /// A consumer that commits like this has come to where it begins with its next record: as the
    /// recorded consumer was written, it does so at once.
    pub(super) fn go_on(&mut self, actor: ActorId, commits: Commits) -> Result<(), RecordingError> {
        let Some(member) = self.members.get_mut(actor.index()) else {
            return Ok(());
        };
        if member.habit.commits != commits || member.working.is_some() {
            return Ok(());
        }
        let Some(place) = member.pending.pop_front() else {
            return Ok(());
        };
        member.working = Some(place);
        let message = self.records.message(place)?;
        let takes = member.habit.takes(self.records.value(message));
        self.tell(What::WorkStarted {
            actor,
            message,
            copy: CopyId(0),
            takes,
        });
        Ok(())
    }

    /// The work on a record ends; it has begun before, though nobody may have said so.
    fn put_down(&mut self, actor: ActorId, place: Place) -> Result<(), RecordingError> {
        let is_it = |member: &Member| member.working == Some(place);
        if !self.members.get(actor.index()).is_some_and(is_it) {
            self.change(actor, |member| {
                member.working = None;
                member.pending.retain(|its| *its != place);
                member.pending.push_front(place);
            });
            let commits = self.members.get(actor.index()).map(|m| m.habit.commits);
            self.go_on(actor, commits.unwrap_or_default())?;
        }
        self.change(actor, |member| member.working = None);
        Ok(())
    }

    pub(super) fn finish_work(
        &mut self,
        actor: ActorId,
        place: Place,
    ) -> Result<(), RecordingError> {
        let message = self.records.message(place)?;
        self.put_down(actor, place)?;
        self.tell(What::WorkFinished {
            actor,
            message,
            copy: CopyId(0),
        });
        Ok(())
    }

    pub(super) fn fail_work(&mut self, actor: ActorId, place: Place) -> Result<(), RecordingError> {
        let message = self.records.message(place)?;
        self.put_down(actor, place)?;
        self.tell(What::WorkFailed {
            actor,
            message,
            copy: CopyId(0),
        });
        Ok(())
    }

    /// A consumer that kept a record and said nothing of it speaks again: it does so no longer.
    pub(super) fn let_go(&mut self, actor: ActorId) -> Result<(), RecordingError> {
        let holding = self.members.get(actor.index());
        let held = holding.filter(|member| member.holding);
        let Some(place) = held.and_then(|member| member.working) else {
            return Ok(());
        };
        self.change(actor, |member| member.holding = false);
        self.fail_work(actor, place)?;
        self.go_on(actor, Commits::Elsewhere)
    }

    /// The work on a record failed: the recorded consumer drops what the poll returned, seeks back to
    /// this record, and polls.
    pub(super) fn seek_back(
        &mut self,
        actor: ActorId,
        record: &RecordOf,
    ) -> Result<(), RecordingError> {
        let (partition, offset) = find_place(self.cast, record)?;
        self.fail_work(actor, (partition, offset))?;
        self.change(actor, |member| member.pending.clear());
        self.tell(What::PositionSet {
            actor,
            partition,
            offset,
            origin: PositionOrigin::SeekBack,
        });
        Ok(())
    }
}
