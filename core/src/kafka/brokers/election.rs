//! The controller changes partitions, and the brokers follow it.

use super::{
    BrokerTimer, Following, LastStop, Leading, NodeState, Partition, Party, Role, UncleanElection,
};
use crate::ids::{BrokerId, TopicPartition};
use crate::kafka::cluster::leader::LeaderState;
use crate::kafka::cluster::registration::{Change, Elected, Election, PartitionRegistration};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::time::{SimDuration, SimTime};
use crate::trace::{ClusterWhat, ElectionKind};

/// Whether a broker has become something else to a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applied {
    Nothing,
    Leads,
    Follows,
    Stops,
}

impl KafkaLane {
    /// Whether any live replica of a topic may lead if none that is in sync is left.
    pub(super) fn election_of(&self, partition: TopicPartition) -> Election {
        let topic = self.cluster.topics.get(partition.topic.index());
        match topic.map(|topic| topic.unclean_election) {
            Some(UncleanElection::Enabled) => Election::Unclean,
            _ => Election::Online,
        }
    }

    /// The active controller makes a change; the trace tells what came of it, and the brokers learn
    /// it a moment later.
    pub(super) fn change_partition<'a>(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        change: impl FnOnce(usize) -> Change<'a>,
    ) {
        let min_isr = self.cluster.isr_settings(partition).min_isr;
        let cluster = &self.cluster;
        let topic = self.topics.get_mut(partition.topic.index());
        let Some(known) = topic.and_then(|topic| topic.get_mut(partition.partition.index())) else {
            return;
        };
        let registration = &mut known.registration;
        let replicas = registration.replicas.len();
        let min_isr = usize::try_from(min_isr).unwrap_or(replicas).min(replicas);
        let before = registration.clone();
        let changed =
            registration.change(change(min_isr), |broker| cluster.known.is_active(broker));
        if !changed.any {
            return;
        }
        tell(step, partition, (&before, registration), changed.leader);
        let is_moved = registration.leader != registration.replicas.first().copied();
        let timer = BrokerTimer::MetadataArrives(partition);
        let at = step.now + self.latency;
        step.out.timer(at, KafkaTimer::Broker(timer));
        if changed.leader.is_some() && is_moved {
            self.note_balance(step);
        }
    }

    /// The brokers that are up learn what has become of a partition.
    pub(super) fn apply_to_all(&mut self, step: &mut Step<'_>, partition: TopicPartition) {
        let Some(known) = self.partition(partition) else {
            return;
        };
        let replicas = known.replicas.iter().map(|replica| replica.broker);
        // Who leads no more knows it before somebody else does.
        let mut brokers: Vec<BrokerId> = replicas.collect();
        let leader = known.registration.leader;
        brokers.sort_by_key(|broker| Some(*broker) == leader);
        for broker in brokers {
            if self.cluster.serves(broker)
                && self
                    .hop(Party::Controllers, Party::Broker(broker))
                    .is_some()
            {
                self.apply(step, partition, broker);
            }
        }
    }

    /// A broker learns what has become of all its partitions.
    pub(super) fn catch_up(&mut self, step: &mut Step<'_>, broker: BrokerId, incarnation: u16) {
        let node = self.cluster.nodes.get(broker.index());
        if node.is_none_or(|node| node.incarnation != incarnation) || !self.cluster.serves(broker) {
            return;
        }
        for partition in self.all_partitions() {
            self.apply(step, partition, broker);
        }
    }

    /// A broker does what the metadata say of a partition. `ReplicaManager.applyDelta`.
    fn apply(&mut self, step: &mut Step<'_>, partition: TopicPartition, broker: BrokerId) {
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let registration = &known.registration;
        let (leader, epoch) = (registration.leader, registration.leader_epoch);
        let (isr, partition_epoch) = (registration.isr.clone(), registration.partition_epoch);
        let Some(place) = known.place(broker) else {
            return;
        };
        let Some(replica) = known.replicas.get_mut(place) else {
            return;
        };
        let applied = match (&mut replica.role, leader) {
            (Role::Leader(leading), Some(leader)) if leader == broker => {
                if leading.state.epoch == epoch {
                    leading.state.isr = isr;
                    leading.state.partition_epoch = partition_epoch;
                    leading.state.asked_isr = None;
                    Applied::Nothing
                } else {
                    Applied::Leads
                }
            }
            (_, Some(leader)) if leader == broker => Applied::Leads,
            (Role::Follower(following), Some(leader))
                if (following.leader, following.epoch) == (leader, epoch) =>
            {
                Applied::Nothing
            }
            (_, Some(_)) => Applied::Follows,
            (Role::Idle, None) => Applied::Nothing,
            (_, None) => Applied::Stops,
        };
        match (applied, leader) {
            (Applied::Leads, _) => self.begin_to_lead(step, partition, broker),
            (Applied::Follows, Some(leader)) => {
                self.stop_to_lead(step, partition, broker);
                if let Some(replica) = self.replica_mut(partition, broker) {
                    replica.role = Role::Follower(Following {
                        leader,
                        epoch,
                        fetch: 0,
                        answer: None,
                    });
                }
                self.send_follower_fetch(step, partition, broker);
            }
            (Applied::Stops, _) => {
                self.stop_to_lead(step, partition, broker);
                if let Some(replica) = self.replica_mut(partition, broker) {
                    replica.role = Role::Idle;
                }
            }
            (Applied::Nothing, _) => {
                let is_leader = leader == Some(broker);
                if is_leader {
                    // The set has changed: the watermark may move, and so may who waits for it.
                    self.maybe_move_high_watermark(step, partition, broker);
                    self.complete_produces(step, partition, broker);
                }
            }
            (Applied::Follows, None) => {}
        }
    }

    pub(in crate::kafka) fn replica_mut(
        &mut self,
        partition: TopicPartition,
        broker: BrokerId,
    ) -> Option<&mut super::Replica> {
        self.partition_mut(partition)?.replica_mut(broker)
    }

    /// A broker begins to lead: its log is the partition's from now on. What the leader before had
    /// beyond it is gone from the partition, and the trace says so record by record.
    fn begin_to_lead(&mut self, step: &mut Step<'_>, partition: TopicPartition, broker: BrokerId) {
        let now = step.now;
        self.stop_to_lead(step, partition, broker);
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let registration = &known.registration;
        let epoch = registration.leader_epoch;
        let in_sync = (registration.isr.clone(), registration.partition_epoch);
        let others = registration.replicas.iter().copied();
        let others: Vec<BrokerId> = others.filter(|its| *its != broker).collect();
        let Some(place) = known.place(broker) else {
            return;
        };
        let Some(after_end) = known.replicas.get(place).map(|its| its.log.end()) else {
            return;
        };
        let aside = known.producers.clone();
        known.change_head(step, partition, place);
        if known.head != place
            && let Some(before) = known.replicas.get_mut(known.head)
            && let Some(leading) = before.leading_mut()
        {
            // It does not know yet, and goes on by itself.
            leading.producers = Some(aside);
        }
        known.head = place;
        if let Some(replica) = known.replicas.get_mut(place) {
            replica.log.begin_epoch(epoch);
            replica.role = Role::Leader(Box::new(Leading {
                state: LeaderState::new((epoch, after_end), in_sync, others.into_iter(), now),
                parked: Vec::new(),
                waiting: Vec::new(),
                producers: None,
                moved_at: now,
            }));
        }
        step.out.tell(ClusterWhat::LeaderBegan {
            partition,
            broker,
            epoch,
        });
        self.maybe_move_high_watermark(step, partition, broker);
        self.watch_lag(step, partition);
        self.wake_producers_of(step, partition);
        self.wake_readers(step, partition);
        self.wake_share_groups(step, partition);
    }

    /// A broker leads no more: who waits for it is told, and its followers know what they could have
    /// learned until now of the high watermark with the fetches that waited.
    pub(super) fn stop_to_lead(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
        broker: BrokerId,
    ) {
        let now = step.now;
        let latency = self.latency;
        let Some(known) = self.partition_mut(partition) else {
            return;
        };
        let Some(replica) = known.replica_mut(broker) else {
            return;
        };
        let high_watermark = replica.high_watermark;
        let Role::Leader(leading) = std::mem::replace(&mut replica.role, Role::Idle) else {
            return;
        };
        for parked in leading.parked {
            let told = last_answer(parked.since, now, latency);
            if told.is_some_and(|told| leading.moved_at <= told)
                && let Some(follower) = known.replica_mut(parked.broker)
                && matches!(&follower.role, Role::Follower(its) if its.leader == broker)
            {
                let end = follower.log.end();
                follower.high_watermark = follower.high_watermark.max(high_watermark.min(end));
            }
        }
        self.refuse_waiting(step, leading.waiting);
    }

    /// Takes a broker out of the in-sync replicas of all partitions, and elects other leaders; after an
    /// unclean end also out of the eligible ones.
    /// `generateLeaderAndIsrUpdates`.
    pub(super) fn take_out(&mut self, step: &mut Step<'_>, broker: BrokerId, end: LastStop) {
        let unclean = end == LastStop::Unclean;
        for partition in self.all_partitions() {
            let election = self.election_of(partition);
            let Some(known) = self.partition(partition) else {
                continue;
            };
            let registration = &known.registration;
            let has = registration.isr.contains(&broker)
                || (unclean && registration.elr.contains(&broker));
            if !has {
                continue;
            }
            let mut isr = registration.isr.clone();
            isr.retain(|its| *its != broker);
            let gone = [broker];
            let unclean_shutdown = if unclean { &gone[..] } else { &[] };
            self.change_partition(step, partition, |min_isr| Change {
                isr,
                unclean_shutdown,
                election,
                min_isr,
            });
        }
    }

    /// Elects leaders for the partitions that have none. `handleBrokerUnfenced`.
    pub(super) fn elect_leaders(&mut self, step: &mut Step<'_>) {
        for partition in self.all_partitions() {
            let known = self.partition(partition).map(|known| &known.registration);
            if known.is_some_and(|registration| registration.leader.is_none()) {
                let election = self.election_of(partition);
                self.elect(step, partition, election);
            }
        }
    }

    fn elect(&mut self, step: &mut Step<'_>, partition: TopicPartition, election: Election) {
        let Some(known) = self.partition(partition) else {
            return;
        };
        let isr = known.registration.isr.clone();
        self.change_partition(step, partition, |min_isr| Change {
            isr,
            unclean_shutdown: &[],
            election,
            min_isr,
        });
    }

    /// Some partition is not led by its preferred leader: that is looked after every
    /// `leader.imbalance.check.interval.seconds`.
    fn note_balance(&mut self, step: &mut Step<'_>) {
        let Some(interval) = self.cluster.settings.balance_interval else {
            return;
        };
        if self.cluster.balance_at.is_none() {
            let interval = interval.as_micros().max(1);
            let rounds = step.now.as_micros() / interval + 1;
            let at = SimTime::ZERO + SimDuration::from_micros(rounds.saturating_mul(interval));
            self.cluster.balance_at = Some(at);
            step.out
                .timer(at, KafkaTimer::Broker(BrokerTimer::BalanceDue));
        }
    }

    /// `maybeBalancePartitionLeaders`; and leaders for partitions without one, if an unclean election
    /// has been allowed in the meantime (`unclean.leader.election.interval.ms` has the same default).
    pub(super) fn balance_leaders(&mut self, step: &mut Step<'_>) {
        self.cluster.balance_at = None;
        if self.cluster.quorum.active().is_some() {
            for partition in self.all_partitions() {
                self.elect(step, partition, Election::Preferred);
            }
            self.elect_leaders(step);
        }
        let moved =
            self.topics.iter().flatten().any(|known| {
                known.registration.leader != known.registration.replicas.first().copied()
            });
        if moved {
            self.note_balance(step);
        }
    }

    /// A process of a broker has gone: nobody leads or follows there.
    pub(super) fn idle(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        debug_assert!(self.cluster.node_state(broker) != NodeState::Running);
        for partition in self.all_partitions() {
            self.stop_to_lead(step, partition, broker);
            if let Some(replica) = self.replica_mut(partition, broker) {
                replica.role = Role::Idle;
            }
        }
    }
}

/// When a fetch that has waited since `since` was answered last, with nothing in it, and sent anew.
fn last_answer(since: SimTime, now: SimTime, latency: SimDuration) -> Option<SimTime> {
    let round = (defaults::REPLICA_FETCH_WAIT_MAX + latency.times(2)).as_micros();
    let rounds = now.since(since).as_micros() / round.max(1);
    let last = rounds.checked_sub(1)?;
    Some(since + SimDuration::from_micros(last * round) + defaults::REPLICA_FETCH_WAIT_MAX)
}

fn tell(
    step: &mut Step<'_>,
    partition: TopicPartition,
    (before, after): (&PartitionRegistration, &PartitionRegistration),
    elected: Option<Elected>,
) {
    let out = &mut step.out;
    let mut differences =
        |before: &[BrokerId],
         after: &[BrokerId],
         make: fn(TopicPartition, BrokerId) -> ClusterWhat| {
            for broker in after.iter().filter(|broker| !before.contains(broker)) {
                out.tell(make(partition, *broker));
            }
        };
    differences(&after.isr, &before.isr, |partition, broker| {
        ClusterWhat::LeftIsr { partition, broker }
    });
    differences(&before.isr, &after.isr, |partition, broker| {
        ClusterWhat::JoinedIsr { partition, broker }
    });
    differences(&after.elr, &before.elr, |partition, broker| {
        ClusterWhat::LeftElr { partition, broker }
    });
    differences(&before.elr, &after.elr, |partition, broker| {
        ClusterWhat::JoinedElr { partition, broker }
    });
    if let Some(elected) = elected {
        let election = match (after.leader, elected) {
            (None, _) => ElectionKind::Nobody,
            (Some(leader), Elected::Clean) if after.replicas.first() == Some(&leader) => {
                ElectionKind::Preferred
            }
            (Some(_), Elected::Clean) => ElectionKind::Clean,
            (Some(_), Elected::Unclean) => ElectionKind::Unclean,
        };
        step.out.tell(ClusterWhat::LeaderElected {
            partition,
            leader: after.leader,
            epoch: after.leader_epoch,
            election,
        });
    }
}

impl Partition {
    /// The log of the replica at `place` becomes the partition's; what is gone from it, or is back, is
    /// told record by record.
    fn change_head(&mut self, step: &mut Step<'_>, partition: TopicPartition, place: usize) {
        let heads = (self.replicas.get(self.head), self.replicas.get(place));
        let (Some(before), Some(after)) = heads else {
            return;
        };
        if self.head != place {
            let logs = (&before.log.clone(), &after.log.clone());
            let out = std::cell::RefCell::new(&mut step.out);
            self.log.change_leader(
                logs,
                |offset, message| {
                    out.borrow_mut().tell(ClusterWhat::CutOff {
                        partition,
                        offset,
                        message: *message,
                    });
                },
                |offset, message| {
                    out.borrow_mut().tell(ClusterWhat::Back {
                        partition,
                        offset,
                        message: *message,
                    });
                },
            );
            let log = &logs.1;
            self.producers.keep(|its| {
                its.last < log.end() && log.epoch_of(its.last) == Some(its.leader_epoch)
            });
        }
    }
}
