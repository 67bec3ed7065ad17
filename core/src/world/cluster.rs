//! What exists among the brokers of a log lane: their processes, the replicas on them, and what the
//! producers have heard.

use litemap::LiteMap;

use super::Since;
use super::kafka::{KafkaWorld, LogRecord, PartitionWorld};
use crate::cast::LaneCast;
use crate::chunked::Chunked;
use crate::ids::{BrokerId, LeaderEpoch, MessageId, Offset, TopicPartition};
use crate::kafka::cluster::log::{ReplicaLog, change_leader};
use crate::time::SimTime;
use crate::trace::{ClusterWhat, LinkEnd, LinkState, ProduceError};

/// The brokers and controllers of a lane.
#[derive(Clone, Debug, Default)]
pub struct ClusterWorld {
    /// The brokers, by [`BrokerId`].
    pub brokers: Vec<BrokerWorld>,
    /// The controllers: whether each is alive.
    pub controllers: Vec<bool>,
    /// The active controller; `None` while there is none: metadata do not change.
    pub active_controller: Option<u16>,
    /// The links with which something is wrong.
    pub links: Vec<(LinkEnd, LinkEnd, LinkState)>,
    /// Records that were acknowledged and are in no log that can be read, in the order in which they
    /// were lost.
    pub lost: Vec<LostRecord>,
    pub(super) outcomes: Chunked<SendOutcome>,
    /// Messages that were cut off the log, with where they were.
    pub(super) cut: LiteMap<MessageId, (TopicPartition, Offset)>,
}

/// A broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerWorld {
    /// What its process does.
    pub state: Since<BrokerState>,
    /// Whether the controller has counted it out.
    pub is_fenced: bool,
}

/// What a broker's process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// It serves.
    Running,
    /// It serves until its partitions have other leaders, and then goes.
    Stopping,
    /// It stands still.
    Frozen,
    /// It was started, and is not ready yet.
    Starting,
    /// It is not there.
    Down,
}

/// A record that was acknowledged and then cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostRecord {
    /// Which.
    pub message: MessageId,
    /// Where it was.
    pub partition: TopicPartition,
    /// At which offset.
    pub offset: Offset,
    /// When it was lost, or acknowledged if that came later.
    pub at: SimTime,
}

/// The copy of a partition that a broker has.
#[derive(Clone, Debug)]
pub struct ReplicaWorld {
    /// Whose.
    pub broker: BrokerId,
    /// What is in it: its end, and which leader epochs.
    pub log: ReplicaLog,
    /// When its end moved last.
    pub moved_at: SimTime,
}

/// What one producer has heard of its records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProducerWorld {
    /// How many it has sent.
    pub sent: u32,
    /// How many were acknowledged. Lanes with one broker that say nothing of their producers do not
    /// tell.
    pub acknowledged: u32,
    /// How many have failed.
    pub failed: u32,
    /// How many with acks=0 did not reach a leader: it does not know.
    pub dropped: u32,
    /// How many batches it has sent again.
    pub retries: u32,
    /// How many batches its leaders knew already.
    pub duplicates_ignored: u32,
    /// Why a batch of it was sent again last, and when.
    pub last_error: Option<(ProduceError, SimTime)>,
}

/// What a producer has heard of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendOutcome {
    /// Nothing, yet or at all.
    #[default]
    Unheard,
    /// It is written.
    Acknowledged,
    /// It failed.
    Failed(ProduceError),
    /// Nothing; and it is lost.
    Dropped,
}

/// The replicas of a partition, and what else the controller knows of it.
#[derive(Clone, Debug)]
pub struct ReplicasWorld {
    /// Its replicas, the preferred leader first.
    pub all: Vec<ReplicaWorld>,
    /// Who leads it, as the controller has decided.
    pub leader: Since<Option<BrokerId>>,
    /// The leader's epoch.
    pub leader_epoch: LeaderEpoch,
    /// Who is in sync.
    pub isr: Vec<BrokerId>,
    /// Who is not, and can lead all the same.
    pub elr: Vec<BrokerId>,
    /// Up to where it can be read.
    pub high_watermark: Offset,
    /// The replica whose log is the partition's.
    head: usize,
    elsewhere: LiteMap<(LeaderEpoch, Offset), LogRecord>,
}

impl ReplicasWorld {
    pub(super) fn new(brokers: &[BrokerId]) -> Self {
        let replica = |broker: &BrokerId| ReplicaWorld {
            broker: *broker,
            log: ReplicaLog::default(),
            moved_at: SimTime::ZERO,
        };
        let mut all: Vec<ReplicaWorld> = brokers.iter().map(replica).collect();
        if let Some(first) = all.first_mut() {
            first.log.begin_epoch(LeaderEpoch(0));
        }
        Self {
            all,
            leader: Since::start(brokers.first().copied()),
            leader_epoch: LeaderEpoch(0),
            isr: brokers.to_vec(),
            elr: Vec::new(),
            high_watermark: Offset(0),
            head: 0,
            elsewhere: LiteMap::new(),
        }
    }

    /// The replica on a broker.
    #[must_use]
    pub fn on(&self, broker: BrokerId) -> Option<&ReplicaWorld> {
        self.all.iter().find(|replica| replica.broker == broker)
    }

    fn place(&self, broker: BrokerId) -> Option<usize> {
        self.all.iter().position(|replica| replica.broker == broker)
    }

    /// The leader has appended a record.
    pub(super) fn append(&mut self, at: SimTime) {
        let is_single = self.all.len() == 1;
        if let Some(head) = self.all.get_mut(self.head) {
            head.log.push();
            head.moved_at = at;
            if is_single {
                self.high_watermark = head.log.end();
            }
        }
    }

    fn replicate(&mut self, at: SimTime, broker: BrokerId, end: Offset) {
        let Some(place) = self.place(broker) else {
            return;
        };
        if let Ok([replica, head]) = self.all.get_disjoint_mut([place, self.head]) {
            replica.log.copy_from(&head.log, end);
            replica.moved_at = at;
        }
    }

    fn truncate(&mut self, at: SimTime, broker: BrokerId, end: Offset) {
        let replica = self.place(broker).and_then(|place| self.all.get_mut(place));
        if let Some(replica) = replica {
            replica.log.truncate(end);
            replica.moved_at = at;
        }
    }

    pub(super) fn weight(&self) -> usize {
        2 * self.all.len() + self.elsewhere.len()
    }
}

impl ClusterWorld {
    pub(super) fn new(cast: &LaneCast) -> Self {
        let running = BrokerWorld {
            state: Since::start(BrokerState::Running),
            is_fenced: false,
        };
        Self {
            brokers: vec![running; cast.brokers.into()],
            controllers: vec![true; cast.controllers.into()],
            active_controller: Some(0),
            links: Vec::new(),
            lost: Vec::new(),
            outcomes: Chunked::default(),
            cut: LiteMap::new(),
        }
    }

    pub(super) fn weight(&self) -> usize {
        self.brokers.len() + self.lost.len() + self.outcomes.weight() + self.cut.len()
    }

    fn change(&mut self, at: SimTime, broker: BrokerId, state: BrokerState) {
        if let Some(broker) = self.brokers.get_mut(broker.index()) {
            broker.state.change(at, state);
        }
    }

    fn fold(&mut self, at: SimTime, what: ClusterWhat) {
        let (broker, state) = match what {
            ClusterWhat::BrokerKilled { broker } | ClusterWhat::BrokerStopped { broker } => {
                (broker, BrokerState::Down)
            }
            ClusterWhat::BrokerStopping { broker } => (broker, BrokerState::Stopping),
            ClusterWhat::BrokerFrozen { broker } => (broker, BrokerState::Frozen),
            ClusterWhat::BrokerThawed { broker } | ClusterWhat::BrokerStarted { broker } => {
                (broker, BrokerState::Running)
            }
            ClusterWhat::BrokerStarting { broker } => (broker, BrokerState::Starting),
            ClusterWhat::BrokerFenced { broker } | ClusterWhat::BrokerUnfenced { broker } => {
                if let Some(known) = self.brokers.get_mut(broker.index()) {
                    known.is_fenced = matches!(what, ClusterWhat::BrokerFenced { .. });
                }
                return;
            }
            _ => return self.fold_controllers(what),
        };
        self.change(at, broker, state);
    }

    fn fold_controllers(&mut self, what: ClusterWhat) {
        match what {
            ClusterWhat::ControllerKilled { controller }
            | ClusterWhat::ControllerStarted { controller } => {
                let is_alive = matches!(what, ClusterWhat::ControllerStarted { .. });
                if let Some(alive) = self.controllers.get_mut(usize::from(controller)) {
                    *alive = is_alive;
                }
                let alive = self.controllers.iter().filter(|alive| **alive).count();
                if self.active_controller == Some(controller) || 2 * alive <= self.controllers.len()
                {
                    self.active_controller = None;
                }
            }
            ClusterWhat::ControllerElected { controller } => {
                self.active_controller = Some(controller);
            }
            ClusterWhat::LinkChanged { one, other, state } => {
                self.links
                    .retain(|(a, b, _)| (*a, *b) != (one, other) && (*a, *b) != (other, one));
                if state != LinkState::Sound {
                    self.links.push((one, other, state));
                }
            }
            _ => {}
        }
    }
}

impl PartitionWorld {
    fn fold(&mut self, at: SimTime, what: ClusterWhat) {
        let replicas = &mut self.replicas;
        match what {
            ClusterWhat::LeaderElected { leader, epoch, .. } => {
                replicas.leader.change(at, leader);
                replicas.leader_epoch = epoch;
            }
            ClusterWhat::LeaderBegan { broker, epoch, .. } => self.begin(broker, epoch),
            ClusterWhat::JoinedIsr { broker, .. } => replicas.isr.push(broker),
            ClusterWhat::LeftIsr { broker, .. } => replicas.isr.retain(|its| *its != broker),
            ClusterWhat::JoinedElr { broker, .. } => replicas.elr.push(broker),
            ClusterWhat::LeftElr { broker, .. } => replicas.elr.retain(|its| *its != broker),
            ClusterWhat::Replicated { broker, end, .. } => replicas.replicate(at, broker, end),
            ClusterWhat::Truncated { broker, end, .. } => replicas.truncate(at, broker, end),
            ClusterWhat::HighWatermarkMoved { offset, .. } => replicas.high_watermark = offset,
            ClusterWhat::AppendedAside {
                broker,
                offset,
                message,
                ..
            } => {
                let place = replicas.place(broker);
                let Some(replica) = place.and_then(|place| replicas.all.get_mut(place)) else {
                    return;
                };
                replica.log.push();
                replica.moved_at = at;
                if let Some(epoch) = replica.log.epoch_of(offset) {
                    let record = LogRecord {
                        message,
                        sent_at: at,
                        appended_at: at,
                    };
                    replicas.elsewhere.insert((epoch, offset), record);
                }
            }
            _ => {}
        }
    }

    /// A broker begins to lead: its log is the partition's.
    fn begin(&mut self, broker: BrokerId, epoch: LeaderEpoch) {
        let replicas = &mut self.replicas;
        let Some(place) = replicas.place(broker) else {
            return;
        };
        if place != replicas.head
            && let (Some(before), Some(after)) =
                (replicas.all.get(replicas.head), replicas.all.get(place))
        {
            let logs = (&before.log, &after.log);
            let records = (&mut self.log, &mut replicas.elsewhere);
            change_leader(records, logs, |_, _| {}, |_, _| {});
            // A new leader goes by what it knew of the watermark, which is no more than it has.
            replicas.high_watermark = replicas.high_watermark.min(after.log.end());
        }
        replicas.head = place;
        let is_single = replicas.all.len() == 1;
        if let Some(replica) = replicas.all.get_mut(place) {
            replica.log.begin_epoch(epoch);
            if is_single {
                replicas.high_watermark = replica.log.end();
            }
        }
    }
}

impl KafkaWorld {
    pub(super) fn fold_cluster(&mut self, at: SimTime, what: ClusterWhat) {
        match what {
            ClusterWhat::CutOff {
                partition,
                offset,
                message,
            } if self.place(message) == Some((partition, offset)) => {
                self.set_place(message, None);
                if self.outcome(message) == SendOutcome::Acknowledged {
                    self.lose(at, message, (partition, offset));
                }
                self.cluster.cut.insert(message, (partition, offset));
            }
            ClusterWhat::Back {
                partition,
                offset,
                message,
            } => self.note_place(message, (partition, offset)),
            _ => {}
        }
        match partition_of(what) {
            Some(partition) => {
                let index = self.flat_index(partition);
                if let Some(partition) = self.partitions.get_mut(index) {
                    partition.fold(at, what);
                }
            }
            None => self.cluster.fold(at, what),
        }
    }
}

/// The partition that something is about.
const fn partition_of(what: ClusterWhat) -> Option<TopicPartition> {
    match what {
        ClusterWhat::LeaderElected { partition, .. }
        | ClusterWhat::LeaderBegan { partition, .. }
        | ClusterWhat::CutOff { partition, .. }
        | ClusterWhat::Back { partition, .. }
        | ClusterWhat::JoinedIsr { partition, .. }
        | ClusterWhat::LeftIsr { partition, .. }
        | ClusterWhat::JoinedElr { partition, .. }
        | ClusterWhat::LeftElr { partition, .. }
        | ClusterWhat::Replicated { partition, .. }
        | ClusterWhat::Truncated { partition, .. }
        | ClusterWhat::HighWatermarkMoved { partition, .. }
        | ClusterWhat::AppendedAside { partition, .. } => Some(partition),
        _ => None,
    }
}
