//! A consumer's process: it starts, dies, and ends in an orderly way.

use super::state::{Leaving, State};
use crate::ids::ActorId;
use crate::kafka::group::MemberId;
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::trace::What;

impl KafkaLane {
    /// A process starts: it knows nothing and asks to join.
    pub(in crate::kafka) fn start_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        consumer.reset();
        step.out.event(What::ActorStarted { actor });
        self.send_join(step, actor);
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
        if !matches!(consumer.state, State::Working | State::Committing { .. }) {
            self.close(step, actor);
        }
    }

    /// `KafkaConsumer.close()`: commits automatically if that is on, and leaves the group.
    pub(super) fn close(&mut self, step: &mut Step<'_>, actor: ActorId) {
        self.commit_positions(step, actor, Awaited::No);
        self.give_up_all(step, actor);
        step.out.event(What::ActorStopped { actor });
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Down;
            if let Some(member) = consumer.member {
                let at = step.now + self.latency;
                step.out.timer(at, KafkaTimer::LeaveArrives(member));
            }
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
