//! The story of a message in the queues of a lane: all its copies, each by its name where there are
//! several.

use litemap::LiteMap;

use super::Teller;
use crate::ids::{ActorId, CopyId, QueueId};
use crate::sns::DeliveryForm;
use crate::time::{SimDuration, SimTime};
use crate::trace::{VisibilityReason, What};

/// What has to be remembered along the way.
#[derive(Debug, Default)]
pub(super) struct Plot {
    strands: LiteMap<CopyId, Strand>,
}

/// How far one copy is.
#[derive(Debug, Default)]
pub(super) struct Strand {
    holder: Option<ActorId>,
    pub(super) queue: Option<QueueId>,
    /// The queue that it first came into, or was to come into: work is done again only behind the
    /// same one.
    pub(super) origin: Option<QueueId>,
    starts: u32,
    finishes: u32,
    pub(super) is_delayed: bool,
}

impl Plot {
    pub(super) fn follow(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        teller.tell_common(at, what);
        let id = teller.message;
        match what {
            What::Enqueued {
                queue,
                message,
                copy,
            } if message == id => {
                let place = self.store(teller, copy, queue);
                teller.tell(at, format!("{place}, visible"));
            }
            What::Delayed {
                queue,
                message,
                copy,
                delay,
            } if message == id => {
                let delay = SimDuration::from(delay);
                let place = self.store(teller, copy, queue);
                self.strand(copy).is_delayed = true;
                teller.tell(at, format!("{place}, delayed for {delay}"));
            }
            What::Received {
                actor,
                message,
                copy,
                receive_count,
                timeout,
                ..
            } if message == id => {
                self.strand(copy).holder = Some(actor);
                let until = clock(at + SimDuration::from(timeout));
                let who = teller.names.actor(actor);
                let which = self.which(copy);
                teller.tell(
                    at,
                    format!(
                        "{which}received by {who} (receive {receive_count}), hidden until {until}"
                    ),
                );
            }
            What::BecameVisible { message, copy, .. } if message == id => {
                let strand = self.strand(copy);
                let was_held = strand.holder.take().is_some();
                let was_delayed = std::mem::take(&mut strand.is_delayed);
                let which = self.which(copy);
                let text = if was_delayed {
                    "visible: its delay is over"
                } else if was_held {
                    "visible again: nobody deleted it in time"
                } else {
                    "visible again"
                };
                teller.tell(at, format!("{which}{text}"));
            }
            What::ActorCrashed { actor } => self.crash(teller, at, actor),
            What::Delivery { what } => self.follow_delivery(teller, at, what),
            What::RequestThrottled { what } => self.follow_throttle(teller, at, what),
            _ => self.follow_end(teller, at, what),
        }
    }

    pub(super) fn strand(&mut self, copy: CopyId) -> &mut Strand {
        let entry = self.strands.entry(copy);
        entry.or_default()
    }

    /// The name of a copy, where there are several.
    pub(super) fn which(&self, copy: CopyId) -> String {
        if self.strands.len() > 1 {
            format!("copy {}: ", u32::from(copy.0) + 1)
        } else {
            String::new()
        }
    }

    fn store(&mut self, teller: &Teller<'_>, copy: CopyId, queue: QueueId) -> String {
        let strand = self.strand(copy);
        strand.queue = Some(queue);
        strand.origin.get_or_insert(queue);
        let which = self.which(copy);
        let form = match teller.names.form(queue) {
            Some(DeliveryForm::Envelope) => " in an envelope of SNS",
            Some(DeliveryForm::Raw) => " as it was published (raw)",
            None => "",
        };
        format!("{which}stored in {}{form}", teller.names.queue(queue))
    }

    /// A count, over all copies that came by the same queue as this one.
    fn all(&mut self, copy: CopyId, count: impl Fn(&Strand) -> u32) -> u32 {
        let origin = self.strand(copy).origin;
        let strands = self.strands.values();
        let same = strands.filter(|strand| strand.origin == origin);
        same.map(count).sum()
    }

    fn end(&mut self, teller: &mut Teller<'_>, (at, copy): (SimTime, CopyId), text: &str) {
        let which = self.which(copy);
        let strand = self.strand(copy);
        (strand.holder, strand.queue) = (None, None);
        teller.tell(at, format!("{which}{text}"));
    }

    fn crash(&self, teller: &mut Teller<'_>, at: SimTime, actor: ActorId) {
        let held = |strand: &&Strand| strand.holder == Some(actor);
        let who = teller.names.actor(actor);
        if let Some(strand) = self.strands.values().find(held) {
            let text = if strand.queue.is_some() {
                format!("{who} crashed; the queue knows nothing of it")
            } else {
                format!("{who} crashed with it, and the queue has it no more: it is lost")
            };
            teller.tell(at, text);
        }
    }

    /// How a copy leaves a queue by itself.
    fn follow_end(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        match what {
            What::DeadLettered {
                to, message, copy, ..
            } if message == id => {
                self.strand(copy).queue = Some(to);
                let to = teller.names.queue(to);
                let which = self.which(copy);
                teller.tell(
                    at,
                    format!("{which}found once more than allowed: moved to {to}"),
                );
            }
            What::Expired { message, copy, .. } if message == id => {
                self.end(teller, (at, copy), "expired: its retention period ended");
            }
            What::Purged { message, copy, .. } if message == id => {
                self.end(teller, (at, copy), "gone: the queue was purged");
            }
            _ => self.follow_asking(teller, at, what),
        }
    }

    /// What comes too late.
    fn follow_errors(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        match what {
            What::DeleteIgnored {
                actor,
                message,
                copy,
                ..
            } if message == id => {
                let which = self.which(copy);
                let who = teller.names.actor(actor);
                teller.tell(
                    at,
                    format!("{which}{who} deletes it by an old receipt: it stays"),
                );
            }
            What::DeleteFailed {
                actor,
                message,
                copy,
                ..
            } if message == id => {
                let which = self.which(copy);
                let who = teller.names.actor(actor);
                teller.tell(
                    at,
                    format!("{which}{who} deletes it too late, and gets an error: the receipt has expired"),
                );
            }
            _ => self.follow_sends(teller, at, what),
        }
    }

    /// What workers ask of SQS, and what it answers.
    fn follow_asking(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        match what {
            What::Deleted {
                actor,
                message,
                copy,
                ..
            } if message == id => {
                let which = self.which(copy);
                // Who deletes before the work still has it in hand.
                self.strand(copy).queue = None;
                let who = teller.names.actor(actor);
                teller.tell(at, format!("{which}deleted by {who}"));
            }
            What::VisibilityChanged {
                actor,
                message,
                copy,
                timeout,
                reason,
                ..
            } if message == id => {
                let which = self.which(copy);
                let who = teller.names.actor(actor);
                let until = clock(at + SimDuration::from(timeout));
                let text = match reason {
                    VisibilityReason::Heartbeat => {
                        format!("{who} still works on it: hidden until {until}")
                    }
                    VisibilityReason::BackOff => {
                        format!("{who} puts it off: hidden until {until}")
                    }
                    VisibilityReason::GivenBack => format!("{who} gives it back at once"),
                };
                if reason == VisibilityReason::GivenBack {
                    self.strand(copy).holder = None;
                }
                teller.tell(at, format!("{which}{text}"));
            }
            What::VisibilityRefused {
                actor,
                message,
                copy,
                ..
            } if message == id => {
                let which = self.which(copy);
                let who = teller.names.actor(actor);
                teller.tell(
                    at,
                    format!("{which}{who} cannot change its visibility: it is gone, or 12 hours would be over"),
                );
            }
            _ => self.follow_errors(teller, at, what),
        }
    }

    /// What becomes of sends, and what is moved back.
    fn follow_sends(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        let names = teller.names;
        let text = match what {
            What::Published {
                message, copies, ..
            } if message == id => {
                let topic = names.topic.as_deref().unwrap_or("the topic");
                let queues = if copies == 1 { "queue" } else { "queues" };
                format!("published to {topic}: a copy goes to {copies} {queues}")
            }
            What::TopicDeduplicated { message, .. } if message == id => {
                let topic = names.topic.as_deref().unwrap_or("the topic");
                format!("{topic} has had it within 5 minutes: accepted, and not delivered again")
            }
            What::FilteredOut { queue, message, .. } if message == id => {
                let queue = names.queue(queue);
                format!("no copy for {queue}: its filter policy does not match")
            }
            What::Deduplicated { queue, message } if message == id => {
                let queue = names.queue(queue);
                format!("{queue} has had it within 5 minutes: accepted, and not stored again")
            }
            What::DelayChanged {
                message,
                copy,
                delay,
                ..
            } if message == id => {
                let until = clock(at + SimDuration::from(delay));
                let which = self.which(copy);
                format!("{which}the queue's delay has changed: delayed until {until}")
            }
            What::Redelivered { message, copy, .. } if message == id => {
                self.strand(copy).holder = None;
                let which = self.which(copy);
                format!("{which}visible once more: the delete missed a copy of it")
            }
            What::Moved {
                to,
                message,
                copy,
                delay,
                ..
            } if message == id => {
                let strand = self.strand(copy);
                (strand.queue, strand.holder) = (Some(to), None);
                strand.is_delayed = delay.0 > 0;
                let which = self.which(copy);
                let to = names.queue(to);
                format!("{which}moved back to {to} as a new message: its receives count from 0")
            }
            What::AttributeChanged { queue, setting, .. } if self.is_in(queue) => {
                format!("{} of {} is changed", setting.name(), names.queue(queue))
            }
            _ => return self.follow_work(teller, at, what),
        };
        teller.tell(at, text);
    }

    fn is_in(&self, queue: QueueId) -> bool {
        self.strands
            .values()
            .any(|strand| strand.queue == Some(queue))
    }

    fn follow_work(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        let names = teller.names;
        match what {
            What::WorkStarted {
                actor,
                message,
                copy,
                ..
            } if message == id => {
                let strand = self.strand(copy);
                strand.starts += 1;
                strand.holder = Some(actor);
                let starts = self.all(copy, |strand| strand.starts);
                let who = names.actor(actor);
                let which = self.which(copy);
                let again = if starts > 1 { ", again" } else { "" };
                teller.tell(at, format!("{which}{who} begins to work on it{again}"));
            }
            What::WorkFinished {
                actor,
                message,
                copy,
            } if message == id => {
                self.strand(copy).finishes += 1;
                let finishes = self.all(copy, |strand| strand.finishes);
                let who = names.actor(actor);
                let which = self.let_go(copy);
                let text = match finishes {
                    1 => format!("{which}{who} has done the work"),
                    n => format!("{which}{who} has done the work: processed {n} times now"),
                };
                teller.tell(at, text);
            }
            What::WorkFailed {
                actor,
                message,
                copy,
            } if message == id => {
                let who = names.actor(actor);
                let is_gone = self.strand(copy).queue.is_none();
                let which = self.let_go(copy);
                let then = if is_gone {
                    "it was deleted before: it is lost"
                } else {
                    "nothing is deleted"
                };
                teller.tell(at, format!("{which}the work of {who} failed; {then}"));
            }
            _ => self.follow_memory(teller, at, what),
        }
    }

    /// Where workers remember what is done.
    fn follow_memory(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let id = teller.message;
        let names = teller.names;
        match what {
            What::WorkSkipped {
                actor,
                message,
                copy,
            } if message == id => {
                let who = names.actor(actor);
                let which = self.which(copy);
                teller.tell(
                    at,
                    format!("{which}{who} knows that its work is done, and skips it"),
                );
            }
            What::LetGo {
                actor,
                message,
                copy,
            } if message == id => {
                let who = names.actor(actor);
                let which = self.which(copy);
                teller.tell(
                    at,
                    format!("{which}{who} has not done it: left until its timeout runs out"),
                );
            }
            What::WorkDiscarded {
                actor,
                message,
                copy,
            } if message == id => {
                let who = names.actor(actor);
                let which = self.which(copy);
                teller.tell(
                    at,
                    format!("{which}{who} is done, but another was before: its work has no effect"),
                );
            }
            _ => {}
        }
    }

    /// Its holder is through with a copy that is gone; one that is in a queue it still holds.
    fn let_go(&mut self, copy: CopyId) -> String {
        let strand = self.strand(copy);
        if strand.queue.is_none() {
            strand.holder = None;
        }
        self.which(copy)
    }
}

/// A moment as the page writes it: `0:07.2`.
pub(super) fn clock(at: SimTime) -> String {
    let tenths = at.as_millis() / 100;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    format!("{}:{:02}.{tenth}", seconds / 60, seconds % 60)
}
