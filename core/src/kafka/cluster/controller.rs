//! The brokers as the controller knows them, and the quorum of controllers itself.
//! `ClusterControlManager`, `BrokerHeartbeatManager`; KIP-631.

use crate::ids::BrokerId;
use crate::time::{SimDuration, SimTime};

/// A broker as the controller knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerRegistration {
    /// Whether it can lead and be in sync.
    pub fencing: Fencing,
    /// Whether its process has said that it wants to stop.
    pub shutdown: Shutdown,
    /// When the controller has last heard of it.
    pub heard_at: SimTime,
}

/// Whether a broker can lead partitions and be in sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fencing {
    /// It can.
    Unfenced,
    /// It was not heard of for `broker.session.timeout.ms`, has gone, or has not come yet.
    Fenced,
}

/// How a broker leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Not at all.
    No,
    /// It has asked to: it leads nothing any more. KIP-631, controlled shutdown.
    Controlled,
}

/// All brokers as the controller knows them.
#[derive(Clone, Debug)]
pub struct Brokers {
    brokers: Vec<BrokerRegistration>,
    /// `broker.session.timeout.ms`.
    session_timeout: SimDuration,
}

impl Brokers {
    /// So many brokers, all alive.
    #[must_use]
    pub fn new(count: u16, session_timeout: SimDuration) -> Self {
        let alive = BrokerRegistration {
            fencing: Fencing::Unfenced,
            shutdown: Shutdown::No,
            heard_at: SimTime::ZERO,
        };
        Self {
            brokers: vec![alive; count.into()],
            session_timeout,
        }
    }

    /// How the controller knows a broker.
    #[must_use]
    pub fn get(&self, broker: BrokerId) -> Option<&BrokerRegistration> {
        self.brokers.get(broker.index())
    }

    /// Likewise, to be changed.
    pub fn get_mut(&mut self, broker: BrokerId) -> Option<&mut BrokerRegistration> {
        self.brokers.get_mut(broker.index())
    }

    /// Whether a broker can lead: it is not fenced, and not about to go. `isActive`.
    #[must_use]
    pub fn is_active(&self, broker: BrokerId) -> bool {
        self.get(broker).is_some_and(|known| {
            known.fencing == Fencing::Unfenced && known.shutdown == Shutdown::No
        })
    }

    /// When the session of a broker that was heard of at `heard_at` ends.
    #[must_use]
    pub fn session_ends(&self, heard_at: SimTime) -> SimTime {
        heard_at + self.session_timeout
    }
}

/// The quorum of controllers: KRaft. Metadata change only while there is an active one, and that
/// needs a majority of them alive. KIP-595, KIP-631.
#[derive(Clone, Debug)]
pub struct Quorum {
    alive: Vec<bool>,
    active: Option<u16>,
}

impl Quorum {
    /// So many controllers, all alive; the first one is active.
    #[must_use]
    pub fn new(count: u16) -> Self {
        Self {
            alive: vec![true; count.max(1).into()],
            active: Some(0),
        }
    }

    /// The active controller.
    #[must_use]
    pub const fn active(&self) -> Option<u16> {
        self.active
    }

    /// A controller dies; whether it was the active one, or its majority is gone with it.
    pub fn kill(&mut self, controller: u16) -> bool {
        if let Some(alive) = self.alive.get_mut(usize::from(controller)) {
            *alive = false;
        }
        let ends = self.active == Some(controller) || !self.has_majority();
        if ends {
            self.active = None;
        }
        ends
    }

    /// A controller is back.
    pub fn start(&mut self, controller: u16) {
        if let Some(alive) = self.alive.get_mut(usize::from(controller)) {
            *alive = true;
        }
    }

    /// Whether a controller is alive.
    #[must_use]
    pub fn is_alive(&self, controller: u16) -> bool {
        self.alive.get(usize::from(controller)) == Some(&true)
    }

    /// Whether more than half of them are alive.
    #[must_use]
    pub fn has_majority(&self) -> bool {
        let alive = self.alive.iter().filter(|alive| **alive).count();
        2 * alive > self.alive.len()
    }

    /// An election: the first that is alive becomes active, if there is a majority and none is.
    pub fn elect(&mut self) -> Option<u16> {
        if self.active.is_some() || !self.has_majority() {
            return None;
        }
        let first = (0_u16..).zip(&self.alive).find(|(_, alive)| **alive);
        self.active = first.map(|(controller, _)| controller);
        self.active
    }
}
