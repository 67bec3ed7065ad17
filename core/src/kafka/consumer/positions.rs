//! Where a consumer reads on in what it was assigned.

use super::reading::{Found, Owned, Position, ResetTo};
use super::state::{Client, State};
use crate::ids::{ActorId, Offset};
use crate::kafka::defaults;
use crate::kafka::groups::Group;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::AutoOffsetReset;
use crate::time::SimDuration;
use crate::trace::{ConsumerError, PositionOrigin, What};

impl KafkaLane {
    /// OffsetFetch, and ListOffsets for what has no committed offset (one round trip here). The
    /// thread waits for it inside `poll()`. `KafkaConsumer.updateFetchPositions`.
    pub(super) fn ask_for_offsets(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::FetchingOffsets;
            consumer.asked += 1;
            let timer = KafkaTimer::OffsetsArrive(client, consumer.asked);
            step.out.timer(step.now + self.latency, timer);
        }
        self.ask_as_member(actor);
    }

    fn is_asking(&self, client: Client, number: u32) -> bool {
        let consumer = self.consumers.get(client.actor.index());
        consumer.is_some_and(|its| its.asked == number && its.state == State::FetchingOffsets)
    }

    pub(super) fn offsets_arrive(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        if !self.is_asking(client, fetch) {
            return;
        }
        if !self.may_fetch_offsets(client.actor) {
            // STALE_MEMBER_EPOCH or UNKNOWN_MEMBER_ID: it knows nothing, and asks once more.
            let at = step.now + self.latency + defaults::RETRY_BACKOFF;
            let timer = KafkaTimer::OffsetsAnswer(client, fetch);
            return step.out.timer(at, timer);
        }
        let unknown = consumer
            .owned
            .iter()
            .filter(|owned| owned.position.offset().is_none());
        let count = unknown.clone().count();
        let found = unknown.filter_map(|owned| {
            let found = self.find(step, client.actor, owned)?;
            Some((owned.partition, found))
        });
        let found: Vec<_> = found.collect();
        // Where nobody leads, or the new leader does not know yet how far its log can be read, it asks
        // again: OFFSET_NOT_AVAILABLE, KIP-207.
        let wait = if found.len() < count {
            defaults::RETRY_BACKOFF
        } else {
            SimDuration::ZERO
        };
        if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.found = found;
        }
        step.out.timer(
            step.now + self.latency + wait,
            KafkaTimer::OffsetsAnswer(client, fetch),
        );
    }

    /// Where a consumer reads on in what it owns and knows no position of; none if there is nobody
    /// to say it.
    fn find(&self, step: &Step<'_>, actor: ActorId, owned: &Owned) -> Option<Found> {
        let partition = owned.partition;
        let group = self.consumers.get(actor.index()).map(|c| c.group);
        let group = group.and_then(|group| self.groups.get(group));
        let goes_by_policy = matches!(owned.position, Position::Reset(_));
        let committed = group.and_then(|group| group.committed(partition));
        if let Some(offset) = committed.filter(|_| !goes_by_policy) {
            return Some(Found::At(offset, PositionOrigin::Committed));
        }
        let end = self.latest_offset(partition)?;
        Some(self.reset(step, (group, owned), end))
    }

    /// Where one goes on whose position is not known or not in the log, which can be read up to `end`.
    fn reset(
        &self,
        step: &Step<'_>,
        (group, owned): (Option<&Group>, &Owned),
        end: Offset,
    ) -> Found {
        let partition = owned.partition;
        let Some(group) = group else {
            return Found::At(end, PositionOrigin::Latest);
        };
        let is_out_of_range = match owned.position {
            Position::Reset(ResetTo::Earliest) => {
                return Found::At(Offset(0), PositionOrigin::Seek);
            }
            Position::Reset(ResetTo::Latest) => return Found::At(end, PositionOrigin::Seek),
            Position::Reset(ResetTo::Policy) => true,
            Position::Unknown | Position::At(_) => false,
        };
        match group.settings.auto_offset_reset {
            AutoOffsetReset::Earliest => Found::At(Offset(0), PositionOrigin::Earliest),
            AutoOffsetReset::Latest => Found::At(end, PositionOrigin::Latest),
            AutoOffsetReset::ByDuration { length } => {
                let offset = self.offset_by_age(step, partition, length);
                Found::At(offset, PositionOrigin::ByDuration)
            }
            AutoOffsetReset::None if is_out_of_range => {
                Found::Nowhere(ConsumerError::OffsetOutOfRange)
            }
            AutoOffsetReset::None => Found::Nowhere(ConsumerError::NoOffsetForPartition),
        }
    }

    pub(super) fn offsets_answer(&mut self, step: &mut Step<'_>, client: Client, fetch: u32) {
        let actor = client.actor;
        if !self.is_asking(client, fetch) {
            return;
        }
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let mut failure = None;
        for (partition, found) in std::mem::take(&mut consumer.found) {
            let (offset, origin) = match found {
                Found::At(offset, origin) => (offset, origin),
                Found::Nowhere(error) => {
                    failure.get_or_insert(error);
                    continue;
                }
            };
            if let Some(owned) = consumer.owned_mut(partition) {
                owned.epoch = None;
                owned.position = Position::At(offset);
                owned.committed = (origin == PositionOrigin::Committed).then_some(offset);
                step.out.event(What::PositionSet {
                    actor,
                    partition,
                    offset,
                    origin,
                });
            }
        }
        match failure {
            Some(error) => self.fail(step, actor, error),
            None => self.poll(step, actor),
        }
    }
}
