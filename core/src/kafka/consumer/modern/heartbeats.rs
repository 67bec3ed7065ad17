//! The background thread: heartbeats, what is heard of them, and leaving when nobody polls.

use super::coordinator::{ModernTimer, generation};
use super::membership::{InFlight, Phase};
use crate::ids::ActorId;
use crate::kafka::consumer::Client;
use crate::kafka::group::consumer::{
    HeartbeatError, HeartbeatRequest, HeartbeatResponse, MemberEpoch,
};
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::time::SimDuration;
use crate::trace::{ConsumerError, What};

impl KafkaLane {
    /// The background thread looks what is due. `ConsumerHeartbeatRequestManager.poll`.
    pub(super) fn wake_background(&mut self, step: &mut Step<'_>, client: Client, alarm: u32) {
        let actor = client.actor;
        let is_last = |its: &&super::Membership| its.alarm == alarm && its.beats();
        if self.modern(actor).filter(is_last).is_none() {
            return;
        }
        if self.has_stopped_polling(step.now, actor) {
            return self.leave_as_stale(step, actor);
        }
        self.run_background(step, actor);
    }

    /// The application does not poll: the member leaves, a static one for a while, and will find out
    /// at its next poll. `AbstractMembershipManager.transitionToSendingLeaveGroup`.
    fn leave_as_stale(&mut self, step: &mut Step<'_>, actor: ActorId) {
        step.out.event(What::MaxPollExceeded { actor });
        self.send_modern_leave(step, actor);
        if let Some(membership) = self.modern_mut(actor) {
            membership.step_back(Phase::Stale, MemberEpoch::LEAVE);
        }
    }

    /// The last heartbeat: its answer changes nothing. KIP-848; KIP-1092 for who may choose.
    pub(super) fn send_modern_leave(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let instance = self
            .consumers
            .get(actor.index())
            .and_then(|consumer| consumer.group_instance_id);
        let Some(membership) = self.modern(actor) else {
            return;
        };
        let epoch = match instance {
            Some(_) => MemberEpoch::LEAVE_STATIC,
            None => MemberEpoch::LEAVE,
        };
        let request = HeartbeatRequest {
            instance,
            ..HeartbeatRequest::alive(membership.member, epoch)
        };
        self.post_heartbeat(step, actor, request);
    }

    /// Sends a heartbeat if one is to be sent now, and sees to the next time.
    pub(super) fn run_background(&mut self, step: &mut Step<'_>, actor: ActorId) {
        self.beat(step, actor);
        self.set_alarm(step, actor);
    }

    /// Sends a heartbeat if one is due and none is on its way. `AbstractHeartbeatRequestManager.poll`.
    fn beat(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(membership) = self.modern(actor) else {
            return;
        };
        let is_due = membership.beats_at_once() || membership.heartbeat_at <= step.now;
        if !membership.beats() || !is_due || membership.in_flight == InFlight::Yes {
            return;
        }
        let Some(request) = self.next_heartbeat(actor) else {
            return;
        };
        if request.epoch == MemberEpoch::JOIN {
            step.out.event(What::JoinSent { actor });
        }
        let Some(membership) = self.modern_mut(actor) else {
            return;
        };
        membership.in_flight = InFlight::Yes;
        membership.heartbeat_at = step.now + membership.interval;
        if request.owned.is_some() {
            membership.said.owned = membership.current;
        }
        if let Some(topics) = &request.topics {
            membership.said.topics.clone_from(topics);
        }
        if membership.phase == Phase::Acknowledging {
            membership.compare();
        }
        self.post_heartbeat(step, actor, request);
    }

    /// What the next heartbeat says: who joins says all, else what has changed.
    /// `ConsumerHeartbeatRequestManager.HeartbeatState.buildRequestData`.
    ///
    /// What it owns is ours to say less often: a member that was told of another assignment before it
    /// could say what it owns after the one before says so with the next. Kafka's says it at once,
    /// and the coordinator then takes for given up what it has given in the meantime.
    fn next_heartbeat(&self, actor: ActorId) -> Option<HeartbeatRequest> {
        let consumer = self.consumers.get(actor.index())?;
        let membership = consumer.modern.as_ref()?;
        let settings = &self.groups.get(consumer.group)?.settings;
        let joins = membership.phase == Phase::Joining;
        let is_untold = membership.said.owned != membership.current;
        let has_changed = joins || (is_untold && membership.phase != Phase::Reconciling);
        let owned = consumer.owned.iter().map(|owned| owned.partition);
        let resubscribes = joins || membership.said.topics != consumer.subscription;
        Some(HeartbeatRequest {
            member: membership.member,
            instance: consumer.group_instance_id,
            epoch: membership.epoch,
            rebalance_timeout: joins.then_some(settings.max_poll_interval),
            topics: resubscribes.then(|| consumer.subscription.clone()),
            assignor: settings.group_remote_assignor.filter(|_| joins),
            owned: has_changed.then(|| owned.collect()),
        })
    }

    fn post_heartbeat(&mut self, step: &mut Step<'_>, actor: ActorId, request: HeartbeatRequest) {
        let client = self.client(actor);
        let at = step.now + self.latency;
        let attempt = self.modern(actor).map_or(0, |its| its.attempt);
        if let Some((_, modern)) = self.modern_group(actor) {
            modern.heartbeats.push_back((attempt, request));
            let timer = ModernTimer::HeartbeatArrives(client);
            step.out.timer(at, KafkaTimer::Modern(timer));
        }
    }

    /// Wakes the background thread for the next heartbeat, or when the application has to have
    /// polled.
    fn set_alarm(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(deadline) = self.poll_deadline(step.now, actor) else {
            return;
        };
        let Some(membership) = self.modern_mut(actor).filter(|its| its.beats()) else {
            return;
        };
        membership.alarm += 1;
        let at = match membership.in_flight {
            InFlight::No => deadline.min(membership.heartbeat_at),
            InFlight::Yes => deadline,
        };
        let timer = ModernTimer::Background(client, membership.alarm);
        step.out.timer(at.max(step.now), KafkaTimer::Modern(timer));
    }

    pub(super) fn modern_heartbeat_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some((index, modern)) = self.modern_group(client.actor) else {
            return;
        };
        let Some((attempt, request)) = modern.heartbeats.pop_front() else {
            return;
        };
        let answer = modern
            .coordinator
            .heartbeat(step.now, &request, &mut modern.effects);
        self.drain_modern(step, index);
        if request.epoch >= MemberEpoch::JOIN
            && self.lives(client)
            && let Some(membership) = self.modern_mut(client.actor)
        {
            membership.on_the_wire.push_back((attempt, answer));
            let timer = KafkaTimer::Modern(ModernTimer::HeartbeatAnswer(client));
            step.out.timer(step.now + self.latency, timer);
        }
    }

    pub(super) fn hear_heartbeat(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some(membership) = self.modern_mut(actor) else {
            return;
        };
        let answer = membership.on_the_wire.pop_front();
        let Some((attempt, answer)) = answer else {
            return;
        };
        if attempt != membership.attempt || !membership.beats() {
            return;
        }
        membership.in_flight = InFlight::No;
        match answer {
            Ok(response) => self.take_in_response(step, actor, response),
            // `transitionToFenced`.
            Err(HeartbeatError::UnknownMemberId | HeartbeatError::FencedMemberEpoch) => {
                membership.step_back(Phase::Fenced, MemberEpoch::JOIN);
            }
            Err(HeartbeatError::UnreleasedInstanceId) => {
                self.be_fatal(actor, ConsumerError::UnreleasedInstanceId);
            }
            Err(HeartbeatError::FencedInstanceId) => {
                self.be_fatal(actor, ConsumerError::FencedInstanceId);
            }
        }
        self.heed(step, actor);
        self.run_background(step, actor);
    }

    /// `transitionToFatal`.
    fn be_fatal(&mut self, actor: ActorId, error: ConsumerError) {
        if let Some(membership) = self.modern_mut(actor) {
            membership.step_back(Phase::Fatal, MemberEpoch::LEAVE);
            membership.failure = Some(error);
        }
    }

    /// `AbstractMembershipManager.onHeartbeatSuccess`.
    fn take_in_response(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        response: HeartbeatResponse,
    ) {
        let Some(membership) = self.modern_mut(actor) else {
            return;
        };
        if membership.epoch != response.epoch {
            membership.epoch = response.epoch;
            let generation = generation(response.epoch);
            step.out.event(What::Synced { actor, generation });
        }
        let interval: SimDuration = response.heartbeat_interval;
        if membership.interval != interval {
            membership.interval = interval;
            membership.heartbeat_at = step.now + interval;
        }
        if let Some(partitions) = response.assignment {
            membership.be_told(partitions);
        }
    }
}
