//! StartMessageMoveTask, CancelMessageMoveTask, ListMessageMoveTasks, and what their tasks do.

use std::collections::VecDeque;

use super::Service;
use crate::ids::QueueId;
use crate::sqs::body::Body;
use crate::sqs::limits;
use crate::sqs::messages::Effect;
use crate::sqs::move_task::{
    CancelMoveTaskError, ListMoveTasksError, MoveFailure, MoveTask, MoveTaskHandle,
    MoveTaskRequest, MoveTaskStatus, StartMoveTaskError,
};
use crate::sqs::parameter;
use crate::sqs::queue::Queue;
use crate::time::{SimDuration, SimTime};

/// All tasks, the newest last; a handle is a place.
#[derive(Clone, Debug)]
pub(super) struct MoveTasks {
    all: Vec<MoveTask>,
    active: Vec<Active>,
}

/// A task that is running or being cancelled.
#[derive(Clone, Debug)]
struct Active {
    handle: MoveTaskHandle,
    source: QueueId,
    /// When its next message is due.
    due: SimTime,
    /// What it has yet to move, oldest first: messages as the source counts them.
    left: VecDeque<u32>,
}

impl MoveTasks {
    pub(super) const fn new() -> Self {
        Self {
            all: Vec::new(),
            active: Vec::new(),
        }
    }

    pub(super) fn next_timeout(&self) -> Option<SimTime> {
        self.active.iter().map(|active| active.due).min()
    }

    pub(super) fn running(&self, source: QueueId) -> Option<MoveTaskHandle> {
        let mut active = self.active.iter();
        let active = active.find(|active| active.source == source);
        active.map(|active| active.handle)
    }

    fn task(&self, handle: MoveTaskHandle) -> Option<&MoveTask> {
        self.all.get(usize::try_from(handle.0).ok()?)
    }

    fn task_mut(&mut self, handle: MoveTaskHandle) -> Option<&mut MoveTask> {
        self.all.get_mut(usize::try_from(handle.0).ok()?)
    }
}

impl<B: Body> Service<B> {
    /// StartMessageMoveTask: moves what is visible in `source`, oldest first, at an even pace, the
    /// first message at once.
    ///
    /// # Errors
    ///
    /// `source` is no dead-letter queue or has a task already, the destination does not exist, or
    /// the rate is out of range.
    pub fn start_move_task(
        &mut self,
        now: SimTime,
        source: QueueId,
        request: MoveTaskRequest,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<MoveTaskHandle, StartMoveTaskError> {
        self.advance(now, effects);
        let rate = self.check_move_task(source, request)?;
        let left = VecDeque::from(
            self.queue(source)
                .map_or(Vec::new(), Queue::visible_numbers),
        );
        let number = self.move_tasks.all.len();
        let handle = MoveTaskHandle(u32::try_from(number).unwrap_or(u32::MAX));
        self.move_tasks.all.push(MoveTask {
            handle,
            source,
            destination: request.destination,
            max_number_of_messages_per_second: rate,
            started_at: now,
            status: MoveTaskStatus::Running,
            moved: 0,
            to_move: u32::try_from(left.len()).unwrap_or(u32::MAX),
        });
        self.move_tasks.active.push(Active {
            handle,
            source,
            due: now,
            left,
        });
        effects.push(Effect::MoveTaskStarted { handle, source });
        self.advance_move_tasks(now, effects);
        Ok(handle)
    }

    /// The rate that was asked for, once everything else is in order.
    fn check_move_task(
        &self,
        source: QueueId,
        request: MoveTaskRequest,
    ) -> Result<Option<u32>, StartMoveTaskError> {
        let rate = request.max_number_of_messages_per_second;
        let rate = rate.map(|rate| parameter::MOVE_TASK_RATE.check(rate));
        let rate = rate.transpose()?;
        let Ok(source_queue) = self.queue(source) else {
            return Err(StartMoveTaskError::NoSuchSource);
        };
        if !self.is_dead_letter_queue(source) {
            return Err(StartMoveTaskError::NotADeadLetterQueue);
        }
        if let Some(destination) = request.destination {
            let Ok(destination_queue) = self.queue(destination) else {
                return Err(StartMoveTaskError::NoSuchDestination);
            };
            if destination == source {
                return Err(StartMoveTaskError::Itself);
            }
            let is_fifo = |queue: &Queue<B>| queue.attributes.fifo.is_some();
            if is_fifo(source_queue) != is_fifo(destination_queue) {
                return Err(StartMoveTaskError::OtherType);
            }
        }
        let mut active = self.move_tasks.active.iter();
        if active.any(|active| active.source == source) {
            return Err(StartMoveTaskError::AlreadyRunning);
        }
        Ok(rate.map(|rate| u32::try_from(rate).unwrap_or(u32::MAX)))
    }

    /// Whether a queue that exists names `queue` in its redrive policy.
    fn is_dead_letter_queue(&self, queue: QueueId) -> bool {
        let mut existing = self.queues.iter().filter(|queue| queue.exists());
        existing.any(|source| {
            let policy = source.attributes.redrive_policy;
            policy.is_some_and(|policy| policy.dead_letter_target == queue)
        })
    }

    /// CancelMessageMoveTask: how many messages have moved, which stay where they are.
    ///
    /// # Errors
    ///
    /// There is no such task, or it is not running.
    pub fn cancel_move_task(
        &mut self,
        now: SimTime,
        handle: MoveTaskHandle,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<u32, CancelMoveTaskError> {
        self.advance(now, effects);
        let task = self.move_tasks.task_mut(handle);
        let task = task.ok_or(CancelMoveTaskError::NoSuchTask)?;
        if task.status != MoveTaskStatus::Running {
            return Err(CancelMoveTaskError::NotRunning);
        }
        task.status = MoveTaskStatus::Cancelling;
        Ok(task.moved)
    }

    /// ListMessageMoveTasks: the tasks of a source, the newest first. `max_results` is MaxResults,
    /// 1..=10; `None`: 1.
    ///
    /// # Errors
    ///
    /// There is no such source, or `max_results` is out of range.
    pub fn list_move_tasks(
        &self,
        source: QueueId,
        max_results: Option<i64>,
    ) -> Result<Vec<MoveTask>, ListMoveTasksError> {
        let max_results = max_results.unwrap_or(1);
        let most = parameter::MOVE_TASK_RESULTS.check(max_results)?;
        if self.queue(source).is_err() {
            return Err(ListMoveTasksError::NoSuchSource);
        }
        let tasks = self.move_tasks.all.iter().rev();
        let tasks = tasks.filter(|task| task.source == source).copied();
        Ok(tasks.take(usize::try_from(most).unwrap_or(1)).collect())
    }

    /// Lets the tasks move what is due.
    pub(super) fn advance_move_tasks(&mut self, at: SimTime, effects: &mut Vec<Effect<B>>) {
        let mut place = 0;
        while let Some(active) = self.move_tasks.active.get(place) {
            if active.due > at {
                place += 1;
                continue;
            }
            let mut active = self.move_tasks.active.remove(place);
            let status = self.step_of_move_task(at, &mut active, effects);
            let Some(task) = self.move_tasks.task_mut(active.handle) else {
                continue;
            };
            if status == MoveTaskStatus::Running {
                active.due = at + pause(task);
                self.move_tasks.active.insert(place, active);
                place += 1;
                continue;
            }
            task.status = status;
            effects.push(Effect::MoveTaskEnded {
                handle: active.handle,
                source: active.source,
                status,
            });
        }
    }

    /// Moves the next message of a task, and says how the task stands then.
    fn step_of_move_task(
        &mut self,
        at: SimTime,
        active: &mut Active,
        effects: &mut Vec<Effect<B>>,
    ) -> MoveTaskStatus {
        let Some(task) = self.move_tasks.task(active.handle).copied() else {
            return MoveTaskStatus::Cancelled;
        };
        if task.status == MoveTaskStatus::Cancelling {
            return MoveTaskStatus::Cancelled;
        }
        let Ok(source) = self.queue(task.source) else {
            return MoveTaskStatus::Failed(MoveFailure::NonExistentQueue);
        };
        while active
            .left
            .front()
            .is_some_and(|next| !source.is_movable(*next))
        {
            active.left.pop_front();
        }
        let next = active.left.front().copied();
        let Some((number, entry)) = next.and_then(|next| Some((next, source.entry(next)?))) else {
            return MoveTaskStatus::Completed;
        };
        let Some(to) = task.destination.or(entry.dead_letter_source) else {
            return MoveTaskStatus::Failed(MoveFailure::CouldNotDetermineMessageSource);
        };
        if self.queue(to).is_err() {
            return MoveTaskStatus::Failed(MoveFailure::NonExistentQueue);
        }
        active.left.pop_front();
        self.move_back(at, (task.source, number), to, effects);
        if let Some(task) = self.move_tasks.task_mut(active.handle) {
            task.moved += 1;
        }
        if active.left.is_empty() {
            MoveTaskStatus::Completed
        } else {
            MoveTaskStatus::Running
        }
    }

    /// Moves a dead letter: a new message with the same content. That the destination's
    /// DelaySeconds holds for it as for any new message is our choice.
    fn move_back(
        &mut self,
        now: SimTime,
        (from, number): (QueueId, u32),
        to: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) {
        let source = self.queues.get_mut(from.index());
        let Some(entry) = source.and_then(|source| source.take(now, number)) else {
            return;
        };
        let Some(destination) = self.queues.get_mut(to.index()) else {
            return;
        };
        let delay = destination.attributes.delay;
        effects.push(Effect::Moved {
            from,
            to,
            body: entry.body.clone(),
            delay,
        });
        destination.store(now, entry.redriven(now), delay);
        self.serve_waiting(now, to, effects);
    }
}

/// The time between two messages, rounded up: never faster than asked for.
fn pause(task: &MoveTask) -> SimDuration {
    let rate = task.max_number_of_messages_per_second;
    let rate = rate.unwrap_or(limits::MOVE_TASK_RATE_DEFAULT);
    let second = SimDuration::from_secs(1).as_micros();
    SimDuration::from_micros(second.div_ceil(u64::from(rate)))
}
