//! What is to be drawn at a time: marks with their places. A pure function of the world, the
//! layout and the time; nothing here knows of a screen.

mod log;
mod queue;

use broker_lab_core::trace::Trace;
use broker_lab_core::world::{ActorState, ActorWorld, LaneWorld, Task};
use broker_lab_core::{MessageId, SimDuration, SimTime};

use super::layout::{Body, LaneLayout, Point};
use super::motion::Travel;
use crate::paint::{Again, Hue, Look, Mark, MarkSize, MarkState};

/// The marks of one lane, and the message that each one is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// In the order of painting.
    pub marks: Vec<Mark>,
    /// The message of each mark.
    pub messages: Vec<MessageId>,
}

/// What a picture is made from, beside the layout.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub world: &'a LaneWorld,
    pub trace: &'a Trace,
    pub now: SimTime,
    /// Up to when the rings are run down: now, or the last whole second.
    pub ring_time: SimTime,
    pub travel: Travel,
}

impl Scene {
    /// Draws up the scene anew, reusing the room of the last one.
    pub fn draw(&mut self, layout: &LaneLayout, moment: Moment<'_>) {
        self.marks.clear();
        self.messages.clear();
        match (&layout.body, moment.world) {
            (Body::Queue(body), LaneWorld::Sqs(world)) => {
                self.draw_queue((layout, body), world, moment);
            }
            (Body::Log(body), LaneWorld::Kafka(world)) => {
                self.draw_log((layout, body), world, moment);
            }
            _ => {}
        }
    }

    fn add(&mut self, message: MessageId, at: Point, look: Look) {
        self.messages.push(message);
        self.marks.push(Mark {
            x: at.x,
            y: at.y,
            look,
        });
    }
}

impl Moment<'_> {
    /// How a message looks when nothing is special about it.
    fn look(&self, message: MessageId) -> Look {
        let key = self.trace.message(message).and_then(|message| message.key);
        let (hue, dots) = key.map_or((Hue::NoKey, 0), |key| Hue::of_key(key.0.into()));
        Look {
            dots,
            ..Look::fresh(hue, message.0)
        }
    }

    /// How a message looks in the hands of a worker or consumer: begun before, or held by one that
    /// has crashed.
    fn held(&self, actor: &ActorWorld, task: &Task) -> Look {
        let mut look = self.look(task.message);
        look.again = if task.again { Again::Echo } else { Again::No };
        if let ActorState::Crashed { .. } = actor.state {
            look.state = MarkState::Hidden;
        }
        look
    }

    fn sent_at(&self, message: MessageId) -> SimTime {
        self.trace
            .message(message)
            .map_or(SimTime::ZERO, |message| message.sent_at)
    }
}

/// Where a mark stands that touches an edge from above.
fn above(edge: Point) -> Point {
    Point {
        y: edge.y - MarkSize::Large.px() / 2.0,
        ..edge
    }
}

/// The share of a timeout or a lock that is left.
fn ring(whole: SimDuration, left: SimDuration) -> u8 {
    let whole = whole.as_micros();
    let left = left.as_micros().min(whole);
    let share = (left * 255).checked_div(whole).unwrap_or(0);
    u8::try_from(share).unwrap_or(u8::MAX)
}
