//! A broker stops in good order: its partitions have other leaders before it goes. Controlled
//! shutdown, KIP-631.

use super::{BrokerTimer, LastStop, NodeState, Party};
use crate::ids::BrokerId;
use crate::kafka::cluster::controller::{Fencing, Shutdown};
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::trace::ClusterWhat;

impl KafkaLane {
    /// A broker tells the controller that it wants to stop.
    pub(super) fn stop_node(&mut self, step: &mut Step<'_>, broker: BrokerId) {
        self.set_state(broker, NodeState::Stopping);
        step.out.tell(ClusterWhat::BrokerStopping { broker });
        let incarnation = self.incarnation(broker);
        match self.hop(Party::Broker(broker), Party::Controllers) {
            Some(hop) if self.cluster.quorum.active().is_some() => {
                let timer = BrokerTimer::StopArrives(broker, incarnation);
                step.out.timer(step.now + hop, KafkaTimer::Broker(timer));
            }
            // Nobody hears it: it gives up waiting, and goes.
            _ => {
                let timer = BrokerTimer::StopDone(broker, incarnation);
                let at = step.now + defaults::CONTROLLED_SHUTDOWN_TIMEOUT;
                step.out.timer(at, KafkaTimer::Broker(timer));
            }
        }
    }

    fn incarnation(&self, broker: BrokerId) -> u16 {
        let node = self.cluster.nodes.get(broker.index());
        node.map_or(0, |node| node.incarnation)
    }

    /// `handleBrokerInControlledShutdown`: it leads nothing any more. Once the brokers know, it goes.
    pub(super) fn stop_arrives(&mut self, step: &mut Step<'_>, broker: BrokerId, incarnation: u16) {
        if self.incarnation(broker) != incarnation {
            return;
        }
        if let Some(known) = self.cluster.known.get_mut(broker) {
            known.shutdown = Shutdown::Controlled;
        }
        self.take_out(step, broker, LastStop::Clean);
        let timer = BrokerTimer::StopDone(broker, incarnation);
        let at = step.now + self.latency.times(2) + defaults::CONTROLLED_SHUTDOWN;
        step.out.timer(at, KafkaTimer::Broker(timer));
    }

    pub(super) fn stop_done(&mut self, step: &mut Step<'_>, broker: BrokerId, incarnation: u16) {
        let is_its = self.incarnation(broker) == incarnation;
        if !is_its || self.cluster.node_state(broker) != NodeState::Stopping {
            return;
        }
        if let Some(node) = self.cluster.nodes.get_mut(broker.index()) {
            node.state = NodeState::Down;
            node.incarnation = node.incarnation.wrapping_add(1);
            node.last_stop = LastStop::Clean;
        }
        step.out.tell(ClusterWhat::BrokerStopped { broker });
        self.disconnect(step, broker);
        self.idle(step, broker);
        if let Some(known) = self.cluster.known.get_mut(broker) {
            known.shutdown = Shutdown::No;
            if known.fencing == Fencing::Unfenced && self.cluster.quorum.active().is_some() {
                self.fence(step, broker);
            }
        }
    }
}
