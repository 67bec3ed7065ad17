//! How a consumer becomes, stays and ceases to be a member of its group.

use super::consumer::{Answer, Client, Leaving, Owned, Rejoin, State};
use super::lane::{Awaited, HeartbeatNews, KafkaLane, KafkaTimer, Step};
use crate::ids::{ActorId, GroupId, Offset, TopicPartition};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    Effect, GroupState, HeartbeatError, JoinError, JoinRequest, Joined, RebalanceReason,
    Subscription, SyncError, SyncRequest, assign_range,
};
use crate::scenario::AutoOffsetReset;
use crate::trace::{self, PositionOrigin, What};

impl KafkaLane {
    /// A process starts: it knows nothing and asks to join.
    pub(super) fn start_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.reset();
        step.out.event(What::ActorStarted { actor });
        self.send_join(step, actor);
    }

    /// A process dies. Nobody is told: the coordinator waits for its heartbeat.
    pub(super) fn crash_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        if let Some(consumer) = self.consumers.get_mut(actor.index())
            && consumer.state != State::Down
        {
            consumer.reset();
            step.out.event(What::ActorCrashed { actor });
        }
    }

    /// A process is asked to end: it closes at its next poll.
    pub(super) fn remove_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.state == State::Down {
            return;
        }
        consumer.leaving = Leaving::Yes;
        if !matches!(consumer.state, State::Working | State::Committing { .. }) {
            self.close(step, actor);
        }
    }

    /// `KafkaConsumer.close()`: commits automatically if that is on, and leaves the group.
    pub(super) fn close(&mut self, step: &mut Step<'_>, actor: ActorId) {
        self.commit_positions(step, actor, Awaited::No);
        self.give_up_all(step, actor);
        let client = self.client(actor);
        step.out
            .timer(step.now + self.latency, KafkaTimer::LeaveArrives(client));
        step.out.event(What::ActorStopped { actor });
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Down;
        }
    }

    pub(super) fn leave_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let (index, member) = (consumer.group, consumer.member);
        if consumer.incarnation == client.incarnation
            && let (Some(group), Some(member)) = (self.groups.get_mut(index), member)
            && group
                .coordinator
                .leave(step.now, member, &mut group.effects)
                .is_ok()
        {
            self.drain_effects(step, index);
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

    fn give_up_all(&mut self, step: &mut Step<'_>, actor: ActorId) {
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

    fn send_join(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Joining;
            consumer.rejoin = Rejoin::No;
        }
        step.out.event(What::JoinSent { actor });
        step.out
            .timer(step.now + self.latency, KafkaTimer::JoinArrives(client));
    }

    pub(super) fn on_membership(&mut self, step: &mut Step<'_>, timer: KafkaTimer, client: Client) {
        match timer {
            KafkaTimer::JoinArrives(_) => self.join_arrives(step, client),
            KafkaTimer::SyncArrives(_) => self.sync_arrives(step, client),
            KafkaTimer::AnswerArrives(_) => self.answer_arrives(step, client),
            KafkaTimer::Heartbeat(_) => self.heartbeat(step, client),
            KafkaTimer::HeartbeatArrives(_) => self.heartbeat_arrives(step, client),
            KafkaTimer::HeartbeatRefused(_, news) => self.heartbeat_refused(step, client, news),
            KafkaTimer::OffsetsArrive(_) => self.offsets_arrive(step, client),
            KafkaTimer::OffsetsAnswer(_) => self.offsets_answer(step, client),
            _ => {}
        }
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

    /// OffsetFetch, and ListOffsets for what has no committed offset (one round trip here).
    fn offsets_arrive(&mut self, step: &mut Step<'_>, client: Client) {
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

    fn offsets_answer(&mut self, step: &mut Step<'_>, client: Client) {
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

    fn heartbeat(&mut self, step: &mut Step<'_>, client: Client) {
        let group = self
            .consumers
            .get(client.actor.index())
            .map_or(0, |c| c.group);
        if let Some(group) = self.groups.get(group) {
            let interval = group.settings.heartbeat_interval;
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::HeartbeatArrives(client),
            );
            step.out
                .timer(step.now + interval, KafkaTimer::Heartbeat(client));
        }
    }

    fn heartbeat_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let (index, generation) = (consumer.group, consumer.generation);
        let (Some(group), Some(member)) = (self.groups.get_mut(index), consumer.member) else {
            return;
        };
        let news = match group.coordinator.heartbeat(step.now, member, generation) {
            Ok(()) => None,
            Err(HeartbeatError::RebalanceInProgress) => Some(HeartbeatNews::Rebalancing),
            Err(HeartbeatError::IllegalGeneration) => Some(HeartbeatNews::Outdated),
            Err(HeartbeatError::UnknownMemberId) => Some(HeartbeatNews::Unknown),
        };
        if let Some(news) = news {
            let at = step.now + self.latency;
            step.out
                .timer(at, KafkaTimer::HeartbeatRefused(client, news));
        }
        self.note_wake(step, index);
    }

    fn heartbeat_refused(&mut self, step: &mut Step<'_>, client: Client, news: HeartbeatNews) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        // While it joins, the answer to its join says all there is to say.
        if matches!(consumer.state, State::Joining | State::Syncing) {
            return;
        }
        consumer.rejoin = match news {
            HeartbeatNews::Rebalancing => Rejoin::Needed,
            HeartbeatNews::Outdated => Rejoin::Outdated,
            HeartbeatNews::Unknown => Rejoin::Unknown,
        };
        if consumer.is_in_poll() {
            self.rejoin(step, client.actor);
        }
    }

    /// Turns what the coordinator did into events, and its answers into messages on the wire.
    pub(super) fn drain_effects(&mut self, step: &mut Step<'_>, index: usize) {
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let mut effects = std::mem::take(&mut group.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::JoinAnswered { member, answer } => {
                    self.answer(step, member, Answer::Join(member, answer));
                }
                Effect::SyncAnswered { member, answer } => {
                    self.answer(step, member, Answer::Sync(answer));
                }
                other => self.report(step, index, &other),
            }
        }
        if let Some(group) = self.groups.get_mut(index) {
            group.effects = effects;
        }
        self.note_wake(step, index);
    }

    fn answer(&mut self, step: &mut Step<'_>, member: MemberId, answer: Answer) {
        let client = self.client(member.actor);
        if let Some(consumer) = self.consumers.get_mut(member.actor.index()) {
            // An answer for an earlier life of the process has nobody to go to.
            let is_for_it = match answer {
                Answer::Join(_, Err(JoinError::MemberIdRequired)) => consumer.member.is_none(),
                _ => consumer.member == Some(member),
            };
            if consumer.state != State::Down && is_for_it {
                consumer.answer = Some(answer);
                step.out
                    .timer(step.now + self.latency, KafkaTimer::AnswerArrives(client));
            }
        }
    }

    fn report(&self, step: &mut Step<'_>, index: usize, effect: &Effect) {
        let group = GroupId(u16::try_from(index).unwrap_or(u16::MAX));
        let what = match effect {
            Effect::RebalanceStarted { reason } => {
                let (actor, reason) = reason_of(*reason);
                What::RebalanceStarted {
                    group,
                    actor,
                    reason,
                }
            }
            Effect::MemberTimedOut { member } => What::SessionExpired {
                group,
                actor: member.actor,
            },
            Effect::MemberTimedOutOfRebalance { member, .. } => What::RebalanceTimedOut {
                group,
                actor: member.actor,
            },
            Effect::GenerationStarted { generation } => {
                let members = self
                    .groups
                    .get(index)
                    .map_or(0, |g| g.coordinator.member_count());
                What::GenerationStarted {
                    group,
                    generation: *generation,
                    members: u16::try_from(members).unwrap_or(u16::MAX),
                }
            }
            Effect::StateChanged {
                state: GroupState::Stable,
            } => What::GroupStable { group },
            _ => return,
        };
        step.out.event(what);
    }
}

fn reason_of(reason: RebalanceReason) -> (Option<ActorId>, trace::RebalanceReason) {
    use trace::RebalanceReason as Told;
    match reason {
        RebalanceReason::MemberJoined(member) => (Some(member.actor), Told::MemberJoined),
        RebalanceReason::SubscriptionChanged(member) | RebalanceReason::LeaderRejoined(member) => {
            (Some(member.actor), Told::MemberRejoined)
        }
        RebalanceReason::MemberLeft(member) => (Some(member.actor), Told::MemberLeft),
        RebalanceReason::MemberTimedOut(member) => (Some(member.actor), Told::SessionExpired),
        RebalanceReason::MembersDidNotSync => (None, Told::MembersDidNotSync),
    }
}
