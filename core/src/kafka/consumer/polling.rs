//! `poll()`, and what it asks the brokers for.

use super::membership::Phase;
use super::reading::{Fetched, Owned, Polled, Position, ResetTo};
use super::rebalancing::Looked;
use super::state::{Client, Leaving, Parked, State};
use super::wishes::Flow;
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::defaults;
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
        consumer.state = State::Polling { parked: Parked::No };
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
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.batch.is_empty() {
            self.send_fetch(step, actor);
        } else {
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
            owned.position = Position::At(end);
            step.out.event(What::Polled {
                actor,
                partition,
                from: first,
                to: end,
            });
        }
        consumer.fetched.retain(|fetched| fetched.from < fetched.to);
    }

    fn send_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.state = State::Polling { parked: Parked::No };
        consumer.fetch += 1;
        consumer.in_flight.clear();
        consumer.out_of_range.clear();
        // Without a partition there is nobody to ask: only a rebalance changes that, or `resume()`.
        if consumer.owned.iter().any(|owned| owned.flow == Flow::Open) {
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
    pub(in crate::kafka) fn wake_readers(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
    ) {
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
            let mut positions = consumer.owned.iter();
            positions.any(|owned| {
                let position = owned.fetched_from();
                position.is_some_and(|position| position != self.log_end(owned.partition))
            })
        })
    }

    /// The broker answers with all there is, which may be nothing; or that there is no such offset.
    fn answer_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let fetched = consumer.owned.iter().filter_map(|owned| {
            let (partition, from) = (owned.partition, owned.fetched_from()?);
            let to = self.log_end(partition);
            (from < to).then_some(Fetched {
                partition,
                from,
                to,
            })
        });
        let fetched: Vec<Fetched> = fetched.collect();
        let is_out = |owned: &&Owned| {
            let from = owned.fetched_from();
            from.is_some_and(|from| from > self.log_end(owned.partition))
        };
        let out_of_range = consumer.owned.iter().filter(is_out);
        let out_of_range = out_of_range.map(|owned| owned.partition).collect();
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.in_flight = fetched;
            consumer.out_of_range = out_of_range;
            consumer.state = State::Polling { parked: Parked::No };
            let timer = KafkaTimer::FetchAnswer(client, consumer.fetch);
            step.out.timer(step.now + self.latency, timer);
        }
    }

    fn fetch_answer(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        if !self.is_fetching(client, fetch) {
            return;
        }
        if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            let fetched = std::mem::take(&mut consumer.in_flight);
            consumer.fetched.extend(fetched);
            for partition in std::mem::take(&mut consumer.out_of_range) {
                if let Some(owned) = consumer.owned_mut(partition) {
                    owned.position = Position::Reset(ResetTo::Policy);
                }
            }
        }
        self.poll(step, client.actor);
    }
}
