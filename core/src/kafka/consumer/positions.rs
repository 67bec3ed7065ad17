//! Where a consumer reads on in what it was assigned.

use super::reading::{Found, Position};
use super::state::{Client, State};
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::AutoOffsetReset;
use crate::trace::{PositionOrigin, What};

impl KafkaLane {
    /// OffsetFetch, and ListOffsets for what has no committed offset (one round trip here). The
    /// thread waits for it inside `poll()`. `KafkaConsumer.updateFetchPositions`.
    pub(super) fn ask_for_offsets(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::FetchingOffsets;
            consumer.fetch += 1;
            let timer = KafkaTimer::OffsetsArrive(client, consumer.fetch);
            step.out.timer(step.now + self.latency, timer);
        }
        self.ask_as_member(actor);
    }

    fn is_asking(&self, client: Client, fetch: u32) -> bool {
        let consumer = self.consumers.get(client.actor.index());
        consumer.is_some_and(|its| its.fetch == fetch && its.state == State::FetchingOffsets)
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
        let found =
            unknown.map(|owned| (owned.partition, self.find(client.actor, owned.partition)));
        let found = found.collect();
        if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.found = found;
        }
        step.out.timer(
            step.now + self.latency,
            KafkaTimer::OffsetsAnswer(client, fetch),
        );
    }

    /// Where the group of `actor` reads on in `partition`.
    fn find(&self, actor: ActorId, partition: TopicPartition) -> Found {
        let group = self.consumers.get(actor.index()).map(|c| c.group);
        let group = group.and_then(|group| self.groups.get(group));
        let committed = group.and_then(|group| group.committed(partition));
        let found = |offset, origin| Found { offset, origin };
        if let Some(offset) = committed {
            return found(offset, PositionOrigin::Committed);
        }
        match group.map(|group| group.settings.auto_offset_reset) {
            Some(AutoOffsetReset::Earliest) => found(Offset(0), PositionOrigin::Earliest),
            Some(AutoOffsetReset::Latest) | None => {
                found(self.log_end(partition), PositionOrigin::Latest)
            }
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
        for (partition, Found { offset, origin }) in std::mem::take(&mut consumer.found) {
            if let Some(owned) = consumer.owned_mut(partition) {
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
        self.poll(step, actor);
    }
}
