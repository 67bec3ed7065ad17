//! How many calls a FIFO queue takes. FIFO throttling (DG).
//!
//! A [`Service`](super::Service) does its calls at once and throttles none of them: whoever sends
//! it real traffic asks a [`Throughput`] first.
//!
//! With high throughput the limits are those of each partition, and all messages of a group are in
//! the same one. Partitions and data distribution for high throughput (DG). That each group has a
//! partition of its own is our model, the best that SQS can do; the quota of the Region, which is
//! far above it, is left out. A call that names no group, as a receive, is not limited there: SQS
//! takes it to any partition.

use litemap::LiteMap;

use super::attributes::{FifoThroughputLimit, QueueAttributes};
use super::error::ErrorCode;
use super::identity::MessageGroup;
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
#[derive(Clone, Debug, Default)]
pub struct Throughput {
    whole: Calls,
    /// With high throughput.
    groups: LiteMap<MessageGroup, Calls>,
}

/// What is counted together.
#[derive(Clone, Copy, Debug, Default)]
struct Calls {
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
        call: (Action, u32),
    ) -> Result<(), RequestThrottled> {
        self.call_in_group(now, queue, None, call)
    }

    /// The same for a call about messages of a group: with high throughput it counts for that.
    ///
    /// # Errors
    ///
    /// There were too many in this second.
    pub fn call_in_group(
        &mut self,
        now: SimTime,
        queue: &QueueAttributes,
        group: Option<MessageGroup>,
        call: (Action, u32),
    ) -> Result<(), RequestThrottled> {
        let limit = queue.fifo.map(|fifo| fifo.fifo_throughput_limit);
        match (limit, group) {
            (None, _) | (Some(FifoThroughputLimit::PerMessageGroupId), None) => Ok(()),
            (Some(FifoThroughputLimit::PerQueue), _) => self.whole.count(now, call),
            (Some(FifoThroughputLimit::PerMessageGroupId), Some(group)) => {
                let its = self.groups.entry(group);
                its.or_default().count(now, call)
            }
        }
    }
}

impl Calls {
    fn count(
        &mut self,
        now: SimTime,
        (action, messages): (Action, u32),
    ) -> Result<(), RequestThrottled> {
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
