//! How a consumer commits what it has read.

use super::state::{Client, Polled, State, Then};
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::group::classic::{CommitError, CommitRequest};
use crate::kafka::lane::{Awaited, Commit, CommitNews, KafkaLane, KafkaTimer, News, Step};
use crate::trace::{CommitRefusal, What};

impl KafkaLane {
    /// Commits the record in hand: its offset plus one, the offset to be read next.
    pub(super) fn commit_record(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (record, then): (Polled, Then),
    ) {
        self.send_commit(
            step,
            actor,
            (record.partition, record.offset.next(), Awaited::Yes),
        );
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Committing { then };
        }
    }

    /// Commits the positions after the last record of a batch, and waits for the answer.
    pub(super) fn commit_batch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        if self.commit_positions(step, actor, Awaited::Yes) == Sent::Something {
            if let Some(consumer) = self.consumers.get_mut(actor.index()) {
                consumer.state = State::Committing { then: Then::Poll };
            }
        } else {
            self.poll(step, actor);
        }
    }

    /// Commits the positions of all that is owned, where they have changed: automatically, or as
    /// the consumer's own commit after a poll.
    pub(super) fn commit_positions(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        awaited: Awaited,
    ) -> Sent {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return Sent::Nothing;
        };
        let Some(group) = self.groups.get(consumer.group) else {
            return Sent::Nothing;
        };
        if !group.settings.enable_auto_commit && awaited == Awaited::No {
            return Sent::Nothing;
        }
        consumer.auto_commit_at = step.now + group.settings.auto_commit_interval;
        let changed = consumer.owned.iter_mut().filter_map(|owned| {
            let position = owned
                .position
                .filter(|_| owned.position != owned.committed)?;
            owned.committed = Some(position);
            Some((owned.partition, position))
        });
        let changed: Vec<_> = changed.collect();
        let last = changed.len().saturating_sub(1);
        for (n, (partition, offset)) in changed.iter().enumerate() {
            let awaited = if n == last { awaited } else { Awaited::No };
            self.send_commit(step, actor, (*partition, *offset, awaited));
        }
        if changed.is_empty() {
            Sent::Nothing
        } else {
            Sent::Something
        }
    }

    fn send_commit(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (partition, offset, awaited): (TopicPartition, Offset, Awaited),
    ) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            let commit = Commit {
                partition,
                offset,
                member: consumer.member,
                generation: consumer.generation,
                awaited,
            };
            if let Some(owned) = consumer.owned_mut(partition) {
                owned.committed = Some(offset);
            }
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::CommitArrives(client, commit),
            );
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
        let (Some(group), Some(member)) = (self.groups.get_mut(index), commit.member) else {
            return;
        };
        let (partition, offset) = (commit.partition, commit.offset);
        let request = CommitRequest {
            member,
            generation: commit.generation,
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
                };
                step.out.event(What::CommitRefused {
                    actor,
                    partition,
                    offset,
                    error,
                });
                CommitNews::Refused(error)
            }
        };
        self.note_wake(step, index);
        let answer = match (commit.awaited, news) {
            (Awaited::Yes, _) => KafkaTimer::CommitAnswer(client, news),
            (Awaited::No, CommitNews::Stored) => return,
            // Nobody waits for it, but the next poll acts on it.
            // ConsumerCoordinator.OffsetCommitResponseHandler.
            (Awaited::No, CommitNews::Refused(error)) => {
                KafkaTimer::MembershipNews(client, news_of(error))
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
        if let CommitNews::Refused(error) = news {
            // A refused commit ends the batch; the next poll joins again.
            consumer.rejoin = news_of(error).into();
            return self.poll(step, actor);
        }
        match (then, consumer.current) {
            (Then::Work, Some(record)) => self.start_work(step, actor, record),
            (Then::Poll, _) => self.poll(step, actor),
            (Then::Work | Then::NextRecord, _) => self.next_record(step, actor),
        }
    }
}

const fn news_of(error: CommitRefusal) -> News {
    match error {
        CommitRefusal::RebalanceInProgress => News::Rebalancing,
        CommitRefusal::IllegalGeneration => News::Outdated,
        CommitRefusal::UnknownMemberId => News::Unknown,
    }
}

/// Whether a commit was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Nothing,
    Something,
}
