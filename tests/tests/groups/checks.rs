//! What must hold of a group and its clients.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::ids::{Offset, TopicPartition};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::kafka::group::consumer::{CommitRequest, ConsumerGroupState, MemberEpoch};

use crate::clients::{Clients, member};

impl Clients {
    /// The coordinator's books: nothing is two members', and what is somebody's is not free.
    pub(crate) fn check_books(&self) -> Result<(), String> {
        let mut held = BTreeSet::new();
        for member in self.group.members() {
            let Some(current) = self.group.current(member) else {
                return Err(format!("{member} is no member"));
            };
            for has in current.assigned.iter().chain(&current.pending_revocation) {
                if !held.insert(has.partition) {
                    return Err(format!("{:?} is two members'", has.partition));
                }
                if self.group.partition_epoch(has.partition).is_none() {
                    return Err(format!("{:?} is {member}'s and free", has.partition));
                }
                if has.epoch > self.group.target_epoch() {
                    return Err(format!("{:?} is from the future", has.partition));
                }
            }
        }
        for topic in [0, 1] {
            for partition in 0..self.partitions[usize::from(topic)] {
                let partition = TopicPartition::new(topic, partition);
                let is_free = self.group.partition_epoch(partition).is_none();
                if is_free == held.contains(&partition) {
                    return Err(format!("{partition:?} is nobody's and not free"));
                }
            }
        }
        if self.group.target_epoch() > self.group.group_epoch() {
            return Err("the target is ahead of the group".to_owned());
        }
        Ok(())
    }

    /// What clients read: no two that are members at their epochs read the same.
    pub(crate) fn check_ownership(&self) -> Result<(), String> {
        let mut readers: BTreeMap<TopicPartition, u16> = BTreeMap::new();
        for (&client, known) in &self.clients {
            let Some(current) = self.group.current(member(client, known)) else {
                continue;
            };
            if current.member_epoch < MemberEpoch::JOIN {
                continue;
            }
            for &partition in &known.owned {
                if let Some(other) = readers.insert(partition, client) {
                    return Err(format!("{client} and {other} read {partition:?}"));
                }
            }
        }
        Ok(())
    }

    /// Whoever had a partition before it was given to another cannot commit it any more.
    pub(crate) fn check_zombies(&self) -> Result<(), String> {
        for &(partition, zombie, epoch) in &self.given {
            let holds = |member: MemberId| {
                self.group.current(member).is_some_and(|current| {
                    let mut all = current.assigned.iter().chain(&current.pending_revocation);
                    all.any(|held| held.partition == partition)
                })
            };
            let another = self
                .group
                .members()
                .into_iter()
                .any(|m| m != zombie && holds(m));
            // The epoch that a member has now commits whatever it says; it is not a zombie's.
            let is_current = self
                .group
                .current(zombie)
                .is_some_and(|current| current.member_epoch == epoch);
            if !another || is_current {
                continue;
            }
            let request = CommitRequest {
                member: zombie,
                epoch,
                offsets: vec![(partition, Offset(1))],
            };
            if self.group.clone().commit(&request).is_ok() {
                return Err(format!("{zombie} commits {partition:?} at {epoch}"));
            }
        }
        Ok(())
    }

    /// Everybody has what the target gives, and nothing is left over.
    pub(crate) fn check_settled(&self) -> Result<(), String> {
        let group = &self.group;
        let up: Vec<_> = self
            .clients
            .iter()
            .filter(|(_, known)| known.is_up)
            .collect();
        let expected = match (up.len(), group.state()) {
            (0, ConsumerGroupState::Dead) => ConsumerGroupState::Dead,
            (0, _) => ConsumerGroupState::Empty,
            _ => ConsumerGroupState::Stable,
        };
        if group.state() != expected || group.member_count() != up.len() {
            return Err(format!("{} with {} clients", group.state(), up.len()));
        }
        let mut owned = BTreeSet::new();
        let mut subscribed = BTreeSet::new();
        for (&client, known) in up {
            let target: BTreeSet<_> = group
                .target(member(client, known))
                .iter()
                .copied()
                .collect();
            if target != known.owned {
                return Err(format!("{client} has not come to its target"));
            }
            owned.extend(target);
            subscribed.extend(known.topics.iter().copied());
        }
        let all = subscribed.into_iter().flat_map(|topic| {
            let partitions = 0..self.partitions[usize::from(topic)];
            partitions.map(move |partition| TopicPartition::new(topic, partition))
        });
        if all.collect::<BTreeSet<_>>() == owned {
            Ok(())
        } else {
            Err("not everything has an owner".to_owned())
        }
    }
}
