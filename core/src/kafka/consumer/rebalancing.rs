//! What a member does about its group when its thread is in `poll()`: give up, join, take over.

use super::committing::Sent;
use super::membership::{Answer, Keep, Phase, Preparation, Rejoin};
use super::reading::Owned;
use super::state::{State, Then};
use crate::ids::{ActorId, TopicId, TopicPartition};
use crate::kafka::assignor::RebalanceProtocol;
use crate::kafka::group::classic::{JoinError, LastAssignment, SyncError};
use crate::kafka::lane::{Awaited, KafkaLane, KafkaTimer, Step};
use crate::time::SimTime;
use crate::trace::{ConsumerError, What};

/// What has come of looking after the membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// What it owns is the same.
    Unchanged,
    /// It owns something else.
    Changed,
    /// The poll waits for the answer to a commit, or is over for good.
    Elsewhere,
}

impl KafkaLane {
    /// Does what the group asks for, as far as it can be done now.
    /// `AbstractCoordinator.joinGroupIfNeeded`.
    pub(super) fn look_after_membership(&mut self, step: &mut Step<'_>, actor: ActorId) -> Looked {
        let mut looked = Looked::Unchanged;
        let consumer = self.consumers.get(actor.index());
        if consumer.is_some_and(|consumer| consumer.modern.is_some()) {
            return self.act_as_member(step, actor);
        }
        loop {
            let Some(consumer) = self.consumers.get_mut(actor.index()) else {
                return looked;
            };
            if let Some(failure) = consumer.membership.failure {
                self.fail(step, actor, failure);
                return Looked::Elsewhere;
            }
            let next = match consumer.membership.heard.take() {
                Some(answer) => self.hear(step, actor, answer),
                None if self.wants_to_join(step.now, actor) => self.prepare_and_join(step, actor),
                None => return looked,
            };
            match next {
                Looked::Unchanged => {}
                Looked::Changed => looked = Looked::Changed,
                Looked::Elsewhere => return Looked::Elsewhere,
            }
        }
    }

    /// Something has changed for a member: if its thread is in `poll()`, it acts on it now.
    pub(in crate::kafka) fn heed(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return;
        };
        let backs_off = consumer.state == State::BackingOff;
        if consumer.is_in_poll() && self.look_after_membership(step, actor) == Looked::Changed {
            let owns = |consumer: &super::Consumer| !consumer.owned.is_empty();
            let waits = backs_off && self.consumers.get(actor.index()).is_some_and(owns);
            if !waits {
                self.read_on(step, actor);
            }
        }
    }

    /// `ConsumerCoordinator.rejoinNeededOrPending`.
    fn wants_to_join(&self, now: SimTime, actor: ActorId) -> bool {
        self.consumers.get(actor.index()).is_some_and(|consumer| {
            let membership = &consumer.membership;
            let joined = membership.joined_with.as_ref();
            let resubscribed = joined.is_some_and(|joined| *joined != consumer.subscription);
            let is_idle = matches!(membership.phase, Phase::Unjoined | Phase::Stable);
            // The leader looks after the metadata: its assignment depends on them.
            let mut counts = membership.assigned_by.iter().flatten();
            let is_outdated = |(topic, count): &(TopicId, u16)| {
                self.known_to_consumer(now, actor, *topic) != Some(*count)
            };
            is_idle
                && (membership.rejoin == Rejoin::Needed || resubscribed || counts.any(is_outdated))
        })
    }

    /// Takes in an answer of the coordinator.
    fn hear(&mut self, step: &mut Step<'_>, actor: ActorId, answer: Answer) -> Looked {
        let client = self.client(actor);
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return Looked::Unchanged;
        };
        let membership = &mut consumer.membership;
        match (answer, membership.phase) {
            (Answer::Join(member, Ok(joined)), Phase::Preparing) => {
                self.joined(step, client, (member, joined));
            }
            (Answer::Join(member, Err(JoinError::MemberIdRequired)), Phase::Preparing) => {
                membership.member = Some(member);
                let at = step.now + self.latency;
                step.out.timer(at, KafkaTimer::JoinArrives(client));
            }
            (Answer::Join(_, Err(JoinError::UnknownMemberId)), Phase::Preparing) => {
                membership.reset(Keep::Nothing);
            }
            (Answer::Join(_, Err(JoinError::FencedInstanceId)), _)
            | (Answer::Sync(Err(SyncError::FencedInstanceId)), _) => {
                membership.failure = Some(ConsumerError::FencedInstanceId);
            }
            (Answer::Join(_, Err(JoinError::InconsistentGroupProtocol)), _) => {
                membership.failure = Some(ConsumerError::InconsistentGroupProtocol);
            }
            (Answer::Sync(Ok(partitions)), Phase::Stable) => {
                return self.take_over(step, actor, partitions);
            }
            (Answer::Sync(Err(SyncError::RebalanceInProgress)), Phase::Completing) => {
                self.send_join(step, actor);
            }
            // It has left, or was thrown out, in the meantime.
            _ => {}
        }
        Looked::Unchanged
    }

    /// Commits, gives up what has to be given up, and joins. `ConsumerCoordinator.onJoinPrepare`.
    fn prepare_and_join(&mut self, step: &mut Step<'_>, actor: ActorId) -> Looked {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return Looked::Unchanged;
        };
        let membership = &consumer.membership;
        let is_lost = membership.generation.is_none() || membership.member.is_none();
        let protocol = self.rebalance_protocol(actor);
        let goes = |partition: &TopicPartition| {
            is_lost
                || protocol == RebalanceProtocol::Eager
                || !consumer.subscription.contains(&partition.topic)
        };
        let given_up = consumer.owned.iter().map(|owned| owned.partition);
        let given_up: Vec<_> = given_up.filter(goes).collect();
        if membership.preparation == Preparation::Needed
            && self.commit_before(step, actor, (&given_up, is_lost)) == Sent::Something
        {
            return self.wait_for_commit(actor);
        }
        let mut looked = Looked::Unchanged;
        if self.preparation(actor) != Preparation::Done {
            let end = if is_lost { End::Lost } else { End::Revoked };
            self.give_up(step, actor, (&given_up, end));
            looked = if given_up.is_empty() {
                Looked::Unchanged
            } else {
                Looked::Changed
            };
        }
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.preparation = Preparation::Done;
        }
        self.send_join(step, actor);
        looked
    }

    /// What a member commits before it gives up `partitions`: everything automatically, or, if its
    /// application does so in `onPartitionsRevoked`, what is given up and not lost.
    fn commit_before(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (partitions, is_lost): (&[TopicPartition], bool),
    ) -> Sent {
        let Some(settings) = self.settings_of(actor) else {
            return Sent::Nothing;
        };
        if settings.enable_auto_commit {
            self.commit_positions(step, actor, (None, Awaited::Yes))
        } else if settings.commit_on_revoke && !is_lost {
            self.commit_positions(step, actor, (Some(partitions), Awaited::Yes))
        } else {
            Sent::Nothing
        }
    }

    fn wait_for_commit(&mut self, actor: ActorId) -> Looked {
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.preparation = Preparation::Committed;
            consumer.state = State::Committing { then: Then::Poll };
        }
        Looked::Elsewhere
    }

    fn preparation(&self, actor: ActorId) -> Preparation {
        self.consumers
            .get(actor.index())
            .map_or(Preparation::Needed, |c| c.membership.preparation)
    }

    fn rebalance_protocol(&self, actor: ActorId) -> RebalanceProtocol {
        let group = self.consumers.get(actor.index()).map(|c| c.group);
        group
            .and_then(|group| self.groups.get(group))
            .map_or(RebalanceProtocol::Eager, |group| group.rebalance_protocol)
    }

    /// Gives partitions up, with what was fetched of them.
    pub(super) fn give_up(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (partitions, end): (&[TopicPartition], End),
    ) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        for &partition in partitions {
            step.out.event(match end {
                End::Revoked => What::Revoked { actor, partition },
                End::Lost => What::Lost { actor, partition },
            });
        }
        let stays = |partition: TopicPartition| !partitions.contains(&partition);
        consumer.owned.retain(|owned| stays(owned.partition));
        consumer.fetched.retain(|fetched| stays(fetched.partition));
        consumer.batch.retain(|record| stays(record.partition));
    }

    /// Takes over what it was assigned. A cooperative member first gives up what it was not assigned
    /// again, and then joins once more, so that others can have that.
    /// `ConsumerCoordinator.onJoinComplete`.
    fn take_over(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        partitions: Vec<TopicPartition>,
    ) -> Looked {
        let Some(consumer) = self.consumers.get(actor.index()) else {
            return Looked::Unchanged;
        };
        let is_known =
            |partition: &TopicPartition| consumer.subscription.contains(&partition.topic);
        if !partitions.iter().all(is_known) {
            return self.join_once_more(actor);
        }
        let owned = consumer.owned.iter().map(|owned| owned.partition);
        let revoked: Vec<_> = owned.filter(|p| !partitions.contains(p)).collect();
        if !revoked.is_empty()
            && self.preparation(actor) == Preparation::Done
            && self.commit_revoked(step, actor, &revoked) == Sent::Something
        {
            if let Some(consumer) = self.consumers.get_mut(actor.index()) {
                consumer.membership.heard = Some(Answer::Sync(Ok(partitions)));
            }
            return self.wait_for_commit(actor);
        }
        self.synced(step, actor);
        self.give_up(step, actor, (&revoked, End::Revoked));
        let added = self.add(step, actor, &partitions);
        if !revoked.is_empty() {
            self.join_once_more(actor);
        }
        if revoked.is_empty() && added == 0 {
            Looked::Unchanged
        } else {
            Looked::Changed
        }
    }

    fn commit_revoked(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        revoked: &[TopicPartition],
    ) -> Sent {
        let settings = self.settings_of(actor);
        if settings.is_some_and(|settings| settings.commit_on_revoke) {
            self.commit_positions(step, actor, (Some(revoked), Awaited::Yes))
        } else {
            Sent::Nothing
        }
    }

    fn join_once_more(&mut self, actor: ActorId) -> Looked {
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            consumer.membership.rejoin = Rejoin::Needed;
            consumer.membership.preparation = Preparation::Needed;
        }
        Looked::Unchanged
    }

    fn synced(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return;
        };
        let membership = &mut consumer.membership;
        membership.preparation = Preparation::Needed;
        let Some(generation) = membership.generation else {
            return;
        };
        step.out.event(What::Synced { actor, generation });
        if let Some(group) = self.groups.get(consumer.group) {
            consumer.auto_commit_at = step.now + group.settings.auto_commit_interval;
        }
    }

    /// Adds what a member was assigned and did not own; how much that is.
    fn add(&mut self, step: &mut Step<'_>, actor: ActorId, partitions: &[TopicPartition]) -> usize {
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return 0;
        };
        let Some(generation) = consumer.membership.generation else {
            return 0;
        };
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
        let remembers = self
            .groups
            .get(consumer.group)
            .is_some_and(|group| group.remembers_assignments);
        consumer.membership.last = remembers.then(|| LastAssignment {
            generation,
            partitions: partitions.to_vec(),
        });
        consumer.owned.len() - before
    }
}

/// How a member's time with a partition ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It gives it up: `onPartitionsRevoked`.
    Revoked,
    /// It finds out that it was taken from it: `onPartitionsLost`.
    Lost,
}
