//! The marks of a log lane.

use broker_lab_core::world::{KafkaWorld, ShareRecordWorld, ShareState};
use broker_lab_core::{MessageId, Offset, SimTime, TopicPartition};

use super::{Moment, Scene, above, ring};
use crate::paint::{Look, MarkSize, MarkState, Pips};
use crate::stage::layout::{Card, LaneLayout, LogLayout, PartitionRow, Point};

impl Scene {
    pub(super) fn draw_log(
        &mut self,
        (layout, body): (&LaneLayout, &LogLayout),
        world: &KafkaWorld,
        moment: Moment<'_>,
    ) {
        let producers = layout.producers.bottom_middle();
        let broker = above(body.broker.top_middle());
        for (message, sent_at) in &world.on_the_way {
            let at = moment
                .travel
                .place((producers, *sent_at), broker, moment.now);
            self.add(*message, at, moment.look(*message));
        }
        for row in body.topics.iter().flat_map(|topic| &topic.rows) {
            self.draw_row(row, producers, world, moment);
        }
        for card in body.groups.iter().flat_map(|group| &group.cards) {
            self.draw_member(card, body, world, moment);
        }
    }

    fn draw_row(
        &mut self,
        row: &PartitionRow,
        producers: Point,
        world: &KafkaWorld,
        moment: Moment<'_>,
    ) {
        let Some(partition) = world.partitions.get(world.flat_index(row.partition)) else {
            return;
        };
        let len = partition.log.len();
        let first = row.first_shown(len);
        for (n, record) in partition.log.iter_from(first).enumerate() {
            let left = (producers, record.sent_at);
            let at = moment
                .travel
                .place(left, row.cell(first + n, len), moment.now);
            let mut look = moment.look(record.message);
            if !row.is_roomy() {
                look.size = MarkSize::Compact;
            }
            if is_done(world, record.message) {
                look.state = MarkState::Done;
            } else if let Some(share) = shared(row.partition, first + n, world) {
                locked(&mut look, share, moment.ring_time);
                look.pips = look.pips.filter(|_| row.is_roomy());
            }
            self.add(record.message, at, look);
        }
    }

    fn draw_member(
        &mut self,
        card: &Card,
        body: &LogLayout,
        world: &KafkaWorld,
        moment: Moment<'_>,
    ) {
        let Some(actor) = world.actors.get(card.actor.index()) else {
            return;
        };
        let Some(task) = actor.task else {
            return;
        };
        let cell = world.place(task.message).and_then(|(partition, offset)| {
            let len = world.partitions.get(world.flat_index(partition))?.log.len();
            let row = body.row(partition)?;
            (offset.index() >= row.first_shown(len)).then(|| row.cell(offset.index(), len))
        });
        let from = cell.unwrap_or(card.hold);
        let at = moment
            .travel
            .place((from, task.started), card.hold, moment.now);
        let mut look = moment.held(actor, &task);
        if let Some((partition, offset)) = world.place(task.message)
            && let Some(share) = shared(partition, offset.index(), world)
            && matches!(share.state, ShareState::Acquired { by, .. } if by == card.actor)
        {
            locked(&mut look, share, moment.ring_time);
            look.pips = None;
        }
        self.add(task.message, at, look);
    }
}

/// Whether every group has finished with a message.
fn is_done(world: &KafkaWorld, message: MessageId) -> bool {
    !world.groups.is_empty()
        && world
            .groups
            .iter()
            .all(|group| group.record(message).finishes > 0)
}

/// How the first share group that has had a record stands with it.
fn shared(
    partition: TopicPartition,
    offset: usize,
    world: &KafkaWorld,
) -> Option<ShareRecordWorld> {
    let index = world.flat_index(partition);
    let offset = Offset(u32::try_from(offset).ok()?);
    let groups = world.share_groups.iter();
    let mut records = groups.filter_map(|group| Some(group.partitions.get(index)?.record(offset)));
    records.find(|record| record.delivery_count > 0)
}

/// A record that a member has looks like a message in flight, with the share of its lock that is
/// left; how often it was delivered is told from the second time on.
fn locked(look: &mut Look, record: ShareRecordWorld, now: SimTime) {
    match record.state {
        ShareState::Acquired { lock_until, .. } => {
            look.state = MarkState::Hidden;
            let whole = lock_until.since(record.since);
            look.ring = Some(ring(whole, lock_until.since(now)));
        }
        ShareState::Archived { .. } => look.state = MarkState::Dead,
        ShareState::Acknowledged { .. } => look.state = MarkState::Done,
        ShareState::Available => {}
    }
    if record.delivery_count > 1 {
        look.pips = Some(Pips {
            received: record.delivery_count,
            max: record.delivery_count,
        });
    }
}
