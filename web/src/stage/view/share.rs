//! What a share group and its members say.

use broker_lab_core::world::{ActorWorld, ShareGroupWorld, SharePartitionWorld, ShareState};
use broker_lab_core::{ActorId, Offset, SimTime};

use super::{CardView, CursorKind, Glance, Status, card};
use crate::stage::words::seconds;

pub(super) fn note(group: &ShareGroupWorld) -> String {
    format!("share group · epoch {}", group.epoch)
}

/// Where a share group stands in a partition: its start offset, and its end offset where that is
/// another one.
pub(super) fn cursors(group: &ShareGroupWorld, index: usize) -> [(CursorKind, Option<Offset>); 2] {
    let partition = group.partitions.get(index);
    let start = partition.and_then(|partition| partition.start.now);
    let end = partition.map(|partition| partition.end);
    let end = end.filter(|end| start.is_some_and(|start| start != *end));
    [(CursorKind::Start, start), (CursorKind::End, end)]
}

/// How many records a member has, and when the first of its locks runs out.
pub(in crate::stage) fn locked(group: &ShareGroupWorld, member: ActorId) -> (u32, Option<SimTime>) {
    let records = group
        .partitions
        .iter()
        .flat_map(SharePartitionWorld::in_flight);
    let mut found = (0, None);
    for (_, record) in records {
        if let ShareState::Acquired { by, lock_until } = record.state
            && by == member
        {
            found.0 += 1;
            found.1 = Some(
                found
                    .1
                    .map_or(lock_until, |first: SimTime| first.min(lock_until)),
            );
        }
    }
    found
}

pub(super) fn card_view(
    (id, actor): (ActorId, &ActorWorld),
    group: &ShareGroupWorld,
    glance: Glance<'_>,
) -> CardView {
    let (count, until) = locked(group, id);
    let has_partition = group
        .partitions
        .iter()
        .any(|its| its.fetchers.contains(&id));
    let (waiting, status) = match (has_partition, until) {
        (_, Some(until)) => (
            format!("{count} locked · {}", seconds(until.since(glance.now))),
            Status::Waiting,
        ),
        (true, None) => (String::from("waiting"), Status::Waiting),
        (false, None) => (String::from("joining"), Status::Waiting),
    };
    let mut view = card(id, actor, (waiting.clone(), status), glance.now);
    if actor.is_running() && actor.task.is_some() && until.is_some() {
        view.line = waiting;
    }
    view
}
