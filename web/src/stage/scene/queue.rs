//! The marks of a queue lane.

use broker_lab_core::world::{MessageWorld, Place, SqsWorld};
use broker_lab_core::{MessageId, QueueId, SimTime};

use super::{Moment, Scene};
use crate::paint::{Look, MarkSize, MarkState, Pips};
use crate::stage::layout::{Card, LaneLayout, Point, QueueBox, QueueLayout, Rect};
use crate::stage::slots::Slots;

/// Messages looked through for one picture; the counts tell of the others.
const LOOKED_THROUGH: usize = 30_000;
/// Receives after which a standard queue gives a message last.
const OFTEN: u16 = 3;
/// Room right of the marks for the words of a row.
const VISIBLE_WORDS: f32 = 48.0;
const IN_FLIGHT_WORDS: f32 = 66.0;
const ASIDE_WORDS: f32 = 8.0;

/// The messages of one queue, in the order in which they stand.
#[derive(Default)]
struct Rows {
    visible: Vec<(MessageId, MessageWorld)>,
    in_flight: Vec<(MessageId, MessageWorld)>,
}

impl Scene {
    pub(super) fn draw_queue(
        &mut self,
        (layout, body): (&LaneLayout, &QueueLayout),
        world: &SqsWorld,
        moment: Moment<'_>,
    ) {
        let mut rows: Vec<Rows> = Vec::new();
        rows.resize_with(world.queues.len(), Rows::default);
        let producers = bottom(layout.producers);
        for (id, _, message) in world.unsettled().take(LOOKED_THROUGH) {
            match message.place.now {
                Place::Visible(queue) | Place::Delayed(queue) => {
                    if let Some(rows) = rows.get_mut(queue.index()) {
                        rows.visible.push((id, *message));
                    }
                }
                Place::InFlight(queue) => {
                    if let Some(rows) = rows.get_mut(queue.index()) {
                        rows.in_flight.push((id, *message));
                    }
                }
                Place::Sent => {
                    let to = top(body.broker);
                    let left = (producers, moment.sent_at(id));
                    let at = moment.travel.place(left, to, moment.now);
                    self.add(id, at, moment.look(id));
                }
                Place::Nowhere
                | Place::Deleted
                | Place::Expired
                | Place::Purged
                | Place::FilteredOut => {}
            }
        }
        for (n, rows) in rows.iter_mut().enumerate() {
            rows.visible
                .sort_unstable_by_key(|(id, message)| (message.receives >= OFTEN, *id));
            rows.in_flight
                .sort_unstable_by_key(|(id, message)| (message.hidden_since, *id));
            let queue = QueueId(u16::try_from(n).unwrap_or(u16::MAX));
            if let Some(found) = body.queue(queue) {
                let is_aside = body.aside.iter().any(|aside| aside.queue == queue);
                let kind = if is_aside { Kind::Aside } else { Kind::Main };
                self.draw_rows((found, kind), rows, (producers, body), moment);
            }
        }
        for card in &body.cards {
            self.draw_card(card, (body, world), moment);
        }
    }

    fn draw_rows(
        &mut self,
        (queue, kind): (&QueueBox, Kind),
        rows: &Rows,
        (producers, body): (Point, &QueueLayout),
        moment: Moment<'_>,
    ) {
        let words = match kind {
            Kind::Main => VISIBLE_WORDS,
            Kind::Aside => ASIDE_WORDS,
        };
        let visible = Slots::new(without_end(queue.visible, words), rows.visible.len());
        let hidden_area = without_end(queue.hidden_marks(), IN_FLIGHT_WORDS);
        let hidden = Slots::new(hidden_area, rows.in_flight.len());
        for (n, (id, message)) in rows.visible.iter().enumerate().take(visible.capacity()) {
            let left = match message.place.before {
                Place::InFlight(_) => (hidden.place(0), message.place.at),
                Place::Visible(before) => {
                    let from = body.queue(before).map_or(producers, |q| q.visible.center());
                    (from, message.place.at)
                }
                _ => (producers, moment.sent_at(*id)),
            };
            let at = moment.travel.place(left, visible.place(n), moment.now);
            let mut look = moment.look(*id);
            look.size = visible.size;
            if kind == Kind::Aside {
                look.state = MarkState::Dead;
            } else {
                look.pips = pips(message, queue.max_receives);
            }
            if let Place::Delayed(_) = message.place.now {
                look.state = MarkState::Hidden;
                look.ring = Some(ring(message, moment.ring_time));
            }
            self.add(*id, at, look);
        }
        for (n, (id, message)) in rows.in_flight.iter().enumerate().take(hidden.capacity()) {
            let left = (visible.place(0), message.place.at);
            let at = moment.travel.place(left, hidden.place(n), moment.now);
            let look = Look {
                size: hidden.size,
                state: MarkState::Hidden,
                pips: pips(message, queue.max_receives).filter(|pips| pips.received > 1),
                ring: Some(ring(message, moment.ring_time)),
                ..moment.look(*id)
            };
            self.add(*id, at, look);
        }
    }

    /// The message in hand of a worker; of a crashed one, what it held.
    fn draw_card(
        &mut self,
        card: &Card,
        (body, world): (&QueueLayout, &SqsWorld),
        moment: Moment<'_>,
    ) {
        let Some((task, look)) = moment.in_hand(world.actors.get(card.actor.index())) else {
            return;
        };
        let from = body.queues.first().map_or(card.hold, |queue| {
            Slots::new(without_end(queue.visible, VISIBLE_WORDS), 1).place(0)
        });
        let at = moment
            .travel
            .place((from, task.started), card.hold, moment.now);
        self.add(task.message, at, look);
    }
}

/// Whether a queue is worked from or holds dead letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Main,
    Aside,
}

fn pips(message: &MessageWorld, max: Option<u32>) -> Option<Pips> {
    let max = max.filter(|_| message.receives > 0)?;
    Some(Pips {
        received: u8::try_from(message.receives).unwrap_or(u8::MAX),
        max: u8::try_from(max).unwrap_or(u8::MAX),
    })
}

/// The share of the timeout that is left.
fn ring(message: &MessageWorld, now: SimTime) -> u8 {
    let whole = message.hidden_until.since(message.hidden_since).as_micros();
    let left = message.hidden_until.since(now).as_micros().min(whole);
    let share = (left * 255).checked_div(whole).unwrap_or(0);
    u8::try_from(share).unwrap_or(u8::MAX)
}

fn without_end(area: Rect, words: f32) -> Rect {
    Rect {
        w: area.w - words,
        ..area
    }
}

fn bottom(rect: Rect) -> Point {
    Point {
        x: rect.center().x,
        y: rect.bottom(),
    }
}

fn top(rect: Rect) -> Point {
    Point {
        x: rect.center().x,
        y: rect.y - MarkSize::Large.px() / 2.0,
    }
}
