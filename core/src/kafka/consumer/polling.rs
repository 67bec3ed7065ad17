//! `poll()`, and what it asks the brokers for.

use super::membership::Phase;
use super::reading::{Owned, Polled, Position};
use super::rebalancing::Looked;
use super::state::{Client, Leaving, State};
use super::wishes::Flow;
use crate::ids::{ActorId, Offset};
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::trace::What;

impl KafkaLane {
    pub(in crate::kafka) fn on_reading(
        &mut self,
        step: &mut Step<'_>,
        timer: KafkaTimer,
        client: Client,
    ) {
        match timer {
            KafkaTimer::FetchArrives(_, fetch) => self.fetch_arrives(step, client, fetch),
            KafkaTimer::FetchExpires(_, fetch) => self.fetch_expires(step, client, fetch),
            KafkaTimer::FetchAnswer(_, fetch) => self.fetch_answer(step, client, fetch),
            KafkaTimer::OffsetsArrive(_, fetch) => self.offsets_arrive(step, client, fetch),
            KafkaTimer::OffsetsAnswer(_, fetch) => self.offsets_answer(step, client, fetch),
            KafkaTimer::WorkDone(_, number) => self.work_done(step, client, number),
            KafkaTimer::CommitAnswer(_, news) => self.commit_answer(step, client, news),
            KafkaTimer::RetryDue(_) => {
                let state = self.consumers.get(client.actor.index()).map(|c| c.state);
                if state == Some(State::BackingOff) {
                    self.poll(step, client.actor);
                }
            }
            KafkaTimer::Wakes(_) => self.wakes(step, client.actor),
            _ => {}
        }
    }

    /// Its application has been told something that it does at its next poll: now, if it is in one.
    fn wakes(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        if !consumer.is_in_poll() {
            return;
        }
        if consumer.leaving == Leaving::Yes {
            return self.close(step, actor);
        }
        if !consumer.wishes.is_empty() {
            return self.poll(step, actor);
        }
        self.heed(step, actor);
    }

    /// `KafkaConsumer.poll()`: looks after the group, asks for positions that it does not know,
    /// commits automatically if that is due, and returns what lies ready or fetches.
    pub(super) fn poll(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.state = State::Polling;
        consumer.polled_at = step.now;
        if consumer.leaving == Leaving::Yes {
            return self.close(step, actor);
        }
        self.grant_wishes(step, actor);
        if self.look_after_membership(step, actor) != Looked::Elsewhere {
            self.read_on(step, actor);
        }
    }

    /// The rest of a poll.
    pub(super) fn read_on(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let is_unknown = |owned: &Owned| owned.position.offset().is_none();
        if consumer.owned.iter().any(is_unknown) {
            return self.ask_for_offsets(step, actor);
        }
        let commits = match &consumer.modern {
            Some(membership) => membership.is_member(),
            None => consumer.membership.phase == Phase::Stable,
        };
        if commits && consumer.auto_commit_at <= step.now {
            self.commit_automatically(step, actor);
        }
        self.take_batch(step, actor);
        let consumer = self.consumers.get(actor.index());
        let has_batch = consumer.is_some_and(|consumer| !consumer.batch.is_empty());
        // Also ahead of what will be worked on now.
        self.send_fetch(step, actor);
        if has_batch {
            self.next_record(step, actor);
        }
    }

    fn commit_automatically(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let settings = self.settings_of(actor);
        if settings.is_some_and(|settings| settings.enable_auto_commit) {
            self.commit_positions(step, actor, (None, Awaited::No));
        }
    }

    /// Returns up to `max.poll.records` of what was fetched, but for what is paused. The position moves
    /// at once, for all of them, before any is worked on.
    fn take_batch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let limit = self
            .groups
            .get(consumer.group)
            .map_or(0, |g| g.settings.max_poll_records);
        let mut left = limit;
        for fetched in &mut consumer.fetched {
            let its = |owned: &&mut Owned| owned.partition == fetched.partition;
            let Some(owned) = consumer.owned.iter_mut().find(its) else {
                continue;
            };
            if left == 0 || owned.flow == Flow::Paused {
                continue;
            }
            let (partition, first) = (fetched.partition, fetched.from);
            let end = Offset(fetched.to.0.min(first.0.saturating_add(left)));
            left -= end.0 - first.0;
            fetched.from = end;
            let log = self.topics.get(partition.topic.index());
            let known = log.and_then(|logs| logs.get(partition.partition.index()));
            let Some(known) = known else { continue };
            let log = known.log.records();
            let offsets = first.0..end.0;
            for (offset, message) in offsets.zip(log.iter_from(first.index())) {
                consumer.batch.push_back(Polled {
                    partition,
                    offset: Offset(offset),
                    message: *message,
                });
            }
            owned.position = Position::At(end);
            owned.epoch = known.epoch_before(end);
            step.out.event(What::Polled {
                actor,
                partition,
                from: first,
                to: end,
            });
        }
        consumer.fetched.retain(|fetched| fetched.from < fetched.to);
        // The records of a poll come partition by partition. `ConsumerRecords`.
        let batch = consumer.batch.make_contiguous();
        batch.sort_by_key(|record| record.partition);
    }
}
