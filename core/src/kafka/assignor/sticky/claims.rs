//! What members say they had, and who is right.

use super::RebalanceProtocol;
use crate::ids::Generation;
use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::table::{Member, Slot, Table};

/// The claims of a group. `AbstractStickyAssignor.allSubscriptionsEqual`.
pub(super) struct Claims {
    /// Who keeps a partition, as far as claims go.
    pub(super) kept: Table<Slot, Option<Member>>,
    /// Whether two members of one generation claimed it: then nobody is right.
    pub(super) contested: Table<Slot, bool>,
    /// What each member had.
    pub(super) had: Table<Member, Vec<Slot>>,
    /// When each member had it; none counts as older than all.
    pub(super) generation: Table<Member, Option<Generation>>,
    /// The latest of them.
    pub(super) latest: Option<Generation>,
}

impl Claims {
    pub(super) fn new(group: &Group<'_>, protocol: RebalanceProtocol) -> Self {
        let generation: Vec<_> = group
            .members
            .values()
            .iter()
            .map(|member| match protocol {
                RebalanceProtocol::Eager => member.user_data_generation,
                RebalanceProtocol::Cooperative => member.generation.or(member.user_data_generation),
            })
            .collect();
        let had = group.members.values().iter().map(|member| {
            // An eager member that joins owns nothing: what it had stands in its user data alone.
            let said = match protocol {
                RebalanceProtocol::Eager => member.user_data_generation.is_some(),
                RebalanceProtocol::Cooperative => true,
            };
            let owned = member.owned.iter().filter(move |_| said);
            owned.filter_map(|&partition| group.slot(partition))
        });
        let mut claims = Self {
            kept: Table::filled(None, group.slots()),
            contested: Table::filled(false, group.slots()),
            had: Table::new(had.map(Iterator::collect).collect()),
            latest: generation.iter().copied().max().flatten(),
            generation: Table::new(generation),
        };
        claims.settle(group);
        claims
    }

    /// Hears the members in order. The generation of who claimed before is read from its
    /// subscription, the own one from where the protocol has it.
    fn settle(&mut self, group: &Group<'_>) {
        let mut claimants: Table<Slot, Option<Member>> = Table::filled(None, group.slots());
        for (member, had) in self.had.iter() {
            let own = self.generation[member];
            for &slot in had {
                let before = claimants[slot].map(|claimant| group.members[claimant].generation);
                match before {
                    Some(theirs) if own < theirs => {}
                    Some(theirs) if own == theirs => {
                        self.contested[slot] = true;
                        self.kept[slot] = None;
                        claimants[slot] = Some(member);
                    }
                    None | Some(_) => {
                        self.kept[slot] = Some(member);
                        claimants[slot] = Some(member);
                    }
                }
            }
        }
    }
}
