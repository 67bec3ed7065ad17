//! What a member does about its group in `poll()`: gives up, takes over, joins.

use super::coordinator::generation;
use super::membership::{Assignment, Phase};
use crate::ids::{ActorId, TopicPartition};
use crate::kafka::consumer::committing::Sent;
use crate::kafka::consumer::membership::Preparation;
use crate::kafka::consumer::reading::Owned;
use crate::kafka::consumer::rebalancing::{End, Looked};
use crate::kafka::consumer::state::{State, Then};
use crate::kafka::group::consumer::MemberEpoch;
use crate::kafka::lane::{Awaited, KafkaLane, Step};
use crate::trace::What;

impl KafkaLane {
    /// Does what the group asks for, as far as it can be done now.
    /// `ConsumerMembershipManager.onConsumerPoll`, `maybeReconcile`.
    pub(in crate::kafka::consumer) fn act_as_member(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
    ) -> Looked {
        let Some(membership) = self.modern(actor) else {
            return Looked::Unchanged;
        };
        if let Some(failure) = membership.failure {
            self.fail(step, actor, failure);
            return Looked::Elsewhere;
        }
        match membership.phase {
            Phase::Unsubscribed | Phase::Fenced | Phase::Stale => self.join_anew(step, actor),
            Phase::Reconciling => self.come_to_assignment(step, actor),
            Phase::Joining | Phase::Stable | Phase::Acknowledging | Phase::Fatal => {
                Looked::Unchanged
            }
        }
    }

    /// It has no part any more: `onPartitionsLost`, then a heartbeat with epoch 0 under the same
    /// member id. `transitionToJoining`.
    fn join_anew(&mut self, step: &mut Step<'_>, actor: ActorId) -> Looked {
        let lost = self.partitions_of(actor);
        self.give_up(step, actor, (&lost, End::Lost));
        if let Some(membership) = self.modern_mut(actor) {
            membership.step_back(Phase::Joining, MemberEpoch::JOIN);
        }
        self.run_background(step, actor);
        changed(lost.len())
    }

    /// Commits, gives up what it was not told to own, takes over what is new, and says so at once.
    /// While it commits it may be told of another assignment: that is for the next time.
    fn come_to_assignment(&mut self, step: &mut Step<'_>, actor: ActorId) -> Looked {
        let owned = self.partitions_of(actor);
        let Some(membership) = self.modern_mut(actor) else {
            return Looked::Unchanged;
        };
        let target = membership.target.clone();
        let Assignment { number, partitions } = membership.coming_to.take().unwrap_or(target);
        let is_revoked = |partition: &TopicPartition| !partitions.contains(partition);
        let revoked: Vec<_> = owned.iter().copied().filter(is_revoked).collect();
        if membership.preparation == Preparation::Needed {
            membership.preparation = Preparation::Committed;
            membership.coming_to = Some(Assignment {
                number,
                partitions: partitions.clone(),
            });
            if self.commit_before_revoking(step, actor, &revoked) == Sent::Something {
                if let Some(consumer) = self.consumers.get_mut(actor.index()) {
                    consumer.state = State::Committing { then: Then::Poll };
                }
                return Looked::Elsewhere;
            }
        }
        self.give_up(step, actor, (&revoked, End::Revoked));
        let added = self.take_over_new(step, actor, &partitions);
        if let Some(membership) = self.modern_mut(actor) {
            membership.coming_to = None;
            membership.preparation = Preparation::Needed;
            membership.current = number;
            membership.phase = Phase::Acknowledging;
        }
        self.run_background(step, actor);
        changed(revoked.len() + added)
    }

    /// Automatic commits cover everything that was read, each time that something is to change
    /// (`maybeAutoCommitSyncBeforeRebalance`); an application that commits in
    /// `onPartitionsRevoked` does so for what it gives up.
    fn commit_before_revoking(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        revoked: &[TopicPartition],
    ) -> Sent {
        let Some(settings) = self.settings_of(actor) else {
            return Sent::Nothing;
        };
        if settings.enable_auto_commit {
            self.commit_positions(step, actor, (None, Awaited::Yes))
        } else if settings.commit_on_revoke && !revoked.is_empty() {
            self.commit_positions(step, actor, (Some(revoked), Awaited::Yes))
        } else {
            Sent::Nothing
        }
    }

    fn take_over_new(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        partitions: &[TopicPartition],
    ) -> usize {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return 0;
        };
        let Some(membership) = &consumer.modern else {
            return 0;
        };
        let generation = generation(membership.epoch);
        let before = consumer.owned.len();
        for &partition in partitions {
            if consumer.owned_mut(partition).is_none() {
                consumer.owned.push(Owned::new(partition));
                step.out.event(What::Assigned {
                    actor,
                    partition,
                    generation,
                });
            }
        }
        consumer.owned.len() - before
    }

    pub(super) fn partitions_of(&self, actor: ActorId) -> Vec<TopicPartition> {
        let consumer = self.consumers.get(actor.index());
        let owned = consumer.iter().flat_map(|consumer| &consumer.owned);
        owned.map(|owned| owned.partition).collect()
    }
}

/// What comes of a look at so many changes.
const fn changed(changes: usize) -> Looked {
    match changes {
        0 => Looked::Unchanged,
        _ => Looked::Changed,
    }
}
