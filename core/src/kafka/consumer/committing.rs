//! How a consumer commits what it has read.

use super::membership::Phase;
use super::modern;
use super::reading::Polled;
use super::state::{Client, State, Then};
use super::working::Others;
use crate::ids::{ActorId, Generation, Offset, TopicPartition};
use crate::kafka::group::classic::{CommitError, CommitRequest};
use crate::kafka::lane::{Awaited, Call, Commit, CommitNews, KafkaLane, KafkaTimer, News, Step};
use crate::scenario::CommitCall;
use crate::trace::{CommitRefusal, What};

/// What has become of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// There was nothing to commit.
    Nothing,
    /// It is on its way.
    Something,
    /// The client itself knows that it would be refused.
    Refused(CommitRefusal),
}

impl KafkaLane {
    /// Commits the record in hand: its offset plus one, the offset to be read next.
    pub(super) fn commit_record(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (record, then): (Polled, Then),
    ) {
        let awaited = self.commit_call(actor);
        let offsets = [(record.partition, record.offset.next())];
        let sent = self.send_commit(step, actor, (&offsets, awaited));
        self.after_commit(step, actor, (sent, awaited, then));
    }

    /// Commits the positions after the last record of a batch.
    pub(super) fn commit_batch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let awaited = self.commit_call(actor);
        let sent = self.commit_positions(step, actor, (None, awaited));
        self.after_commit(step, actor, (sent, awaited, Then::Poll));
    }

    /// Whether the application waits for the answers to its commits.
    fn commit_call(&self, actor: ActorId) -> Awaited {
        match self.settings_of(actor).map(|settings| settings.commit_call) {
            Some(CommitCall::Async) => Awaited::No,
            Some(CommitCall::Sync) | None => Awaited::Yes,
        }
    }

    fn after_commit(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (sent, awaited, then): (Sent, Awaited, Then),
    ) {
        match (sent, awaited) {
            (Sent::Something, Awaited::Yes) => {
                if let Some(consumer) = self.consumers.get_mut(actor.index()) {
                    consumer.state = State::Committing { then };
                }
            }
            (Sent::Refused(error), Awaited::Yes) => self.cannot_commit(step, actor, (error, then)),
            (Sent::Nothing | Sent::Something | Sent::Refused(_), _) => {
                self.go_on(step, actor, then);
            }
        }
    }

    /// Commits the positions of what is owned, all or `only` some, where they have changed.
    pub(super) fn commit_positions(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (only, awaited): (Option<&[TopicPartition]>, Awaited),
    ) -> Sent {
        let interval = self
            .settings_of(actor)
            .map(|settings| settings.auto_commit_interval);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return Sent::Nothing;
        };
        consumer.auto_commit_at = step.now + interval.unwrap_or_default();
        let changed = consumer.owned.iter().filter_map(|owned| {
            let position = owned.position.offset()?;
            let is_meant = only.is_none_or(|only| only.contains(&owned.partition));
            let is_new = owned.committed != Some(position);
            (is_meant && is_new).then_some((owned.partition, position))
        });
        let changed: Vec<_> = changed.collect();
        if changed.is_empty() {
            return Sent::Nothing;
        }
        self.send_commit(step, actor, (&changed, awaited))
    }

    /// Sends a commit, partition by partition; the answer to the last one is that of all. Who knows
    /// that it is not in the group, or that it rebalances, does not even ask.
    /// `ConsumerCoordinator.sendOffsetCommitRequest`.
    fn send_commit(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (offsets, awaited): (&[(TopicPartition, Offset)], Awaited),
    ) -> Sent {
        let consumer = self.consumers.get(actor.index());
        if consumer.is_some_and(|consumer| consumer.modern.is_some()) {
            return self.send_modern_commit(step, actor, (offsets, awaited));
        }
        let client = self.client(actor);
        let call = match self.commit_identity(actor) {
            Ok(call) => call,
            Err(error) => {
                for &(partition, offset) in offsets {
                    step.out.event(What::CommitRefused {
                        actor,
                        partition,
                        offset,
                        error,
                    });
                }
                return Sent::Refused(error);
            }
        };
        let last = offsets.len().saturating_sub(1);
        for (n, &(partition, offset)) in offsets.iter().enumerate() {
            let commit = Commit {
                partition,
                offset,
                call,
                awaited: if n == last { awaited } else { Awaited::No },
            };
            let owned = self.consumers.get_mut(actor.index());
            if let Some(owned) = owned.and_then(|consumer| consumer.owned_mut(partition)) {
                owned.committed = Some(offset);
            }
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::CommitArrives(client, commit),
            );
        }
        Sent::Something
    }

    fn commit_identity(&self, actor: ActorId) -> Result<Call, CommitRefusal> {
        let consumer = self.consumers.get(actor.index());
        match consumer.map(|consumer| consumer.membership.phase) {
            Some(Phase::Preparing | Phase::Completing) => Err(CommitRefusal::RebalanceInProgress),
            Some(Phase::Stable) => self.call(actor),
            Some(Phase::Unjoined) | None => Err(CommitRefusal::NotInGroup),
        }
    }

    pub(in crate::kafka) fn commit_arrives(
        &mut self,
        step: &mut Step<'_>,
        client: Client,
        commit: Commit,
    ) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let index = consumer.group;
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let (partition, offset) = (commit.partition, commit.offset);
        let Call { caller, generation } = commit.call;
        let request = CommitRequest {
            caller,
            generation,
            offsets: vec![(partition, offset)],
        };
        let news = match group.coordinator.commit(step.now, &request) {
            Ok(()) => {
                step.out.event(What::Committed {
                    actor,
                    partition,
                    offset,
                });
                CommitNews::Stored
            }
            Err(error) => {
                let error = match error {
                    CommitError::UnknownMemberId => CommitRefusal::UnknownMemberId,
                    CommitError::IllegalGeneration => CommitRefusal::IllegalGeneration,
                    CommitError::RebalanceInProgress => CommitRefusal::RebalanceInProgress,
                    CommitError::FencedInstanceId => CommitRefusal::FencedInstanceId,
                };
                step.out.event(What::CommitRefused {
                    actor,
                    partition,
                    offset,
                    error,
                });
                CommitNews::Refused(error, generation)
            }
        };
        self.note_wake(step, index);
        let answer = match (commit.awaited, news) {
            (Awaited::Yes, _) => KafkaTimer::CommitAnswer(client, news),
            (Awaited::No, CommitNews::Stored) => return,
            // Nobody waits for it, but the next poll acts on it.
            // ConsumerCoordinator.OffsetCommitResponseHandler.
            (Awaited::No, CommitNews::Refused(error, generation)) => {
                KafkaTimer::MembershipNews(client, news_of(error, generation))
            }
        };
        step.out.timer(step.now + self.latency, answer);
    }

    pub(super) fn commit_answer(&mut self, step: &mut Step<'_>, client: Client, news: CommitNews) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let State::Committing { then } = consumer.state else {
            return;
        };
        match news {
            CommitNews::Stored => self.go_on(step, actor, then),
            CommitNews::Refused(error, generation) => {
                consumer.take_in(news_of(error, generation));
                for owned in &mut consumer.owned {
                    owned.committed = None;
                }
                self.cannot_commit(step, actor, (error, then));
            }
        }
    }

    /// `commitSync()` throws. While the group rebalances the member keeps what it owns, and a later
    /// commit will do; but who commits before the work reads the record again. If it is not a member
    /// any more, its batch is over, and the next poll tells it so.
    fn cannot_commit(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (error, then): (CommitRefusal, Then),
    ) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        match (error, then, consumer.current) {
            (CommitRefusal::RebalanceInProgress, Then::Work, Some(record)) => {
                self.seek_back(step, actor, (record, Others::ReadAgain));
            }
            (CommitRefusal::RebalanceInProgress, _, _) => self.go_on(step, actor, then),
            _ if consumer
                .modern
                .as_ref()
                .is_some_and(modern::Membership::is_member) =>
            {
                self.go_back_unheard(step, actor, then);
            }
            _ => {
                consumer.batch.clear();
                self.poll(step, actor);
            }
        }
    }

    /// The commit was refused for good, but the member has not heard that it is none any more: only a
    /// heartbeat tells it, and until then it would read on behind what it has not worked on. Our
    /// application goes back to that.
    fn go_back_unheard(&mut self, step: &mut Step<'_>, actor: ActorId, then: Then) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let unworked = match then {
            Then::Work => consumer.current,
            Then::NextRecord | Then::Poll => consumer.batch.pop_front(),
        };
        match unworked {
            Some(record) => self.seek_back(step, actor, (record, Others::ReadAgain)),
            None => self.poll(step, actor),
        }
    }

    fn go_on(&mut self, step: &mut Step<'_>, actor: ActorId, then: Then) {
        let current = self.consumers.get(actor.index()).and_then(|c| c.current);
        match (then, current) {
            (Then::Work, Some(record)) => self.start_work(step, actor, record),
            (Then::Poll, _) => self.poll(step, actor),
            (Then::Work | Then::NextRecord, _) => self.next_record(step, actor),
        }
    }
}

const fn news_of(error: CommitRefusal, generation: Generation) -> News {
    match error {
        CommitRefusal::RebalanceInProgress => News::Rebalancing,
        CommitRefusal::IllegalGeneration | CommitRefusal::StaleMemberEpoch => {
            News::Outdated(generation)
        }
        CommitRefusal::UnknownMemberId | CommitRefusal::NotInGroup => News::Unknown(generation),
        CommitRefusal::FencedInstanceId => News::Fenced(generation),
    }
}
