//! Workers and consumers: what both systems' clients have in common.

use crate::ids::{CopyId, MessageId};
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// A worker or consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorWorld {
    /// Whether the process runs.
    pub state: ActorState,
    /// What it works on; of a crashed one, what it worked on when it died.
    pub task: Option<Task>,
    /// What else it works on at the same time.
    pub more_tasks: Vec<Task>,
    /// The message it finished last, and when.
    pub finished: Option<(MessageId, SimTime)>,
    /// How many messages it has finished.
    pub done: u32,
    /// Since when it stands still; `None`: it goes on.
    pub frozen: Option<SimTime>,
    /// How many times as long its work takes; 1 is as fast as the others.
    pub slow: u16,
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorState {
    /// A command will add it later.
    Absent,
    /// It runs.
    Running {
        /// Since when.
        since: SimTime,
    },
    /// It crashed.
    Crashed {
        /// When.
        at: SimTime,
    },
    /// It left in an orderly way.
    Stopped {
        /// When.
        at: SimTime,
    },
}

/// Work on one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// On what.
    pub message: MessageId,
    /// Which copy of it; 0 in a log.
    pub copy: CopyId,
    /// Since when.
    pub started: SimTime,
    /// Until when, if nothing comes between.
    pub until: SimTime,
    /// Whether somebody (of the same group) has begun to work on this message before.
    pub again: bool,
}

impl ActorWorld {
    /// One that is not there yet.
    #[must_use]
    pub(super) const fn absent() -> Self {
        Self {
            state: ActorState::Absent,
            task: None,
            more_tasks: Vec::new(),
            finished: None,
            done: 0,
            frozen: None,
            slow: 1,
        }
    }

    /// Whether the process runs.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self.state, ActorState::Running { .. })
    }

    /// Lets an event of this actor happen. `again`: whether its message has been begun before.
    pub(super) fn fold(&mut self, at: SimTime, what: What, again: Again) {
        match what {
            What::WorkStarted {
                message,
                copy,
                takes,
                ..
            } => {
                let task = Task {
                    message,
                    copy,
                    started: at,
                    until: at + SimDuration::from(takes),
                    again: again == Again::Yes,
                };
                if self.task.is_some() && self.is_running() {
                    self.more_tasks.push(task);
                } else {
                    self.task = Some(task);
                }
            }
            What::WorkFinished { message, copy, .. } => {
                self.put_down(message, copy);
                self.finished = Some((message, at));
                self.done += 1;
            }
            What::WorkFailed { message, copy, .. } | What::WorkDiscarded { message, copy, .. } => {
                self.put_down(message, copy);
            }
            What::ActorStarted { .. } => {
                self.state = ActorState::Running { since: at };
                self.drop_tasks();
            }
            What::ActorCrashed { .. } => {
                self.state = ActorState::Crashed { at };
                self.frozen = None;
            }
            What::Frozen { .. } => self.frozen = Some(at),
            What::Thawed { .. } => self.thaw(at),
            What::Slowed { times, .. } => self.slow = times,
            What::ActorStopped { .. } => {
                self.frozen = None;
                self.state = ActorState::Stopped { at };
                self.drop_tasks();
            }
            _ => {}
        }
    }

    /// The work in hand goes on where it was: as if it had begun so much later.
    fn thaw(&mut self, at: SimTime) {
        let Some(since) = self.frozen.take() else {
            return;
        };
        let pause = at.since(since);
        for task in self.task.iter_mut().chain(&mut self.more_tasks) {
            task.started += pause;
            task.until += pause;
        }
    }

    fn drop_tasks(&mut self) {
        self.task = None;
        self.more_tasks.clear();
    }

    /// The work on a message ends. A worker that has received it twice put the older one down.
    fn put_down(&mut self, message: MessageId, copy: CopyId) {
        let is_it = |task: &Task| task.message == message && task.copy == copy;
        if self.task.as_ref().is_some_and(is_it) {
            self.task = (!self.more_tasks.is_empty()).then(|| self.more_tasks.remove(0));
        } else if let Some(place) = self.more_tasks.iter().position(is_it) {
            self.more_tasks.remove(place);
        }
    }

    /// Everything it works on.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.task.iter().chain(&self.more_tasks)
    }
}

/// Whether work on a message had been begun before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    No,
    Yes,
}

impl From<bool> for Again {
    fn from(again: bool) -> Self {
        if again { Self::Yes } else { Self::No }
    }
}
