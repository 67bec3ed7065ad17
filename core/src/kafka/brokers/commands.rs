//! What commands do to brokers, controllers, topics, producers and links.

use super::{Link, NodeChange, Party, UncleanElection};
use crate::cast::LaneCast;
use crate::ids::{BrokerId, ProducerId, TopicId, TopicPartition};
use crate::kafka::lane::{KafkaLane, Step};
use crate::scenario::{Command, SetLink, SetProducer, SetTopic};
use crate::trace::{ClusterWhat, LinkEnd, LinkState};

impl KafkaLane {
    /// Does to brokers, topics, producers and links what a command says.
    pub(in crate::kafka) fn carry_out_in_cluster(
        &mut self,
        step: &mut Step<'_>,
        command: &Command,
        names: &LaneCast,
    ) {
        let nodes = [
            (command.kill_broker, NodeChange::Kill),
            (command.stop_broker, NodeChange::Stop),
            (command.start_broker, NodeChange::Start),
            (command.freeze_broker, NodeChange::Freeze),
            (command.thaw_broker, NodeChange::Thaw),
        ];
        for (node, change) in nodes {
            if let Some(broker) = node.and_then(BrokerId::of_node) {
                self.change_node(step, broker, change);
            }
        }
        let number = |node: Option<u32>| u16::try_from(node?.checked_sub(1)?).ok();
        let is_one = |controller: &u16| *controller < names.controllers;
        if let Some(controller) = number(command.kill_controller).filter(is_one) {
            self.kill_controller(step, controller);
        }
        if let Some(controller) = number(command.start_controller).filter(is_one) {
            self.start_controller(step, controller);
        }
        if let Some(set) = &command.set_topic {
            self.set_topic(step, set, names);
        }
        if let Some(set) = &command.set_producer {
            self.set_producer(step, set);
        }
        if let Some(link) = &command.set_link {
            self.set_link(step, link);
        }
        if let Some(producer) = &command.lose_next_answer
            && let Some(producer) = self.producer_named(producer)
        {
            self.cluster.links.lose_next_answer(producer);
        }
    }

    fn producer_named(&self, name: &str) -> Option<ProducerId> {
        let mut producers = self.producers.iter();
        let index = producers.position(|producer| *producer.name == *name)?;
        u16::try_from(index).ok().map(ProducerId)
    }

    /// `incrementalAlterConfigs` of a topic; the leaders know at once here.
    fn set_topic(&mut self, step: &mut Step<'_>, set: &SetTopic, names: &LaneCast) {
        let place = names.places.iter().position(|topic| *topic == set.topic);
        let Some(topic) = place
            .and_then(|place| u16::try_from(place).ok())
            .map(TopicId)
        else {
            return;
        };
        let Some(config) = self.cluster.topics.get_mut(topic.index()) else {
            return;
        };
        if let Some(min) = set.min_insync_replicas {
            config.min_isr = min;
            let min = u16::try_from(min).unwrap_or(u16::MAX);
            step.out
                .tell(ClusterWhat::MinInsyncReplicasChanged { topic, min });
        }
        if let Some(enabled) = set.unclean_leader_election_enable {
            config.unclean_election = if enabled {
                UncleanElection::Enabled
            } else {
                UncleanElection::Disabled
            };
            step.out
                .tell(ClusterWhat::UncleanElectionChanged { topic, enabled });
        }
        // A smaller minimum may let the watermarks go on.
        let count = self.topics.get(topic.index()).map_or(0, Vec::len);
        for number in 0..u16::try_from(count).unwrap_or(u16::MAX) {
            let partition = TopicPartition::new(topic.0, number);
            if let Some(leader) = self.leader_of(partition)
                && self.serving(partition).is_some()
            {
                self.maybe_move_high_watermark(step, partition, leader);
            }
        }
    }

    fn set_producer(&mut self, step: &mut Step<'_>, set: &SetProducer) {
        if let Some(producer) = self.producer_named(&set.producer) {
            self.change_producer(step, producer, (set.acks, set.enable_idempotence));
        }
    }

    fn party(&self, name: &str) -> Option<Party> {
        if name == "controllers" {
            return Some(Party::Controllers);
        }
        let node = name
            .strip_prefix("broker-")
            .and_then(|node| node.parse().ok());
        let broker = node.and_then(BrokerId::of_node);
        let broker = broker.filter(|broker| broker.index() < self.cluster.nodes.len());
        broker
            .map(Party::Broker)
            .or_else(|| self.producer_named(name).map(Party::Producer))
    }

    fn set_link(&mut self, step: &mut Step<'_>, set: &SetLink) {
        let Some((one, other)) = self.party(&set.from).zip(self.party(&set.to)) else {
            return;
        };
        let (link, state) = if set.cut {
            (Some(Link::Cut), LinkState::Cut)
        } else if let Some(latency) = set.latency {
            (Some(Link::Slow(latency)), LinkState::Slow)
        } else if let Some(loss) = set.loss {
            (Some(Link::Lossy(loss.0)), LinkState::Lossy)
        } else {
            (None, LinkState::Sound)
        };
        self.cluster.links.set((one, other), link);
        step.out.tell(ClusterWhat::LinkChanged {
            one: end(one),
            other: end(other),
            state,
        });
        self.link_changed(step, (one, other), link);
    }
}

const fn end(party: Party) -> LinkEnd {
    match party {
        Party::Broker(broker) => LinkEnd::Broker { broker },
        Party::Controllers => LinkEnd::Controllers {},
        Party::Producer(producer) => LinkEnd::Producer { producer },
    }
}
