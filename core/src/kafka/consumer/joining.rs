//! How a consumer becomes a member of its group, again after each rebalance: join, then sync.

use super::membership::{Answer, Keep, Phase, Rejoin};
use super::state::Client;
use crate::ids::{ActorId, TopicId};
use crate::kafka::group::MemberId;
use crate::kafka::group::classic::{
    Caller, JoinRequest, Joined, SkipAssignment, Subscription, SyncError, SyncRequest, assign,
};
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
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
            KafkaTimer::Heartbeat(_, thread) => self.heartbeat(step, client, thread),
            KafkaTimer::HeartbeatArrives(_, call) => self.heartbeat_arrives(step, client, call),
            KafkaTimer::PollTimeout(_, thread) => self.poll_timeout(step, client, thread),
            KafkaTimer::MembershipNews(_, news) => self.hear_news(step, client, news),
            _ => {}
        }
    }

    /// Asks to join. `AbstractCoordinator.initiateJoinGroup`.
    pub(super) fn send_join(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.phase = Phase::Preparing;
            consumer.membership.rejoin = Rejoin::No;
            consumer.membership.joined_with = Some(consumer.subscription.clone());
        }
        step.out.event(What::JoinSent { actor });
        step.out
            .timer(step.now + self.latency, KafkaTimer::JoinArrives(client));
    }

    fn join_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let index = consumer.group;
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let membership = &consumer.membership;
        let request = JoinRequest {
            member: membership.member,
            actor: client.actor,
            group_instance_id: consumer.group_instance_id,
            protocols: group.protocols.clone(),
            session_timeout: group.settings.session_timeout,
            rebalance_timeout: group.settings.max_poll_interval,
            subscription: Subscription {
                topics: consumer.subscription.clone(),
                generation: membership.generation,
                owned: consumer.owned.iter().map(|owned| owned.partition).collect(),
                last: membership.last.clone(),
            },
        };
        let is_new = request.member.is_none();
        group
            .coordinator
            .join(step.now, request, &mut group.effects);
        if is_new {
            consumer.membership.given = group.coordinator.latest_id(client.actor);
        }
        self.drain_effects(step, index);
    }

    fn sync_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let index = consumer.group;
        let group_instance_id = consumer.group_instance_id;
        let membership = &mut consumer.membership;
        let assignments = std::mem::take(&mut membership.assignments);
        let (Some(group), Some(member), Some(generation)) = (
            self.groups.get_mut(index),
            membership.member,
            membership.generation,
        ) else {
            return;
        };
        let request = SyncRequest {
            caller: Caller {
                member,
                group_instance_id,
            },
            generation,
            assignments,
        };
        group
            .coordinator
            .sync(step.now, request, &mut group.effects);
        self.drain_effects(step, index);
    }

    /// An answer has come. The answer to a SyncGroup is taken in by the heartbeat thread if the other
    /// one is busy; what follows from it, and an answer to a JoinGroup, waits for the next poll: there
    /// are no heartbeats while a join is on.
    fn answer_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let membership = &mut consumer.membership;
        let Some(answer) = membership.on_the_wire.pop_front() else {
            return;
        };
        let expected = match &answer {
            Answer::Join(..) => Phase::Preparing,
            Answer::Sync(_) => Phase::Completing,
        };
        if membership.phase != expected {
            return;
        }
        match &answer {
            Answer::Sync(Ok(_)) => {
                membership.phase = Phase::Stable;
                membership.rejoin = Rejoin::No;
            }
            Answer::Sync(Err(SyncError::UnknownMemberId)) => membership.reset(Keep::Nothing),
            Answer::Sync(Err(SyncError::IllegalGeneration)) => membership.reset(Keep::MemberId),
            Answer::Join(..) | Answer::Sync(Err(_)) => {}
        }
        membership.heard = Some(answer);
        self.heed(step, client.actor);
    }

    /// Joined: the leader assigns, everybody asks for their part. The heartbeats begin anew.
    pub(super) fn joined(
        &mut self,
        step: &mut Step<'_>,
        client: Client,
        (member, joined): (MemberId, Joined),
    ) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let membership = &mut consumer.membership;
        membership.phase = Phase::Completing;
        membership.member = Some(member);
        membership.generation = Some(joined.generation);
        let actor = client.actor;
        let leads = joined.leader == member;
        let counts = leads.then(|| self.counts(step, actor, &joined));
        let assigns = leads && joined.skip_assignment == SkipAssignment::No;
        let assignments = counts.as_ref().filter(|_| assigns).map(|counts| {
            assign(joined.protocol, &joined.members, |topic| {
                let its = counts.iter().find(|(counted, _)| *counted == topic);
                its.map(|(_, count)| *count)
            })
        });
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.assignments = assignments.unwrap_or_default();
            consumer.membership.assigned_by = counts;
        }
        step.out
            .timer(step.now + self.latency, KafkaTimer::SyncArrives(client));
        self.start_heartbeats(step, client);
    }

    /// How many partitions there are of what the members subscribe to, as the leader knows it.
    fn counts(&self, step: &Step<'_>, actor: ActorId, joined: &Joined) -> Vec<(TopicId, u16)> {
        let topics = joined.members.iter();
        let mut topics: Vec<TopicId> = topics
            .flat_map(|member| member.subscription.topics.iter().copied())
            .collect();
        topics.sort_unstable();
        topics.dedup();
        let known = |topic| Some((topic, self.known_to_consumer(step.now, actor, topic)?));
        topics.into_iter().filter_map(known).collect()
    }
}
