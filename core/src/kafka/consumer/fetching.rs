//! What a consumer asks the brokers for, also while it works: one request at a time, since one broker
//! has all its partitions here.

use super::reading::{Fetched, Owned, Position, ResetTo};
use super::state::{Client, State};
use super::wishes::Flow;
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};

/// The request for records that a consumer has sent last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fetch {
    /// Which request it is: an answer to an earlier one is dropped.
    number: u32,
    stage: Stage,
    /// What it asks for, and from where.
    asked: Vec<(TopicPartition, Offset)>,
    /// What its answer brings.
    brings: Vec<Fetched>,
    /// The partitions of which the answer says that the log has no such offset.
    out_of_range: Vec<TopicPartition>,
}

/// Where a fetch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// There is none.
    #[default]
    None,
    /// On its way, there or back.
    OnTheWay,
    /// At the broker, until there is something to read.
    Parked,
}

impl KafkaLane {
    /// Asks for what is to be read next, unless a request is on its way, or something that was fetched
    /// lies ready. `AbstractFetch.prepareFetchRequests`: no request to a broker of which data are
    /// buffered (KAFKA-17182).
    pub(super) fn send_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let is_open = |partition: TopicPartition| {
            let mut owned = consumer.owned.iter();
            owned.any(|its| its.partition == partition && its.flow == Flow::Open)
        };
        let lies_ready = consumer.fetched.iter().any(|its| is_open(its.partition));
        if consumer.fetch.stage != Stage::None || lies_ready {
            return;
        }
        // Without a partition there is nobody to ask: only a rebalance changes that, or `resume()`.
        let asks = |owned: &Owned| Some((owned.served, owned.partition, owned.fetched_from()?));
        let mut asked: Vec<_> = consumer.owned.iter().filter_map(asks).collect();
        if asked.is_empty() {
            return;
        }
        // What was served last comes last. `FetchSession.IncrementalFetchContext`.
        asked.sort_by_key(|(served, ..)| *served);
        let fetch = &mut consumer.fetch;
        fetch.number += 1;
        fetch.stage = Stage::OnTheWay;
        fetch.asked.clear();
        let asked = asked
            .into_iter()
            .map(|(_, partition, from)| (partition, from));
        fetch.asked.extend(asked);
        let timer = KafkaTimer::FetchArrives(client, fetch.number);
        step.out.timer(step.now + self.latency, timer);
    }

    pub(super) fn fetch_arrives(&mut self, step: &mut Step<'_>, client: Client, number: u32) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        if consumer.fetch.number != number {
            return;
        }
        let mut asked = consumer.fetch.asked.iter();
        if asked.any(|(partition, from)| *from != self.log_end(*partition)) {
            self.answer_fetch(step, client.actor);
        } else if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.fetch.stage = Stage::Parked;
            let at = step.now + defaults::FETCH_MAX_WAIT;
            step.out.timer(at, KafkaTimer::FetchExpires(client, number));
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
                let mut asked = consumer.fetch.asked.iter();
                consumer.fetch.stage == Stage::Parked && asked.any(|(its, _)| *its == partition)
            });
            if waits {
                let actor = ActorId(u16::try_from(index).unwrap_or(u16::MAX));
                self.answer_fetch(step, actor);
            }
        }
    }

    pub(super) fn fetch_expires(&mut self, step: &mut Step<'_>, client: Client, number: u32) {
        let consumer = self.consumers.get(client.actor.index());
        let is_parked = |fetch: &Fetch| fetch.number == number && fetch.stage == Stage::Parked;
        if consumer.is_some_and(|consumer| is_parked(&consumer.fetch)) {
            self.answer_fetch(step, client.actor);
        }
    }

    /// The broker answers with all there is, which may be nothing; or that there is no such offset.
    fn answer_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let mut fetch = std::mem::take(&mut consumer.fetch);
        fetch.brings.clear();
        fetch.out_of_range.clear();
        for &(partition, from) in &fetch.asked {
            let to = self.log_end(partition);
            if from < to {
                fetch.brings.push(Fetched {
                    partition,
                    from,
                    to,
                });
            } else if from > to {
                fetch.out_of_range.push(partition);
            }
        }
        fetch.stage = Stage::OnTheWay;
        let timer = KafkaTimer::FetchAnswer(client, fetch.number);
        step.out.timer(step.now + self.latency, timer);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            for fetched in &fetch.brings {
                if let Some(owned) = consumer.owned_mut(fetched.partition) {
                    owned.served = fetch.number;
                }
            }
            consumer.fetch = fetch;
        }
    }

    /// What has come for a position that has changed since is dropped.
    pub(super) fn fetch_answer(&mut self, step: &mut Step<'_>, client: Client, number: u32) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        if consumer.fetch.number != number || consumer.fetch.stage == Stage::None {
            return;
        }
        let mut fetch = std::mem::take(&mut consumer.fetch);
        fetch.stage = Stage::None;
        for fetched in fetch.brings.drain(..) {
            let owned = consumer.owned_mut(fetched.partition);
            if owned.is_some_and(|owned| owned.position == Position::At(fetched.from)) {
                consumer.fetched.push(fetched);
            }
        }
        for partition in fetch.out_of_range.drain(..) {
            let asked = fetch.asked.iter().find(|(its, _)| *its == partition);
            let asked = asked.map(|(_, from)| Position::At(*from));
            if let Some(owned) = consumer.owned_mut(partition)
                && Some(owned.position) == asked
            {
                owned.position = Position::Reset(ResetTo::Policy);
            }
        }
        consumer.fetch = fetch;
        if consumer.state == State::Polling {
            self.poll(step, client.actor);
        }
    }
}
