//! What a consumer asks the brokers for, also while it works: one request at a time, since one broker
//! has all its partitions here.

use super::reading::{Fetched, Owned, Parted, Position, ResetTo};
use super::state::{Client, State};
use super::wishes::Flow;
use crate::ids::{ActorId, LeaderEpoch, Offset, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::trace::{PositionOrigin, What};

/// The request for records that a consumer has sent last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fetch {
    /// Which request it is: an answer to an earlier one is dropped.
    number: u32,
    stage: Stage,
    /// What it asks for, and from where.
    asked: Vec<Asked>,
    /// What its answer brings.
    brings: Vec<Fetched>,
    /// The partitions of which the answer says that the log does not go with what was read.
    parted: Vec<(TopicPartition, Parted)>,
}

/// What a fetch asks for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    partition: TopicPartition,
    from: Offset,
    /// The leader epoch of the record before.
    epoch: Option<LeaderEpoch>,
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
        let asks = |owned: &Owned| {
            let asked = Asked {
                partition: owned.partition,
                from: owned.fetched_from()?,
                epoch: owned.epoch,
            };
            Some((owned.served, asked))
        };
        let mut asked: Vec<_> = consumer.owned.iter().filter_map(asks).collect();
        if asked.is_empty() {
            return;
        }
        // What was served last comes last. `FetchSession.IncrementalFetchContext`.
        asked.sort_by_key(|(served, _)| *served);
        let fetch = &mut consumer.fetch;
        fetch.number += 1;
        fetch.stage = Stage::OnTheWay;
        fetch.asked.clear();
        let asked = asked.into_iter();
        fetch.asked.extend(asked.map(|(_, asked)| asked));
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
        let has_news = |asked: &Asked| {
            let end = self.readable_end(asked.partition);
            end.is_some_and(|end| asked.from < end || self.parts_from_log(asked).is_some())
        };
        if asked.any(has_news) {
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
                consumer.fetch.stage == Stage::Parked && asked.any(|its| its.partition == partition)
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

    /// Whether the log of the leader does not go with what has been read up to there: it was
    /// truncated (KIP-320), or has no such offset.
    fn parts_from_log(&self, asked: &Asked) -> Option<Parted> {
        let Asked {
            partition,
            from,
            epoch,
        } = *asked;
        let truncated = epoch.and_then(|epoch| self.truncation_of(partition, (epoch, from)));
        let is_out = || self.log_end(partition).is_some_and(|end| from > end);
        truncated
            .map(Parted::Truncated)
            .or_else(|| is_out().then_some(Parted::OutOfRange))
    }

    /// The broker answers with all there is, which may be nothing; or that there is no such offset.
    fn answer_fetch(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let mut fetch = std::mem::take(&mut consumer.fetch);
        fetch.brings.clear();
        fetch.parted.clear();
        for asked in &fetch.asked {
            let Asked {
                partition, from, ..
            } = *asked;
            let Some(to) = self.readable_end(partition) else {
                continue;
            };
            if let Some(parted) = self.parts_from_log(asked) {
                fetch.parted.push((partition, parted));
            } else if from < to {
                fetch.brings.push(Fetched {
                    partition,
                    from,
                    to,
                });
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
        for (partition, parted) in fetch.parted.drain(..) {
            let asked = fetch.asked.iter().find(|its| its.partition == partition);
            let asked = asked.map(|asked| Position::At(asked.from));
            let Some(owned) = consumer.owned_mut(partition) else {
                continue;
            };
            if Some(owned.position) != asked {
                continue;
            }
            owned.epoch = None;
            owned.position = match parted {
                Parted::OutOfRange => Position::Reset(ResetTo::Policy),
                Parted::Truncated(offset) => {
                    step.out.event(What::PositionSet {
                        actor: client.actor,
                        partition,
                        offset,
                        origin: PositionOrigin::Truncation,
                    });
                    Position::At(offset)
                }
            };
        }
        consumer.fetch = fetch;
        if consumer.state == State::Polling {
            self.poll(step, client.actor);
        }
    }
}
