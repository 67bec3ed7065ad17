//! A consumer's process: it starts, dies, stands still for a while, and ends in an orderly way.

use super::membership::{Keep, Phase};
use super::rebalancing::End;
use super::state::{Client, Frozen, Leaving, State};
use crate::ids::ActorId;
use crate::kafka::group::MemberId;
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::time::SimDuration;
use crate::trace::{ConsumerError, What};

impl KafkaLane {
    /// A process starts: it knows nothing and asks to join.
    pub(in crate::kafka) fn start_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.reset();
        consumer.metadata_since = step.now;
        if let Some(group) = self.groups.get(consumer.group) {
            consumer.subscription.clone_from(&group.topics);
        }
        self.become_modern(step, actor);
        step.out.event(What::ActorStarted { actor });
        self.poll(step, actor);
    }

    /// A process dies. Nobody is told: the coordinator waits for its heartbeat.
    pub(in crate::kafka) fn crash_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        if let Some(consumer) = self.consumers.get_mut(actor.index())
            && consumer.state != State::Down
        {
            consumer.reset();
            step.out.event(What::ActorCrashed { actor });
        }
    }

    /// A process is asked to end: it closes at its next poll.
    pub(in crate::kafka) fn remove_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.state == State::Down {
            return;
        }
        consumer.leaving = Leaving::Yes;
        if consumer.is_in_poll() && consumer.frozen.is_none() {
            self.close(step, actor);
        }
    }

    /// A process stands still: what it was about to do waits, and what is sent to it piles up.
    pub(in crate::kafka) fn freeze_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if consumer.state == State::Down || consumer.frozen.is_some() {
            return;
        }
        let (ends_at, number) = consumer.work;
        let rest = if consumer.state == State::Working {
            ends_at.since(step.now)
        } else {
            SimDuration::ZERO
        };
        // The timer of the work as it was is dropped.
        consumer.work = (ends_at, number + 1);
        consumer.frozen = Some(Frozen {
            rest,
            came: Vec::new(),
        });
        step.out.event(What::Frozen { actor });
    }

    /// A process that stood still goes on where it was. It does not know how long that was, and
    /// finds out by what it hears.
    pub(in crate::kafka) fn thaw_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let Some(frozen) = consumer.frozen.take() else {
            return;
        };
        step.out.event(What::Thawed { actor });
        for timer in frozen.came {
            step.out.timer(step.now, timer);
        }
        if consumer.state == State::Working {
            let (_, number) = consumer.work;
            consumer.work = (step.now + frozen.rest, number);
            let timer = KafkaTimer::WorkDone(client, number);
            step.out.timer(step.now + frozen.rest, timer);
        }
        step.out.timer(step.now, KafkaTimer::Wakes(client));
    }

    /// What comes to a process that stands still waits until it goes on.
    pub(in crate::kafka) fn piles_up(&mut self, client: Client, timer: KafkaTimer) -> bool {
        let consumer = self.consumers.get_mut(client.actor.index());
        let frozen = consumer.and_then(|consumer| consumer.frozen.as_mut());
        if let Some(frozen) = frozen {
            frozen.came.push(timer);
            return true;
        }
        false
    }

    /// From now on the work of a consumer takes `times` as long.
    pub(in crate::kafka) fn slow_down(&mut self, step: &mut Step<'_>, actor: ActorId, times: u16) {
        if let Some(consumer) = self.consumers.get_mut(actor.index())
            && consumer.slow != times
        {
            consumer.slow = times;
            step.out.event(What::Slowed { actor, times });
        }
    }

    /// An exception comes out of `poll()`: the application closes its consumer and ends.
    pub(super) fn fail(&mut self, step: &mut Step<'_>, actor: ActorId, error: ConsumerError) {
        step.out.event(What::ConsumerFailed { actor, error });
        self.close(step, actor);
    }

    /// `KafkaConsumer.close()`: commits automatically if that is on, gives up everything and leaves
    /// the group.
    pub(super) fn close(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        if consumer.modern.is_some() {
            return self.close_as_member(step, actor);
        }
        let phase = consumer.membership.phase;
        let settings = self.settings_of(actor);
        let commits = settings.is_some_and(|its| its.enable_auto_commit || its.commit_on_revoke);
        if commits && phase == Phase::Stable {
            self.commit_positions(step, actor, (None, Awaited::No));
        }
        let owned = self.consumers.get(actor.index()).map(|consumer| {
            let owned = consumer.owned.iter();
            owned.map(|owned| owned.partition).collect::<Vec<_>>()
        });
        // `ConsumerCoordinator.onLeavePrepare`.
        let end = if phase == Phase::Stable {
            End::Revoked
        } else {
            End::Lost
        };
        self.give_up(step, actor, (&owned.unwrap_or_default(), end));
        self.send_leave(step, actor);
        step.out.event(What::ActorStopped { actor });
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.reset(Keep::Nothing);
            consumer.membership.on_the_wire.clear();
            consumer.state = State::Down;
        }
    }

    /// The process may have been started again in the meantime: the id is that of its last life.
    pub(in crate::kafka) fn leave_arrives(&mut self, step: &mut Step<'_>, member: MemberId) {
        let Some(consumer) = self.consumers.get(member.actor.index()) else {
            return;
        };
        let index = consumer.group;
        if let Some(group) = self.groups.get_mut(index)
            && group
                .coordinator
                .leave(step.now, member, &mut group.effects)
                .is_ok()
        {
            self.drain_effects(step, index);
        }
    }
}
