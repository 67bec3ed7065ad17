//! The brokers of a log lane at work: their processes, the replicas on them, the controller that
//! leads them, and the requests between all of these.
//!
//! A follower asks its leader for one partition at a time here; a broker of Kafka's asks for many in
//! one request, which changes the number of requests and not what they do.

mod commands;
mod election;
mod isr;
mod links;
mod nodes;
mod quorum;
mod reading;
mod replication;
mod stopping;

pub(crate) use links::{Link, Links, Party};
pub(crate) use nodes::NodeChange;

use super::cluster::controller::{Brokers, Quorum};
use super::cluster::leader::{IsrSettings, LeaderState};
use super::cluster::log::{DivergingEpoch, PartitionLog, ReplicaLog};
use super::cluster::registration::PartitionRegistration;
use super::lane::{KafkaLane, KafkaTimer, Step};
use super::producing::{ProducerStates, WaitingProduce};
use crate::ids::{BrokerId, LeaderEpoch, MessageId, Offset, TopicPartition};
use crate::random::{Purpose, Random};
use crate::scenario;
use crate::time::{SimDuration, SimTime};

/// The brokers and controllers of a lane.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(super) settings: ClusterSettings,
    /// The brokers' processes.
    pub(super) nodes: Vec<Node>,
    /// The brokers as the controller knows them.
    pub(super) known: Brokers,
    pub(super) quorum: Quorum,
    pub(super) links: Links,
    /// Of each topic.
    pub(super) topics: Vec<TopicConfig>,
    /// For when preferred leaders are looked after.
    pub(super) balance_at: Option<SimTime>,
}

/// What the document says of the brokers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClusterSettings {
    pub(super) seed: u32,
    pub(super) lag_time_max: SimDuration,
    pub(super) heartbeat_interval: SimDuration,
    pub(super) balance_interval: Option<SimDuration>,
}

/// What can be changed of a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TopicConfig {
    pub(super) min_isr: u32,
    pub(super) unclean_election: UncleanElection,
}

/// `unclean.leader.election.enable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UncleanElection {
    Disabled,
    Enabled,
}

/// A broker's process.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(super) state: NodeState,
    /// Rises with each start.
    pub(super) incarnation: u16,
    pub(super) last_stop: LastStop,
    /// A time at which it has sent a heartbeat; the others are whole intervals later.
    pub(super) heartbeats_from: SimTime,
    /// What has come while it stood still.
    pub(super) held: Vec<KafkaTimer>,
}

/// What a broker's process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeState {
    Running,
    /// It serves until its partitions have other leaders.
    Stopping,
    /// It stands still, as under a stop signal.
    Frozen,
    Starting,
    Down,
}

/// How a broker's process ended last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastStop {
    Clean,
    Unclean,
}

/// One partition: the records, and its replicas.
#[derive(Clone, Debug)]
pub(crate) struct Partition {
    pub(super) log: PartitionLog<MessageId>,
    /// As the controller knows it.
    pub(super) registration: PartitionRegistration,
    /// In the order of the registration.
    pub(super) replicas: Vec<Replica>,
    /// The replica that began to lead last: whose log is in `log`.
    pub(super) head: usize,
    /// What that replica knows of the producers.
    pub(super) producers: ProducerStates,
    /// For when the in-sync replicas are looked at.
    pub(super) lag_check_at: Option<SimTime>,
}

/// What a broker has of a partition, and what it does with it.
#[derive(Clone, Debug)]
pub(crate) struct Replica {
    pub(super) broker: BrokerId,
    pub(super) log: ReplicaLog,
    pub(super) high_watermark: Offset,
    /// How many fetches it has sent as a follower: the number of the last.
    pub(super) fetches: u32,
    pub(super) role: Role,
}

/// What a broker is to a partition, as far as it knows.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// Its process is down, or it knows of no leader.
    Idle,
    Leader(Box<Leading>),
    Follower(Following),
}

/// What a leader keeps.
#[derive(Clone, Debug)]
pub(crate) struct Leading {
    pub(super) state: LeaderState,
    /// Followers whose fetch waits for records, with its number.
    pub(super) parked: Vec<Parked>,
    /// When the high watermark has moved last.
    pub(super) moved_at: SimTime,
    /// Writes that wait for the high watermark, in the order of what they wait for.
    pub(super) waiting: Vec<WaitingProduce>,
    /// Its producers, once another broker leads and it does not know that.
    pub(super) producers: Option<ProducerStates>,
}

/// A fetch that waits at the leader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parked {
    pub(super) broker: BrokerId,
    pub(super) fetch: u32,
    pub(super) since: SimTime,
}

/// What a follower keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Following {
    pub(super) leader: BrokerId,
    pub(super) epoch: LeaderEpoch,
    /// The number of its last fetch.
    pub(super) fetch: u32,
    /// What is on its way to it.
    pub(super) answer: Option<FetchAnswer>,
}

/// The answer to a follower's fetch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FetchAnswer {
    pub(super) end: Offset,
    pub(super) high_watermark: Offset,
    pub(super) diverging: Option<DivergingEpoch>,
}

/// What is due later among brokers and controllers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BrokerTimer {
    /// The fetch of a follower reaches its leader.
    FetchArrives(TopicPartition, BrokerId, u32),
    /// `replica.fetch.wait.max.ms` is over.
    FetchExpires(TopicPartition, BrokerId, u32),
    /// Its answer reaches the follower.
    FetchAnswer(TopicPartition, BrokerId, u32),
    /// The brokers learn what has become of a partition.
    MetadataArrives(TopicPartition),
    /// A broker learns what has become of all.
    CatchesUp(BrokerId, u16),
    /// A leader looks at its in-sync replicas.
    LagDue(TopicPartition),
    /// AlterPartition of a leader reaches the controller.
    IsrArrives(TopicPartition, BrokerId, LeaderEpoch),
    /// The session of a broker that was heard of then ends.
    SessionDue(BrokerId, SimTime),
    /// A heartbeat of a broker that has stood still reaches the controller.
    HeartbeatArrives(BrokerId, u16),
    /// A broker that wants to stop reaches the controller.
    StopArrives(BrokerId, u16),
    /// Its process ends.
    StopDone(BrokerId, u16),
    /// A starting process registers at the controller.
    Registers(BrokerId, u16),
    /// The controller unfences it.
    Unfences(BrokerId, u16),
    /// Preferred leaders are looked after.
    BalanceDue,
    /// The controllers elect one of them.
    ControllersElect,
}

impl Cluster {
    pub(super) fn new(lane: &scenario::KafkaLane, seed: u32) -> Self {
        let count = u16::try_from(lane.brokers).unwrap_or(u16::MAX);
        let interval = lane.broker_heartbeat_interval;
        let nodes = (0..count).map(|broker| {
            let phase =
                Random::new(seed, Purpose::Broker, broker.into()).below(interval.as_micros());
            Node {
                state: NodeState::Running,
                incarnation: 0,
                last_stop: LastStop::Clean,
                heartbeats_from: SimTime::ZERO + SimDuration::from_micros(phase),
                held: Vec::new(),
            }
        });
        let topics = lane.topics.iter().map(|topic| TopicConfig {
            min_isr: topic.min_insync_replicas,
            unclean_election: if topic.unclean_leader_election_enable {
                UncleanElection::Enabled
            } else {
                UncleanElection::Disabled
            },
        });
        let balance = lane.leader_imbalance_check_interval;
        Self {
            settings: ClusterSettings {
                seed,
                lag_time_max: lane.replica_lag_time_max,
                heartbeat_interval: interval,
                balance_interval: lane.auto_leader_rebalance_enable.then_some(balance),
            },
            nodes: nodes.collect(),
            known: Brokers::new(count, lane.broker_session_timeout),
            quorum: Quorum::new(u16::try_from(lane.controllers).unwrap_or(u16::MAX)),
            links: Links::new(seed),
            topics: topics.collect(),
            balance_at: None,
        }
    }

    /// Whether a broker's process answers requests.
    pub(super) fn serves(&self, broker: BrokerId) -> bool {
        let node = self.nodes.get(broker.index());
        node.is_some_and(|node| matches!(node.state, NodeState::Running | NodeState::Stopping))
    }

    pub(super) fn node_state(&self, broker: BrokerId) -> NodeState {
        let node = self.nodes.get(broker.index());
        node.map_or(NodeState::Down, |node| node.state)
    }

    /// `min.insync.replicas` and `replica.lag.time.max.ms` for a partition.
    pub(super) fn isr_settings(&self, partition: TopicPartition) -> IsrSettings {
        let topic = self.topics.get(partition.topic.index());
        IsrSettings {
            lag_time_max: self.settings.lag_time_max,
            min_isr: topic.map_or(1, |topic| topic.min_isr),
        }
    }
}

impl Partition {
    /// A new partition on these brokers: the first one leads.
    pub(super) fn new(brokers: Vec<BrokerId>, now: SimTime) -> Self {
        let replicas = brokers.iter().map(|broker| Replica {
            broker: *broker,
            log: ReplicaLog::default(),
            high_watermark: Offset(0),
            fetches: 0,
            role: Role::Follower(Following {
                leader: brokers.first().copied().unwrap_or_default(),
                epoch: LeaderEpoch(0),
                fetch: 0,
                answer: None,
            }),
        });
        let mut replicas: Vec<Replica> = replicas.collect();
        let registration = PartitionRegistration::new(brokers);
        if let Some((first, others)) = replicas.split_first_mut() {
            first.log.begin_epoch(LeaderEpoch(0));
            let followers = others.iter().map(|replica| replica.broker);
            first.role = Role::Leader(Box::new(Leading {
                state: LeaderState::new(
                    (LeaderEpoch(0), Offset(0)),
                    (registration.isr.clone(), 0),
                    followers,
                    now,
                ),
                parked: Vec::new(),
                moved_at: now,
                waiting: Vec::new(),
                producers: None,
            }));
        }
        Self {
            log: PartitionLog::default(),
            registration,
            replicas,
            head: 0,
            producers: ProducerStates::default(),
            lag_check_at: None,
        }
    }

    /// The leader epoch of the last record before `end` in the leader's log.
    pub(super) fn epoch_before(&self, end: Offset) -> Option<LeaderEpoch> {
        let last = Offset(end.0.checked_sub(1)?);
        self.replicas.get(self.head)?.log.epoch_of(last)
    }

    /// What the broker knows of the producers, as far as it leads.
    pub(super) fn producers_of(&self, broker: BrokerId) -> &ProducerStates {
        let aside = self.replica(broker).and_then(|replica| replica.leading());
        let aside = aside.and_then(|leading| leading.producers.as_ref());
        aside.unwrap_or(&self.producers)
    }

    /// Likewise, to be changed.
    pub(super) fn producers_of_mut(&mut self, broker: BrokerId) -> &mut ProducerStates {
        let replica = self.replicas.iter_mut().find(|its| its.broker == broker);
        let leading = replica.and_then(Replica::leading_mut);
        let aside = leading.and_then(|leading| leading.producers.as_mut());
        aside.unwrap_or(&mut self.producers)
    }

    pub(super) fn replica(&self, broker: BrokerId) -> Option<&Replica> {
        self.replicas
            .iter()
            .find(|replica| replica.broker == broker)
    }

    pub(super) fn replica_mut(&mut self, broker: BrokerId) -> Option<&mut Replica> {
        self.replicas
            .iter_mut()
            .find(|replica| replica.broker == broker)
    }

    /// The place of the replica on `broker`.
    pub(super) fn place(&self, broker: BrokerId) -> Option<usize> {
        let mut replicas = self.replicas.iter();
        replicas.position(|replica| replica.broker == broker)
    }
}

impl Replica {
    /// What it keeps as a leader, if it takes itself for one.
    pub(super) fn leading(&self) -> Option<&Leading> {
        match &self.role {
            Role::Leader(leading) => Some(leading),
            Role::Idle | Role::Follower(_) => None,
        }
    }

    pub(super) fn leading_mut(&mut self) -> Option<&mut Leading> {
        match &mut self.role {
            Role::Leader(leading) => Some(leading),
            Role::Idle | Role::Follower(_) => None,
        }
    }

    pub(super) const fn following_mut(&mut self) -> Option<&mut Following> {
        match &mut self.role {
            Role::Follower(following) => Some(following),
            Role::Idle | Role::Leader(_) => None,
        }
    }
}

impl KafkaLane {
    pub(super) fn partition(&self, partition: TopicPartition) -> Option<&Partition> {
        self.topics
            .get(partition.topic.index())?
            .get(partition.partition.index())
    }

    pub(super) fn partition_mut(&mut self, partition: TopicPartition) -> Option<&mut Partition> {
        self.topics
            .get_mut(partition.topic.index())?
            .get_mut(partition.partition.index())
    }

    /// All partitions of the lane.
    pub(super) fn all_partitions(&self) -> Vec<TopicPartition> {
        let topics = (0_u16..).zip(&self.topics);
        let all = topics.flat_map(|(topic, partitions)| {
            let count = u16::try_from(partitions.len()).unwrap_or(u16::MAX);
            (0..count).map(move |partition| TopicPartition::new(topic, partition))
        });
        all.collect()
    }

    /// The followers begin to fetch.
    pub(super) fn start_partition(&mut self, step: &mut Step<'_>, partition: TopicPartition) {
        let Some(known) = self.partition(partition) else {
            return;
        };
        let followers = known.replicas.iter().skip(1).map(|replica| replica.broker);
        for broker in followers.collect::<Vec<_>>() {
            self.send_follower_fetch(step, partition, broker);
        }
    }

    pub(super) fn on_broker_timer(&mut self, step: &mut Step<'_>, timer: BrokerTimer) {
        match timer {
            BrokerTimer::FetchArrives(partition, broker, fetch) => {
                self.follower_fetch_arrives(step, partition, (broker, fetch));
            }
            BrokerTimer::FetchExpires(partition, broker, fetch) => {
                self.follower_fetch_expires(step, partition, (broker, fetch));
            }
            BrokerTimer::FetchAnswer(partition, broker, fetch) => {
                self.follower_fetch_answer(step, partition, (broker, fetch));
            }
            BrokerTimer::MetadataArrives(partition) => self.apply_to_all(step, partition),
            BrokerTimer::CatchesUp(broker, incarnation) => {
                self.catch_up(step, broker, incarnation);
            }
            BrokerTimer::LagDue(partition) => self.lag_due(step, partition),
            BrokerTimer::IsrArrives(partition, broker, epoch) => {
                self.isr_arrives(step, partition, (broker, epoch));
            }
            BrokerTimer::SessionDue(broker, heard_at) => self.session_due(step, broker, heard_at),
            BrokerTimer::HeartbeatArrives(broker, incarnation) => {
                self.heartbeat_of_broker(step, broker, incarnation);
            }
            BrokerTimer::StopArrives(broker, incarnation) => {
                self.stop_arrives(step, broker, incarnation);
            }
            BrokerTimer::StopDone(broker, incarnation) => self.stop_done(step, broker, incarnation),
            BrokerTimer::Registers(broker, incarnation) => {
                self.broker_registers(step, broker, incarnation);
            }
            BrokerTimer::Unfences(broker, incarnation) => {
                self.broker_unfences(step, broker, incarnation);
            }
            BrokerTimer::BalanceDue => self.balance_leaders(step),
            BrokerTimer::ControllersElect => self.controllers_elect(step),
        }
    }
}
