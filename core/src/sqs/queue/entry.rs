//! A message as its queue has it.

use crate::ids::QueueId;
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
    pub(in crate::sqs) state: State,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sqs) enum State {
    Delayed {
        until: SimTime,
    },
    Visible,
    InFlight {
        received_at: SimTime,
        until: SimTime,
    },
}

impl<B: Clone> Entry<B> {
    pub(in crate::sqs) const fn new(body: B, sent_at: SimTime) -> Self {
        Self {
            body,
            sent_at,
            first_received_at: None,
            receive_count: 0,
            receives_here: 0,
            dead_letter_source: None,
            state: State::Visible,
        }
    }
}
