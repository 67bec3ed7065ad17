//! What a play does with queues as a whole: their names, their attributes, redrive tasks.

use broker_lab_core::QueueId;
use broker_lab_core::sqs::{AttributeChange, ErrorCode, MoveTaskHandle, MoveTaskRequest};
use serde_json::{Map, Value};

use super::super::script::{MoveTask, StartMove};
use super::super::{Stop, attributes};
use super::{Answered, Play};

impl<'s> Play<'s> {
    pub(super) fn create_queue(
        &mut self,
        name: &str,
        attributes: &Map<String, Value>,
    ) -> Result<Answered, Stop> {
        let changes = match self.changes(attributes)? {
            Ok(changes) => changes,
            Err(error) => return Ok(Err(error)),
        };
        // The runner knows the name of every id.
        self.names.queue(&mut self.service, name);
        let (registry, effects) = (&mut self.names.registry, &mut self.receives.effects);
        let created = registry.create(self.now, &mut self.service, (name, &changes), effects);
        self.settle()?;
        Ok(created.map(drop).map_err(|error| error.code()))
    }

    pub(super) fn delete_queue(&mut self, queue: QueueId) -> Result<Answered, Stop> {
        let effects = &mut self.receives.effects;
        let deleted = self.service.delete_queue(self.now, queue, effects);
        self.settle()?;
        Ok(deleted.map_err(|error| error.code()))
    }

    /// What a script asks for, or the error of an attribute that SQS does not know.
    pub(super) fn changes(
        &mut self,
        attributes: &Map<String, Value>,
    ) -> Result<Result<Vec<AttributeChange>, ErrorCode>, Stop> {
        let (names, service) = (&mut self.names, &mut self.service);
        attributes::changes(attributes, |name| names.queue(service, name))
    }

    pub(super) fn set_attributes(
        &mut self,
        queue: QueueId,
        attributes: &Map<String, Value>,
    ) -> Result<Answered, Stop> {
        let changes = match self.changes(attributes)? {
            Ok(changes) => changes,
            Err(error) => return Ok(self.exists(queue).and(Err(error))),
        };
        let effects = &mut self.receives.effects;
        let set = self
            .service
            .set_attributes(self.now, queue, &changes, effects);
        self.settle()?;
        Ok(set.map_err(|error| error.code()))
    }

    pub(super) fn start_move_task(
        &mut self,
        source: QueueId,
        start: &StartMove,
        name: Option<&'s str>,
    ) -> Result<Answered, Stop> {
        let (names, service) = (&mut self.names, &mut self.service);
        let destination = start.destination.as_deref();
        let request = MoveTaskRequest {
            destination: destination.map(|name| names.queue(service, name)),
            max_number_of_messages_per_second: start.rate,
        };
        let effects = &mut self.receives.effects;
        let started = service.start_move_task(self.now, source, request, effects);
        self.settle()?;
        if let (Ok(handle), Some(name)) = (started, name) {
            self.tasks.insert(name, handle);
        }
        Ok(started.map(drop).map_err(|error| error.code()))
    }

    /// `task` is what the script calls a task, or a handle.
    pub(super) fn cancel_move_task(&mut self, task: &str) -> Result<Answered, Stop> {
        let handle = self.tasks.get(task).copied().map(Ok);
        let handle = match handle.unwrap_or_else(|| task.parse::<MoveTaskHandle>()) {
            Ok(handle) => handle,
            Err(error) => return Ok(Err(error.code())),
        };
        let effects = &mut self.receives.effects;
        let cancelled = self.service.cancel_move_task(self.now, handle, effects);
        self.settle()?;
        Ok(cancelled.map(drop).map_err(|error| error.code()))
    }

    /// The latest task of a source.
    pub(super) fn compare_move_task(
        &self,
        source: QueueId,
        expected: &MoveTask,
    ) -> Result<(), Stop> {
        let tasks = self.service.list_move_tasks(source, None);
        let tasks =
            tasks.map_err(|error| Stop::failed("the tasks of a queue", error.code().name()))?;
        let latest = tasks.first();
        let task = latest.ok_or_else(|| Stop::failed("a task", "none"))?;
        let fits = |expected: Option<u32>, got: u32| expected.is_none_or(|it| it == got);
        if expected.status == task.status.name() && fits(expected.moved, task.moved) {
            return Ok(());
        }
        let expected = format!("{} {:?}", expected.status, expected.moved);
        let got = format!("{} {}", task.status.name(), task.moved);
        Err(Stop::failed(expected, got))
    }

    pub(super) fn compare_attributes(
        &self,
        queue: QueueId,
        expected: &Map<String, Value>,
    ) -> Result<(), Stop> {
        let ours = self
            .service
            .attributes(queue)
            .map_err(|error| Stop::failed("the attributes of a queue", error.code().name()))?;
        for (name, expected) in expected {
            let got = attributes::given(name, ours, self.names.queues())?;
            if got != *expected {
                return Err(Stop::failed(format!("{name} {expected}"), got.to_string()));
            }
        }
        Ok(())
    }
}
