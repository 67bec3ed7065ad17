//! The story of a message in a queue.

use super::Teller;
use crate::ids::ActorId;
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// What has to be remembered along the way.
#[derive(Debug, Default)]
pub(super) struct Plot {
    holder: Option<ActorId>,
    starts: u32,
    finishes: u32,
    in_queue: bool,
}

impl Plot {
    pub(super) fn follow(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        teller.tell_common(at, what);
        let id = teller.message;
        let names = teller.names;
        match what {
            What::Enqueued { queue, message, .. } if message == id => {
                teller.tell(at, format!("stored in {}, visible", names.queue(queue)));
            }
            What::Delayed {
                queue,
                message,
                delay,
                ..
            } if message == id => {
                let delay = SimDuration::from(delay);
                teller.tell(
                    at,
                    format!("stored in {}, delayed for {delay}", names.queue(queue)),
                );
            }
            What::Received {
                actor,
                message,
                receive_count,
                timeout,
                ..
            } if message == id => {
                self.holder = Some(actor);
                self.in_queue = true;
                let until = at + SimDuration::from(timeout);
                let who = names.actor(actor);
                let tenths = until.as_millis() / 100;
                let (seconds, tenth) = (tenths / 10, tenths % 10);
                teller.tell(
                    at,
                    format!(
                        "received by {who} (receive {receive_count}), hidden until {}:{:02}.{tenth}",
                        seconds / 60,
                        seconds % 60
                    ),
                );
            }
            What::BecameVisible { message, .. } if message == id => {
                self.holder = None;
                teller.tell(at, "visible again: nobody deleted it in time".to_owned());
            }
            What::Deleted { actor, message, .. } if message == id => {
                self.holder = None;
                self.in_queue = false;
                teller.tell(at, format!("deleted by {}", names.actor(actor)));
            }
            What::DeleteIgnored { actor, message, .. } if message == id => {
                let who = names.actor(actor);
                teller.tell(at, format!("{who} deletes it by an old receipt: it stays"));
            }
            What::DeadLettered { to, message, .. } if message == id => {
                let to = names.queue(to);
                teller.tell(at, format!("found once more than allowed: moved to {to}"));
            }
            What::Expired { message, .. } if message == id => {
                teller.tell(at, "expired: its retention period ended".to_owned());
            }
            What::ActorCrashed { actor } if self.in_queue && self.holder == Some(actor) => {
                let who = names.actor(actor);
                teller.tell(at, format!("{who} crashed; the queue knows nothing of it"));
            }
            _ => self.follow_work(teller, at, what),
        }
    }

    fn follow_work(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        let names = teller.names;
        match what {
            What::WorkStarted { actor, message, .. } if message == id => {
                self.starts += 1;
                let who = names.actor(actor);
                let again = if self.starts > 1 { ", again" } else { "" };
                teller.tell(at, format!("{who} begins to work on it{again}"));
            }
            What::WorkFinished { actor, message, .. } if message == id => {
                self.finishes += 1;
                let who = names.actor(actor);
                let text = match self.finishes {
                    1 => format!("{who} has done the work"),
                    n => format!("{who} has done the work: processed {n} times now"),
                };
                teller.tell(at, text);
            }
            What::WorkFailed { actor, message, .. } if message == id => {
                let who = names.actor(actor);
                teller.tell(at, format!("the work of {who} failed; nothing is deleted"));
            }
            _ => {}
        }
    }
}
