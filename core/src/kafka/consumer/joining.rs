//! How a consumer becomes a member of its group, again after each rebalance: join, then sync.

use super::state::{Answer, Client, Owned, Rejoin, State};
use crate::ids::{ActorId, TopicPartition};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    JoinError, JoinRequest, Joined, Subscription, SyncError, SyncRequest, assign_range,
};
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::trace::What;

impl KafkaLane {
    pub(in crate::kafka) fn on_membership(
        &mut self,
        step: &mut Step<'_>,
        timer: KafkaTimer,
        client: Client,
    ) {
        match timer {
            KafkaTimer::JoinArrives(_) => self.join_arrives(step, client),
            KafkaTimer::SyncArrives(_) => self.sync_arrives(step, client),
            KafkaTimer::AnswerArrives(_) => self.answer_arrives(step, client),
            KafkaTimer::Heartbeat(_) => self.heartbeat(step, client),
            KafkaTimer::HeartbeatArrives(_) => self.heartbeat_arrives(step, client),
            KafkaTimer::MembershipNews(_, news) => self.hear_news(step, client, news),
            KafkaTimer::OffsetsArrive(_) => self.offsets_arrive(step, client),
            KafkaTimer::OffsetsAnswer(_) => self.offsets_answer(step, client),
            _ => {}
        }
    }

    /// The group rebalances: eager, so everything is given up before joining again.
    /// ConsumerCoordinator.onJoinPrepare.
    pub(super) fn rejoin(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        match consumer.rejoin {
            Rejoin::Unknown => consumer.member = None,
            // AbstractCoordinator.resetStateAndGeneration keeps the member id.
            Rejoin::Outdated => {}
            Rejoin::Needed | Rejoin::No => {
                self.commit_positions(step, actor, Awaited::No);
            }
        }
        self.give_up_all(step, actor);
        self.send_join(step, actor);
    }

    pub(super) fn give_up_all(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        for owned in consumer.owned.drain(..) {
            let partition = owned.partition;
            step.out.event(What::Revoked { actor, partition });
        }
        consumer.fetched.clear();
        consumer.batch.clear();
        consumer.current = None;
        consumer.fetch += 1;
    }

    pub(super) fn send_join(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Joining;
            consumer.rejoin = Rejoin::No;
        }
        step.out.event(What::JoinSent { actor });
        step.out
            .timer(step.now + self.latency, KafkaTimer::JoinArrives(client));
    }

    fn join_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let index = consumer.group;
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let generation = consumer.member.map(|_| consumer.generation);
        let request = JoinRequest {
            member: consumer.member,
            actor: client.actor,
            session_timeout: group.settings.session_timeout,
            rebalance_timeout: group.settings.max_poll_interval,
            subscription: Subscription {
                topics: group.topics.clone(),
                generation: generation.filter(|generation| generation.0 > 0),
            },
        };
        group
            .coordinator
            .join(step.now, request, &mut group.effects);
        self.drain_effects(step, index);
    }

    fn sync_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let index = consumer.group;
        let assignments = std::mem::take(&mut consumer.assignments);
        let generation = consumer.generation;
        let (Some(group), Some(member)) = (self.groups.get_mut(index), consumer.member) else {
            return;
        };
        let request = SyncRequest {
            member,
            generation,
            assignments,
        };
        group
            .coordinator
            .sync(step.now, request, &mut group.effects);
        self.drain_effects(step, index);
    }

    fn answer_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        match consumer.answer.take() {
            Some(Answer::Join(member, answer)) if consumer.state == State::Joining => {
                match answer {
                    Ok(joined) => self.joined(step, client, (member, joined)),
                    Err(JoinError::MemberIdRequired) => {
                        consumer.member = Some(member);
                        let at = step.now + self.latency;
                        step.out.timer(at, KafkaTimer::JoinArrives(client));
                    }
                    Err(JoinError::UnknownMemberId) => {
                        consumer.member = None;
                        self.send_join(step, actor);
                    }
                }
            }
            Some(Answer::Sync(answer)) if consumer.state == State::Syncing => match answer {
                Ok(partitions) => self.synced(step, client, &partitions),
                Err(SyncError::RebalanceInProgress | SyncError::IllegalGeneration) => {
                    self.send_join(step, actor);
                }
                Err(SyncError::UnknownMemberId) => {
                    consumer.member = None;
                    self.send_join(step, actor);
                }
            },
            _ => {}
        }
    }

    /// Joined: the leader assigns, everybody asks for their part. The heartbeat thread begins
    /// with the first join.
    fn joined(
        &mut self,
        step: &mut Step<'_>,
        client: Client,
        (member, joined): (MemberId, Joined),
    ) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let first = consumer.generation.0 == 0;
        consumer.state = State::Syncing;
        consumer.member = Some(member);
        consumer.generation = joined.generation;
        let topics = &self.topics;
        consumer.assignments = if joined.leader == member {
            assign_range(&joined.members, |topic| {
                topics
                    .get(topic.index())
                    .and_then(|logs| u16::try_from(logs.len()).ok())
            })
        } else {
            Vec::new()
        };
        let interval = self
            .groups
            .get(consumer.group)
            .map(|g| g.settings.heartbeat_interval);
        step.out
            .timer(step.now + self.latency, KafkaTimer::SyncArrives(client));
        if let Some(interval) = interval
            && first
        {
            step.out
                .timer(step.now + interval, KafkaTimer::Heartbeat(client));
        }
    }

    fn synced(&mut self, step: &mut Step<'_>, client: Client, partitions: &[TopicPartition]) {
        let actor = client.actor;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let generation = consumer.generation;
        let interval = self
            .groups
            .get(consumer.group)
            .map(|g| g.settings.auto_commit_interval);
        consumer.auto_commit_at = step.now + interval.unwrap_or_default();
        consumer.owned.clear();
        for &partition in partitions {
            consumer.owned.push(Owned {
                partition,
                position: None,
                committed: None,
            });
            step.out.event(What::Assigned {
                actor,
                partition,
                generation,
            });
        }
        consumer.state = State::FetchingOffsets;
        step.out
            .timer(step.now + self.latency, KafkaTimer::OffsetsArrive(client));
    }
}
