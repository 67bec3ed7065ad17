//! How a consumer reads: poll, fetch, work, commit.

use super::consumer::{Client, Fetched, Leaving, Parked, Polled, Rejoin, State, Then};
use super::lane::{Awaited, Commit, CommitNews, KafkaLane, KafkaTimer, Step};
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::group::classic::{CommitError, CommitRequest};
use crate::scenario::{CommitWhen, OnFailure};
use crate::trace::{CommitRefusal, PositionOrigin, What};

impl KafkaLane {
    pub(super) fn on_reading(&mut self, step: &mut Step<'_>, timer: KafkaTimer, client: Client) {
        match timer {
            KafkaTimer::FetchArrives(_, fetch) => self.fetch_arrives(step, client, fetch),
            KafkaTimer::FetchExpires(_, fetch) => self.fetch_expires(step, client, fetch),
            KafkaTimer::FetchAnswer(_, fetch) => self.fetch_answer(step, client, fetch),
            KafkaTimer::WorkDone(_) => self.work_done(step, client),
            KafkaTimer::CommitAnswer(_, news) => self.commit_answer(step, client, news),
            KafkaTimer::RetryDue(_) => {
                let state = self.consumers.get(client.actor.index()).map(|c| c.state);
                if state == Some(State::BackingOff) {
                    self.poll(step, client.actor);
                }
            }
            _ => {}
        }
    }

    /// `KafkaConsumer.poll()`: rejoins if it has to, commits automatically if that is due, and
    /// returns what lies ready or fetches.
    pub(super) fn poll(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        if consumer.leaving == Leaving::Yes {
            return self.close(step, actor);
        }
        if consumer.rejoin != Rejoin::No {
            return self.rejoin(step, actor);
        }
        if consumer.auto_commit_at <= step.now {
            self.commit_positions(step, actor, Awaited::No);
        }
        self.take_batch(step, actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.batch.is_empty() {
            self.send_fetch(step, actor);
        } else {
            self.next_record(step, actor);
        }
    }

    /// Returns up to `max.poll.records` of what was fetched. The position moves at once, for all
    /// of them, before any is worked on.
    fn take_batch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let limit = self
            .groups
            .get(consumer.group)
            .map_or(0, |g| g.settings.max_poll_records);
        let mut left = limit;
        while left > 0
            && let Some(Fetched {
                partition,
                from,
                to,
            }) = consumer.fetched.first_mut()
        {
            let (partition, first) = (*partition, *from);
            let end = Offset(to.0.min(first.0.saturating_add(left)));
            left -= end.0 - first.0;
            *from = end;
            if end >= *to {
                consumer.fetched.remove(0);
            }
            let log = self.topics.get(partition.topic.index());
            let log = log.and_then(|logs| logs.get(partition.partition.index()));
            let Some(log) = log else { continue };
            let offsets = first.0..end.0;
            for (offset, message) in offsets.zip(log.iter_from(first.index())) {
                consumer.batch.push_back(Polled {
                    partition,
                    offset: Offset(offset),
                    message: *message,
                });
            }
            if let Some(owned) = consumer.owned_mut(partition) {
                owned.position = Some(end);
            }
            step.out.event(What::Polled {
                actor,
                partition,
                from: first,
                to: end,
            });
        }
    }

    fn send_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.state = State::Polling { parked: Parked::No };
        consumer.fetch += 1;
        // Without a partition there is nobody to ask: only a rebalance changes that.
        if !consumer.owned.is_empty() {
            let timer = KafkaTimer::FetchArrives(client, consumer.fetch);
            step.out.timer(step.now + self.latency, timer);
        }
    }

    fn fetch_arrives(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        if !self.is_fetching(client, fetch) {
            return;
        }
        if self.has_records(client.actor) {
            self.answer_fetch(step, client.actor);
        } else if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.state = State::Polling {
                parked: Parked::Yes,
            };
            let at = step.now + defaults::FETCH_MAX_WAIT;
            step.out.timer(at, KafkaTimer::FetchExpires(client, fetch));
        }
    }

    /// Records have come: the fetches that wait for this partition are answered.
    pub(super) fn wake_readers(&mut self, step: &mut Step<'_>, partition: TopicPartition) {
        for index in 0..self.consumers.len() {
            let waits = self.consumers.get(index).is_some_and(|consumer| {
                consumer.state
                    == State::Polling {
                        parked: Parked::Yes,
                    }
                    && consumer
                        .owned
                        .iter()
                        .any(|owned| owned.partition == partition)
            });
            if waits {
                let actor = ActorId(u16::try_from(index).unwrap_or(u16::MAX));
                self.answer_fetch(step, actor);
            }
        }
    }

    fn fetch_expires(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        let state = self.consumers.get(client.actor.index()).map(|c| c.state);
        let parked = State::Polling {
            parked: Parked::Yes,
        };
        if self.is_fetching(client, fetch) && state == Some(parked) {
            self.answer_fetch(step, client.actor);
        }
    }

    fn is_fetching(&self, client: Client, fetch: u32) -> bool {
        self.consumers
            .get(client.actor.index())
            .is_some_and(|consumer| {
                consumer.fetch == fetch && matches!(consumer.state, State::Polling { .. })
            })
    }

    fn has_records(&self, actor: ActorId) -> bool {
        self.consumers.get(actor.index()).is_some_and(|consumer| {
            consumer.owned.iter().any(|owned| {
                owned
                    .position
                    .is_some_and(|position| position < self.log_end(owned.partition))
            })
        })
    }

    /// The broker answers with all there is, which may be nothing.
    fn answer_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let fetched = consumer.owned.iter().filter_map(|owned| {
            let (partition, from) = (owned.partition, owned.position?);
            let to = self.log_end(partition);
            (from < to).then_some(Fetched {
                partition,
                from,
                to,
            })
        });
        let fetched: Vec<Fetched> = fetched.collect();
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.fetched = fetched;
            consumer.state = State::Polling { parked: Parked::No };
            let timer = KafkaTimer::FetchAnswer(client, consumer.fetch);
            step.out.timer(step.now + self.latency, timer);
        }
    }

    fn fetch_answer(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        if self.is_fetching(client, fetch) {
            self.poll(step, client.actor);
        }
    }

    /// Takes the next record of the batch in hand; after the last one, polls.
    fn next_record(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.current = consumer.batch.pop_front();
        let commit = self.commit_when(actor);
        let Some(record) = self.consumers.get(actor.index()).and_then(|c| c.current) else {
            if commit == Some(CommitWhen::AfterPoll) {
                return self.commit_batch(step, actor);
            }
            return self.poll(step, actor);
        };
        if commit == Some(CommitWhen::BeforeWork) {
            self.commit_record(step, actor, (record, Then::Work));
        } else {
            self.start_work(step, actor, record);
        }
    }

    fn commit_when(&self, actor: ActorId) -> Option<CommitWhen> {
        let group = self.consumers.get(actor.index())?.group;
        self.groups.get(group)?.settings.commit
    }

    fn start_work(&mut self, step: &mut Step<'_>, actor: ActorId, record: Polled) {
        let client = self.client(actor);
        let message = record.message;
        let takes = step
            .work
            .map(|work| work.takes(message))
            .unwrap_or_default();
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Working;
        }
        step.out.event(What::WorkStarted {
            actor,
            message,
            takes,
        });
        step.out
            .timer(step.now + takes.into(), KafkaTimer::WorkDone(client));
    }

    fn work_done(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let (Some(record), State::Working) = (consumer.current, consumer.state) else {
            return;
        };
        let message = record.message;
        let Some(group) = self.groups.get_mut(consumer.group) else {
            return;
        };
        // Kafka counts no attempts; the consumers of the group are given as many failures as the
        // workload has for the message.
        let failed = group.attempts.get(&message).copied().unwrap_or(0);
        if step
            .work
            .is_some_and(|work| work.fails(message, failed + 1))
        {
            group.attempts.insert(message, failed + 1);
            step.out.event(What::WorkFailed { actor, message });
            if group.settings.on_failure == OnFailure::Retry {
                return self.seek_back(step, client, record);
            }
        } else {
            step.out.event(What::WorkFinished { actor, message });
        }
        if self.commit_when(actor) == Some(CommitWhen::AfterRecord) {
            self.commit_record(step, actor, (record, Then::NextRecord));
        } else {
            self.next_record(step, actor);
        }
    }

    /// Goes back to the record that failed, and in the other partitions to what was polled and
    /// not worked on; reads them again after the back-off.
    fn seek_back(&mut self, step: &mut Step<'_>, client: Client, failed: Polled) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.state = State::BackingOff;
        consumer.fetched.clear();
        let rest = std::mem::take(&mut consumer.batch);
        for owned in &mut consumer.owned {
            let unworked = std::iter::once(&failed).chain(&rest);
            let first = unworked
                .into_iter()
                .find(|record| record.partition == owned.partition);
            if let Some(&Polled {
                partition, offset, ..
            }) = first
            {
                owned.position = Some(offset);
                step.out.event(What::PositionSet {
                    actor,
                    partition,
                    offset,
                    origin: PositionOrigin::SeekBack,
                });
            }
        }
        let backoff = self
            .groups
            .get(consumer.group)
            .map(|g| g.settings.retry_backoff);
        let at = step.now + backoff.unwrap_or_default();
        step.out.timer(at, KafkaTimer::RetryDue(client));
    }

    /// Commits the record in hand: its offset plus one, the offset to be read next.
    fn commit_record(
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
    fn commit_batch(&mut self, step: &mut Step<'_>, actor: ActorId) {
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

    pub(super) fn commit_arrives(&mut self, step: &mut Step<'_>, client: Client, commit: Commit) {
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
        if commit.awaited == Awaited::Yes {
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::CommitAnswer(client, news),
            );
        }
    }

    fn commit_answer(&mut self, step: &mut Step<'_>, client: Client, news: CommitNews) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let State::Committing { then } = consumer.state else {
            return;
        };
        if let CommitNews::Refused(error) = news {
            // A refused commit ends the batch; the next poll joins again.
            consumer.rejoin = match error {
                CommitRefusal::RebalanceInProgress => Rejoin::Needed,
                CommitRefusal::IllegalGeneration => Rejoin::Outdated,
                CommitRefusal::UnknownMemberId => Rejoin::Unknown,
            };
            return self.poll(step, actor);
        }
        match (then, consumer.current) {
            (Then::Work, Some(record)) => self.start_work(step, actor, record),
            (Then::Poll, _) => self.poll(step, actor),
            (Then::Work | Then::NextRecord, _) => self.next_record(step, actor),
        }
    }
}

/// Whether a commit was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Nothing,
    Something,
}
