//! What the leader of a partition knows of its followers: who is in sync, and how far the high
//! watermark is. `kafka.cluster.Partition`, `kafka.cluster.Replica`.

use crate::ids::{BrokerId, LeaderEpoch, Offset};
use crate::time::{SimDuration, SimTime};

/// The state of a leader.
#[derive(Clone, Debug)]
pub struct LeaderState {
    /// Its epoch.
    pub epoch: LeaderEpoch,
    /// Where its log ended when it became leader.
    pub epoch_start: Offset,
    /// The in-sync replicas as the controller has last said, itself included.
    pub isr: Vec<BrokerId>,
    /// Those that it has asked for, until the controller answers.
    pub asked_isr: Option<Vec<BrokerId>>,
    /// The partition epoch that it knows.
    pub partition_epoch: u32,
    /// The other replicas.
    pub followers: Vec<FollowerState>,
}

/// What a leader knows of a follower. `ReplicaState`.
#[derive(Clone, Copy, Debug)]
pub struct FollowerState {
    /// Which broker has it.
    pub broker: BrokerId,
    /// Where its log ends, as its last fetch said; none before the first.
    pub end: Option<Offset>,
    /// Where the leader's log ended at that fetch.
    leader_end_at_fetch: Offset,
    fetched_at: SimTime,
    /// The last time at which it had everything; none: not since the leader began.
    caught_up_at: Option<SimTime>,
}

/// Settings of the brokers and the topic.
#[derive(Clone, Copy, Debug)]
pub struct IsrSettings {
    /// `replica.lag.time.max.ms`.
    pub lag_time_max: SimDuration,
    /// `min.insync.replicas`.
    pub min_isr: u32,
}

impl FollowerState {
    /// `ReplicaState.isCaughtUp`.
    fn is_caught_up(&self, leader_end: Offset, now: SimTime, lag_time_max: SimDuration) -> bool {
        self.end == Some(leader_end)
            || self
                .caught_up_at
                .is_some_and(|at| now.since(at) <= lag_time_max)
    }
}

impl LeaderState {
    /// A leader that begins with a log that ends at `epoch_start`. Followers that are in sync count as
    /// caught up for now. `Partition.makeLeader`, `Replica.resetReplicaState`.
    #[must_use]
    pub fn new(
        (epoch, epoch_start): (LeaderEpoch, Offset),
        (isr, partition_epoch): (Vec<BrokerId>, u32),
        followers: impl Iterator<Item = BrokerId>,
        now: SimTime,
    ) -> Self {
        let followers = followers.map(|broker| FollowerState {
            broker,
            end: None,
            leader_end_at_fetch: Offset(0),
            fetched_at: SimTime::ZERO,
            caught_up_at: isr.contains(&broker).then_some(now),
        });
        Self {
            epoch,
            epoch_start,
            followers: followers.collect(),
            isr,
            asked_isr: None,
            partition_epoch,
        }
    }

    /// What is known of the follower on `broker`.
    #[must_use]
    pub fn follower(&self, broker: BrokerId) -> Option<&FollowerState> {
        self.followers.iter().find(|its| its.broker == broker)
    }

    /// How many in-sync replicas a write with acks=all needs: no more than there are replicas.
    /// `effectiveMinIsr`.
    #[must_use]
    pub fn effective_min_isr(&self, min_isr: u32) -> usize {
        let replicas = self.followers.len() + 1;
        usize::try_from(min_isr).unwrap_or(replicas).min(replicas)
    }

    /// Whether there are fewer in-sync replicas than that.
    #[must_use]
    pub fn is_under_min_isr(&self, min_isr: u32) -> bool {
        self.isr.len() < self.effective_min_isr(min_isr)
    }

    /// The set that counts until the controller has answered: the old one and the new one together,
    /// so that what is committed is in both. KIP-497.
    pub fn is_in_maximal_isr(&self, broker: BrokerId) -> bool {
        self.isr.contains(&broker)
            || self
                .asked_isr
                .as_ref()
                .is_some_and(|asked| asked.contains(&broker))
    }

    /// A fetch of a follower has come, from `fetch_offset` on. `updateFetchStateOrThrow`.
    pub fn fetched(
        &mut self,
        broker: BrokerId,
        (fetch_offset, leader_end): (Offset, Offset),
        now: SimTime,
    ) {
        let follower = self.followers.iter_mut().find(|its| its.broker == broker);
        let Some(follower) = follower else { return };
        let caught_up_at = if fetch_offset >= leader_end {
            Some(now)
        } else if follower.end.is_some() && fetch_offset >= follower.leader_end_at_fetch {
            Some(follower.fetched_at)
        } else {
            None
        };
        follower.caught_up_at = follower.caught_up_at.max(caught_up_at);
        follower.end = Some(fetch_offset);
        follower.leader_end_at_fetch = follower.leader_end_at_fetch.max(leader_end);
        follower.fetched_at = now;
    }

    /// A follower that had everything has fetched again at `at`, and nothing has come of it.
    pub fn fetched_again(&mut self, broker: BrokerId, at: SimTime) {
        let follower = self.followers.iter_mut().find(|its| its.broker == broker);
        if let Some(follower) = follower {
            follower.fetched_at = follower.fetched_at.max(at);
            follower.caught_up_at = follower.caught_up_at.max(Some(at));
        }
    }

    /// Where the high watermark can go: none while too few replicas are in sync (KIP-966). Replicas
    /// that have nearly caught up, and may join, are waited for. `maybeIncrementLeaderHW`.
    #[must_use]
    pub fn next_high_watermark(
        &self,
        (now, settings): (SimTime, IsrSettings),
        leader_end: Offset,
        is_eligible: impl Fn(BrokerId) -> bool,
    ) -> Option<Offset> {
        if self.is_under_min_isr(settings.min_isr) {
            return None;
        }
        let counts = |follower: &&FollowerState| {
            self.is_in_maximal_isr(follower.broker)
                || (follower.is_caught_up(leader_end, now, settings.lag_time_max)
                    && is_eligible(follower.broker))
        };
        let counted = self.followers.iter().filter(counts);
        // One that has not fetched yet holds the watermark where it is.
        let ends = counted.map(|follower| follower.end.unwrap_or(Offset(0)));
        Some(ends.min().map_or(leader_end, |end| end.min(leader_end)))
    }

    /// Whether a follower can be in sync again: it has everything up to the high watermark, and to
    /// where this leader began. `isFollowerInSync`.
    #[must_use]
    pub fn can_join(&self, broker: BrokerId, high_watermark: Offset) -> bool {
        let end = self.follower(broker).and_then(|follower| follower.end);
        self.asked_isr.is_none()
            && !self.isr.contains(&broker)
            && end.is_some_and(|end| end >= high_watermark && end >= self.epoch_start)
    }

    /// The in-sync replicas that have fallen behind. `getOutOfSyncReplicas`.
    pub fn out_of_sync(
        &self,
        (now, settings): (SimTime, IsrSettings),
        leader_end: Offset,
    ) -> impl Iterator<Item = BrokerId> {
        let waits = self.asked_isr.is_some();
        let followers = self.followers.iter().filter(move |follower| {
            !waits
                && self.isr.contains(&follower.broker)
                && !follower.is_caught_up(leader_end, now, settings.lag_time_max)
        });
        followers.map(|follower| follower.broker)
    }
}
