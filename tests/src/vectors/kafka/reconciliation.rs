//! One heartbeat of one member of the consumer protocol.

use broker_lab_core::kafka::group::consumer::{
    AssignedPartition, CurrentAssignment, Heartbeat, MemberEpoch, MemberState, SubscriptionChange,
    Target, reconcile,
};
use broker_lab_core::{TopicId, TopicPartition};
use serde::Deserialize;

use super::{CaseResult, compare};

/// A member, its target and its heartbeat, and the member afterwards.
#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    member: Member,
    subscription_changed: bool,
    target_epoch: i32,
    target: Vec<(String, u16)>,
    owned_reported: Option<Vec<(String, u16)>>,
    partition_epochs: Vec<(String, u16, i32)>,
    expected: Member,
}

#[derive(Deserialize)]
struct Member {
    state: State,
    member_epoch: i32,
    previous_member_epoch: i32,
    assigned: Vec<(String, u16, i32)>,
    pending_revocation: Vec<(String, u16, i32)>,
    #[serde(default)]
    subscribed: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    Stable,
    UnrevokedPartitions,
    UnreleasedPartitions,
}

pub(super) fn run(case: Case) -> CaseResult {
    let topics = Topics::of(&case);
    let member = topics.member(&case.member);
    let target: Vec<_> = topics.partitions(&case.target);
    let owned = case.owned_reported.as_ref();
    let owned = owned.map(|owned| topics.partitions(owned));
    let subscribed: Vec<_> = case
        .member
        .subscribed
        .iter()
        .map(|t| topics.id(t))
        .collect();
    let epochs = topics.with_epochs(&case.partition_epochs);
    let partition_epoch = |partition| {
        let held = epochs.iter().find(|held| held.partition == partition)?;
        (held.epoch != MemberEpoch(-1)).then_some(held.epoch)
    };
    let heartbeat = Heartbeat {
        subscribed: &subscribed,
        subscription: if case.subscription_changed {
            SubscriptionChange::Changed
        } else {
            SubscriptionChange::Same
        },
        owned: owned.as_deref(),
    };
    let target = Target {
        epoch: MemberEpoch(case.target_epoch),
        partitions: &target,
    };
    let got = reconcile(&member, target, heartbeat, partition_epoch).unwrap_or(member);
    compare(case.id, &topics.member(&case.expected), &got)
}

/// The topics of a case by name: an id is a place in the list.
struct Topics(Vec<String>);

impl Topics {
    fn of(case: &Case) -> Self {
        let held = |member: &'_ Member| {
            let lists = [&member.assigned, &member.pending_revocation];
            lists.map(|list| list.iter().map(|(topic, ..)| topic.clone()).collect())
        };
        let lists: Vec<Vec<String>> = [held(&case.member), held(&case.expected)].concat();
        let mut names: Vec<String> = lists.concat();
        names.extend(case.member.subscribed.iter().cloned());
        names.extend(case.target.iter().map(|(topic, _)| topic.clone()));
        names.extend(
            case.partition_epochs
                .iter()
                .map(|(topic, ..)| topic.clone()),
        );
        let owned = case.owned_reported.iter().flatten();
        names.extend(owned.map(|(topic, _)| topic.clone()));
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    fn id(&self, name: &str) -> TopicId {
        let place = self.0.iter().position(|known| known == name);
        TopicId(place.map_or(u16::MAX, |place| place as u16))
    }

    fn partition(&self, name: &str, partition: u16) -> TopicPartition {
        TopicPartition::new(self.id(name).0, partition)
    }

    fn partitions(&self, list: &[(String, u16)]) -> Vec<TopicPartition> {
        let partitions = list
            .iter()
            .map(|(name, number)| self.partition(name, *number));
        partitions.collect()
    }

    fn with_epochs(&self, list: &[(String, u16, i32)]) -> Vec<AssignedPartition> {
        let mut held: Vec<_> = list
            .iter()
            .map(|(name, number, epoch)| AssignedPartition {
                partition: self.partition(name, *number),
                epoch: MemberEpoch(*epoch),
            })
            .collect();
        held.sort_unstable();
        held
    }

    fn member(&self, member: &Member) -> CurrentAssignment {
        CurrentAssignment {
            state: match member.state {
                State::Stable => MemberState::Stable,
                State::UnrevokedPartitions => MemberState::UnrevokedPartitions,
                State::UnreleasedPartitions => MemberState::UnreleasedPartitions,
            },
            member_epoch: MemberEpoch(member.member_epoch),
            previous_member_epoch: MemberEpoch(member.previous_member_epoch),
            assigned: self.with_epochs(&member.assigned),
            pending_revocation: self.with_epochs(&member.pending_revocation),
        }
    }
}
