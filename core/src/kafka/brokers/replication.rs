//! Followers fetch, and the high watermark moves.

use super::{BrokerTimer, FetchAnswer, Parked};
use crate::ids::{BrokerId, TopicPartition};
use crate::kafka::brokers::Party;
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::time::{SimDuration, SimTime};
use crate::trace::ClusterWhat;

impl KafkaLane {
    /// A follower asks its leader for what comes after its own end.
    pub(super) fn send_follower_fetch(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        broker: BrokerId,
    ) {
        if !self.cluster.serves(broker) {
            return;
        }
        let Some(replica) = self.replica_mut(partition, broker) else {
            return;
        };
        let number = replica.fetches + 1;
        let Some(following) = replica.following_mut() else {
            return;
        };
        following.fetch = number;
        following.answer = None;
        let (leader, fetch) = (following.leader, number);
        replica.fetches = number;
        // What is lost on the way is sent again once the way is open: `Links`.
        if let Some(hop) = self.hop(Party::Broker(broker), Party::Broker(leader)) {
            let timer = BrokerTimer::FetchArrives(partition, broker, fetch);
            step.out.timer(step.now + hop, KafkaTimer::Broker(timer));
        }
    }

    /// Whether this is the fetch that a follower waits for, and whom it has asked.
    fn asked_leader(
        &self,
        partition: TopicPartition,
        (broker, fetch): (BrokerId, u32),
    ) -> Option<BrokerId> {
        let replica = self.partition(partition)?.replica(broker)?;
        match &replica.role {
            super::Role::Follower(following) if following.fetch == fetch => Some(following.leader),
            _ => None,
        }
    }

    pub(super) fn follower_fetch_arrives(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (broker, fetch): (BrokerId, u32),
    ) {
        let Some(leader) = self.asked_leader(partition, (broker, fetch)) else {
            return;
        };
        let timer = BrokerTimer::FetchArrives(partition, broker, fetch);
        if !self.reaches(leader, KafkaTimer::Broker(timer)) {
            return;
        }
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let follower = known.replica(broker).map(|replica| {
            let epoch = match &replica.role {
                super::Role::Follower(following) => following.epoch,
                _ => crate::ids::LeaderEpoch(0),
            };
            (epoch, replica.log.latest_epoch(), replica.log.end())
        });
        let Some((epoch, last_epoch, fetch_offset)) = follower else {
            return;
        };
        let Some(replica) = known.replica_mut(leader) else {
            return;
        };
        let (leader_end, diverging) = (
            replica.log.end(),
            replica.log.divergence(last_epoch, fetch_offset),
        );
        let Some(leading) = replica.leading_mut() else {
            return;
        };
        // FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH: one of both has still to learn who leads.
        if leading.state.epoch != epoch {
            return;
        }
        if diverging.is_none() {
            let ends = (fetch_offset, leader_end);
            leading.state.fetched(broker, ends, step.now);
        }
        let now = step.now;
        if diverging.is_some() || fetch_offset < leader_end {
            self.answer_follower(step, partition, ((leader, broker, fetch), diverging));
        } else {
            let since = now;
            leading.parked.push(Parked {
                broker,
                fetch,
                since,
            });
            // A follower that is not in sync yet is looked at with each of its fetches.
            if !leading.state.isr.contains(&broker) {
                let timer = BrokerTimer::FetchExpires(partition, broker, fetch);
                let at = now + defaults::REPLICA_FETCH_WAIT_MAX;
                step.out.timer(at, KafkaTimer::Broker(timer));
            }
        }
        self.maybe_expand_isr(step, partition, (leader, broker));
        self.maybe_move_high_watermark(step, partition, leader);
    }

    /// The wait for records is over: the answer is empty.
    pub(super) fn follower_fetch_expires(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (broker, fetch): (BrokerId, u32),
    ) {
        let Some(leader) = self.asked_leader(partition, (broker, fetch)) else {
            return;
        };
        if !self.cluster.serves(leader) {
            return;
        }
        let known = self.partition_mut(partition);
        let leading = known.and_then(|known| known.replica_mut(leader)?.leading_mut());
        let Some(leading) = leading else { return };
        let before = leading.parked.len();
        leading
            .parked
            .retain(|parked| (parked.broker, parked.fetch) != (broker, fetch));
        if leading.parked.len() < before {
            self.answer_follower(step, partition, ((leader, broker, fetch), None));
        }
    }

    /// Records have come: the fetches of followers that wait for them are answered.
    pub(in crate::kafka) fn wake_followers(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        leader: BrokerId,
    ) {
        let latency = self.latency;
        let known = self.partition_mut(partition);
        let leading = known.and_then(|known| known.replica_mut(leader)?.leading_mut());
        let Some(leading) = leading else { return };
        let parked = std::mem::take(&mut leading.parked);
        for Parked { broker, since, .. } in &parked {
            let at = last_arrival(*since, step.now, latency);
            leading.state.fetched_again(*broker, at);
        }
        for Parked { broker, fetch, .. } in parked {
            self.answer_follower(step, partition, ((leader, broker, fetch), None));
        }
        self.watch_lag(step, partition);
    }

    /// A broker's process stands still or has gone: its last fetches are answered without records
    /// when their time is over, and it sends no others.
    pub(super) fn settle_fetches(&mut self, step: &mut Step<'_>, follower: BrokerId) {
        let (now, latency) = (step.now, self.latency);
        for partition in self.all_partitions() {
            let Some(known) = self.partition_mut(partition) else {
                continue;
            };
            for leading in known.replicas.iter_mut().filter_map(|r| r.leading_mut()) {
                let mut waiting = leading.parked.iter();
                let Some(parked) = waiting.find(|parked| parked.broker == follower) else {
                    continue;
                };
                let at = last_arrival(parked.since, now, latency);
                let timer = BrokerTimer::FetchExpires(partition, follower, parked.fetch);
                leading.state.fetched_again(follower, at);
                let at = (at + defaults::REPLICA_FETCH_WAIT_MAX).max(now);
                step.out.timer(at, KafkaTimer::Broker(timer));
            }
        }
    }

    fn answer_follower(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        ((leader, broker, fetch), diverging): (
            (BrokerId, BrokerId, u32),
            Option<crate::kafka::cluster::log::DivergingEpoch>,
        ),
    ) {
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let Some(replica) = known.replica(leader) else {
            return;
        };
        let answer = FetchAnswer {
            end: replica.log.end(),
            high_watermark: replica.high_watermark,
            diverging,
        };
        let following = known.replica_mut(broker).and_then(|r| r.following_mut());
        let Some(following) = following.filter(|following| following.fetch == fetch) else {
            return;
        };
        following.answer = Some(answer);
        if let Some(hop) = self.hop(Party::Broker(leader), Party::Broker(broker)) {
            let timer = BrokerTimer::FetchAnswer(partition, broker, fetch);
            step.out.timer(step.now + hop, KafkaTimer::Broker(timer));
        }
    }

    /// The answer comes: a follower truncates what the leader does not have, or appends what it has
    /// got, and asks again.
    pub(super) fn follower_fetch_answer(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        (broker, fetch): (BrokerId, u32),
    ) {
        let timer = BrokerTimer::FetchAnswer(partition, broker, fetch);
        if !self.reaches(broker, KafkaTimer::Broker(timer)) {
            return;
        }
        let Some(leader) = self.asked_leader(partition, (broker, fetch)) else {
            return;
        };
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let Some((place, leader)) = known.place(broker).zip(known.place(leader)) else {
            return;
        };
        let Some([replica, leader]) = known.replicas.get_disjoint_mut([place, leader]).ok() else {
            return;
        };
        let answer = replica
            .following_mut()
            .and_then(|following| following.answer.take());
        let Some(answer) = answer else { return };
        let before = replica.log.end();
        if let Some(diverging) = answer.diverging {
            let end = replica.log.truncation_point(diverging);
            replica.log.truncate(end);
            replica.high_watermark = replica.high_watermark.min(end);
            if end < before {
                step.out.tell(ClusterWhat::Truncated {
                    partition,
                    broker,
                    end,
                });
            }
        } else {
            replica.log.copy_from(&leader.log, answer.end);
            let end = replica.log.end();
            replica.high_watermark = answer.high_watermark.min(end);
            if before < end {
                step.out.tell(ClusterWhat::Replicated {
                    partition,
                    broker,
                    end,
                });
            }
        }
        self.send_follower_fetch(step, partition, broker);
    }

    /// The leader looks how far its in-sync replicas have come. What it can move is told once.
    pub(in crate::kafka) fn maybe_move_high_watermark(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        broker: BrokerId,
    ) {
        let settings = self.cluster.isr_settings(partition);
        let cluster = &self.cluster;
        let topic = self.topics.get_mut(partition.topic.index());
        let Some(known) = topic.and_then(|topic| topic.get_mut(partition.partition.index())) else {
            return;
        };
        let head = known.replicas.get(known.head).map(|replica| replica.broker);
        let is_single = known.replicas.len() == 1;
        let Some(replica) = known.replica_mut(broker) else {
            return;
        };
        let (end, before) = (replica.log.end(), replica.high_watermark);
        let Some(leading) = replica.leading() else {
            return;
        };
        let next = leading
            .state
            .next_high_watermark((step.now, settings), end, |broker| {
                cluster.known.is_active(broker)
            });
        let Some(offset) = next.filter(|next| *next > before) else {
            return;
        };
        replica.high_watermark = offset;
        if let Some(leading) = replica.leading_mut() {
            leading.moved_at = step.now;
        }
        // A partition of one replica has none to wait for: its watermark is its end.
        if head == Some(broker) && !is_single {
            step.out
                .tell(ClusterWhat::HighWatermarkMoved { partition, offset });
        }
        self.complete_produces(step, partition, broker);
        self.wake_readers(step, partition);
        self.wake_share_groups(step, partition);
    }
}

/// When a fetch that has waited since `since` has last come anew: it is answered with nothing in it
/// after `replica.fetch.wait.max.ms`, and sent again. These rounds are not simulated one by one.
pub(super) fn last_arrival(since: SimTime, now: SimTime, latency: SimDuration) -> SimTime {
    let round = (defaults::REPLICA_FETCH_WAIT_MAX + latency.times(2)).as_micros();
    let rounds = now.since(since).as_micros() / round.max(1);
    since + SimDuration::from_micros(rounds * round)
}
