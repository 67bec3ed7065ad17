//! Which messages stand in which row of a queue lane, and in which order.

use broker_lab_core::trace::Trace;
use broker_lab_core::workload::KeyId;
use broker_lab_core::world::{Holds, MessageWorld, Place, SqsWorld};
use broker_lab_core::{CopyId, MessageId, QueueId};

use super::layout::{QueueLayout, RowKind, RowState};

/// A message in its row.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub id: MessageId,
    pub copy: CopyId,
    pub message: MessageWorld,
    pub state: RowState,
    /// The message in flight, or delayed, of the same group that it waits behind.
    pub behind: Option<MessageId>,
    key: Option<KeyId>,
}

/// The rows of one queue, as its box has them.
pub type QueueRows = Vec<Vec<Standing>>;

/// The rows of all queues of a lane, by [`QueueId`], and what is on its way to one. No more than
/// `limit` messages are looked through; the counts tell of the others.
pub fn rows(
    body: &QueueLayout,
    (world, trace): (&SqsWorld, &Trace),
    limit: usize,
) -> (Vec<QueueRows>, Vec<MessageId>) {
    let boxes = (0..world.queues.len()).filter_map(|n| u16::try_from(n).ok());
    let boxes: Vec<_> = boxes.map(|n| body.queue(QueueId(n))).collect();
    let mut queues: Vec<QueueRows> = boxes
        .iter()
        .map(|found| vec![Vec::new(); found.map_or(0, |found| found.rows.len())])
        .collect();
    let mut travelling = Vec::new();
    for (id, copy, message) in world.unsettled().take(limit) {
        let state = match message.place.now {
            Place::Delayed(_) => RowState::Delayed,
            Place::Visible(_) => RowState::Visible,
            Place::InFlight(_) => RowState::InFlight,
            Place::Sent => {
                travelling.push(id);
                continue;
            }
            _ => continue,
        };
        let Some(queue) = message.place.now.queue() else {
            continue;
        };
        let key = trace.message(id).and_then(|message| message.key);
        let place = boxes.get(queue.index()).copied().flatten();
        let row = place.and_then(|found| found.row(state, key));
        let rows = queues.get_mut(queue.index());
        if let Some(row) = rows.zip(row).and_then(|(rows, row)| rows.get_mut(row)) {
            row.push(Standing {
                id,
                copy,
                message: *message,
                state,
                behind: None,
                key,
            });
        }
    }
    for (found, rows) in boxes.into_iter().zip(&mut queues) {
        let kinds = found.into_iter().flat_map(|found| &found.rows);
        for (row, messages) in kinds.zip(rows) {
            messages.sort_unstable_by_key(|standing| order(row.kind, standing));
            if let RowKind::Group(_) = row.kind {
                let mut holds = Holds::default();
                for standing in messages {
                    let place = standing.message.place.now;
                    standing.behind = holds.pass(standing.key, standing.id, place);
                }
            }
        }
    }
    (queues, travelling)
}

/// The order in a row: the next one to leave it first, or the next one to be given.
fn order(kind: RowKind, standing: &Standing) -> (u64, u32) {
    let message = &standing.message;
    match kind {
        RowKind::Delayed => (message.hidden_until.as_micros(), message.arrival),
        RowKind::InFlight => (message.hidden_since.as_micros(), standing.id.0),
        RowKind::Visible | RowKind::Tenant(_) => {
            (message.is_often_received().into(), message.arrival)
        }
        RowKind::Group(_) | RowKind::Dead => (0, message.arrival),
    }
}

/// The message of its group that a copy in a FIFO queue waits behind.
pub fn behind(
    body: &QueueLayout,
    world: (&SqsWorld, &Trace),
    copy: (MessageId, CopyId),
    limit: usize,
) -> Option<MessageId> {
    let (queues, _) = rows(body, world, limit);
    let mut all = queues.into_iter().flatten().flatten();
    all.find(|standing| (standing.id, standing.copy) == copy)?
        .behind
}
