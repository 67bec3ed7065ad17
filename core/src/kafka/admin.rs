//! What commands ask of a log lane: of its consumers, and of its brokers as an admin would.

use super::consumer::{SeekTo, Which, Wish};
use super::lane::{KafkaLane, KafkaTimer, Step};
use crate::cast::LaneCast;
use crate::engine::Outbox;
use crate::ids::{ActorId, GroupId, Offset, PartitionId, TopicId, TopicPartition};
use crate::scenario::{Command, CreatePartitions, PartitionsOf, ResetOffsets, Seek, Subscribe};
use crate::time::{SimDuration, SimTime};
use crate::trace::{SubscriptionChange, What};
use crate::workload::Assigned;

impl KafkaLane {
    /// Does what a command says, as far as it concerns this lane.
    pub(crate) fn carry_out(
        &mut self,
        now: SimTime,
        (command, names): (&Command, &LaneCast),
        work: &Assigned<'_>,
        out: &mut Outbox<KafkaTimer>,
    ) {
        let step = &mut Step {
            now,
            work: Some(work),
            out,
        };
        self.carry_out_in_cluster(step, command, names);
        if let Some(subscribe) = &command.subscribe {
            self.subscribe(step, subscribe, names);
        }
        if let Some(seek) = &command.seek {
            self.seek(step, seek, names);
        }
        if let Some(of) = &command.pause {
            self.wish_of(step, of, (names, Wish::Pause));
        }
        if let Some(of) = &command.resume {
            self.wish_of(step, of, (names, Wish::Resume));
        }
        if let Some(reset) = &command.reset_offsets {
            self.reset_offsets(step, reset, names);
        }
        if let Some(CreatePartitions { topic, partitions }) = &command.create_partitions
            && let Some(topic) = topic_id(names, topic)
        {
            let count = u16::try_from(*partitions).unwrap_or(u16::MAX);
            self.add_partitions(step, (topic, count), names);
        }
    }

    /// The application of `actor` is told something, which it does between two polls.
    fn wish(&mut self, step: &mut Step<'_>, actor: ActorId, wish: Wish) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.wishes.push(wish);
            step.out.timer(step.now, KafkaTimer::Wakes(client));
        }
    }

    fn wish_of(
        &mut self,
        step: &mut Step<'_>,
        of: &PartitionsOf,
        (names, wish): (&LaneCast, fn(Which) -> Wish),
    ) {
        let which = which(names, of.topic.as_deref(), of.partition);
        if let Some(actor) = actor_id(names, &of.consumer) {
            self.wish(step, actor, wish(which));
        }
    }

    fn seek(&mut self, step: &mut Step<'_>, seek: &Seek, names: &LaneCast) {
        let to = match seek.to_offset {
            Some(offset) => SeekTo::Offset(Offset(offset)),
            None if seek.to_end => SeekTo::End,
            None => SeekTo::Beginning,
        };
        let which = which(names, seek.topic.as_deref(), seek.partition);
        if let Some(actor) = actor_id(names, &seek.consumer) {
            self.wish(step, actor, Wish::Seek(which, to));
        }
    }

    fn subscribe(&mut self, step: &mut Step<'_>, subscribe: &Subscribe, names: &LaneCast) {
        let Some(id) = group_id(names, &subscribe.group) else {
            return;
        };
        let Some(group) = self.groups.get_mut(id.index()) else {
            return;
        };
        let topics = subscribe.topics.iter();
        let topics: Vec<TopicId> = topics.filter_map(|name| topic_id(names, name)).collect();
        let before = std::mem::replace(&mut group.topics, topics.clone());
        let mut changes = |topics: &[TopicId], others: &[TopicId], change| {
            for &topic in topics.iter().filter(|topic| !others.contains(topic)) {
                step.out.event(What::SubscriptionChanged {
                    group: id,
                    topic,
                    change,
                });
            }
        };
        changes(&before, &topics, SubscriptionChange::Unsubscribed);
        changes(&topics, &before, SubscriptionChange::Subscribed);
        for index in 0..self.consumers.len() {
            let is_member = |consumer: &super::consumer::Consumer| consumer.group == id.index();
            if self.consumers.get(index).is_some_and(is_member) {
                let actor = ActorId(u16::try_from(index).unwrap_or(u16::MAX));
                self.wish(step, actor, Wish::Subscribe);
            }
        }
    }

    /// `kafka-consumer-groups --reset-offsets`; it goes through the network in no time here.
    /// `ConsumerGroupCommand.resetOffsets`.
    fn reset_offsets(&mut self, step: &mut Step<'_>, reset: &ResetOffsets, names: &LaneCast) {
        let Some(id) = group_id(names, &reset.group) else {
            return;
        };
        let offsets = self.reset_to(step, (id, reset), names);
        let Some(group) = self.groups.get_mut(id.index()) else {
            return;
        };
        let Some(offsets) = offsets.filter(|offsets| group.reset_offsets(offsets)) else {
            step.out.event(What::OffsetResetRefused { group: id });
            return;
        };
        for (partition, offset) in offsets {
            step.out.event(What::OffsetReset {
                group: id,
                partition,
                offset,
            });
        }
    }

    /// Where each partition goes; none if there is one that cannot be shifted.
    fn reset_to(
        &self,
        step: &Step<'_>,
        (id, reset): (GroupId, &ResetOffsets),
        names: &LaneCast,
    ) -> Option<Vec<(TopicPartition, Offset)>> {
        let group = self.groups.get(id.index())?;
        let which = which(names, reset.topic.as_deref(), reset.partition);
        let partitions: Vec<TopicPartition> = match which.topic {
            Some(topic) => self.all_of(topic).collect(),
            None => group.offsets().iter().map(|(p, _)| p).collect(),
        };
        let targets = partitions
            .into_iter()
            .filter(|p| which.means(*p))
            .map(|partition| {
                let end = self.latest_offset(partition)?;
                let offset = if reset.to_earliest {
                    Offset(0)
                } else if let Some(offset) = reset.to_offset {
                    Offset(offset).min(end)
                } else if let Some(shift) = reset.shift_by {
                    let committed = group.committed(partition)?;
                    Offset(committed.0.saturating_add_signed(shift)).min(end)
                } else if let Some(age) = reset.by_duration {
                    self.offset_by_age(step, partition, age)
                } else {
                    end
                };
                Some((partition, offset))
            });
        targets.collect()
    }

    /// The first record of `partition` that is at most `age` old; the end of the log if there is
    /// none. ListOffsets with a timestamp.
    pub(in crate::kafka) fn offset_by_age(
        &self,
        step: &Step<'_>,
        partition: TopicPartition,
        age: SimDuration,
    ) -> Offset {
        let oldest = step.now.as_micros().saturating_sub(age.as_micros());
        let is_older = |message: &_| {
            let sent_at = step.work.map(|work| work.sent_at(*message));
            sent_at.is_some_and(|at| at.as_micros() < oldest)
        };
        let log = self.log(partition);
        let older = log.map_or(0, |log| log.partition_point(is_older));
        Offset(u32::try_from(older).unwrap_or(u32::MAX))
    }

    fn all_of(&self, topic: TopicId) -> impl Iterator<Item = TopicPartition> {
        let count = u16::try_from(self.partition_count(topic)).unwrap_or(u16::MAX);
        (0..count).map(move |partition| TopicPartition {
            topic,
            partition: PartitionId(partition),
        })
    }
}

fn topic_id(names: &LaneCast, name: &str) -> Option<TopicId> {
    let index = names.places.iter().position(|topic| topic == name)?;
    u16::try_from(index).ok().map(TopicId)
}

fn group_id(names: &LaneCast, name: &str) -> Option<GroupId> {
    let index = names.teams.iter().position(|group| group == name)?;
    u16::try_from(index).ok().map(GroupId)
}

fn actor_id(names: &LaneCast, name: &str) -> Option<ActorId> {
    let index = names.actors.iter().position(|actor| actor.name == name)?;
    u16::try_from(index).ok().map(ActorId)
}

fn which(names: &LaneCast, topic: Option<&str>, partition: Option<u32>) -> Which {
    Which {
        topic: topic.and_then(|topic| topic_id(names, topic)),
        partition: partition
            .map(|partition| PartitionId(u16::try_from(partition).unwrap_or(u16::MAX))),
    }
}
