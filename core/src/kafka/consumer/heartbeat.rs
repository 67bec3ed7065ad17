//! The heartbeat thread: how a consumer stays a member, hears of a rebalance, and leaves when its
//! other thread does not poll. `AbstractCoordinator.HeartbeatThread`, KIP-62.

use super::membership::{Keep, Phase, Rejoin};
use super::state::{Client, Consumer};
use crate::ids::{ActorId, Generation};
use crate::kafka::group::classic::{Caller, HeartbeatError};
use crate::kafka::lane::{Call, KafkaLane, KafkaTimer, News, Step};
use crate::time::SimTime;
use crate::trace::{CommitRefusal, ConsumerError, What};

impl KafkaLane {
    /// The thread begins anew, with all its times. `HeartbeatThread.enable`.
    pub(super) fn start_heartbeats(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        let Some(group) = self.groups.get(consumer.group) else {
            return;
        };
        consumer.membership.heartbeats += 1;
        consumer.polled_at = step.now;
        let thread = consumer.membership.heartbeats;
        let settings = &group.settings;
        step.out.timer(
            step.now + settings.heartbeat_interval,
            KafkaTimer::Heartbeat(client, thread),
        );
        step.out.timer(
            step.now + settings.max_poll_interval,
            KafkaTimer::PollTimeout(client, thread),
        );
    }

    pub(super) fn heartbeat(&mut self, step: &mut Step<'_>, client: Client, thread: u32) {
        if !self.is_beating(client.actor, thread) {
            return;
        }
        // A process that stood still finds both due: it looks at the other one first.
        if self.has_stopped_polling(step.now, client.actor) {
            return self.leave_by_timeout(step, client.actor);
        }
        let call = self.call(client.actor);
        let interval = self
            .settings_of(client.actor)
            .map(|settings| settings.heartbeat_interval);
        if let (Ok(call), Some(interval)) = (call, interval) {
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::HeartbeatArrives(client, call),
            );
            step.out
                .timer(step.now + interval, KafkaTimer::Heartbeat(client, thread));
        }
    }

    /// Looks whether the other thread has polled in time, again and again.
    pub(super) fn poll_timeout(&mut self, step: &mut Step<'_>, client: Client, thread: u32) {
        if !self.is_beating(client.actor, thread) {
            return;
        }
        if self.has_stopped_polling(step.now, client.actor) {
            return self.leave_by_timeout(step, client.actor);
        }
        if let Some(deadline) = self.poll_deadline(step.now, client.actor) {
            step.out
                .timer(deadline, KafkaTimer::PollTimeout(client, thread));
        }
    }

    fn is_beating(&self, actor: ActorId, thread: u32) -> bool {
        let consumer = self.consumers.get(actor.index());
        let membership = consumer.map(|consumer| &consumer.membership);
        membership.is_some_and(|its| its.heartbeats == thread && its.beats())
    }

    /// When the other thread has to have called `poll()` again; it may be inside all the while.
    pub(super) fn poll_deadline(&self, now: SimTime, actor: ActorId) -> Option<SimTime> {
        let consumer = self.consumers.get(actor.index())?;
        let interval = self.settings_of(actor)?.max_poll_interval;
        let polled_at = if consumer.is_in_poll() {
            now
        } else {
            consumer.polled_at
        };
        Some(polled_at + interval)
    }

    pub(super) fn has_stopped_polling(&self, now: SimTime, actor: ActorId) -> bool {
        let deadline = self.poll_deadline(now, actor);
        deadline.is_some_and(|deadline| deadline <= now)
    }

    /// The other thread is stuck: the member leaves its group, or, if it is static, only falls
    /// silent. It will find out at its next poll. `AbstractCoordinator.maybeLeaveGroup`.
    fn leave_by_timeout(&mut self, step: &mut Step<'_>, actor: ActorId) {
        step.out.event(What::MaxPollExceeded { actor });
        self.send_leave(step, actor);
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.reset(Keep::Nothing);
        }
    }

    /// LeaveGroup, which a static member does not send. KIP-345.
    pub(super) fn send_leave(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        if let (Some(member), None) = (consumer.membership.member, consumer.group_instance_id) {
            let at = step.now + self.latency;
            step.out.timer(at, KafkaTimer::LeaveArrives(member));
        }
    }

    /// Who a request to the coordinator is from; what the client answers itself if it knows that the
    /// coordinator would refuse it. `AbstractCoordinator.generationIfStable`.
    pub(super) fn call(&self, actor: ActorId) -> Result<Call, CommitRefusal> {
        let consumer = self.consumers.get(actor.index());
        let consumer = consumer.ok_or(CommitRefusal::NotInGroup)?;
        let membership = &consumer.membership;
        match (membership.member, membership.generation) {
            (Some(member), Some(generation)) => Ok(Call {
                caller: Caller {
                    member,
                    group_instance_id: consumer.group_instance_id,
                },
                generation,
            }),
            _ => Err(CommitRefusal::NotInGroup),
        }
    }

    pub(super) fn heartbeat_arrives(&mut self, step: &mut Step<'_>, client: Client, call: Call) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let index = consumer.group;
        let Some(group) = self.groups.get_mut(index) else {
            return;
        };
        let Call { caller, generation } = call;
        let news = match group.coordinator.heartbeat(step.now, caller, generation) {
            Ok(()) => None,
            Err(HeartbeatError::RebalanceInProgress) => Some(News::Rebalancing),
            Err(HeartbeatError::IllegalGeneration) => Some(News::Outdated(generation)),
            Err(HeartbeatError::UnknownMemberId) => Some(News::Unknown(generation)),
            Err(HeartbeatError::FencedInstanceId) => Some(News::Fenced(generation)),
        };
        if let Some(news) = news {
            let at = step.now + self.latency;
            step.out.timer(at, KafkaTimer::MembershipNews(client, news));
        }
        self.note_wake(step, index);
    }

    pub(super) fn hear_news(&mut self, step: &mut Step<'_>, client: Client, news: News) {
        if let Some(consumer) = self.consumers.get_mut(client.actor.index()) {
            consumer.take_in(news);
            self.heed(step, client.actor);
        }
    }
}

impl Consumer {
    /// What an answer beside "fine" does to the membership. One for an earlier generation does
    /// nothing. `AbstractCoordinator.HeartbeatResponseHandler`.
    pub(super) fn take_in(&mut self, news: News) {
        let membership = &mut self.membership;
        let is_current = |generation: Generation| membership.generation == Some(generation);
        match news {
            News::Rebalancing if membership.phase == Phase::Stable => {
                membership.rejoin = Rejoin::Needed;
            }
            News::Outdated(generation) if is_current(generation) => {
                membership.reset(Keep::MemberId);
            }
            News::Unknown(generation) if is_current(generation) => {
                membership.reset(Keep::Nothing);
            }
            News::Fenced(generation) if is_current(generation) => {
                membership.reset(Keep::Nothing);
                membership.failure = Some(ConsumerError::FencedInstanceId);
            }
            News::Rebalancing | News::Outdated(_) | News::Unknown(_) | News::Fenced(_) => {}
        }
    }
}
