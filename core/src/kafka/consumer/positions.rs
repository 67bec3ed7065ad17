//! Where a consumer reads on in what it was assigned.

use super::state::{Answer, Client, State};
use crate::ids::Offset;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::scenario::AutoOffsetReset;
use crate::trace::{PositionOrigin, What};

impl KafkaLane {
    /// OffsetFetch, and ListOffsets for what has no committed offset (one round trip here).
    pub(super) fn offsets_arrive(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let Some(group) = self.groups.get(consumer.group) else {
            return;
        };
        let found = consumer.owned.iter().map(|owned| {
            let partition = owned.partition;
            match (
                group.coordinator.committed(partition),
                group.settings.auto_offset_reset,
            ) {
                (Some(offset), _) => (partition, offset, PositionOrigin::Committed),
                (None, AutoOffsetReset::Earliest) => {
                    (partition, Offset(0), PositionOrigin::Earliest)
                }
                (None, AutoOffsetReset::Latest) => {
                    (partition, self.log_end(partition), PositionOrigin::Latest)
                }
            }
        });
        let found = found.collect();
        if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.answer = Some(Answer::Offsets(found));
        }
        step.out
            .timer(step.now + self.latency, KafkaTimer::OffsetsAnswer(client));
    }

    pub(super) fn offsets_answer(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.state != State::FetchingOffsets {
            return;
        }
        let Some(Answer::Offsets(found)) = consumer.answer.take() else {
            return;
        };
        for (partition, offset, origin) in found {
            if let Some(owned) = consumer.owned_mut(partition) {
                owned.position = Some(offset);
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
