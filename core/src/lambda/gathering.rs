//! When a batch is closed. Creating and configuring an SQS event source mapping, "Batching
//! behavior" (Lambda DG).

use std::collections::VecDeque;

use super::limits;
use super::settings::Settings;
use crate::time::{SimDuration, SimTime};

/// Messages that wait for their invocation, oldest first. They may be more than one batch: a
/// message that does not fit waits for the next.
#[derive(Clone, Debug)]
pub struct Gathering<M> {
    batch_size: usize,
    window: SimDuration,
    messages: VecDeque<Gathered<M>>,
    /// How many of them, from the front, make up the next batch.
    fitting: usize,
    fitting_bytes: u64,
}

#[derive(Clone, Debug)]
struct Gathered<M> {
    at: SimTime,
    message: M,
    bytes: u64,
}

/// Why a batch is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It has BatchSize messages.
    BatchSize,
    /// Its messages have 6 MB, or the next one does not fit into them.
    Payload,
    /// There is no window: what one receive gives is a batch.
    NoWindow,
    /// The window is over. It opens with the first message.
    Window,
}

impl<M> Gathering<M> {
    /// Nothing yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            batch_size: usize::try_from(settings.batch_size).unwrap_or(usize::MAX),
            window: settings.window,
            messages: VecDeque::new(),
            fitting: 0,
            fitting_bytes: 0,
        }
    }

    /// A message comes in. `bytes` is what counts for the payload: body and message attributes
    /// here, while Lambda counts the whole event, which it does not document to the byte.
    pub fn push(&mut self, now: SimTime, message: M, bytes: u64) {
        let at = now;
        self.messages.push_back(Gathered { at, message, bytes });
        self.fit();
    }

    /// Lets the next batch have what fits into it.
    fn fit(&mut self) {
        while self.fitting < self.batch_size
            && let Some(next) = self.messages.get(self.fitting)
        {
            let bytes = self.fitting_bytes.saturating_add(next.bytes);
            // A message that is over the limit by itself goes alone; SQS has none.
            if bytes > limits::PAYLOAD_BYTES_MAX && self.fitting > 0 {
                break;
            }
            self.fitting += 1;
            self.fitting_bytes = bytes;
        }
    }

    /// Whether the next batch is to be invoked, and why; none while it is being gathered.
    #[must_use]
    pub fn ready(&self, now: SimTime) -> Option<Because> {
        let ends_at = self.window_ends()?;
        if self.fitting == self.batch_size {
            Some(Because::BatchSize)
        } else if self.fitting < self.messages.len()
            || self.fitting_bytes >= limits::PAYLOAD_BYTES_MAX
        {
            Some(Because::Payload)
        } else if self.window == SimDuration::ZERO {
            Some(Because::NoWindow)
        } else if ends_at <= now {
            Some(Because::Window)
        } else {
            None
        }
    }

    /// Takes the next batch, closed or not.
    pub fn take(&mut self) -> Vec<M> {
        let batch = self.messages.drain(..self.fitting);
        let batch = batch.map(|gathered| gathered.message).collect();
        (self.fitting, self.fitting_bytes) = (0, 0);
        self.fit();
        batch
    }

    /// When the window of the next batch is over; none without messages.
    #[must_use]
    pub fn window_ends(&self) -> Option<SimTime> {
        Some(self.messages.front()?.at + self.window)
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// How many more messages one receive may bring.
    pub(super) fn room(&self) -> u8 {
        let room = self.batch_size.saturating_sub(self.messages.len());
        u8::try_from(room)
            .unwrap_or(u8::MAX)
            .clamp(1, limits::RECEIVE_MAX)
    }
}
