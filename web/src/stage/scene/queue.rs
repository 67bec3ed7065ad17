//! The marks of a queue lane.

use broker_lab_core::world::{MessageWorld, Place, Since, SqsWorld, Task};

use super::{Moment, Scene, above, ring};
use crate::paint::{MarkSize, MarkState, Pips};
use crate::stage::layout::{
    Card, LaneLayout, Point, QueueBox, QueueLayout, QueueRow, Rect, RowKind, RowState,
};
use crate::stage::queue_rows::{self, Standing};
use crate::stage::slots::Slots;

/// Messages looked through for one picture; the counts tell of the others.
const LOOKED_THROUGH: usize = 30_000;
/// Room right of the marks for the words of a row.
const COUNT: f32 = 48.0;
const WORDS: f32 = 74.0;
/// How faint a message is that cannot be received because of one before it.
const BEHIND: u8 = 112;
/// The distance between what a worker has in hand at the same time, and how much of it is shown.
const HAND: f32 = 20.0;
const IN_HAND: usize = 3;

impl Scene {
    pub(super) fn draw_queue(
        &mut self,
        (layout, body): (&LaneLayout, &QueueLayout),
        world: &SqsWorld,
        moment: Moment<'_>,
    ) {
        let way = Way {
            producers: layout.producers.bottom_middle(),
            body,
        };
        let (queues, travelling) = queue_rows::rows(body, (world, moment.trace), LOOKED_THROUGH);
        for id in travelling {
            let left = (way.producers, moment.sent_at(id));
            let at = moment.travel.place(left, above(body.entry()), moment.now);
            self.add(id, at, moment.look(id));
        }
        for found in body.queues.iter().chain(&body.aside) {
            let index = found.queue.index();
            if let (Some(rows), Some(queue)) = (queues.get(index), world.queues.get(index)) {
                let max = queue.redrive_policy.map(|(_, count)| count);
                for (row, messages) in found.rows.iter().zip(rows) {
                    self.draw_messages((found, row), (messages, max), (way, moment));
                }
            }
        }
        for card in &body.cards {
            self.draw_card(card, (body, world), moment);
        }
    }

    fn draw_messages(
        &mut self,
        (found, row): (&QueueBox, &QueueRow),
        (messages, max_receives): (&[Standing], Option<u32>),
        (way, moment): (Way<'_>, Moment<'_>),
    ) {
        let slots = slots(row, messages.len());
        for (n, standing) in messages.iter().enumerate().take(slots.capacity()) {
            let message = &standing.message;
            let to = slots.place(n);
            let at = match way.came(found, message) {
                Came::FromHere => to,
                Came::From(from) => {
                    let left = (from, message.place.at);
                    moment.travel.place(left, to, moment.now)
                }
                Came::FromOutside => {
                    let left = (way.producers, moment.sent_at(standing.id));
                    let by = way.body.topic.map(Rect::center);
                    moment.travel.place_by(left, by, to, moment.now)
                }
            };
            let mut look = moment.look(standing.id);
            look.size = slots.size;
            look.pips = pips(message, max_receives);
            if standing.state != RowState::Visible {
                look.state = MarkState::Hidden;
                let whole = message.hidden_until.since(message.hidden_since);
                let left = message.hidden_until.since(moment.ring_time);
                look.ring = Some(ring(whole, left));
                // Under a ring the first receive goes without saying.
                look.pips = look.pips.filter(|pips| pips.received > 1);
            } else if standing.behind.is_some() {
                look.fade = BEHIND;
            }
            if row.kind == RowKind::Dead && standing.state == RowState::Visible {
                look.state = MarkState::Dead;
            }
            self.add(standing.id, at, look);
        }
    }

    /// What a worker has in hand; of a crashed one, what it held.
    fn draw_card(
        &mut self,
        card: &Card,
        (body, world): (&QueueLayout, &SqsWorld),
        moment: Moment<'_>,
    ) {
        let Some(actor) = world.actors.get(card.actor.index()) else {
            return;
        };
        let tasks = actor.tasks().take(IN_HAND);
        for (n, task) in tasks.enumerate() {
            let mut look = moment.held(actor, task);
            let mut hold = card.hold;
            if n > 0 || !actor.more_tasks.is_empty() {
                look.size = MarkSize::Compact;
                hold.x += 6.0 - n as f32 * HAND;
            }
            let from = from_queue(body, world, task).unwrap_or(hold);
            let at = moment.travel.place((from, task.started), hold, moment.now);
            self.add(task.message, at, look);
        }
    }
}

/// How messages come to where they stand.
#[derive(Clone, Copy)]
struct Way<'a> {
    producers: Point,
    body: &'a QueueLayout,
}

/// From where a message came to the row that it stands in.
enum Came {
    FromHere,
    FromOutside,
    From(Point),
}

impl Way<'_> {
    fn came(self, found: &QueueBox, message: &MessageWorld) -> Came {
        let before = message.place.before;
        let state = match before {
            Place::Visible(_) => RowState::Visible,
            Place::InFlight(_) => RowState::InFlight,
            Place::Delayed(_) => RowState::Delayed,
            _ => return Came::FromOutside,
        };
        if let Some(other) = before.queue().filter(|queue| *queue != found.queue) {
            let other = self.body.queue(other);
            return other.map_or(Came::FromHere, |other| {
                Came::From(first_row(other).center())
            });
        }
        // Within a group nothing moves.
        let row = found.row(state, None).and_then(|row| found.rows.get(row));
        match row {
            Some(row) if !matches!(row.kind, RowKind::Group(_) | RowKind::Dead) => {
                Came::From(slots(row, 1).place(0))
            }
            _ => Came::FromHere,
        }
    }
}

fn first_row(found: &QueueBox) -> Rect {
    found.rows.first().map_or(found.head, |row| row.area)
}

/// Where the message that a worker takes up stood.
fn from_queue(body: &QueueLayout, world: &SqsWorld, task: &Task) -> Option<Point> {
    let message = world.copy(task.message, task.copy)?;
    let Since { now, before, .. } = message.place;
    let queue = now.queue().or_else(|| before.queue())?;
    let found = body.queue(queue)?;
    let row = found.rows.first()?;
    Some(slots(row, 1).place(0))
}

/// The places of a row, without those under its words.
fn slots(row: &QueueRow, count: usize) -> Slots {
    let words = match row.kind {
        RowKind::Dead => 8.0,
        RowKind::Visible | RowKind::Tenant(_) => COUNT,
        RowKind::InFlight | RowKind::Delayed | RowKind::Group(_) => WORDS,
    };
    let marks = row.marks();
    let area = Rect {
        w: marks.w - words,
        ..marks
    };
    Slots::new(area, count)
}

fn pips(message: &MessageWorld, max: Option<u32>) -> Option<Pips> {
    let max = max.filter(|_| message.receives > 0)?;
    Some(Pips {
        received: u8::try_from(message.receives).unwrap_or(u8::MAX),
        max: u8::try_from(max).unwrap_or(u8::MAX),
    })
}
