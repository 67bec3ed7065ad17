//! What becomes of a broker's process: it dies, stands still, goes on, starts; and what the
//! controller makes of not hearing of it.

use super::{BrokerTimer, LastStop, NodeState, Party};
use crate::ids::BrokerId;
use crate::kafka::cluster::controller::{Fencing, Shutdown};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::random::{Purpose, Random};
use crate::time::{SimDuration, SimTime};
use crate::trace::ClusterWhat;

/// What is done to a broker's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeChange {
    Kill,
    Stop,
    Freeze,
    Thaw,
    Start,
}

impl KafkaLane {
    /// Something is done to a broker's process; nothing, if it is not in a state for it.
    pub(in crate::kafka) fn change_node(
        &mut self,
        step: &mut Step<'_>,
        broker: BrokerId,
        change: NodeChange,
    ) {
        let state = self.cluster.node_state(broker);
        if broker.index() >= self.cluster.nodes.len() {
            return;
        }
        match (change, state) {
            (NodeChange::Kill, NodeState::Down) | (NodeChange::Start, NodeState::Starting) => {}
            (NodeChange::Kill, _) => self.kill_node(step, broker),
            (NodeChange::Stop, NodeState::Running) => self.stop_node(step, broker),
            (NodeChange::Freeze, NodeState::Running | NodeState::Stopping) => {
                let heard_at = self.last_heartbeat(broker, step.now);
                self.set_state(broker, NodeState::Frozen);
                step.out.tell(ClusterWhat::BrokerFrozen { broker });
                self.settle_fetches(step, broker);
                self.expect_session_end(step, broker, heard_at);
            }
            (NodeChange::Thaw, NodeState::Frozen) => self.thaw_node(step, broker),
            (NodeChange::Start, NodeState::Down) => self.start_node(step, broker),
            _ => {}
        }
    }

    pub(super) fn set_state(&mut self, broker: BrokerId, state: NodeState) {
        if let Some(node) = self.cluster.nodes.get_mut(broker.index()) {
            node.state = state;
        }
    }

    /// When a broker has sent its last heartbeat. They are not simulated one by one.
    pub(super) fn last_heartbeat(&self, broker: BrokerId, now: SimTime) -> SimTime {
        let Some(node) = self.cluster.nodes.get(broker.index()) else {
            return now;
        };
        let interval = self.cluster.settings.heartbeat_interval.as_micros().max(1);
        let passed = now.since(node.heartbeats_from).as_micros();
        if now < node.heartbeats_from {
            return SimTime::ZERO;
        }
        node.heartbeats_from + SimDuration::from_micros(passed - passed % interval)
    }

    /// A broker will not be heard of: its session ends `broker.session.timeout.ms` after its last
    /// heartbeat.
    pub(super) fn expect_session_end(
        &mut self,
        step: &mut Step<'_>,
        broker: BrokerId,
        heard_at: SimTime,
    ) {
        let Some(known) = self.cluster.known.get_mut(broker) else {
            return;
        };
        if known.fencing == Fencing::Fenced {
            return;
        }
        known.heard_at = heard_at.max(known.heard_at);
        let heard_at = known.heard_at;
        let at = self.cluster.known.session_ends(heard_at).max(step.now);
        let timer = BrokerTimer::SessionDue(broker, heard_at);
        step.out.timer(at, KafkaTimer::Broker(timer));
    }

    pub(super) fn session_due(&mut self, step: &mut Step<'_>, broker: BrokerId, heard_at: SimTime) {
        // A new active controller gives everybody a new session.
        if self.cluster.quorum.active().is_none() {
            return;
        }
        let Some(known) = self.cluster.known.get(broker) else {
            return;
        };
        if known.heard_at == heard_at && known.fencing == Fencing::Unfenced {
            self.fence(step, broker);
        }
    }

    /// The controller fences a broker: it leads nothing and is in no set. `handleBrokerFenced`.
    pub(super) fn fence(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        if let Some(known) = self.cluster.known.get_mut(broker) {
            known.fencing = Fencing::Fenced;
            step.out.tell(ClusterWhat::BrokerFenced { broker });
            self.take_out(step, broker, LastStop::Clean);
        }
    }

    fn kill_node(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        let was_frozen = self.cluster.node_state(broker) == NodeState::Frozen;
        let is_up = was_frozen || self.cluster.serves(broker);
        let heard_at = self.last_heartbeat(broker, step.now);
        if let Some(node) = self.cluster.nodes.get_mut(broker.index()) {
            node.state = NodeState::Down;
            node.incarnation = node.incarnation.wrapping_add(1);
            node.last_stop = LastStop::Unclean;
            node.held.clear();
        }
        step.out.tell(ClusterWhat::BrokerKilled { broker });
        if is_up {
            self.settle_fetches(step, broker);
            self.disconnect(step, broker);
            self.idle(step, broker);
        }
        if is_up && !was_frozen {
            self.expect_session_end(step, broker, heard_at);
        }
    }

    fn thaw_node(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        let now = step.now;
        let Some(node) = self.cluster.nodes.get_mut(broker.index()) else {
            return;
        };
        node.state = NodeState::Running;
        node.heartbeats_from = now;
        let held = std::mem::take(&mut node.held);
        step.out.tell(ClusterWhat::BrokerThawed { broker });
        self.greet_controller(step, broker);
        for timer in held {
            step.out.timer(now, timer);
        }
    }

    /// A broker that was not heard of sends a heartbeat and fetches the metadata; and what its leaders
    /// have asked for is asked again.
    pub(super) fn greet_controller(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        let now = step.now;
        let Some(node) = self.cluster.nodes.get_mut(broker.index()) else {
            return;
        };
        node.heartbeats_from = now;
        let incarnation = node.incarnation;
        let Some(hop) = self.hop(Party::Broker(broker), Party::Controllers) else {
            return;
        };
        let heartbeat = BrokerTimer::HeartbeatArrives(broker, incarnation);
        step.out.timer(now + hop, KafkaTimer::Broker(heartbeat));
        let metadata = BrokerTimer::CatchesUp(broker, incarnation);
        step.out
            .timer(now + hop.times(2), KafkaTimer::Broker(metadata));
        for partition in self.all_partitions() {
            let replica = self
                .partition(partition)
                .and_then(|its| its.replica(broker));
            let asking = replica.and_then(|replica| {
                let leading = replica.leading()?;
                leading.state.asked_isr.as_ref()?;
                Some((broker, leading.state.epoch))
            });
            if let Some(asking) = asking {
                self.send_isr(step, partition, asking);
            }
        }
    }

    /// A broker that has stood still is heard of again: unfenced, if it was fenced.
    pub(super) fn heartbeat_of_broker(
        &mut self,
        step: &mut Step<'_>,
        broker: BrokerId,
        incarnation: u16,
    ) {
        let node = self.cluster.nodes.get(broker.index());
        if node.is_none_or(|node| node.incarnation != incarnation)
            || self.cluster.quorum.active().is_none()
        {
            return;
        }
        let Some(known) = self.cluster.known.get_mut(broker) else {
            return;
        };
        known.heard_at = step.now;
        if known.fencing == Fencing::Fenced && self.cluster.serves(broker) {
            self.unfence(step, broker);
        }
    }

    fn unfence(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        if let Some(known) = self.cluster.known.get_mut(broker) {
            known.fencing = Fencing::Unfenced;
            known.shutdown = Shutdown::No;
            known.heard_at = step.now;
        }
        step.out.tell(ClusterWhat::BrokerUnfenced { broker });
        self.elect_leaders(step);
    }

    fn start_node(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        let seed = self.cluster.settings.seed;
        let Some(node) = self.cluster.nodes.get_mut(broker.index()) else {
            return;
        };
        node.state = NodeState::Starting;
        node.incarnation = node.incarnation.wrapping_add(1);
        let incarnation = node.incarnation;
        step.out.tell(ClusterWhat::BrokerStarting { broker });
        let number = u64::from(broker.0) << 16 | u64::from(incarnation);
        let varies = defaults::BROKER_START_VARIES.as_micros();
        let varied = Random::new(seed, Purpose::Broker, number).below(varies + 1);
        let takes = defaults::BROKER_START + SimDuration::from_micros(varied);
        let timer = BrokerTimer::Registers(broker, incarnation);
        step.out.timer(step.now + takes, KafkaTimer::Broker(timer));
    }

    /// A started process registers. The controller lets it in once the session of the one before has
    /// ended, and makes of an unclean end that it may have lost what it had.
    /// `ClusterControlManager.registerBroker`.
    pub(super) fn broker_registers(
        &mut self,
        step: &mut Step<'_>,
        broker: BrokerId,
        incarnation: u16,
    ) {
        let is_its = |node: &&super::Node| {
            node.incarnation == incarnation && node.state == NodeState::Starting
        };
        let Some(node) = self.cluster.nodes.get(broker.index()).filter(is_its) else {
            return;
        };
        let last_stop = node.last_stop;
        let Some(known) = self.cluster.known.get(broker).copied() else {
            return;
        };
        if self.cluster.quorum.active().is_none() || known.fencing == Fencing::Unfenced {
            // DUPLICATE_BROKER_REGISTRATION, or nobody answers: it tries again.
            let timer = BrokerTimer::Registers(broker, incarnation);
            let at = step.now + defaults::BROKER_REGISTRATION_RETRY;
            return step.out.timer(at, KafkaTimer::Broker(timer));
        }
        if let Some(node) = self.cluster.nodes.get_mut(broker.index()) {
            node.state = NodeState::Running;
            node.last_stop = LastStop::Unclean;
            node.heartbeats_from = step.now;
        }
        step.out.tell(ClusterWhat::BrokerStarted { broker });
        if last_stop == LastStop::Unclean {
            self.take_out(step, broker, LastStop::Unclean);
        }
        let metadata = BrokerTimer::CatchesUp(broker, incarnation);
        let at = step.now + self.latency;
        step.out.timer(at, KafkaTimer::Broker(metadata));
        let unfences = BrokerTimer::Unfences(broker, incarnation);
        let at = step.now + defaults::BROKER_CATCH_UP;
        step.out.timer(at, KafkaTimer::Broker(unfences));
    }

    pub(super) fn broker_unfences(
        &mut self,
        step: &mut Step<'_>,
        broker: BrokerId,
        incarnation: u16,
    ) {
        let node = self.cluster.nodes.get(broker.index());
        if node.is_none_or(|node| node.incarnation != incarnation) || !self.cluster.serves(broker) {
            return;
        }
        if self.cluster.quorum.active().is_none() {
            let timer = BrokerTimer::Unfences(broker, incarnation);
            let at = step.now + defaults::BROKER_REGISTRATION_RETRY;
            return step.out.timer(at, KafkaTimer::Broker(timer));
        }
        self.unfence(step, broker);
    }

    /// Whether a request or an answer gets through to a broker's process now: it is kept for one that
    /// stands still, and lost with one that is down.
    pub(in crate::kafka) fn reaches(&mut self, broker: BrokerId, timer: KafkaTimer) -> bool {
        let Some(node) = self.cluster.nodes.get_mut(broker.index()) else {
            return false;
        };
        if node.state == NodeState::Frozen {
            node.held.push(timer);
        }
        matches!(node.state, NodeState::Running | NodeState::Stopping)
    }
}
