//! The leader's in-sync replicas: who falls out, who comes back. AlterPartition, KIP-497.

use super::BrokerTimer;
use super::Party;
use crate::ids::{BrokerId, LeaderEpoch, TopicPartition};
use crate::kafka::cluster::registration::{Change, Election};
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::time::{SimDuration, SimTime};

impl KafkaLane {
    /// A follower has fetched: it may be in sync again.
    pub(super) fn maybe_expand_isr(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (leader, broker): (BrokerId, BrokerId),
    ) {
        if !self.cluster.known.is_active(broker) {
            return;
        }
        let known = self.partition_mut(partition);
        let Some(replica) = known.and_then(|known| known.replica_mut(leader)) else {
            return;
        };
        let high_watermark = replica.high_watermark;
        let Some(leading) = replica.leading_mut() else {
            return;
        };
        if leading.state.can_join(broker, high_watermark) {
            let mut isr = leading.state.isr.clone();
            isr.push(broker);
            self.ask_for_isr(step, partition, (leader, isr));
        }
    }

    /// Somebody may be behind from now on: the leader looks at it every half of
    /// `replica.lag.time.max.ms`. `ReplicaManager`, isr-expiration.
    pub(super) fn watch_lag(&mut self, step: &mut Step<'_>, partition: TopicPartition) {
        let half = self.cluster.settings.lag_time_max.as_micros() / 2;
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        if known.lag_check_at.is_some() || known.replicas.len() < 2 {
            return;
        }
        let half = half.max(1);
        let rounds = step.now.as_micros() / half + 1;
        let at = SimTime::ZERO + SimDuration::from_micros(rounds.saturating_mul(half));
        known.lag_check_at = Some(at);
        let timer = BrokerTimer::LagDue(partition);
        step.out.timer(at, KafkaTimer::Broker(timer));
    }

    /// `maybeShrinkIsr`, of all that take themselves for the leader.
    pub(super) fn lag_due(&mut self, step: &mut Step<'_>, partition: TopicPartition) {
        let settings = self.cluster.isr_settings(partition);
        let now = step.now;
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        known.lag_check_at = None;
        let mut is_behind = false;
        let mut shrinks = Vec::new();
        for replica in &known.replicas {
            let Some(leading) = replica.leading() else {
                continue;
            };
            let end = replica.log.end();
            let mut followers = leading.state.followers.iter();
            is_behind |= followers.any(|follower| {
                leading.state.isr.contains(&follower.broker) && follower.end != Some(end)
            });
            let out = leading.state.out_of_sync((now, settings), end);
            let out: Vec<BrokerId> = out.collect();
            if !out.is_empty() {
                let mut isr = leading.state.isr.clone();
                isr.retain(|broker| !out.contains(broker));
                shrinks.push((replica.broker, isr));
            }
        }
        for (leader, isr) in shrinks {
            if self.cluster.serves(leader) {
                self.ask_for_isr(step, partition, (leader, isr));
            }
        }
        if is_behind {
            self.watch_lag(step, partition);
        }
    }

    fn ask_for_isr(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (leader, isr): (BrokerId, Vec<BrokerId>),
    ) {
        let known = self.partition_mut(partition);
        let leading = known.and_then(|known| known.replica_mut(leader)?.leading_mut());
        let Some(leading) = leading else { return };
        leading.state.asked_isr = Some(isr);
        let epoch = leading.state.epoch;
        self.send_isr(step, partition, (leader, epoch));
    }

    pub(super) fn send_isr(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (leader, epoch): (BrokerId, LeaderEpoch),
    ) {
        if let Some(hop) = self.hop(Party::Broker(leader), Party::Controllers) {
            let timer = BrokerTimer::IsrArrives(partition, leader, epoch);
            step.out.timer(step.now + hop, KafkaTimer::Broker(timer));
        }
    }

    /// The controller takes the set, if it knows the partition as the leader does and all of the set
    /// can be in sync; else the leader goes on with the old one.
    pub(super) fn isr_arrives(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (leader, epoch): (BrokerId, LeaderEpoch),
    ) {
        // Without an active controller it is asked again, once there is one.
        if self.cluster.quorum.active().is_none() {
            return;
        }
        let Some(known) = self.partition(partition) else {
            return;
        };
        let leading = known.replica(leader).and_then(|replica| replica.leading());
        let Some(leading) = leading.filter(|leading| leading.state.epoch == epoch) else {
            return;
        };
        let Some(isr) = leading.state.asked_isr.clone() else {
            return;
        };
        let registration = &known.registration;
        let is_current = registration.leader == Some(leader)
            && registration.leader_epoch == epoch
            && registration.partition_epoch == leading.state.partition_epoch;
        let can_be = |broker: &BrokerId| {
            leading.state.isr.contains(broker) || self.cluster.known.is_active(*broker)
        };
        if is_current && isr.iter().all(can_be) {
            let election = Election::Online;
            self.change_partition(step, partition, |min_isr| Change {
                isr,
                unclean_shutdown: &[],
                election,
                min_isr,
            });
        }
        // Whatever came of it, the leader learns it with the metadata.
        let timer = BrokerTimer::MetadataArrives(partition);
        let at = step.now + self.latency;
        step.out.timer(at, KafkaTimer::Broker(timer));
    }
}
