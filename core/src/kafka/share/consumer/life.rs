//! A share consumer's process: it starts, dies, and ends in an orderly way.

use super::side::{ShareTimer, Then};
use super::state::{Fetching, Leaving, State, member_of};
use crate::ids::{ActorId, GroupId};
use crate::kafka::consumer::Client;
use crate::kafka::group::MemberId;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::trace::What;

impl KafkaLane {
    /// A process starts: it knows nothing and asks to join.
    pub(in crate::kafka) fn start_share_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some((consumer, _)) = self.share.find(actor) else {
            return;
        };
        if consumer.state != State::Down {
            return;
        }
        consumer.reset();
        consumer.state = State::Polling {
            fetching: Fetching::No,
        };
        step.out.event(What::ActorStarted { actor });
        let client = self.share_client(actor);
        self.send_share_heartbeat(step, client);
    }

    /// A process dies. The coordinator is not told, but the brokers see its connection go.
    pub(super) fn crash_share_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.share_client(actor);
        if let Some((consumer, group)) = self.share.find(actor)
            && consumer.state != State::Down
        {
            consumer.reset();
            step.out.event(What::ActorCrashed { actor });
            let timer = ShareTimer::ConnectionGone(group.id, member_of(client));
            step.out
                .timer(step.now + self.latency, KafkaTimer::Share(timer));
        }
    }

    /// A process is asked to end: it closes when it would poll again.
    pub(super) fn remove_share_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some((consumer, _)) = self.share.find(actor) else {
            return;
        };
        consumer.leaving = Leaving::Yes;
        match consumer.state {
            State::Down | State::Working | State::Committing => {}
            State::Polling { .. } | State::BackingOff => self.close_share_consumer(step, actor),
        }
    }

    /// `KafkaShareConsumer.close()`: tells what was acknowledged, closes the share session and
    /// leaves. In implicit mode nothing of the last poll was acknowledged, and it comes again.
    pub(super) fn close_share_consumer(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.share_client(actor);
        let Some((consumer, group)) = self.share.find(actor) else {
            return;
        };
        step.out.event(What::ActorStopped { actor });
        let acknowledged = std::mem::take(&mut consumer.acknowledged);
        let timer = ShareTimer::LeaveArrives(group.id, member_of(client));
        self.send_share_request(step, client, (acknowledged, Then::CloseSession));
        step.out
            .timer(step.now + self.latency, KafkaTimer::Share(timer));
        if let Some((consumer, _)) = self.share.find(actor) {
            consumer.state = State::Down;
        }
    }

    pub(super) fn connection_gone(
        &mut self,
        step: &mut Step<'_>,
        group: GroupId,
        member: MemberId,
    ) {
        if let Some(index) = self.share.group_of(group.0) {
            self.close_session(step, index, member);
        }
    }

    /// The leaders release what a member had. `SharePartitionManager.releaseSession`.
    pub(super) fn close_session(&mut self, step: &mut Step<'_>, index: usize, member: MemberId) {
        let client = Client {
            actor: member.actor,
            incarnation: member.incarnation,
        };
        self.forget_fetches_of(index, client);
        let Some(group) = self.share.groups.get_mut(index) else {
            return;
        };
        let mut partitions = Vec::new();
        for (partition, sharing) in group.partitions.iter_mut() {
            let effects = &mut sharing.effects;
            sharing.partition.release_member(member, effects);
            partitions.push(*partition);
        }
        for partition in partitions {
            self.report_share_partition(step, (index, partition));
            self.wake_share_fetches(step, (index, partition));
        }
    }
}
