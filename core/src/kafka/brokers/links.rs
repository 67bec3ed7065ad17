//! The network between named parts, which can be cut, slow or lossy.

use super::Role;
use crate::ids::{BrokerId, ProducerId};
use crate::kafka::lane::{KafkaLane, Step};
use crate::random::{Purpose, Random};
use crate::time::SimDuration;

/// A part of the lane that a link ends at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    Broker(BrokerId),
    Controllers,
    Producer(ProducerId),
}

/// What is wrong with a link, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Nothing gets through.
    Cut,
    /// Everything takes so long.
    Slow(SimDuration),
    /// So many of a hundred get lost, by the seed.
    Lossy(u8),
}

/// The links with which something is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    seed: u32,
    /// How many chances were taken.
    drawn: u64,
    troubled: Vec<(Party, Party, Link)>,
    /// Producers whose next answer from any broker gets lost.
    lost_answers: Vec<ProducerId>,
}

impl Links {
    pub(super) const fn new(seed: u32) -> Self {
        Self {
            seed,
            drawn: 0,
            troubled: Vec::new(),
            lost_answers: Vec::new(),
        }
    }

    /// From now on something else, or nothing, is wrong with a link.
    pub(in crate::kafka) fn set(&mut self, (one, other): (Party, Party), link: Option<Link>) {
        self.troubled
            .retain(|(a, b, _)| (*a, *b) != (one, other) && (*a, *b) != (other, one));
        if let Some(link) = link {
            self.troubled.push((one, other, link));
        }
    }

    fn get(&self, one: Party, other: Party) -> Option<Link> {
        let mut all = self.troubled.iter();
        let found = all.find(|(a, b, _)| (*a, *b) == (one, other) || (*a, *b) == (other, one));
        found.map(|(_, _, link)| *link)
    }

    /// The next answer to a producer gets lost.
    pub(in crate::kafka) fn lose_next_answer(&mut self, producer: ProducerId) {
        self.lost_answers.push(producer);
    }

    /// Whether an answer to `producer` that is sent now is the one that gets lost.
    pub(in crate::kafka) fn loses_answer(&mut self, producer: ProducerId) -> bool {
        let place = self.lost_answers.iter().position(|its| *its == producer);
        place.map(|place| self.lost_answers.remove(place)).is_some()
    }
}

impl KafkaLane {
    /// How long something is on its way that is sent now; none if it gets lost.
    pub(in crate::kafka) fn hop(&mut self, from: Party, to: Party) -> Option<SimDuration> {
        if self.cluster.links.troubled.is_empty() {
            return Some(self.latency);
        }
        match self.cluster.links.get(from, to) {
            None => Some(self.latency),
            Some(Link::Cut) => None,
            Some(Link::Slow(latency)) => Some(latency),
            Some(Link::Lossy(percent)) => {
                let links = &mut self.cluster.links;
                links.drawn += 1;
                let mut chance = Random::new(links.seed, Purpose::Link, links.drawn);
                (chance.below(100) >= percent.into()).then_some(self.latency)
            }
        }
    }

    /// A link is better or worse from now on. What got lost on one that was cut is sent again once it
    /// is not: fetches of followers, what leaders ask of the controller, heartbeats.
    pub(super) fn link_changed(
        &mut self,
        step: &mut Step<'_>,
        parties: (Party, Party),
        link: Option<Link>,
    ) {
        let is_cut = link == Some(Link::Cut);
        match parties {
            (Party::Broker(one), Party::Broker(other)) if !is_cut => {
                self.fetch_anew(step, (one, other));
                self.fetch_anew(step, (other, one));
            }
            (Party::Broker(broker), Party::Controllers)
            | (Party::Controllers, Party::Broker(broker)) => {
                if is_cut {
                    let heard_at = self.last_heartbeat(broker, step.now);
                    self.expect_session_end(step, broker, heard_at);
                } else {
                    self.greet_controller(step, broker);
                }
            }
            _ => {}
        }
    }

    /// A follower asks a leader again.
    fn fetch_anew(&mut self, step: &mut Step<'_>, (follower, leader): (BrokerId, BrokerId)) {
        for partition in self.all_partitions() {
            let replica = self
                .partition(partition)
                .and_then(|its| its.replica(follower));
            let follows = replica.is_some_and(
                |replica| matches!(&replica.role, Role::Follower(its) if its.leader == leader),
            );
            if follows {
                self.send_follower_fetch(step, partition, follower);
            }
        }
    }
}
