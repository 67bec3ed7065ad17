//! The controllers: metadata change only while one of them is active, and that needs a majority.

use super::{BrokerTimer, NodeState};
use crate::ids::BrokerId;
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::trace::ClusterWhat;

impl KafkaLane {
    /// A controller dies. If it was the active one, the others elect another when they have not
    /// heard of it for `controller.quorum.fetch.timeout.ms`.
    pub(in crate::kafka) fn kill_controller(&mut self, step: &mut Step<'_>, controller: u16) {
        if !self.cluster.quorum.is_alive(controller) {
            return;
        }
        step.out.tell(ClusterWhat::ControllerKilled { controller });
        if self.cluster.quorum.kill(controller) {
            let at = step.now + defaults::CONTROLLER_QUORUM_FETCH_TIMEOUT;
            let timer = BrokerTimer::ControllersElect;
            step.out.timer(at, KafkaTimer::Broker(timer));
        }
    }

    /// A controller is back. With it there may be a majority again, which elects within
    /// `controller.quorum.election.timeout.ms`.
    pub(in crate::kafka) fn start_controller(&mut self, step: &mut Step<'_>, controller: u16) {
        if self.cluster.quorum.is_alive(controller) {
            return;
        }
        self.cluster.quorum.start(controller);
        step.out.tell(ClusterWhat::ControllerStarted { controller });
        let at = step.now + defaults::CONTROLLER_QUORUM_ELECTION_TIMEOUT;
        let timer = BrokerTimer::ControllersElect;
        step.out.timer(at, KafkaTimer::Broker(timer));
    }

    /// Whoever becomes active counts all brokers as heard of just now, and takes up what the leaders
    /// have asked for in the meantime.
    pub(super) fn controllers_elect(&mut self, step: &mut Step<'_>) {
        let Some(controller) = self.cluster.quorum.elect() else {
            return;
        };
        step.out.tell(ClusterWhat::ControllerElected { controller });
        let count = u16::try_from(self.cluster.nodes.len()).unwrap_or(u16::MAX);
        for broker in (0..count).map(BrokerId) {
            match self.cluster.node_state(broker) {
                NodeState::Running | NodeState::Stopping => {
                    let node = self.cluster.nodes.get(broker.index());
                    let incarnation = node.map_or(0, |node| node.incarnation);
                    let timer = BrokerTimer::HeartbeatArrives(broker, incarnation);
                    let at = step.now + self.latency;
                    step.out.timer(at, KafkaTimer::Broker(timer));
                }
                NodeState::Frozen | NodeState::Starting | NodeState::Down => {
                    self.expect_session_end(step, broker, step.now);
                }
            }
        }
        self.elect_leaders(step);
        for partition in self.all_partitions() {
            let known = self.partition(partition);
            let replicas = known.map_or(&[][..], |known| &known.replicas);
            let asking = replicas.iter().find_map(|replica| {
                let leading = replica.leading()?;
                leading.state.asked_isr.as_ref()?;
                Some((replica.broker, leading.state.epoch))
            });
            if let Some(asking) = asking {
                self.send_isr(step, partition, asking);
            }
        }
    }
}
