//! OffsetCommit and OffsetFetch.

use std::cmp::Ordering;

use super::coordinator::{ConsumerGroupCoordinator, Existence};
use super::epoch::MemberEpoch;
use super::member::Member;
use super::messages::{CommitRequest, OffsetError};
use crate::ids::{Offset, TopicPartition};
use crate::kafka::group::{CommittedOffsets, MemberId};

impl ConsumerGroupCoordinator {
    /// Takes offsets from a member. Unlike a heartbeat this does not start its session anew.
    ///
    /// A member that does not know yet that its epoch has risen may commit what it had in the
    /// older epoch and has still. `ConsumerGroup.validateOffsetCommit`; KIP-1251.
    ///
    /// # Errors
    ///
    /// The member is unknown, or commits at an epoch in which it did not have all the partitions.
    /// Then none of the offsets is taken.
    pub fn commit(&mut self, request: &CommitRequest) -> Result<(), OffsetError> {
        // Without an epoch and without members there is nobody whose commit it could hurt.
        if request.epoch >= MemberEpoch::JOIN || !self.members.is_empty() {
            let known = self.members.get(&request.member);
            let known = known.ok_or(OffsetError::UnknownMemberId)?;
            check_commit(known, request)?;
        }
        self.existence = Existence::Yes;
        for &(partition, offset) in &request.offsets {
            self.offsets.commit(partition, offset);
        }
        Ok(())
    }

    /// What the group has committed, for a member that asks where to read on.
    /// `ConsumerGroup.validateOffsetFetch`.
    ///
    /// # Errors
    ///
    /// The member is unknown or at another epoch.
    pub fn fetch_offsets(
        &self,
        member: MemberId,
        epoch: MemberEpoch,
    ) -> Result<&CommittedOffsets, OffsetError> {
        let known = self.members.get(&member);
        let known = known.ok_or(OffsetError::UnknownMemberId)?;
        if known.current.member_epoch == epoch {
            Ok(&self.offsets)
        } else {
            Err(OffsetError::StaleMemberEpoch)
        }
    }

    /// Sets offsets as an admin does, with no member id and epoch −1.
    /// `KafkaAdminClient.alterConsumerGroupOffsets`.
    ///
    /// # Errors
    ///
    /// `UNKNOWN_MEMBER_ID`: the group has members. Then none of the offsets is taken.
    pub fn alter_offsets(
        &mut self,
        offsets: &[(TopicPartition, Offset)],
    ) -> Result<(), OffsetError> {
        if !self.members.is_empty() {
            return Err(OffsetError::UnknownMemberId);
        }
        self.existence = Existence::Yes;
        for &(partition, offset) in offsets {
            self.offsets.commit(partition, offset);
        }
        Ok(())
    }
}

/// `ConsumerGroup.createAssignmentEpochValidator`.
fn check_commit(known: &Member, request: &CommitRequest) -> Result<(), OffsetError> {
    let epoch = request.epoch;
    let had = |tp| known.given_in(tp).is_some_and(|given| given <= epoch);
    let is_valid = match epoch.cmp(&known.current.member_epoch) {
        Ordering::Equal => true,
        Ordering::Greater => false,
        Ordering::Less => request.offsets.iter().all(|&(tp, _)| had(tp)),
    };
    if is_valid {
        Ok(())
    } else {
        Err(OffsetError::StaleMemberEpoch)
    }
}
