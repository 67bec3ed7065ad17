//! What consumers read: records handed out, positions, partitions given up.

use super::group::{GroupRecord, GroupWorld, ReadingWorld};
use super::kafka::{KafkaWorld, LogRecord};
use crate::ids::{ActorId, GroupId, MessageId, Offset, TopicPartition};
use crate::time::SimTime;

impl KafkaWorld {
    /// Counts the records that a poll has returned.
    pub(super) fn hand_out(
        &mut self,
        actor: ActorId,
        partition: TopicPartition,
        (from, to): (Offset, Offset),
    ) {
        let count = to.0.saturating_sub(from.0);
        self.deliveries += count;
        let index = self.flat_index(partition);
        let group = self.teams.get(actor.index());
        let (Some(group), Some(partition)) = (
            group.and_then(|group| self.groups.get_mut(group.index())),
            self.partitions.get(index),
        ) else {
            return;
        };
        group.deliveries += count;
        let records = (0..count).zip(partition.log.iter_from(from.index()));
        for (_, LogRecord { message, .. }) in records {
            if let Some(record) = group.record_mut(*message) {
                self.delivered_again += u32::from(record.deliveries > 0);
                record.deliveries = record.deliveries.saturating_add(1);
            }
        }
    }

    /// Counts a record that a share group's leader has given to a consumer.
    pub(super) fn count_delivery(
        &mut self,
        actor: ActorId,
        partition: TopicPartition,
        offset: Offset,
    ) {
        self.hand_out(actor, partition, (offset, offset.next()));
    }

    pub(super) fn group_of(&self, actor: ActorId) -> Option<GroupId> {
        self.teams.get(actor.index()).copied()
    }

    pub(super) fn group_mut(&mut self, actor: ActorId) -> Option<&mut GroupWorld> {
        let group = self.teams.get(actor.index())?;
        self.groups.get_mut(group.index())
    }

    pub(super) fn record_mut(
        &mut self,
        actor: ActorId,
        message: MessageId,
    ) -> Option<&mut GroupRecord> {
        self.group_mut(actor)?.record_mut(message)
    }

    pub(super) fn read(
        &mut self,
        actor: ActorId,
        partition: TopicPartition,
        change: impl FnOnce(&mut ReadingWorld),
    ) {
        let index = self.flat_index(partition);
        let group = self.group_mut(actor);
        if let Some(reading) = group.and_then(|group| group.reading.get_mut(index)) {
            change(reading);
        }
    }

    /// Takes one partition, or all, from `actor`, if they are still its own.
    pub(super) fn give_up(&mut self, at: SimTime, actor: ActorId, only: Option<TopicPartition>) {
        let only = only.map(|partition| self.flat_index(partition));
        let Some(group) = self.group_mut(actor) else {
            return;
        };
        for (index, reading) in group.reading.iter_mut().enumerate() {
            if reading.owner.now == Some(actor) && only.is_none_or(|only| only == index) {
                reading.owner.change(at, None);
                reading.position.change(at, None);
                reading.paused = None;
            }
        }
    }
}
