//! The beginning and the end of a member of the consumer protocol.

use super::coordinator::member_of;
use super::membership::{Membership, Phase};
use crate::ids::ActorId;
use crate::kafka::consumer::rebalancing::End;
use crate::kafka::consumer::state::State;
use crate::kafka::group::consumer::MemberEpoch;
use crate::kafka::lane::{Awaited, KafkaLane, Step};
use crate::trace::What;

impl KafkaLane {
    /// A process that has started makes up a member id. `Uuid.randomUuid`, KIP-1082.
    pub(in crate::kafka::consumer) fn become_modern(&mut self, step: &Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        if let Some(group) = self.groups.get(consumer.group)
            && group.modern.is_some()
        {
            let member = member_of(actor, consumer.incarnation);
            consumer.modern = Some(Membership::new(member));
            consumer.auto_commit_at = step.now + group.settings.auto_commit_interval;
        }
    }

    /// `AsyncKafkaConsumer.close()`: commits automatically if that is on, gives up everything, and
    /// leaves; a static member for a while.
    pub(in crate::kafka::consumer) fn close_as_member(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
    ) {
        let Some(membership) = self.modern(actor) else {
            return;
        };
        let (is_member, leaves) = (membership.is_member(), membership.beats());
        let settings = self.settings_of(actor);
        let commits = settings.is_some_and(|its| its.enable_auto_commit || its.commit_on_revoke);
        if commits && is_member {
            self.commit_positions(step, actor, (None, Awaited::No));
        }
        let owned = self.partitions_of(actor);
        // `ConsumerRebalanceListenerInvoker.rebalanceCallbacks` by the epoch.
        let end = if is_member { End::Revoked } else { End::Lost };
        self.give_up(step, actor, (&owned, end));
        if leaves {
            self.send_modern_leave(step, actor);
        }
        step.out.event(What::ActorStopped { actor });
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.state = State::Down;
        }
        if let Some(membership) = self.modern_mut(actor) {
            membership.step_back(Phase::Unsubscribed, MemberEpoch::LEAVE);
        }
    }
}
