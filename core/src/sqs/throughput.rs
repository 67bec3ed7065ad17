//! How many calls a FIFO queue takes. FIFO throttling (DG).
//!
//! A [`Service`](super::Service) does its calls at once and throttles none of them: whoever sends
//! it real traffic asks a [`Throughput`] first. High throughput, whose limits depend on the Region
//! and on how groups are spread over partitions, is taken to have none.

use super::attributes::{FifoThroughputLimit, QueueAttributes};
use super::error::ErrorCode;
use super::limits;
use crate::time::{SimDuration, SimTime};

/// The actions that are counted, each for itself, alone or in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// SendMessage, SendMessageBatch.
    Send,
    /// ReceiveMessage.
    Receive,
    /// DeleteMessage, DeleteMessageBatch.
    Delete,
}

/// RequestThrottled: try again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "RequestThrottled: a FIFO queue takes {} calls a second",
    limits::FIFO_CALLS_PER_SECOND
)]
pub struct RequestThrottled;

impl RequestThrottled {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::RequestThrottled
    }
}

/// The calls of one queue in this second. That seconds begin with the first call after the last
/// one is our choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throughput {
    sends: Second,
    receives: Second,
    deletes: Second,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Second {
    since: SimTime,
    calls: u32,
    messages: u32,
}

impl Throughput {
    /// A call with so many messages comes in; a receive counts with those that it asks for.
    ///
    /// # Errors
    ///
    /// There were too many in this second.
    pub fn call(
        &mut self,
        now: SimTime,
        queue: &QueueAttributes,
        (action, messages): (Action, u32),
    ) -> Result<(), RequestThrottled> {
        let is_limited = queue
            .fifo
            .is_some_and(|fifo| fifo.fifo_throughput_limit == FifoThroughputLimit::PerQueue);
        if !is_limited {
            return Ok(());
        }
        let second = match action {
            Action::Send => &mut self.sends,
            Action::Receive => &mut self.receives,
            Action::Delete => &mut self.deletes,
        };
        if second.calls == 0 || now.since(second.since) >= SimDuration::from_secs(1) {
            *second = Second {
                since: now,
                ..Second::default()
            };
        }
        if second.calls >= limits::FIFO_CALLS_PER_SECOND
            || second.messages + messages > limits::FIFO_MESSAGES_PER_SECOND
        {
            return Err(RequestThrottled);
        }
        second.calls += 1;
        second.messages += messages;
        Ok(())
    }
}
