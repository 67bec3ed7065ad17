//! What changes hands, where subscriptions differ.

use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::table::{Member, Slot, Table};

/// The partitions that somebody owns who is to lose them, and that their new owner does not own
/// yet. `CooperativeStickyAssignor.computePartitionsTransferringOwnership`.
pub(super) fn between(group: &Group<'_>, owners: &Table<Slot, Option<Member>>) -> Vec<Slot> {
    let mut lost = Table::filled(false, group.slots());
    let mut owned_already = Table::filled(false, group.slots());
    for (member, subscription) in group.members.iter() {
        let owned = subscription.owned.iter();
        for slot in owned.filter_map(|&partition| group.slot(partition)) {
            if owners[slot] == Some(member) {
                owned_already[slot] = true;
            } else {
                lost[slot] = true;
            }
        }
    }
    let mut transfers: Vec<Slot> = group.all_slots().collect();
    transfers.retain(|&slot| lost[slot] && !owned_already[slot]);
    transfers
}
