//! How a share consumer is a member of its group: by heartbeats, with which it hears of its
//! partitions.

use super::side::ShareTimer;
use super::state::{Fetching, State, member_of};
use crate::ids::{ActorId, GroupEpoch, GroupId, TopicPartition};
use crate::kafka::assignor::TopicMetadata;
use crate::kafka::consumer::Client;
use crate::kafka::group::MemberId;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::kafka::share::{Heartbeat, ShareGroupEffect};
use crate::trace::{ShareWhat, What};

impl KafkaLane {
    /// A member says that it is there, or joins with epoch 0. `ShareHeartbeatRequestManager`.
    pub(super) fn send_share_heartbeat(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        if let Some((consumer, _)) = self.share.find(actor) {
            if consumer.epoch == GroupEpoch(0) {
                step.out.event(What::JoinSent { actor });
            }
            consumer.heartbeat_at = step.now;
            let timer = ShareTimer::HeartbeatArrives(client);
            step.out
                .timer(step.now + self.latency, KafkaTimer::Share(timer));
        }
    }

    pub(super) fn share_heartbeat_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let topics = (0_u16..).zip(&self.topics).map(|(topic, logs)| {
            let partitions = u16::try_from(logs.len()).unwrap_or(u16::MAX);
            TopicMetadata::new(crate::ids::TopicId(topic), partitions)
        });
        let topics: Vec<TopicMetadata> = topics.collect();
        let Some((consumer, group)) = self.share.find(client.actor) else {
            return;
        };
        let heartbeat = Heartbeat {
            member: member_of(client),
            epoch: consumer.epoch,
            topics: group.topics.clone(),
        };
        let effects = &mut group.effects;
        let answer = group
            .coordinator
            .heartbeat(step.now, heartbeat, &topics, effects);
        consumer.answer = Some(answer);
        let index = consumer.group;
        let timer = ShareTimer::HeartbeatAnswer(client);
        step.out
            .timer(step.now + self.latency, KafkaTimer::Share(timer));
        self.report_share_group(step, index);
    }

    pub(super) fn share_heartbeat_answer(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some((consumer, group)) = self.share.find(actor) else {
            return;
        };
        let due = consumer.heartbeat_at + group.settings.share_heartbeat_interval;
        match consumer.answer.take() {
            Some(Ok(answer)) => {
                consumer.epoch = answer.epoch;
                if let Some(partitions) = answer.assignment {
                    self.share_assigned(step, actor, partitions);
                }
                let timer = ShareTimer::Heartbeat(client);
                step.out.timer(due.max(step.now), KafkaTimer::Share(timer));
            }
            Some(Err(_)) => {
                // Fenced or forgotten: it drops what it was assigned and joins again.
                consumer.epoch = GroupEpoch(0);
                self.share_assigned(step, actor, Vec::new());
                self.send_share_heartbeat(step, client);
            }
            None => {}
        }
    }

    /// A member takes over its new assignment: it fetches from these from now on.
    fn share_assigned(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        partitions: Vec<TopicPartition>,
    ) {
        let Some((consumer, _)) = self.share.find(actor) else {
            return;
        };
        let epoch = consumer.epoch;
        let before = std::mem::replace(&mut consumer.assigned, partitions);
        for &partition in &before {
            if !consumer.assigned.contains(&partition) {
                step.out
                    .event(ShareWhat::Revoked { actor, partition }.into());
            }
        }
        for &partition in &consumer.assigned {
            if !before.contains(&partition) {
                step.out.event(
                    ShareWhat::Assigned {
                        actor,
                        partition,
                        epoch,
                    }
                    .into(),
                );
            }
        }
        let idles = State::Polling {
            fetching: Fetching::No,
        };
        if consumer.state == idles && !consumer.assigned.is_empty() {
            self.share_poll(step, actor);
        }
    }

    /// The process may have been started again in the meantime: the id is that of its last life.
    pub(super) fn share_leave(&mut self, step: &mut Step<'_>, group: GroupId, member: MemberId) {
        let Some(index) = self.share.group_of(group.0) else {
            return;
        };
        if let Some(group) = self.share.groups.get_mut(index)
            && group.coordinator.leave(member, &mut group.effects).is_ok()
        {
            self.report_share_group(step, index);
        }
    }

    /// What the coordinator did, as events.
    pub(super) fn report_share_group(&mut self, step: &mut Step<'_>, index: usize) {
        if let Some(its) = self.share.groups.get_mut(index) {
            let group = its.id;
            for effect in its.effects.drain(..) {
                step.out.event(match effect {
                    ShareGroupEffect::EpochChanged { epoch, members } => ShareWhat::GroupChanged {
                        group,
                        epoch,
                        members: u16::try_from(members).unwrap_or(u16::MAX),
                    }
                    .into(),
                    ShareGroupEffect::SessionExpired { member } => What::SessionExpired {
                        group,
                        actor: member.actor,
                    },
                });
            }
        }
        self.note_share_wake(step, index);
    }
}
