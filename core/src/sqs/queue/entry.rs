//! A message as its queue has it, and the list of them.

use crate::ids::QueueId;
use crate::sqs::identity::{Deduplication, MessageGroup, SequenceNumber};
use crate::time::SimTime;

/// A message in a queue.
#[derive(Clone, Debug)]
pub(in crate::sqs) struct Entry<B> {
    pub(in crate::sqs) body: B,
    pub(in crate::sqs) sent_at: SimTime,
    pub(in crate::sqs) first_received_at: Option<SimTime>,
    /// ApproximateReceiveCount: goes on over queues.
    pub(in crate::sqs) receive_count: u32,
    /// Receives in this queue; the number of the newest receipt.
    pub(in crate::sqs) receives_here: u32,
    pub(in crate::sqs) dead_letter_source: Option<QueueId>,
    /// How often a redrive made a new message of it.
    pub(in crate::sqs) redrives: u32,
    pub(in crate::sqs) group: Option<MessageGroup>,
    /// On a FIFO queue.
    pub(in crate::sqs) deduplication: Option<Deduplication>,
    /// On a FIFO queue.
    pub(in crate::sqs) sequence_number: Option<SequenceNumber>,
    /// ChangeMessageVisibility was called since the last receive: a receive of it is not repeated.
    pub(super) is_changed: bool,
    /// A delete has missed it once: the next one finds it.
    pub(in crate::sqs) is_copy: bool,
    pub(super) state: State,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Delayed {
        until: SimTime,
    },
    Visible,
    InFlight {
        received_at: SimTime,
        until: SimTime,
    },
    /// Deleted, but a copy was missed: it becomes visible then. Counted nowhere until it does.
    Missed {
        until: SimTime,
    },
}

impl State {
    /// When a message that is in flight was received.
    pub(super) const fn received_at(self) -> Option<SimTime> {
        match self {
            Self::InFlight { received_at, .. } => Some(received_at),
            Self::Delayed { .. } | Self::Visible | Self::Missed { .. } => None,
        }
    }

    /// When a hidden message becomes visible.
    pub(super) const fn until(self) -> Option<SimTime> {
        match self {
            Self::Delayed { until } | Self::InFlight { until, .. } | Self::Missed { until } => {
                Some(until)
            }
            Self::Visible => None,
        }
    }
}

/// What the order of a queue needs to know of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) number: u32,
    pub(super) receives_here: u32,
    pub(super) group: Option<MessageGroup>,
}

impl<B> Entry<B> {
    pub(in crate::sqs) const fn new(body: B, sent_at: SimTime) -> Self {
        Self {
            body,
            sent_at,
            first_received_at: None,
            receive_count: 0,
            receives_here: 0,
            dead_letter_source: None,
            redrives: 0,
            group: None,
            deduplication: None,
            sequence_number: None,
            is_changed: false,
            is_copy: false,
            state: State::Visible,
        }
    }

    pub(super) const fn is_missed(&self) -> bool {
        matches!(self.state, State::Missed { .. })
    }

    pub(super) const fn seat(&self, number: u32) -> Seat {
        Seat {
            number,
            receives_here: self.receives_here,
            group: self.group,
        }
    }
}
