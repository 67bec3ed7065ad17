//! Everybody subscribes to the same.
//! `org.apache.kafka.coordinator.group.assignor.UniformHomogeneousAssignmentBuilder`.

use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::input::TopicMetadata;
use crate::kafka::assignor::previous;
use crate::kafka::assignor::table::{Member, Slot, Table};

/// Who gets what: members keep what they had up to their quota, then those below it are filled one
/// after the other, with what nobody had in the order of `topics` and then what was cut off.
pub(super) fn assign(group: &Group<'_>, topics: &[TopicMetadata]) -> Table<Slot, Option<Member>> {
    let mut owners: Table<Slot, Option<Member>> = Table::filled(None, group.slots());
    let mut held = Table::filled(false, group.slots());
    for member in group.members.values() {
        for slot in member.owned.iter().filter_map(|&tp| group.slot(tp)) {
            held[slot] = true;
        }
    }
    let mut unassigned: Vec<Slot> = topics
        .iter()
        .filter_map(|metadata| group.topic(metadata.topic))
        .flat_map(|topic| group.slots_of(topic))
        .filter(|&slot| !held[slot])
        .collect();
    let mut quotas = Quotas::new(group.slots(), group.members.len());
    let mut unfilled = Vec::new();
    for member in group.members.keys() {
        let quota = quotas.next(|quota| keep(group, member, quota, &mut owners, &mut unassigned));
        unfilled.push((member, quota));
    }
    let mut unassigned = unassigned.into_iter();
    for (member, quota) in unfilled {
        for slot in unassigned.by_ref().take(quota) {
            owners[slot] = Some(member);
        }
    }
    owners
}

/// Lets a member keep what it had up to `quota`; what is left of it. `maybeRevokePartitions`.
fn keep(
    group: &Group<'_>,
    member: Member,
    mut quota: usize,
    owners: &mut Table<Slot, Option<Member>>,
    unassigned: &mut Vec<Slot>,
) -> usize {
    for (_, slots) in previous::target(group, member) {
        for slot in slots {
            if quota > 0 {
                quota -= 1;
                owners[slot] = Some(member);
            } else {
                unassigned.push(slot);
            }
        }
    }
    quota
}

/// How much each member gets, in the order of the members.
struct Quotas {
    least: usize,
    /// How many members get one more.
    extras: usize,
    /// How many members have no quota yet.
    members: usize,
}

impl Quotas {
    fn new(partitions: usize, members: usize) -> Self {
        Self {
            least: partitions.checked_div(members).unwrap_or(0),
            extras: partitions.checked_rem(members).unwrap_or(0),
            members,
        }
    }

    /// What the next member may still get, after `keep` took what it had out of its quota.
    ///
    /// It is offered one more as long as there are any; if it does not need it for what it had,
    /// and there are members enough after it, it is for one of them.
    fn next(&mut self, keep: impl FnOnce(usize) -> usize) -> usize {
        let offered = usize::from(self.extras > 0);
        let mut left = keep(self.least + offered);
        if left > 0 && offered > 0 && self.members > self.extras {
            left -= 1;
        } else {
            self.extras -= offered;
        }
        self.members -= 1;
        left
    }
}
