//! A worker as people write them: receive, work, delete.
//!
//! ```text
//! Down → Receiving → Working → Deleting → Working (rest of the batch) → Receiving
//! ```
//!
//! One message at a time. A failure is only written to a log: the message is not deleted, and
//! comes back when its visibility timeout runs out. SQS is told nothing of it.

use std::collections::VecDeque;

use super::{ReceiptHandle, Received};
use crate::ids::{ActorId, MessageId};

/// One life of a worker's process: what was meant for an earlier one is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) actor: ActorId,
    pub(crate) incarnation: u32,
}

/// A worker's process.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// Its kind, as an index into the lane's list.
    pub(crate) team: usize,
    pub(crate) incarnation: u32,
    pub(crate) state: State,
    /// Received, or on the way to it, and not yet worked on.
    pub(crate) batch: VecDeque<Held>,
    pub(crate) leaving: Leaving,
}

/// A message that a worker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) message: MessageId,
    pub(crate) receipt: ReceiptHandle,
    pub(crate) receive_count: u32,
}

/// What a worker's one thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The process does not run.
    Down,
    /// It waits for the answer to ReceiveMessage.
    Receiving,
    /// It works.
    Working(Held),
    /// It waits for the answer to DeleteMessage.
    Deleting,
}

/// Whether a worker ends when it has done what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    No,
    Yes,
}

impl Worker {
    pub(crate) const fn new(team: usize) -> Self {
        Self {
            team,
            incarnation: 0,
            state: State::Down,
            batch: VecDeque::new(),
            leaving: Leaving::No,
        }
    }

    /// Forgets everything that was in the process's memory; a new life begins.
    pub(crate) fn reset(&mut self) {
        self.incarnation += 1;
        self.state = State::Down;
        self.batch.clear();
        self.leaving = Leaving::No;
    }

    /// Takes what a receive has given.
    pub(crate) fn take(&mut self, received: &Received<MessageId>) {
        self.batch.push_back(Held {
            message: received.body,
            receipt: received.receipt_handle,
            receive_count: received.receive_count,
        });
    }
}
