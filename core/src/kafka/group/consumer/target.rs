//! The target: who shall have which partition, computed by the coordinator.

use litemap::LiteMap;

use super::coordinator::{ConsumerGroupCoordinator, Refresh};
use super::messages::Effect;
use crate::ids::{TopicId, TopicPartition};
use crate::kafka::assignor::{MemberSubscription, ServerAssignor, TopicMetadata};
use crate::kafka::group::MemberId;
use crate::time::SimTime;

impl ConsumerGroupCoordinator {
    /// Computes another target if the group has another epoch, and the last one has stood long
    /// enough; else it is left to a later heartbeat.
    /// `GroupMetadataManager.canComputeNextTargetAssignment`.
    pub(super) fn maybe_compute_target(&mut self, now: SimTime, effects: &mut Vec<Effect>) {
        let interval = self.settings.assignment_interval;
        let stands = |since: SimTime| now < since + interval;
        if self.group_epoch <= self.target_epoch || self.target_computed_at.is_some_and(stands) {
            return;
        }
        let members = self.members();
        let target = self.compute_target(&members);
        let before = self.holders();
        for (member, partitions) in members.into_iter().zip(target) {
            if let Some(known) = self.members.get_mut(&member) {
                known.target = partitions;
            }
        }
        tell_changes(&before, &self.holders(), effects);
        self.target_epoch = self.group_epoch;
        self.target_computed_at = Some(now);
        effects.push(Effect::TargetComputed {
            epoch: self.target_epoch,
        });
        self.tell_state(effects);
    }

    /// What each of `members` shall have. `TargetAssignmentBuilder.build`.
    fn compute_target(&self, members: &[MemberId]) -> Vec<Vec<TopicPartition>> {
        let subscriptions: Vec<_> = members
            .iter()
            .filter_map(|&member| {
                let known = self.members.get(&member)?;
                Some(MemberSubscription {
                    group_instance_id: known.instance,
                    owned: known.target.clone(),
                    ..MemberSubscription::new(member, known.topics.clone())
                })
            })
            .collect();
        self.preferred_assignor()
            .assign(&self.subscribed_topics(), &subscriptions)
    }

    /// The assignor that most members name; `uniform`, the first of `group.consumer.assignors`,
    /// if nobody names one. Of two that are named as often, Kafka takes the one that its hash map
    /// has last, and we the one that comes last in the list.
    /// `ConsumerGroup.preferredServerAssignor`.
    fn preferred_assignor(&self) -> ServerAssignor {
        let mut votes: LiteMap<ServerAssignor, u32> = LiteMap::new();
        for assignor in self.members.values().filter_map(|known| known.assignor) {
            *votes.entry(assignor).or_insert(0) += 1;
        }
        let most = votes.iter().max_by_key(|(_, votes)| **votes);
        most.map(|(&assignor, _)| assignor).unwrap_or_default()
    }

    /// The topics that somebody subscribes to and that are there.
    fn subscribed_topics(&self) -> Vec<TopicMetadata> {
        let is_subscribed = |topic: TopicId| {
            let mut members = self.members.values();
            members.any(|known| known.topics.binary_search(&topic).is_ok())
        };
        let topics = self.topics.iter();
        let subscribed = topics.filter(|metadata| is_subscribed(metadata.topic));
        subscribed.cloned().collect()
    }

    /// Looks at the partitions of what the group subscribes to: whether they have changed.
    pub(super) fn refresh_metadata(&mut self) -> Refresh {
        let topics = self.subscribed_topics();
        let metadata = topics.iter().map(|known| (known.topic, known.partitions));
        let metadata: Vec<_> = metadata.collect();
        if metadata == self.metadata {
            return Refresh::NotNeeded;
        }
        self.metadata = metadata;
        Refresh::Needed
    }

    /// Whose each partition is in the target.
    fn holders(&self) -> LiteMap<TopicPartition, MemberId> {
        let members = self.members.iter();
        members
            .flat_map(|(&member, known)| known.target.iter().map(move |&tp| (tp, member)))
            .collect()
    }
}

fn tell_changes(
    before: &LiteMap<TopicPartition, MemberId>,
    after: &LiteMap<TopicPartition, MemberId>,
    effects: &mut Vec<Effect>,
) {
    for &partition in before.keys().filter(|tp| !after.contains_key(tp)) {
        let member = None;
        effects.push(Effect::TargetChanged { partition, member });
    }
    for (&partition, &member) in after.iter() {
        if before.get(&partition) != Some(&member) {
            let member = Some(member);
            effects.push(Effect::TargetChanged { partition, member });
        }
    }
}
