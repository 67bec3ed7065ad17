//! Workers and consumers: what both systems' clients have in common.

use crate::ids::MessageId;
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// A worker or consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorWorld {
    /// Whether the process runs.
    pub state: ActorState,
    /// What it works on; of a crashed one, what it worked on when it died.
    pub task: Option<Task>,
    /// The message it finished last, and when.
    pub finished: Option<(MessageId, SimTime)>,
    /// How many messages it has finished.
    pub done: u32,
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
            finished: None,
            done: 0,
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
            What::WorkStarted { message, takes, .. } => {
                self.task = Some(Task {
                    message,
                    started: at,
                    until: at + SimDuration::from(takes),
                    again: again == Again::Yes,
                });
            }
            What::WorkFinished { message, .. } => {
                self.task = None;
                self.finished = Some((message, at));
                self.done += 1;
            }
            What::WorkFailed { .. } => self.task = None,
            What::ActorStarted { .. } => {
                self.state = ActorState::Running { since: at };
                self.task = None;
            }
            What::ActorCrashed { .. } => self.state = ActorState::Crashed { at },
            What::ActorStopped { .. } => {
                self.state = ActorState::Stopped { at };
                self.task = None;
            }
            _ => {}
        }
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
