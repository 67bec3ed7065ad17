//! The coordinator of one group: what it knows, and what can be asked of it.

use litemap::LiteMap;

use super::epoch::MemberEpoch;
use super::member::Member;
use super::messages::{DeleteError, Effect};
use super::reconciliation::CurrentAssignment;
use super::state::ConsumerGroupState;
use crate::ids::{TopicId, TopicPartition};
use crate::kafka::assignor::{InstanceId, TopicMetadata};
use crate::kafka::defaults;
use crate::kafka::group::classic::Sessions;
use crate::kafka::group::{CommittedOffsets, MemberId};
use crate::time::{SimDuration, SimTime};

/// The epoch of a group to begin with, and of its first target, which is empty: 0 is kept for
/// members that join. KAFKA-20268.
const FIRST_EPOCH: MemberEpoch = MemberEpoch(1);

/// Settings of the brokers that concern a group of the consumer protocol. Each can be set for one
/// group as well, under the same name without `group.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerGroupSettings {
    /// `group.consumer.session.timeout.ms`: a member that is not heard of for so long is gone.
    pub session_timeout: SimDuration,
    /// `group.consumer.heartbeat.interval.ms`: how often members are told to be heard of.
    pub heartbeat_interval: SimDuration,
    /// `group.consumer.assignment.interval.ms`: how long a target stands at least before the next
    /// one is computed. KIP-1263.
    pub assignment_interval: SimDuration,
}

impl Default for ConsumerGroupSettings {
    fn default() -> Self {
        Self {
            session_timeout: defaults::GROUP_CONSUMER_SESSION_TIMEOUT,
            heartbeat_interval: defaults::GROUP_CONSUMER_HEARTBEAT_INTERVAL,
            assignment_interval: defaults::GROUP_CONSUMER_ASSIGNMENT_INTERVAL,
        }
    }
}

/// The coordinator of one group of the consumer protocol.
///
/// Every method that takes the time expects that [`advance`](Self::advance) was called for all
/// timers before it.
#[derive(Clone, Debug)]
pub struct ConsumerGroupCoordinator {
    pub(super) settings: ConsumerGroupSettings,
    /// All topics there are.
    pub(super) topics: Vec<TopicMetadata>,
    /// What the group was told of the topics that it subscribes to: in Kafka, their hash.
    pub(super) metadata: Vec<(TopicId, u16)>,
    pub(super) refresh: Refresh,
    pub(super) existence: Existence,
    pub(super) group_epoch: MemberEpoch,
    pub(super) target_epoch: MemberEpoch,
    /// When the target was computed; none if it never was.
    pub(super) target_computed_at: Option<SimTime>,
    pub(super) members: LiteMap<MemberId, Member>,
    pub(super) static_members: LiteMap<InstanceId, MemberId>,
    /// The epoch of each partition's owner; a partition that is missing here is free.
    pub(super) partition_epochs: LiteMap<TopicPartition, MemberEpoch>,
    pub(super) sessions: Sessions,
    /// Until when those that have something to give up have to say that they did.
    pub(super) revocations: Sessions,
    /// How many members ever joined: gives each its place.
    pub(super) joined: u32,
    /// The state that was told last.
    pub(super) told: ConsumerGroupState,
    pub(super) offsets: CommittedOffsets,
}

/// Whether the metadata of the topics has to be looked at with the next heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refresh {
    NotNeeded,
    Needed,
}

/// Whether there is such a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existence {
    No,
    Yes,
}

impl ConsumerGroupCoordinator {
    /// A group that nobody has joined yet, in a cluster with these topics.
    #[must_use]
    pub fn new(settings: ConsumerGroupSettings, topics: Vec<TopicMetadata>) -> Self {
        Self {
            settings,
            topics,
            metadata: Vec::new(),
            refresh: Refresh::NotNeeded,
            existence: Existence::No,
            group_epoch: FIRST_EPOCH,
            target_epoch: FIRST_EPOCH,
            target_computed_at: None,
            members: LiteMap::new(),
            static_members: LiteMap::new(),
            partition_epochs: LiteMap::new(),
            sessions: Sessions::default(),
            revocations: Sessions::default(),
            joined: 0,
            told: ConsumerGroupState::Dead,
            offsets: CommittedOffsets::default(),
        }
    }

    /// The state of the group. `ConsumerGroup.maybeUpdateGroupState`.
    #[must_use]
    pub fn state(&self) -> ConsumerGroupState {
        if self.existence == Existence::No {
            return ConsumerGroupState::Dead;
        }
        if self.members.is_empty() {
            return ConsumerGroupState::Empty;
        }
        if self.group_epoch > self.target_epoch {
            return ConsumerGroupState::Assigning;
        }
        let mut members = self.members.values();
        if members.all(|member| member.is_reconciled_to(self.target_epoch)) {
            ConsumerGroupState::Stable
        } else {
            ConsumerGroupState::Reconciling
        }
    }

    /// The group epoch: rises with each change of the members, of what they subscribe to, and of
    /// the partitions of that.
    #[must_use]
    pub const fn group_epoch(&self) -> MemberEpoch {
        self.group_epoch
    }

    /// The assignment epoch: the group epoch that the target is for.
    #[must_use]
    pub const fn target_epoch(&self) -> MemberEpoch {
        self.target_epoch
    }

    /// The members in the order they joined.
    #[must_use]
    pub fn members(&self) -> Vec<MemberId> {
        let known = self.members.iter();
        let mut members: Vec<_> = known.map(|(&id, known)| (known.joined, id)).collect();
        members.sort_unstable();
        members.into_iter().map(|(_, id)| id).collect()
    }

    /// How many members there are.
    #[must_use]
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    /// What `member` has, and how far it has come; none if it is no member.
    #[must_use]
    pub fn current(&self, member: MemberId) -> Option<&CurrentAssignment> {
        Some(&self.members.get(&member)?.current)
    }

    /// What `member` shall have, as of the target epoch.
    #[must_use]
    pub fn target(&self, member: MemberId) -> &[TopicPartition] {
        self.members
            .get(&member)
            .map_or(&[], |known| known.target.as_slice())
    }

    /// The epoch of the owner of `partition`; none if it is free. A partition that its owner has
    /// still to give up is not free.
    #[must_use]
    pub fn partition_epoch(&self, partition: TopicPartition) -> Option<MemberEpoch> {
        self.partition_epochs.get(&partition).copied()
    }

    /// What the group has committed.
    #[must_use]
    pub const fn offsets(&self) -> &CommittedOffsets {
        &self.offsets
    }

    /// Topics have other partitions: the group looks at them with the next heartbeat.
    /// `ModernGroup.requestMetadataRefresh`.
    pub fn topics_changed(&mut self, topics: Vec<TopicMetadata>) {
        self.topics = topics;
        self.refresh = Refresh::Needed;
    }

    /// Deletes the group with its offsets. `GroupCoordinatorShard.deleteGroups`.
    ///
    /// # Errors
    ///
    /// There is no such group, or it has members.
    pub fn delete(&mut self, effects: &mut Vec<Effect>) -> Result<(), DeleteError> {
        if self.existence == Existence::No {
            return Err(DeleteError::GroupIdNotFound);
        }
        if !self.members.is_empty() {
            return Err(DeleteError::NonEmptyGroup);
        }
        let told = self.told;
        *self = Self {
            told,
            ..Self::new(self.settings, std::mem::take(&mut self.topics))
        };
        self.tell_state(effects);
        Ok(())
    }

    /// When [`advance`](Self::advance) has something to do; none while no timer runs.
    #[must_use]
    pub fn next_timeout(&self) -> Option<SimTime> {
        let timers = [self.sessions.next(), self.revocations.next()];
        timers.into_iter().flatten().min()
    }

    /// Says in which state the group is, if it was another one before.
    pub(super) fn tell_state(&mut self, effects: &mut Vec<Effect>) {
        let state = self.state();
        if state != self.told {
            self.told = state;
            effects.push(Effect::StateChanged { state });
        }
    }
}
