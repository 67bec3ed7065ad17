//! Messages of a queue lane go through their states, and none is lost.

use std::collections::BTreeMap;

use broker_lab_core::scenario::{Queue, SqsLane};
use broker_lab_core::trace::{Event, What};
use broker_lab_core::{ActorId, LaneId, LaneKind, MessageId, QueueId, SimDuration, SimTime};

use super::{Seen, Verdict, broken};

/// Where one message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    OnTheWay,
    Delayed { until: SimTime },
    Visible,
    InFlight { until: SimTime },
    Deleted,
    Expired,
}

#[derive(Clone, Copy, Debug)]
struct Message {
    sent_at: SimTime,
    stored_at: SimTime,
    queue: QueueId,
    place: Place,
    /// Over all queues.
    receive_count: u32,
    /// In the queue it is in.
    receives_here: u32,
    /// Who received it last.
    holder: Option<ActorId>,
    finished: bool,
}

/// Delayed, visible, in flight, visible again, at last deleted or moved or expired: every step is
/// due, and comes when it is due. A message in flight is given to nobody, receive counts rise by
/// one, only the newest receipt deletes, and only after finished work. So at the end every
/// message was worked on and deleted, or is still there, or was kept too long.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn messages_go_through_their_states(seen: Seen<'_>) -> Verdict {
    for (lane, _) in seen.lanes(LaneKind::Sqs) {
        let written = seen.scenario.lanes.get(lane.index());
        if let Some(settings) = written.and_then(|lane| lane.sqs.as_ref()) {
            check_lane(seen, lane, settings)?;
        }
    }
    Ok(())
}

fn check_lane(seen: Seen<'_>, lane: LaneId, settings: &SqsLane) -> Verdict {
    let mut messages = BTreeMap::new();
    let latency = seen.scenario.network.latency;
    let rules = Rules { settings, latency };
    for (index, event) in seen.events(lane) {
        rules
            .see(event, &mut messages)
            .map_err(|why| broken(index, event, why))?;
    }
    let end = SimTime::ZERO + seen.scenario.horizon;
    match messages.iter().find(|(_, m)| rules.is_late(m, end)) {
        Some((id, message)) => Err(format!("at the end, {id:?} should have moved: {message:?}")),
        None => Ok(()),
    }
}

struct Rules<'a> {
    settings: &'a SqsLane,
    latency: SimDuration,
}

impl Rules<'_> {
    fn queue(&self, queue: QueueId) -> &Queue {
        &self.settings.queues[queue.index()]
    }

    fn expires_at(&self, message: &Message) -> SimTime {
        // The age of a dead letter goes on from its first store.
        message.stored_at + self.queue(message.queue).message_retention_period
    }

    /// Whether something was due before or at `end` and has not happened.
    fn is_late(&self, message: &Message, end: SimTime) -> bool {
        match message.place {
            Place::OnTheWay => message.sent_at + self.latency <= end,
            Place::Delayed { until } | Place::InFlight { until } => {
                until.min(self.expires_at(message)) <= end
            }
            Place::Visible => self.expires_at(message) <= end,
            Place::Deleted | Place::Expired => false,
        }
    }

    fn see(&self, event: &Event, messages: &mut BTreeMap<MessageId, Message>) -> Verdict {
        let at = event.at;
        if let What::Sent { message, .. } = event.what {
            messages.insert(message, Message::new(at));
            return Ok(());
        }
        let Some(id) = message_of(event.what) else {
            return Ok(());
        };
        let Some(message) = messages.get_mut(&id) else {
            return Err(String::from("it was never sent"));
        };
        let before = *message;
        let sound = match event.what {
            What::Enqueued { queue, .. } => {
                message.store(at, queue, Place::Visible);
                self.is_stored_in_time(&before, (at, queue), SimDuration::ZERO)
            }
            What::Delayed { queue, delay, .. } => {
                let until = at + delay.into();
                message.store(at, queue, Place::Delayed { until });
                self.is_stored_in_time(&before, (at, queue), delay.into())
            }
            What::Received {
                queue,
                actor,
                receive_count,
                timeout,
                ..
            } => {
                let until = at + timeout.into();
                message.receive(actor, until);
                let timeout_is_right =
                    SimDuration::from(timeout) == self.queue(queue).visibility_timeout;
                before.is_visible_in(queue)
                    && self.may_be_received(&before)
                    && receive_count == before.receive_count + 1
                    && timeout_is_right
            }
            What::BecameVisible { queue, .. } => {
                message.place = Place::Visible;
                let hidden_until = match before.place {
                    Place::Delayed { until } | Place::InFlight { until } => Some(until),
                    _ => None,
                };
                before.queue == queue && hidden_until == Some(at)
            }
            What::Deleted { queue, actor, .. } => {
                message.place = Place::Deleted;
                let is_there = !matches!(before.place, Place::Deleted | Place::Expired);
                before.queue == queue && is_there && before.holder == Some(actor) && before.finished
            }
            What::DeleteIgnored { queue, .. } => {
                let is_there = !matches!(before.place, Place::Deleted | Place::Expired);
                before.queue == queue && is_there && before.receives_here > 1
            }
            What::DeadLettered { from, to, .. } => {
                message.queue = to;
                message.receives_here = 0;
                message.holder = None;
                before.is_visible_in(from) && self.is_to_be_moved(&before, to)
            }
            What::Expired { queue, .. } => {
                message.place = Place::Expired;
                let is_there = !matches!(before.place, Place::Deleted | Place::Expired);
                // A dead letter can be too old for its queue when it comes.
                let is_due = self.expires_at(&before) <= at;
                before.queue == queue && is_there && is_due
            }
            What::WorkStarted { .. } => before.receive_count > 0,
            What::WorkFinished { .. } => {
                message.finished = true;
                true
            }
            _ => true,
        };
        if sound {
            Ok(())
        } else {
            Err(format!("it was {before:?}"))
        }
    }

    fn is_stored_in_time(
        &self,
        before: &Message,
        (at, queue): (SimTime, QueueId),
        delay: SimDuration,
    ) -> bool {
        let send_to = self.settings.send_to.as_deref();
        let name = self.queue(queue).name.as_str();
        before.place == Place::OnTheWay
            && at == before.sent_at + self.latency
            && name == send_to.unwrap_or(&self.settings.queues[0].name)
            && delay == self.queue(queue).delay
    }

    fn may_be_received(&self, message: &Message) -> bool {
        let policy = self.queue(message.queue).redrive_policy.as_ref();
        policy.is_none_or(|policy| message.receives_here < policy.max_receive_count)
    }

    fn is_to_be_moved(&self, message: &Message, to: QueueId) -> bool {
        let policy = self.queue(message.queue).redrive_policy.as_ref();
        policy.is_some_and(|policy| {
            message.receives_here == policy.max_receive_count
                && policy.dead_letter_target == self.queue(to).name
        })
    }
}

impl Message {
    const fn new(sent_at: SimTime) -> Self {
        Self {
            sent_at,
            stored_at: sent_at,
            queue: QueueId(0),
            place: Place::OnTheWay,
            receive_count: 0,
            receives_here: 0,
            holder: None,
            finished: false,
        }
    }

    fn store(&mut self, at: SimTime, queue: QueueId, place: Place) {
        self.stored_at = at;
        self.queue = queue;
        self.place = place;
    }

    fn receive(&mut self, actor: ActorId, until: SimTime) {
        self.place = Place::InFlight { until };
        self.receive_count += 1;
        self.receives_here += 1;
        self.holder = Some(actor);
    }

    fn is_visible_in(&self, queue: QueueId) -> bool {
        self.place == Place::Visible && self.queue == queue
    }
}

const fn message_of(what: What) -> Option<MessageId> {
    match what {
        What::WorkStarted { message, .. }
        | What::WorkFinished { message, .. }
        | What::WorkFailed { message, .. }
        | What::Enqueued { message, .. }
        | What::Delayed { message, .. }
        | What::Received { message, .. }
        | What::BecameVisible { message, .. }
        | What::Deleted { message, .. }
        | What::DeleteIgnored { message, .. }
        | What::DeadLettered { message, .. }
        | What::Expired { message, .. } => Some(message),
        _ => None,
    }
}
