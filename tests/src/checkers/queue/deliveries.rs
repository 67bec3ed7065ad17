//! What a topic has sent comes to its queues, or is given up as SNS does.

use std::collections::BTreeMap;

use broker_lab_core::scenario::{Percent, SqsLane, Subscription};
use broker_lab_core::trace::{DeliveryError, DeliveryWhat};
use broker_lab_core::{MessageId, QueueId, SimDuration, SimTime};

use crate::checkers::Verdict;

/// A copy that has come nowhere.
#[derive(Clone, Copy, Debug)]
struct Copy {
    queue: QueueId,
    message: MessageId,
    /// How many attempts have failed.
    failed: u32,
    /// When the next attempt leaves the topic, or later if others of a FIFO topic are before it.
    next: SimTime,
    /// The dead-letter queue that it is sent to.
    to: Option<QueueId>,
}

#[derive(Debug)]
pub(super) struct Deliveries<'a> {
    settings: &'a SqsLane,
    latency: SimDuration,
    copies: Vec<Copy>,
    /// Since when SNS has been let in or kept out, in order.
    denied: BTreeMap<QueueId, Vec<(SimTime, bool)>>,
    /// Outages: since when, and until when.
    outages: BTreeMap<QueueId, Vec<(SimTime, SimTime)>>,
    /// The attempt that has just come through.
    succeeded: Option<(QueueId, MessageId, u32)>,
}

fn check(holds: bool, why: &str) -> Verdict {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

impl<'a> Deliveries<'a> {
    pub(super) const fn new(settings: &'a SqsLane, latency: SimDuration) -> Self {
        Self {
            settings,
            latency,
            copies: Vec::new(),
            denied: BTreeMap::new(),
            outages: BTreeMap::new(),
            succeeded: None,
        }
    }

    pub(super) fn publish(&mut self, at: SimTime, message: MessageId) {
        for queue in self.settings.destinations() {
            self.copies.push(Copy {
                queue,
                message,
                failed: 0,
                next: at,
                to: None,
            });
        }
    }

    pub(super) fn filter_out(&mut self, queue: QueueId, message: MessageId) -> Verdict {
        let is_it = |copy: &Copy| (copy.queue, copy.message) == (queue, message);
        let place = self.copies.iter().rposition(is_it);
        self.copies.remove(place.ok_or("it was not published")?);
        Ok(())
    }

    /// A copy comes to its queue.
    pub(super) fn come(&mut self, at: SimTime, (queue, message): (QueueId, MessageId)) -> Verdict {
        let through = self.succeeded.take();
        let failed = match through {
            Some((its, what, attempt)) if (its, what) == (queue, message) => attempt - 1,
            Some(_) => return Err(String::from("another came through")),
            None => 0,
        };
        let copy = self.take((queue, message), failed)?;
        check(self.is_time(at, copy.next + self.latency), "it is not time")?;
        check(!self.is_denied(queue, at), "the queue denies it")?;
        check(!self.is_out(queue, at), "the queue cannot be reached")
    }

    fn take(&mut self, of: (QueueId, MessageId), failed: u32) -> Result<Copy, String> {
        let is_it = |copy: &Copy| {
            (copy.queue, copy.message) == of && copy.failed == failed && copy.to.is_none()
        };
        let place = self.copies.iter().position(is_it);
        let place = place.ok_or_else(|| format!("no topic has sent it: {:?}", self.copies))?;
        Ok(self.copies.remove(place))
    }

    /// A FIFO topic can send later: what is before it in its group comes first.
    fn is_time(&self, at: SimTime, due: SimTime) -> bool {
        let topic = self.settings.topic();
        let is_fifo = topic.is_some_and(|(_, topic)| topic.is_fifo());
        at == due || (is_fifo && at > due)
    }

    fn is_denied(&self, queue: QueueId, at: SimTime) -> bool {
        let changes = self.denied.get(&queue).into_iter().flatten();
        let last = changes.rev().find(|(since, _)| *since <= at);
        last.is_some_and(|(_, denied)| *denied)
    }

    fn is_out(&self, queue: QueueId, at: SimTime) -> bool {
        let outages = self.outages.get(&queue).into_iter().flatten();
        let last = outages.rev().find(|(since, _)| *since <= at);
        last.is_some_and(|(_, until)| at < *until)
    }

    fn subscription(&self, queue: QueueId) -> Option<&Subscription> {
        let (_, topic) = self.settings.topic()?;
        let name = &self.settings.queues[queue.index()].name;
        let mut subscriptions = topic.subscriptions.iter();
        subscriptions.find(|subscription| subscription.queue == *name)
    }

    fn may_err(&self, queue: QueueId) -> bool {
        let subscription = self.subscription(queue);
        subscription.is_some_and(|its| its.delivery_errors != Percent(0))
    }

    pub(super) fn see(&mut self, at: SimTime, what: DeliveryWhat) -> Verdict {
        // When the queue has answered what is told of now.
        let answered =
            SimTime::from_micros(at.as_micros() - self.latency.as_micros().min(at.as_micros()));
        match what {
            DeliveryWhat::Failed {
                queue,
                message,
                attempt,
                retry_in,
            } => {
                let copy = self.take((queue, message), attempt - 1)?;
                let retry_in = SimDuration::from(retry_in);
                self.copies.push(Copy {
                    failed: attempt,
                    next: at + retry_in,
                    ..copy
                });
                let due = copy.next + self.latency + self.latency;
                check(self.is_time(at, due), "it is not time")?;
                let is_out = self.is_out(queue, answered) || self.may_err(queue);
                check(is_out, "nothing is wrong")?;
                check(
                    pauses(attempt + 1).contains(&retry_in),
                    "the pause is another",
                )
            }
            DeliveryWhat::Succeeded {
                queue,
                message,
                attempt,
            } => {
                self.succeeded = Some((queue, message, attempt));
                check(attempt > 1, "it had not failed")
            }
            DeliveryWhat::GivenUp {
                error: DeliveryError::DeadLetterQueue,
                queue,
                message,
                ..
            } => {
                let to = self.take_dead_letter(at, (queue, message))?;
                let is_shut = self.is_denied(to, at) || self.is_out(to, at) || self.may_err(to);
                check(is_shut, "nothing is wrong")
            }
            DeliveryWhat::GivenUp {
                queue,
                message,
                attempts,
                error,
                to,
            } => {
                let copy = self.take((queue, message), attempts - 1)?;
                let policy = self
                    .subscription(queue)
                    .and_then(|its| its.redrive_policy.as_ref());
                let target =
                    policy.and_then(|policy| self.settings.find_queue(&policy.dead_letter_target));
                if to.is_some() {
                    self.copies.push(Copy {
                        next: at,
                        to,
                        ..copy
                    });
                }
                let due = copy.next + self.latency + self.latency;
                check(self.is_time(at, due), "it is not time")?;
                check(to == target, "it goes elsewhere")?;
                let is_right = match error {
                    DeliveryError::ServerSide => attempts == 100_015,
                    _ => self.is_denied(queue, answered) && !self.is_out(queue, answered),
                };
                check(is_right, "it is too early to give up")
            }
            DeliveryWhat::DeadLettered {
                queue, to, message, ..
            } => {
                let its = self.take_dead_letter(at, (queue, message))?;
                check(its == to, "it comes elsewhere")?;
                check(!self.is_denied(to, at), "the queue denies it")?;
                check(!self.is_out(to, at), "the queue cannot be reached")
            }
            DeliveryWhat::Denied { queue } => {
                self.denied.entry(queue).or_default().push((at, true));
                Ok(())
            }
            DeliveryWhat::Allowed { queue } => {
                self.denied.entry(queue).or_default().push((at, false));
                Ok(())
            }
            DeliveryWhat::Unreachable { queue, lasts } => {
                let outage = (at, at + lasts.into());
                self.outages.entry(queue).or_default().push(outage);
                Ok(())
            }
            DeliveryWhat::Reachable { queue } => {
                let outages = self.outages.get(&queue).into_iter().flatten();
                let last = outages.last().map(|(_, until)| *until);
                check(last == Some(at), "it is not time")
            }
        }
    }

    fn take_dead_letter(
        &mut self,
        at: SimTime,
        of: (QueueId, MessageId),
    ) -> Result<QueueId, String> {
        let due = |copy: &Copy| copy.next + self.latency == at;
        let is_it =
            |copy: &Copy| (copy.queue, copy.message) == of && copy.to.is_some() && due(copy);
        let place = self.copies.iter().position(is_it);
        let copy = self.copies.remove(place.ok_or("no topic has given it up")?);
        copy.to.ok_or_else(|| String::from("it goes nowhere"))
    }

    /// Nothing that a standard topic has sent stays away.
    pub(super) fn end(&self, end: SimTime) -> Verdict {
        let latest = |copy: &&Copy| copy.next + self.latency + self.latency <= end;
        let topic = self.settings.topic();
        match self.copies.iter().find(latest) {
            Some(copy) if topic.is_some_and(|(_, topic)| !topic.is_fifo()) => {
                Err(format!("at the end, {copy:?} is still on the way"))
            }
            _ => Ok(()),
        }
    }
}

/// The pauses that there can be before an attempt. Message delivery retries (SNS).
fn pauses(attempt: u32) -> std::ops::RangeInclusive<SimDuration> {
    let (from, to) = match attempt {
        ..=3 => (0, 0),
        4 | 5 => (1, 1),
        6..=15 => (1, 20),
        _ => (20, 20),
    };
    SimDuration::from_secs(from)..=SimDuration::from_secs(to)
}
