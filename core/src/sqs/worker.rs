//! A worker's process as people write them: receive, work, delete.
//!
//! ```text
//! Down → polls ──▶ arriving ──▶ batch ──▶ a free thread: [delete] → work → [delete, give back]
//! ```
//!
//! A process has one loop that receives and as many threads as it works on messages at the same
//! time. The loop receives when nothing waits for a thread and a thread is free. A failure is only
//! written to a log unless the worker gives the message back: SQS is told nothing of it, and the
//! message comes back when its visibility timeout runs out.

use std::collections::VecDeque;

use super::{ReceiptHandle, Received};
use crate::ids::{ActorId, CopyId, MessageId};
use crate::time::SimTime;

/// What a queue of a lane holds: a copy of a message of the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) message: MessageId,
    pub(crate) copy: CopyId,
}

/// One thread in one life of a worker's process: what was meant for an earlier life is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) actor: ActorId,
    pub(crate) thread: u16,
    pub(crate) incarnation: u32,
}

/// A worker's process.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// Its kind, as an index into the lane's list.
    pub(crate) team: usize,
    pub(crate) incarnation: u32,
    pub(crate) process: Process,
    pub(crate) poll: Poll,
    /// Received, and on the way to it.
    pub(crate) arriving: VecDeque<Held>,
    /// Received, and not yet worked on.
    pub(crate) batch: VecDeque<Held>,
    pub(crate) threads: Vec<Thread>,
    /// How many times it has begun to work: what a heartbeat knows its own work by.
    pub(crate) jobs: u32,
}

/// A message that a worker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) item: Item,
    pub(crate) receipt: ReceiptHandle,
    pub(crate) receive_count: u32,
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    Down,
    Up,
    /// It ends when it has done what it holds.
    Leaving,
}

/// Whether the loop of a process waits for the answer to ReceiveMessage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Poll {
    Idle,
    Waiting,
}

/// What one thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thread {
    Free,
    /// It deletes before it works, and waits for the answer.
    DeletesFirst(Held),
    Works {
        on: Held,
        job: u32,
        until: SimTime,
    },
    /// It is done, and does something else before it deletes.
    Lingers(Held),
    /// It is done, and waits for the answer to what it has told SQS.
    Closes,
}

impl Worker {
    pub(crate) fn new(team: usize, threads: usize) -> Self {
        Self {
            team,
            incarnation: 0,
            process: Process::Down,
            poll: Poll::Idle,
            arriving: VecDeque::new(),
            batch: VecDeque::new(),
            threads: vec![Thread::Free; threads],
            jobs: 0,
        }
    }

    /// Forgets everything that was in the process's memory; a new life begins.
    pub(crate) fn reset(&mut self) {
        self.incarnation += 1;
        self.process = Process::Down;
        self.poll = Poll::Idle;
        self.arriving.clear();
        self.batch.clear();
        self.threads.fill(Thread::Free);
    }

    /// Takes what a receive has given.
    pub(crate) fn take(&mut self, received: &Received<Item>) {
        self.arriving.push_back(Held {
            item: received.body,
            receipt: received.receipt_handle,
            receive_count: received.receive_count,
        });
    }

    pub(crate) fn free_thread(&self) -> Option<u16> {
        let place = self
            .threads
            .iter()
            .position(|thread| *thread == Thread::Free)?;
        u16::try_from(place).ok()
    }

    /// Whether it holds nothing and waits for nothing.
    pub(crate) fn is_idle(&self) -> bool {
        let at_rest = self.threads.iter().all(|thread| *thread == Thread::Free);
        at_rest && self.batch.is_empty() && self.poll == Poll::Idle
    }
}
