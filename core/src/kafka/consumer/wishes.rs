//! What a consumer's application does between two polls because a command says so: `seek`, `pause`,
//! `resume`, `subscribe`.

use super::reading::{Owned, Position, ResetTo};
use crate::ids::{ActorId, Offset, PartitionId, TopicId, TopicPartition};
use crate::kafka::lane::{KafkaLane, Step};
use crate::trace::{PositionOrigin, What};

/// Something that a consumer's application will do before its next poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Seek(Which, SeekTo),
    Pause(Which),
    Resume(Which),
    /// `subscribe()` to what the group reads now.
    Subscribe,
}

/// Which of the partitions that it owns are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Which {
    /// Only those of one topic.
    pub(crate) topic: Option<TopicId>,
    /// Only those of one number.
    pub(crate) partition: Option<PartitionId>,
}

/// Where to seek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeekTo {
    Beginning,
    End,
    Offset(Offset),
}

/// Whether the application has paused a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Open,
    Paused,
}

impl Which {
    pub(crate) fn means(self, partition: TopicPartition) -> bool {
        self.topic.is_none_or(|topic| topic == partition.topic)
            && self
                .partition
                .is_none_or(|number| number == partition.partition)
    }
}

impl KafkaLane {
    /// Does what the application was asked for.
    pub(super) fn grant_wishes(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let wishes = std::mem::take(&mut consumer.wishes);
        for wish in wishes {
            match wish {
                Wish::Seek(which, to) => self.seek_in(step, actor, (which, to)),
                Wish::Pause(which) => self.set_flow(step, actor, (which, Flow::Paused)),
                Wish::Resume(which) => self.set_flow(step, actor, (which, Flow::Open)),
                Wish::Subscribe => self.subscribe_anew(step, actor),
            }
        }
    }

    /// `seekToBeginning` and `seekToEnd` only note what to ask for at the next poll.
    fn seek_in(&mut self, step: &mut Step<'_>, actor: ActorId, (which, to): (Which, SeekTo)) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        for owned in &mut consumer.owned {
            let partition = owned.partition;
            if !which.means(partition) {
                continue;
            }
            owned.epoch = None;
            owned.position = match to {
                SeekTo::Beginning => Position::Reset(ResetTo::Earliest),
                SeekTo::End => Position::Reset(ResetTo::Latest),
                SeekTo::Offset(offset) => Position::At(offset),
            };
            if let SeekTo::Offset(offset) = to {
                step.out.event(What::PositionSet {
                    actor,
                    partition,
                    offset,
                    origin: PositionOrigin::Seek,
                });
            }
        }
        // What was fetched from elsewhere is of no use.
        consumer
            .fetched
            .retain(|fetched| !which.means(fetched.partition));
    }

    fn set_flow(&mut self, step: &mut Step<'_>, actor: ActorId, (which, flow): (Which, Flow)) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let is_meant = |owned: &&mut Owned| which.means(owned.partition) && owned.flow != flow;
        for owned in consumer.owned.iter_mut().filter(is_meant) {
            let partition = owned.partition;
            owned.flow = flow;
            step.out.event(match flow {
                Flow::Paused => What::Paused { actor, partition },
                Flow::Open => What::Resumed { actor, partition },
            });
        }
    }

    /// The poll finds that it did not join with this subscription. A topic that is new to the client
    /// has it ask for metadata, here for those of all topics.
    fn subscribe_anew(&mut self, step: &Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let Some(group) = self.groups.get(consumer.group) else {
            return;
        };
        let is_new = |topic: &TopicId| !consumer.subscription.contains(topic);
        if group.topics.iter().any(is_new) {
            consumer.metadata_since = step.now;
        }
        consumer.subscription.clone_from(&group.topics);
        // `Fetcher.clearBufferedDataForUnassignedTopics`.
        let topics = &consumer.subscription;
        let stays = |partition: TopicPartition| topics.contains(&partition.topic);
        consumer.fetched.retain(|fetched| stays(fetched.partition));
    }
}
