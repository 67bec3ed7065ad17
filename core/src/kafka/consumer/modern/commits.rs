//! OffsetCommit and OffsetFetch of a member of the consumer protocol. `CommitRequestManager`.

use super::coordinator::ModernTimer;
use crate::ids::{ActorId, Generation, Offset, TopicPartition};
use crate::kafka::consumer::Client;
use crate::kafka::consumer::committing::Sent;
use crate::kafka::group::consumer::{CommitRequest, MemberEpoch, OffsetError};
use crate::kafka::lane::{Awaited, CommitNews, KafkaLane, KafkaTimer, Step};
use crate::trace::{CommitRefusal, What};

impl KafkaLane {
    /// Sends a commit under the member epoch; who is no member, or was fenced and knows it, sends −1
    /// and lets the coordinator refuse it. `OffsetCommitRequestState.toUnsentRequest`.
    pub(in crate::kafka::consumer) fn send_modern_commit(
        &mut self,
        step: &mut Step<'_>,
        actor: ActorId,
        (offsets, awaited): (&[(TopicPartition, Offset)], Awaited),
    ) -> Sent {
        let client = self.client(actor);
        let at = step.now + self.latency;
        let Some(consumer) = self.consumers.get_mut(actor.index()) else {
            return Sent::Nothing;
        };
        for &(partition, offset) in offsets {
            if let Some(owned) = consumer.owned_mut(partition) {
                owned.committed = Some(offset);
            }
        }
        let Some(membership) = &consumer.modern else {
            return Sent::Nothing;
        };
        let request = CommitRequest {
            member: membership.member,
            epoch: if membership.is_member() {
                membership.epoch
            } else {
                MemberEpoch::LEAVE
            },
            offsets: offsets.to_vec(),
        };
        if let Some((_, modern)) = self.modern_group(actor) {
            modern.commits.push_back(request);
            let timer = ModernTimer::CommitArrives(client, awaited);
            step.out.timer(at, KafkaTimer::Modern(timer));
        }
        Sent::Something
    }

    /// A commit reaches the coordinator, which takes all of it or nothing.
    pub(super) fn modern_commit_arrives(
        &mut self,
        step: &mut Step<'_>,
        (client, awaited): (Client, Awaited),
    ) {
        let actor = client.actor;
        let Some((_, modern)) = self.modern_group(actor) else {
            return;
        };
        let Some(request) = modern.commits.pop_front() else {
            return;
        };
        let refusal = modern.coordinator.commit(&request).err().map(refusal_of);
        for &(partition, offset) in &request.offsets {
            step.out.event(match refusal {
                None => What::Committed {
                    actor,
                    partition,
                    offset,
                },
                Some(error) => What::CommitRefused {
                    actor,
                    partition,
                    offset,
                    error,
                },
            });
        }
        let news = match refusal {
            None => CommitNews::Stored,
            // The generation is for classic members alone.
            Some(error) => CommitNews::Refused(error, Generation(0)),
        };
        let answer = match (awaited, refusal) {
            (Awaited::Yes, _) => KafkaTimer::CommitAnswer(client, news),
            (Awaited::No, Some(_)) => KafkaTimer::Modern(ModernTimer::CommitRefused(client)),
            (Awaited::No, None) => return,
        };
        step.out.timer(step.now + self.latency, answer);
    }

    /// A commit was refused: what it would have stored is to be committed again. That says nothing
    /// about the membership: only heartbeats do.
    pub(super) fn forget_committed(&mut self, actor: ActorId) {
        if let Some(consumer) = self.consumers.get_mut(actor.index()) {
            for owned in &mut consumer.owned {
                owned.committed = None;
            }
        }
    }

    /// Notes at which epoch it asks for committed offsets.
    pub(in crate::kafka::consumer) fn ask_as_member(&mut self, actor: ActorId) {
        if let Some(membership) = self.modern_mut(actor) {
            membership.asked_at = membership.epoch;
        }
    }

    /// Whether the coordinator answers the OffsetFetch of `actor`: not if it has another epoch.
    pub(in crate::kafka::consumer) fn may_fetch_offsets(&self, actor: ActorId) -> bool {
        let Some(membership) = self.modern(actor) else {
            return true;
        };
        let group = self.consumers.get(actor.index()).map(|c| c.group);
        let group = group.and_then(|group| self.groups.get(group));
        let modern = group.and_then(|group| group.modern.as_ref());
        modern.is_some_and(|modern| {
            let (member, epoch) = (membership.member, membership.asked_at);
            modern.coordinator.fetch_offsets(member, epoch).is_ok()
        })
    }
}

const fn refusal_of(error: OffsetError) -> CommitRefusal {
    match error {
        OffsetError::UnknownMemberId => CommitRefusal::UnknownMemberId,
        OffsetError::StaleMemberEpoch => CommitRefusal::StaleMemberEpoch,
    }
}
