//! One copy of a message, as the trace tells of it.

use broker_lab_core::trace::What;
use broker_lab_core::{ActorId, CopyId, MessageId, QueueId, SimDuration, SimTime};

/// Where one copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Delayed { until: SimTime },
    Visible,
    InFlight { since: SimTime, until: SimTime },
    Gone,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Copy {
    /// What its retention period counts from.
    pub(super) sent_at: SimTime,
    pub(super) queue: QueueId,
    pub(super) place: Place,
    /// Over all queues.
    pub(super) receive_count: u32,
    /// In the queue it is in.
    pub(super) receives_here: u32,
    /// Who received it last.
    pub(super) holder: Option<ActorId>,
    /// Also before a move task made a new message of it: somebody may still have it in hand.
    pub(super) was_received: bool,
    /// Its place among all that came into queues.
    pub(super) arrival: u32,
}

pub(super) type Item = (MessageId, CopyId);

impl Copy {
    pub(super) fn new((at, queue): (SimTime, QueueId), delay: SimDuration, arrival: u32) -> Self {
        Self {
            sent_at: at,
            queue,
            place: if delay == SimDuration::ZERO {
                Place::Visible
            } else {
                Place::Delayed { until: at + delay }
            },
            receive_count: 0,
            receives_here: 0,
            holder: None,
            was_received: false,
            arrival,
        }
    }

    pub(super) fn receive(&mut self, actor: ActorId, (since, until): (SimTime, SimTime)) {
        self.place = Place::InFlight { since, until };
        self.was_received = true;
        self.receive_count += 1;
        self.receives_here += 1;
        self.holder = Some(actor);
    }

    pub(super) fn is_visible_in(&self, queue: QueueId) -> bool {
        self.place == Place::Visible && self.queue == queue
    }

    pub(super) fn is_there(&self) -> bool {
        self.place != Place::Gone
    }
}

pub(super) const fn item_of(what: What) -> Option<Item> {
    match what {
        What::WorkStarted { message, copy, .. }
        | What::WorkFinished { message, copy, .. }
        | What::WorkFailed { message, copy, .. }
        | What::WorkSkipped { message, copy, .. }
        | What::WorkDiscarded { message, copy, .. }
        | What::Received { message, copy, .. }
        | What::BecameVisible { message, copy, .. }
        | What::VisibilityChanged { message, copy, .. }
        | What::VisibilityRefused { message, copy, .. }
        | What::Deleted { message, copy, .. }
        | What::DeleteIgnored { message, copy, .. }
        | What::DeleteFailed { message, copy, .. }
        | What::DelayChanged { message, copy, .. }
        | What::Purged { message, copy, .. }
        | What::Moved { message, copy, .. }
        | What::Redelivered { message, copy, .. }
        | What::DeadLettered { message, copy, .. }
        | What::Expired { message, copy, .. } => Some((message, copy)),
        _ => None,
    }
}
