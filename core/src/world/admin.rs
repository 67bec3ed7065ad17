//! What an admin or the program of a consumer changes in a log lane.

use super::group::ResetOutcome;
use super::kafka::KafkaWorld;
use crate::ids::{PartitionId, TopicId, TopicPartition};
use crate::time::SimTime;
use crate::trace::{SubscriptionChange, What};

impl KafkaWorld {
    pub(super) fn fold_admin(&mut self, at: SimTime, what: What) {
        match what {
            What::Paused { actor, partition } => {
                self.read(actor, partition, |r| r.paused = Some(at));
            }
            What::Resumed { actor, partition } => self.read(actor, partition, |r| r.paused = None),
            What::OffsetReset {
                group,
                partition,
                offset,
            } => {
                let index = self.flat_index(partition);
                let Some(group) = self.groups.get_mut(group.index()) else {
                    return;
                };
                group.reset = Some((ResetOutcome::Set, at));
                if let Some(reading) = group.reading.get_mut(index) {
                    reading.committed.change(at, Some(offset));
                }
            }
            What::OffsetResetRefused { group } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.reset = Some((ResetOutcome::Refused, at));
                }
            }
            What::SubscriptionChanged {
                group,
                topic,
                change,
            } => {
                if let Some(group) = self.groups.get_mut(group.index()) {
                    group.subscription.retain(|other| *other != topic);
                    if change == SubscriptionChange::Subscribed {
                        group.subscription.push(topic);
                    }
                }
            }
            What::PartitionsAdded { topic, partitions } => {
                for partition in (0..partitions).map(PartitionId) {
                    let index = self.flat_index(TopicPartition { topic, partition });
                    if let Some(partition) = self.partitions.get_mut(index) {
                        partition.since.get_or_insert(at);
                    }
                }
            }
            _ => self.fold_work(at, what),
        }
    }

    /// How many partitions a topic has by now.
    #[must_use]
    pub fn partition_count(&self, topic: TopicId) -> usize {
        let from = self.bases.get(topic.index()).copied();
        let to = self.bases.get(topic.index() + 1).copied();
        let to = to.unwrap_or(self.partitions.len());
        let its = from.and_then(|from| self.partitions.get(from..to));
        let there = its.into_iter().flatten();
        there.filter(|partition| partition.since.is_some()).count()
    }
}
