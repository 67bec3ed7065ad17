//! The story of one message in one lane: the events that concern it, in words, from the trace.

mod cluster;
mod delivery;
mod log;
mod queue;
mod share;

use crate::cast::{Cast, LaneCast, LaneKind};
use crate::ids::{LaneId, MessageId};
use crate::time::SimTime;
use crate::trace::{Trace, What};

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: SimTime,
    /// What happened, in plain words.
    pub text: String,
}

/// The story of `message` in `lane`, over the whole trace, in the order of time.
#[must_use]
pub fn of_message(trace: &Trace, cast: &Cast, lane: LaneId, message: MessageId) -> Vec<Line> {
    let Some(names) = cast.lane(lane) else {
        return Vec::new();
    };
    let mut teller = Teller {
        cast,
        names,
        message,
        lines: Vec::new(),
    };
    let events = trace.iter().filter(|event| event.lane == lane);
    match names.kind {
        LaneKind::Sqs => {
            let mut plot = queue::Plot::default();
            events.for_each(|event| plot.follow(&mut teller, event.at, event.what));
        }
        LaneKind::Kafka => {
            let mut plot = log::Plot::default();
            events.for_each(|event| plot.follow(&mut teller, event.at, event.what));
        }
    }
    teller.lines
}

/// Puts events into words.
struct Teller<'a> {
    cast: &'a Cast,
    names: &'a LaneCast,
    message: MessageId,
    lines: Vec<Line>,
}

impl Teller<'_> {
    fn tell(&mut self, at: SimTime, text: String) {
        self.lines.push(Line { at, text });
    }

    /// What both systems have in common; whether the event was about this message.
    fn tell_common(&mut self, at: SimTime, what: What) {
        match what {
            What::Sent { producer, message } if message == self.message => {
                let text = format!("sent by {}", self.cast.producer(producer));
                self.tell(at, text);
            }
            What::Resent { message } if message == self.message => {
                let text = match self.names.kind {
                    LaneKind::Sqs => "sent again: its producer has heard no answer",
                    LaneKind::Kafka => {
                        "sent again: the producer is idempotent, so that nothing is appended"
                    }
                };
                self.tell(at, text.to_owned());
            }
            What::Poisoned { message } if message == self.message => {
                self.tell(
                    at,
                    "made poison: the work on it fails from now on".to_owned(),
                );
            }
            _ => {}
        }
    }
}
