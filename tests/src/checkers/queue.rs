//! Messages of a queue lane go through their states, and none is lost.

mod copy;
mod deliveries;
mod sends;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::scenario::{DeleteWhen, Queue, SqsLane, Workers};
use broker_lab_core::sqs::limits;
use broker_lab_core::trace::{DeliveryWhat, Event, Millis, ThrottleWhat, What};
use broker_lab_core::workload::KeyId;
use broker_lab_core::{
    ActorId, CopyId, LaneCast, LaneId, LaneKind, MessageId, QueueId, SimDuration, SimTime,
};

use super::{Seen, Verdict, broken};
use copy::{Copy, Item, Place, item_of};
use deliveries::Deliveries;
use sends::Sends;

/// Delayed, visible, in flight, visible again, at last deleted or moved or expired: every step is
/// due, and comes when it is due. A message in flight is given to nobody, receive counts rise by
/// one, only the newest receipt deletes, and only after finished work if workers do so. So at the
/// end every message was worked on and deleted, or is still there, or was kept too long.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn messages_go_through_their_states(seen: Seen<'_>) -> Verdict {
    for (lane, cast) in seen.lanes(LaneKind::Sqs) {
        let written = seen.scenario.lanes.get(lane.index());
        if let Some(settings) = written.and_then(|lane| lane.sqs.as_ref()) {
            check_lane(seen, (lane, cast), settings)?;
        }
    }
    Ok(())
}

fn check_lane(seen: Seen<'_>, (lane, cast): (LaneId, &LaneCast), settings: &SqsLane) -> Verdict {
    let latency = seen.scenario.network.latency;
    let mut rules = Rules {
        settings,
        cast,
        queues: settings.queues.clone(),
        copies: BTreeMap::new(),
        sends: Sends::new(latency),
        deliveries: Deliveries::new(settings, latency),
        done: BTreeSet::new(),
        taken: BTreeMap::new(),
        delay_changed: BTreeMap::new(),
        arrivals: 0,
        seen,
    };
    for (index, event) in seen.events(lane) {
        rules.see(event).map_err(|why| broken(index, event, why))?;
    }
    let end = SimTime::ZERO + seen.scenario.horizon;
    rules.sends.end(end)?;
    rules.deliveries.end(end)?;
    match rules
        .copies
        .iter()
        .find(|(_, copy)| rules.is_late(copy, end))
    {
        Some((id, copy)) => Err(format!("at the end, {id:?} should have moved: {copy:?}")),
        None => Ok(()),
    }
}

struct Rules<'a> {
    settings: &'a SqsLane,
    cast: &'a LaneCast,
    /// As they are now.
    queues: Vec<Queue>,
    copies: BTreeMap<Item, Copy>,
    sends: Sends,
    deliveries: Deliveries<'a>,
    /// What each worker has done or skipped of what it received.
    done: BTreeSet<(ActorId, Item)>,
    /// What FIFO queues have taken, and when.
    taken: BTreeMap<(QueueId, MessageId), SimTime>,
    /// When the delay of a FIFO queue was changed last.
    delay_changed: BTreeMap<QueueId, SimTime>,
    /// How many copies have come into queues.
    arrivals: u32,
    seen: Seen<'a>,
}

impl Rules<'_> {
    fn queue(&self, queue: QueueId) -> &Queue {
        &self.queues[queue.index()]
    }

    /// The workers that an actor is one of; `None`: it is an invocation of a function.
    fn team(&self, actor: ActorId) -> Option<&Workers> {
        let team = usize::from(self.cast.actors[actor.index()].team);
        self.settings.workers.get(team)
    }

    fn deletes(&self, actor: ActorId) -> DeleteWhen {
        self.team(actor)
            .map_or(DeleteWhen::AfterWork, |team| team.delete)
    }

    fn expires_at(&self, copy: &Copy) -> SimTime {
        copy.sent_at + self.queue(copy.queue).message_retention_period
    }

    /// Whether something was due before or at `end` and has not happened.
    fn is_late(&self, copy: &Copy, end: SimTime) -> bool {
        match copy.place {
            Place::Delayed { until } | Place::InFlight { until, .. } => {
                until.min(self.expires_at(copy)) <= end
            }
            Place::Visible => self.expires_at(copy) <= end,
            Place::Gone => false,
        }
    }

    fn see(&mut self, event: &Event) -> Verdict {
        let at = event.at;
        match event.what {
            What::Sent { message, .. } | What::Resent { message, .. } => {
                self.sends.send(at, message);
                return Ok(());
            }
            What::Deduplicated { queue, message } => {
                let is_known = self.is_known(queue, message, at);
                return self.come(at, (queue, message)).and_then(|()| {
                    if is_known {
                        Ok(())
                    } else {
                        Err(String::from("it was not sent within 5 minutes"))
                    }
                });
            }
            What::Published { message, .. } => return self.publish(at, message),
            What::TopicDeduplicated { message, .. } => return self.sends.arrive(at, message),
            What::RequestThrottled { what } => return self.throttle(at, what),
            What::FilteredOut { queue, message, .. } => {
                return self.deliveries.filter_out(queue, message);
            }
            What::Delivery { what } => return self.deliver(at, what),
            What::QueuePurged { queue } => {
                self.taken.retain(|(its, _), _| *its != queue);
                return Ok(());
            }
            What::AttributeChanged {
                queue,
                setting,
                value,
                target,
            } => {
                self.set(at, queue, (setting, value, target));
                return Ok(());
            }
            What::Enqueued {
                queue,
                message,
                copy,
            } => return self.store((message, copy), (at, queue), SimDuration::ZERO),
            What::Delayed {
                queue,
                message,
                copy,
                delay,
            } => return self.store((message, copy), (at, queue), delay.into()),
            What::WorkFinished {
                actor,
                message,
                copy,
            }
            | What::WorkDiscarded {
                actor,
                message,
                copy,
            }
            | What::WorkSkipped {
                actor,
                message,
                copy,
            } => {
                self.done.insert((actor, (message, copy)));
            }
            _ => {}
        }
        let Some(item) = item_of(event.what) else {
            return Ok(());
        };
        let Some(before) = self.copies.get(&item).copied() else {
            return Err(String::from("it was never stored"));
        };
        let mut after = before;
        let sound = self.change(event, item, (&before, &mut after));
        self.copies.insert(item, after);
        if sound {
            Ok(())
        } else {
            Err(format!("it was {before:?}"))
        }
    }

    /// Whether a FIFO queue has taken a message within the last 5 minutes.
    fn is_known(&self, queue: QueueId, message: MessageId, at: SimTime) -> bool {
        let taken = self.taken.get(&(queue, message));
        taken.is_some_and(|taken| at < *taken + SimDuration::from_secs(300))
    }

    /// A send, or what a topic made of it, comes to a queue.
    fn come(&mut self, at: SimTime, (queue, message): (QueueId, MessageId)) -> Verdict {
        if self.settings.topic().is_none() {
            self.sends.arrive(at, message)?;
            if !self.queue(queue).is_fifo() {
                return Ok(());
            }
            let settings = &self.queues[queue.index()];
            return self.sends.accept(at, (queue, settings), self.key(message));
        }
        self.deliveries.come(at, (queue, message))
    }

    fn deliver(&mut self, at: SimTime, what: DeliveryWhat) -> Verdict {
        self.deliveries.see(at, what)?;
        let DeliveryWhat::DeadLettered {
            to,
            message,
            copy,
            delay,
            ..
        } = what
        else {
            return Ok(());
        };
        let delay = SimDuration::from(delay);
        let sound = self.is_next((message, copy)) && delay == self.queue(to).delay;
        let stored = Copy::new((at, to), delay, self.arrivals);
        self.arrivals += 1;
        self.copies.insert((message, copy), stored);
        if sound {
            Ok(())
        } else {
            Err(format!("stored as {stored:?}"))
        }
    }

    /// Whether a copy has the number after those that there are.
    fn is_next(&self, (message, copy): Item) -> bool {
        let copies = (message, CopyId(0))..=(message, CopyId(u8::MAX));
        self.copies.range(copies).count() == usize::from(copy.0)
    }

    fn publish(&mut self, at: SimTime, message: MessageId) -> Verdict {
        self.sends.arrive(at, message)?;
        self.deliveries.publish(at, message);
        Ok(())
    }

    fn key(&self, message: MessageId) -> Option<KeyId> {
        self.seen.trace.message(message).and_then(|known| known.key)
    }

    /// SQS refuses a call: of receives and deletes the trace does not tell how many there were.
    fn throttle(&mut self, at: SimTime, what: ThrottleWhat) -> Verdict {
        let queue = &self.queues[what.queue().index()];
        if !queue.is_fifo() {
            return Err(String::from("only FIFO queues throttle"));
        }
        let ThrottleWhat::Send {
            queue: id,
            message,
            retry_in,
        } = what
        else {
            return Ok(());
        };
        let known = self.seen.trace.message(message);
        let key = known.and_then(|known| known.key);
        let send = (message, key, retry_in.into());
        self.sends.throttle(at, (id, queue), send)
    }

    /// Whether all before it in its group left, or go in flight by the same receive.
    fn is_its_turn(&self, item: Item, (at, actor): (SimTime, ActorId)) -> bool {
        let this = self.copies[&item];
        let key = |id| self.key(id);
        let same_receive = |copy: &Copy| {
            copy.holder == Some(actor)
                && matches!(copy.place, Place::InFlight { since, .. } if since == at)
        };
        self.copies.iter().all(|((message, _), copy)| {
            copy.queue != this.queue
                || copy.arrival >= this.arrival
                || key(*message) != key(item.0)
                || !copy.is_there()
                || same_receive(copy)
        })
    }

    /// Lets an event happen to a copy; whether it could.
    fn change(&mut self, event: &Event, item: Item, (before, after): (&Copy, &mut Copy)) -> bool {
        let at = event.at;
        self.arrivals += 1;
        match event.what {
            What::Received {
                queue,
                actor,
                receive_count,
                timeout,
                ..
            } => {
                after.receive(actor, (at, at + timeout.into()));
                let timeout_is_right = SimDuration::from(timeout)
                    == self
                        .team(actor)
                        .and_then(|team| team.visibility_timeout)
                        .unwrap_or(self.queue(queue).visibility_timeout);
                let is_its_turn =
                    !self.queue(queue).is_fifo() || self.is_its_turn(item, (at, actor));
                before.is_visible_in(queue)
                    && is_its_turn
                    && self.may_be_received(before)
                    && receive_count == before.receive_count + 1
                    && timeout_is_right
            }
            What::BecameVisible { queue, .. } => {
                after.place = Place::Visible;
                let hidden_until = match before.place {
                    Place::Delayed { until } | Place::InFlight { until, .. } => Some(until),
                    _ => None,
                };
                let is_shown = self.delay_changed.get(&queue) == Some(&at)
                    && matches!(before.place, Place::Delayed { .. });
                before.queue == queue && (hidden_until == Some(at) || is_shown)
            }
            What::DelayChanged { queue, delay, .. } => {
                let until = before.sent_at + self.queue(queue).delay;
                after.place = Place::Delayed { until };
                self.delay_changed.get(&queue) == Some(&at)
                    && Millis::from(until.since(at)) == delay
                    && before.receive_count == 0
            }
            What::Purged { queue, .. } => {
                after.place = Place::Gone;
                before.queue == queue && before.is_there()
            }
            What::DeleteFailed { queue, .. } => self.queue(queue).is_fifo() && before.is_there(),
            What::VisibilityChanged {
                queue,
                actor,
                timeout,
                reason,
                ..
            } => {
                let Place::InFlight { since, .. } = before.place else {
                    return false;
                };
                let until = at + timeout.into();
                after.place = Place::InFlight { since, until };
                before.queue == queue
                    && until.since(since) <= limits::IN_FLIGHT_LONGEST
                    && self.is_their_way(actor, (reason, timeout.into()))
            }
            What::Deleted { queue, actor, .. } => {
                after.place = Place::Gone;
                let is_done = self.deletes(actor) == DeleteWhen::BeforeWork
                    || self.done.contains(&(actor, item));
                let in_flight = matches!(before.place, Place::InFlight { .. });
                before.queue == queue
                    && before.is_there()
                    && (in_flight || !self.queue(queue).is_fifo())
                    && before.holder == Some(actor)
                    && is_done
                    && self.deletes(actor) != DeleteWhen::Never
            }
            What::DeleteIgnored { queue, .. } => {
                let is_standard = !self.queue(queue).is_fifo();
                is_standard
                    && before.queue == queue
                    && before.is_there()
                    && before.receives_here > 1
            }
            What::DeadLettered { from, to, .. } => {
                after.queue = to;
                after.receives_here = 0;
                after.holder = None;
                after.arrival = self.arrivals;
                if self.queue(to).is_fifo() {
                    after.sent_at = at;
                }
                before.is_visible_in(from) && self.is_to_be_moved(before, to)
            }
            What::Moved {
                from, to, delay, ..
            } => {
                let delay = SimDuration::from(delay);
                *after = Copy::new((at, to), delay, self.arrivals);
                after.was_received = before.was_received;
                before.is_visible_in(from) && delay == self.queue(to).delay
            }
            What::Redelivered { queue, .. } => {
                after.place = Place::Visible;
                before.place == Place::Gone
                    && before.queue == queue
                    && self.queue(queue).redelivers.0 > 0
            }
            What::Expired { queue, .. } => {
                after.place = Place::Gone;
                // A dead letter can be too old for its queue when it comes.
                let is_due = self.expires_at(before) <= at;
                before.queue == queue && before.is_there() && is_due
            }
            What::WorkStarted { .. } => before.was_received,
            _ => true,
        }
    }

    fn store(
        &mut self,
        item: Item,
        (at, queue): (SimTime, QueueId),
        delay: SimDuration,
    ) -> Verdict {
        let copy = Copy::new((at, queue), delay, self.arrivals);
        self.arrivals += 1;
        self.come(at, (queue, item.0))?;
        let is_next = self.is_next(item);
        let is_new = !self.queue(queue).is_fifo() || !self.is_known(queue, item.0, at);
        self.taken.insert((queue, item.0), at);
        let sound = is_new
            && is_next
            && self.settings.destinations().any(|to| to == queue)
            && delay == self.queue(queue).delay;
        self.copies.insert(item, copy);
        if sound {
            Ok(())
        } else {
            Err(format!("stored as {copy:?}"))
        }
    }
}
