//! A partition as the controller knows it, and how a change of it elects a leader.
//! `PartitionRegistration`, `PartitionChangeBuilder`; KIP-966.

use crate::ids::{BrokerId, LeaderEpoch};

/// A partition as the controller knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionRegistration {
    /// Where its replicas are; the first one is the preferred leader.
    pub replicas: Vec<BrokerId>,
    /// Which are in sync.
    pub isr: Vec<BrokerId>,
    /// Which are not, but have everything below the high watermark: eligible leader replicas.
    pub elr: Vec<BrokerId>,
    /// The last leader, once no replica is in sync or eligible. `lastKnownElr` of a balanced
    /// recovery, KIP-966.
    pub last_known_leader: Option<BrokerId>,
    /// Who leads.
    pub leader: Option<BrokerId>,
    /// Rises with each change of the leader.
    pub leader_epoch: LeaderEpoch,
    /// Rises with each change at all: what a leader says it knows when it asks for one.
    pub partition_epoch: u32,
}

/// Who can become leader in a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Election {
    /// The first replica of all, if it can be; the present leader stays otherwise.
    Preferred,
    /// The present leader stays if it can; else the first replica that is in sync, or eligible if
    /// none is in sync.
    Online,
    /// Likewise; and if there is none, any that is alive: what it does not have is lost.
    /// `unclean.leader.election.enable`.
    Unclean,
}

/// How a leader came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elected {
    /// It is in sync, or eligible: it has everything that was committed.
    Clean,
    /// It may lack what was committed.
    Unclean,
}

/// A change that is wanted.
#[derive(Debug)]
pub struct Change<'a> {
    /// The replicas that shall be in sync.
    pub isr: Vec<BrokerId>,
    /// Replicas that came back from an unclean shutdown, and may have lost what they had.
    pub unclean_shutdown: &'a [BrokerId],
    /// Who can become leader.
    pub election: Election,
    /// The effective `min.insync.replicas`.
    pub min_isr: usize,
}

/// What a change came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// There is another leader, or none, and how it was chosen.
    pub leader: Option<Elected>,
    /// Anything else, or the leader.
    pub any: bool,
}

impl PartitionRegistration {
    /// A new partition: all its replicas are in sync, the first one leads.
    #[must_use]
    pub fn new(replicas: Vec<BrokerId>) -> Self {
        Self {
            isr: replicas.clone(),
            elr: Vec::new(),
            last_known_leader: None,
            leader: replicas.first().copied(),
            leader_epoch: LeaderEpoch(0),
            partition_epoch: 0,
            replicas,
        }
    }

    /// Makes a change; `is_acceptable` says who can lead at all: who is alive, and not about to go.
    pub fn change(
        &mut self,
        change: Change<'_>,
        is_acceptable: impl Fn(BrokerId) -> bool,
    ) -> Changed {
        let mut next = self.clone();
        next.elr = self.next_elr(&change);
        next.isr = change.isr;
        let (leader, elected) = next.elect(change.election, is_acceptable);
        let changes_leader = leader != self.leader;
        if changes_leader {
            if let Some(leader) = leader {
                if next.elr.contains(&leader) {
                    next.isr = vec![leader];
                    next.elr.retain(|broker| *broker != leader);
                } else if elected == Elected::Unclean {
                    next.isr = vec![leader];
                    next.elr.clear();
                }
            }
            next.leader_epoch = LeaderEpoch(self.leader_epoch.0.saturating_add(1));
        }
        // The last known leader is noted the first time that there is none, and forgotten with the
        // next.
        if next.isr.is_empty() && self.leader.is_some() {
            next.last_known_leader = self.leader;
        } else if leader.is_some() {
            next.last_known_leader = None;
        }
        next.leader = leader;
        let any = next != *self;
        if any {
            next.partition_epoch = self.partition_epoch.saturating_add(1);
            *self = next;
        }
        Changed {
            leader: changes_leader.then_some(elected),
            any,
        }
    }

    /// `maybePopulateTargetElr`: replicas that leave a set that is too small stay eligible.
    fn next_elr(&self, change: &Change<'_>) -> Vec<BrokerId> {
        if change.isr.len() >= change.min_isr {
            return Vec::new();
        }
        let mut elr: Vec<BrokerId> = self.elr.iter().chain(&self.isr).copied().collect();
        elr.sort_unstable();
        elr.dedup();
        elr.retain(|broker| {
            !change.isr.contains(broker) && !change.unclean_shutdown.contains(broker)
        });
        elr
    }

    /// `electLeader`, for the sets that shall be.
    fn elect(
        &self,
        election: Election,
        is_acceptable: impl Fn(BrokerId) -> bool,
    ) -> (Option<BrokerId>, Elected) {
        let is_valid = |broker: BrokerId| {
            let is_safe =
                self.isr.contains(&broker) || (self.isr.is_empty() && self.elr.contains(&broker));
            is_safe && is_acceptable(broker)
        };
        let preferred = self.replicas.first().copied();
        let preferred = preferred.filter(|_| election == Election::Preferred);
        let in_order = self.replicas.iter().copied();
        let clean = preferred
            .filter(|broker| is_valid(*broker))
            .or_else(|| self.leader.filter(|broker| is_valid(*broker)))
            .or_else(|| in_order.clone().find(|broker| is_valid(*broker)));
        if clean.is_some() {
            return (clean, Elected::Clean);
        }
        // With nobody in sync or eligible the last leader is the best there is.
        let last = self
            .last_known_leader
            .filter(|_| self.isr.is_empty() && self.elr.is_empty());
        let unclean = last.filter(|broker| is_acceptable(*broker)).or_else(|| {
            let any = in_order.clone().find(|broker| is_acceptable(*broker));
            any.filter(|_| election == Election::Unclean)
        });
        (unclean, Elected::Unclean)
    }
}
