//! Whether racks make a difference. KIP-881.

use super::input::RackId;

/// Whether some consumer is on a rack of some replica, and not every partition is on all racks.
/// `AbstractPartitionAssignor.useRackAwareAssignment`.
pub(super) fn matter<'a>(
    consumers: impl IntoIterator<Item = RackId>,
    partitions: impl Iterator<Item = &'a [RackId]> + Clone,
) -> bool {
    let mut consumers = consumers.into_iter().peekable();
    if consumers.peek().is_none() {
        return false;
    }
    let mut all: Vec<RackId> = partitions.clone().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let on_all = |racks: &[RackId]| all.iter().all(|rack| racks.contains(rack));
    consumers.any(|rack| all.binary_search(&rack).is_ok()) && !partitions.into_iter().all(on_all)
}
