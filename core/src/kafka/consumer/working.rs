//! The work on the records of a poll, and what comes of a failure.

use super::reading::{Polled, Position};
use super::state::{Client, State, Then};
use crate::ids::{ActorId, CopyId};
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::{CommitWhen, OnFailure};
use crate::trace::{Millis, PositionOrigin, What};

/// What becomes of records of other partitions that the poll had returned as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Those that were not worked on are read again.
    ReadAgain,
    /// The position stays behind them.
    PassedOver,
}

impl KafkaLane {
    /// Takes the next record of the batch in hand; after the last one, polls.
    pub(super) fn next_record(&mut self, step: &mut Step<'_>, actor: ActorId) {
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

    pub(super) fn start_work(&mut self, step: &mut Step<'_>, actor: ActorId, record: Polled) {
        let client = self.client(actor);
        let message = record.message;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let own = consumer.takes;
        let takes = step.work.map_or(0, |work| work.takes_for(message, own).0);
        let takes = Millis(takes.saturating_mul(consumer.slow.into()));
        let ends_at = step.now + takes.into();
        let number = consumer.work.1 + 1;
        consumer.work = (ends_at, number);
        consumer.state = State::Working;
        step.out.event(What::WorkStarted {
            actor,
            message,
            copy: CopyId(0),
            takes,
        });
        step.out
            .timer(ends_at, KafkaTimer::WorkDone(client, number));
    }

    pub(super) fn work_done(&mut self, step: &mut Step<'_>, client: Client, number: u32) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let (Some(record), State::Working) = (consumer.current, consumer.state) else {
            return;
        };
        if consumer.work.1 != number {
            return;
        }
        let message = record.message;
        let copy = CopyId(0);
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
            step.out.event(What::WorkFailed {
                actor,
                message,
                copy,
            });
            let others = match group.settings.on_failure {
                OnFailure::Retry => Some(Others::ReadAgain),
                OnFailure::SeekBack => Some(Others::PassedOver),
                OnFailure::Skip => None,
            };
            if let Some(others) = others {
                return self.seek_back(step, actor, (record, others));
            }
        } else {
            step.out.event(What::WorkFinished {
                actor,
                message,
                copy,
            });
        }
        if self.commit_when(actor) == Some(CommitWhen::AfterRecord) {
            self.commit_record(step, actor, (record, Then::NextRecord));
        } else {
            self.next_record(step, actor);
        }
    }

    /// Goes back to the record that failed, and polls again after the back-off.
    pub(super) fn seek_back(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (failed, others): (Polled, Others),
    ) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let Some(settings) = self.groups.get(consumer.group).map(|group| &group.settings) else {
            return;
        };
        consumer.state = State::BackingOff;
        let mut rest = std::mem::take(&mut consumer.batch);
        if others == Others::PassedOver {
            let partition = failed.partition;
            rest.clear();
            consumer.fetched.retain(|its| its.partition != partition);
        } else {
            consumer.fetched.clear();
        }
        for owned in &mut consumer.owned {
            let mut unworked = std::iter::once(&failed).chain(&rest);
            let first = unworked.find(|record| record.partition == owned.partition);
            if let Some(&Polled {
                partition, offset, ..
            }) = first
            {
                owned.epoch = None;
                owned.position = Position::At(offset);
                step.out.event(What::PositionSet {
                    actor,
                    partition,
                    offset,
                    origin: PositionOrigin::SeekBack,
                });
            }
        }
        let at = step.now + settings.retry_backoff;
        step.out.timer(at, KafkaTimer::RetryDue(client));
    }
}
