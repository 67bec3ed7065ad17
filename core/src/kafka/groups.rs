//! The consumer groups of a log lane, each with its coordinator.

use litemap::LiteMap;

use super::assignor::{Assignor, InstanceId, RebalanceProtocol};
use super::consumer::modern::Modern;
use super::group::CommittedOffsets;
use super::group::classic::{Effect, GroupCoordinator, GroupSettings};
use super::lane::{KafkaLane, KafkaTimer, Step};
use crate::ids::{GroupId, MessageId, Offset, TopicId, TopicPartition};
use crate::scenario;
use crate::time::SimTime;

/// A group: its coordinator, and the settings that its consumers share.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) settings: scenario::ConsumerGroup,
    pub(super) topics: Vec<TopicId>,
    /// `partition.assignment.strategy` of its consumers.
    pub(super) protocols: Vec<Assignor>,
    pub(super) rebalance_protocol: RebalanceProtocol,
    /// Whether its consumers tell what they were assigned last: the sticky assignors do.
    pub(super) remembers_assignments: bool,
    /// `group.instance.id` of each of its consumers, if any has one.
    pub(super) instance_ids: Vec<Option<InstanceId>>,
    /// The assignor that the trace has told.
    pub(super) told_protocol: Option<Assignor>,
    /// The coordinator of a classic group.
    pub(super) coordinator: GroupCoordinator,
    /// The coordinator of a group of the consumer protocol; the other one then is never asked.
    pub(super) modern: Option<Modern>,
    /// For when the coordinator asked to be woken.
    wake_at: Option<SimTime>,
    pub(super) effects: Vec<Effect>,
    /// How often each message that fails a few times has failed.
    pub(super) attempts: LiteMap<MessageId, u32>,
}

impl Group {
    pub(super) fn new(
        lane: &scenario::KafkaLane,
        group: &scenario::ConsumerGroup,
        topic_id: impl Fn(&String) -> TopicId,
    ) -> Self {
        Self {
            settings: group.clone(),
            protocols: group.assignors().to_vec(),
            rebalance_protocol: rebalance_protocol(group.assignors()),
            remembers_assignments: group.assignors().iter().copied().any(remembers),
            instance_ids: group.instance_ids(),
            told_protocol: None,
            topics: group.topics.iter().map(topic_id).collect(),
            coordinator: GroupCoordinator::new(GroupSettings {
                initial_rebalance_delay: lane.group_initial_rebalance_delay,
            }),
            modern: (group.group_protocol == scenario::GroupProtocol::Consumer)
                .then(|| Modern::new(lane)),
            wake_at: None,
            effects: Vec::new(),
            attempts: LiteMap::new(),
        }
    }

    /// What the group has committed.
    pub(super) fn offsets(&self) -> &CommittedOffsets {
        match &self.modern {
            Some(modern) => modern.coordinator.offsets(),
            None => self.coordinator.offsets(),
        }
    }

    /// What the group has committed for `partition`.
    pub(super) fn committed(&self, partition: TopicPartition) -> Option<Offset> {
        self.offsets().get(partition)
    }

    /// Sets offsets as an admin does; whether the group lets it: only if it has no members.
    pub(super) fn reset_offsets(&mut self, offsets: &[(TopicPartition, Offset)]) -> bool {
        match &mut self.modern {
            Some(modern) => modern.coordinator.alter_offsets(offsets).is_ok(),
            None => self.coordinator.alter_offsets(offsets),
        }
    }

    fn next_timeout(&self) -> Option<SimTime> {
        match &self.modern {
            Some(modern) => modern.coordinator.next_timeout(),
            None => self.coordinator.next_timeout(),
        }
    }
}

impl KafkaLane {
    /// Asks to be woken when the coordinator of `group` next has something to do.
    pub(super) fn note_wake(&mut self, step: &mut Step<'_>, group: usize) {
        let Some(state) = self.groups.get_mut(group) else {
            return;
        };
        if let Some(next) = state.next_timeout()
            && state.wake_at.is_none_or(|at| next < at || at <= step.now)
        {
            state.wake_at = Some(next);
            let group = GroupId(u16::try_from(group).unwrap_or(u16::MAX));
            step.out
                .timer(next.max(step.now), KafkaTimer::CoordinatorDue(group));
        }
    }

    pub(super) fn coordinator_due(&mut self, step: &mut Step<'_>, group: GroupId) {
        let index = group.index();
        if let Some(state) = self.groups.get_mut(index) {
            if state.wake_at.is_some_and(|at| at <= step.now) {
                state.wake_at = None;
            }
            if let Some(modern) = &mut state.modern {
                modern.advance(step.now);
                return self.drain_modern(step, index);
            }
            state.coordinator.advance(step.now, &mut state.effects);
        }
        self.drain_effects(step, index);
    }
}

/// What a consumer with these assignors does: cooperative only if all of them can be.
/// `ConsumerCoordinator`, its constructor.
fn rebalance_protocol(assignors: &[Assignor]) -> RebalanceProtocol {
    let eager = |assignor: &Assignor| assignor.protocol() == RebalanceProtocol::Eager;
    if assignors.iter().any(eager) {
        RebalanceProtocol::Eager
    } else {
        RebalanceProtocol::Cooperative
    }
}

/// Whether an assignor sends along what its consumer was assigned last.
const fn remembers(assignor: Assignor) -> bool {
    matches!(assignor, Assignor::Sticky | Assignor::CooperativeSticky)
}
