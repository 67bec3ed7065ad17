//! Plays a script against the simulation in virtual time: the clock goes from one timeout of the
//! queues to the next, and answers that wait are compared when they come.

mod admin;
mod receives;
mod sending;
mod topics;

use std::collections::BTreeMap;

use broker_lab_core::sqs::{ErrorCode, MoveTaskHandle, ReceiptHandle, Service, batch, parameter};
use broker_lab_core::{QueueId, SimTime};

use super::messages::Letter;
use super::names::Names;
use super::script::{
    Batch, Call, Count, Counts, Entries, FailedEntry, Handle, Operation, Script, Step,
};
use super::{Stop, digests};
use receives::Receives;
use topics::Topics;

/// The receive of a message that was never received.
const NEVER: u32 = u32::MAX;

/// Plays all of it; the first thing that differs ends it.
pub(super) fn play(script: &Script) -> Result<(), Stop> {
    let mut play = Play {
        service: Service::new(),
        now: SimTime::ZERO,
        names: Names::of(script),
        receives: Receives::default(),
        tasks: BTreeMap::new(),
        topics: Topics::default(),
    };
    if script.steps.is_empty() {
        return Err(Stop::skipped("it has no steps"));
    }
    play.make_queues(script)?;
    play.make_topics(script)?;
    for (number, step) in script.steps.iter().enumerate() {
        let at = SimTime::from_millis(step.t_ms);
        if at < play.now {
            return Err(Stop::skipped("its steps go back in time"));
        }
        play.run_until(at)?;
        play.take(step)
            .map_err(|stop| stop.at_step(number, step.t_ms))?;
    }
    play.run_until_answered()
}

impl Stop {
    fn at_step(self, number: usize, t_ms: u64) -> Self {
        match self {
            Self::Failed { expected, got } => Self::Failed {
                expected: format!("step {number} at {t_ms} ms: {expected}"),
                got,
            },
            Self::Skipped(reason) => Self::Skipped(reason),
        }
    }
}

struct Play<'s> {
    service: Service<Letter>,
    now: SimTime,
    names: Names<'s>,
    receives: Receives<'s>,
    /// Redrive tasks by what the script calls them.
    tasks: BTreeMap<&'s str, MoveTaskHandle>,
    topics: Topics,
}

/// Success or an error, as the caller sees it.
type Answered = Result<(), ErrorCode>;

impl<'s> Play<'s> {
    fn make_queues(&mut self, script: &Script) -> Result<(), Stop> {
        for queue in &script.queues {
            if let Err(error) = self.create_queue(&queue.name, &queue.attributes)? {
                let expected = format!("a queue {} {:?}", queue.name, queue.attributes);
                return Err(Stop::failed(expected, error.name()));
            }
        }
        Ok(())
    }

    fn run_until(&mut self, at: SimTime) -> Result<(), Stop> {
        while let Some(next) = self.service.next_timeout()
            && next <= at
        {
            self.advance(next)?;
        }
        self.now = at;
        Ok(())
    }

    fn run_until_answered(&mut self) -> Result<(), Stop> {
        while let Some(waiting) = self.receives.first_waiting() {
            match self.service.next_timeout() {
                Some(next) => self.advance(next)?,
                None => return Err(Stop::failed(format!("an answer to {waiting}"), "none")),
            }
        }
        Ok(())
    }

    fn advance(&mut self, at: SimTime) -> Result<(), Stop> {
        self.now = at;
        self.service.advance(at, &mut self.receives.effects);
        self.settle()
    }

    /// Tells the receives what came of a call, and compares those that are answered.
    fn settle(&mut self) -> Result<(), Stop> {
        self.receives.settle(self.now, &self.names)
    }

    fn take(&mut self, step: &'s Step) -> Result<(), Stop> {
        let queue = self.names.queue(&mut self.service, &step.queue);
        match &step.operation {
            Operation::Send(message, call) => {
                let name = message.name(step.name.as_deref());
                let sent = self.send(queue, message, name)?;
                self.names.check(&call.same_message_as)?;
                sending::compare(call, sent)?;
                digests::compare(call, &Letter::of(message, name)?)
            }
            Operation::SendBatch(batch, expected) => self.send_batch(queue, batch, expected),
            Operation::SendMany(many, call) => {
                let sent = self.send_many(queue, many)?;
                compare_call(call, sent)
            }
            Operation::Receive(receive, expected) => {
                let name = step.name.as_deref();
                self.receive(queue, receive, (name, Some(expected)))?;
                Ok(())
            }
            Operation::ReceiveMany(many, expected) => self.receive_many(queue, many, expected),
            Operation::Delete(handle, call) => {
                let deleted = self.delete(queue, handle)?;
                compare_call(call, deleted)
            }
            Operation::DeleteBatch(batch, expected) => {
                let entries = named(batch, |handle| handle.id.as_deref());
                let refused = check_ids(&entries);
                self.batch(queue, (refused, entries), expected, Self::delete)
            }
            Operation::ChangeVisibility(handle, call) => {
                let changed = self.change_visibility(queue, handle)?;
                compare_call(call, changed)
            }
            Operation::ChangeVisibilityBatch(batch, expected) => {
                let entries = named(batch, |handle| handle.id.as_deref());
                let refused = check_ids(&entries);
                self.batch(queue, (refused, entries), expected, Self::change_visibility)
            }
            Operation::Purge(_, call) => {
                let effects = &mut self.receives.effects;
                let purged = self.service.purge(self.now, queue, effects);
                self.settle()?;
                compare_call(call, purged.map_err(|error| error.code()))
            }
            Operation::Publish(publish, call) => {
                let published = self.publish(&step.topic, (publish, step.name.as_deref()))?;
                compare_call(call, published)
            }
            Operation::Subscribe(request, call) => {
                let subscribed = self.subscribe(&step.topic, (request, step.name.as_deref()))?;
                compare_call(call, subscribed)
            }
            Operation::Unsubscribe(request, call) => {
                let unsubscribed = self.unsubscribe(&step.topic, request)?;
                compare_call(call, unsubscribed)
            }
            Operation::SetAttributes(changes, call) => {
                let set = self.set_attributes(queue, &changes.attributes)?;
                compare_call(call, set)
            }
            Operation::Create(attributes, call) => {
                let created = self.create_queue(&step.queue, &attributes.attributes)?;
                compare_call(call, created)
            }
            Operation::DeleteQueue(_, call) => {
                let deleted = self.delete_queue(queue)?;
                compare_call(call, deleted)
            }
            Operation::StartMove(start, call) => {
                let started = self.start_move_task(queue, start, step.name.as_deref())?;
                compare_call(call, started)
            }
            Operation::CancelMove(cancel, call) => {
                let cancelled = self.cancel_move_task(&cancel.task)?;
                compare_call(call, cancelled)
            }
            Operation::MoveTask(_, expected) => self.compare_move_task(queue, expected),
            Operation::Counts(_, counts) => self.compare_counts(queue, counts),
            Operation::Partition(partition, _) => {
                self.names.check(&partition.of)?;
                self.receives.compare_partition(partition)
            }
            Operation::Sequence(sequence, _) => self.names.compare_sequence(&sequence.rising),
            Operation::Receipts(receipts, same) => {
                self.receives.compare_receipts(&receipts.receipts, same.are)
            }
            Operation::Attributes(_, expected) => self.compare_attributes(queue, expected),
        }
    }

    fn delete(&mut self, queue: QueueId, handle: &Handle) -> Result<Answered, Stop> {
        if let Err(error) = self.exists(queue) {
            return Ok(Err(error));
        }
        let receipt = self.receipt(queue, handle)?;
        let effects = &mut self.receives.effects;
        let deletion = self.service.delete(self.now, receipt, effects);
        self.settle()?;
        Ok(deletion.code().map_or(Ok(()), Err))
    }

    fn change_visibility(&mut self, queue: QueueId, handle: &Handle) -> Result<Answered, Stop> {
        if let Err(error) = self.exists(queue) {
            return Ok(Err(error));
        }
        let receipt = self.receipt(queue, handle)?;
        let seconds = handle.visibility_timeout.unwrap_or_default();
        let timeout = match parameter::VISIBILITY_TIMEOUT.check_seconds(seconds) {
            Ok(timeout) => timeout,
            Err(error) => return Ok(Err(error.code())),
        };
        let effects = &mut self.receives.effects;
        let changed = self
            .service
            .change_visibility(self.now, receipt, timeout, effects);
        self.settle()?;
        Ok(changed.map_err(|error| error.code()))
    }

    fn receipt(&self, queue: QueueId, handle: &Handle) -> Result<ReceiptHandle, Stop> {
        let receipt = match (&handle.receipt, &handle.receipt_of, &handle.receive) {
            (Some(place), _, _) => self.receives.receipt(place)?,
            (None, Some(message), Some(receive)) => {
                self.names.check([message])?;
                self.receives.receipt_of(message, receive)?
            }
            _ => ReceiptHandle {
                queue,
                message: NEVER,
                receive: NEVER,
            },
        };
        if receipt.queue != queue {
            return Err(Stop::skipped(
                "a receipt handle that is used at another queue is not documented",
            ));
        }
        Ok(receipt)
    }

    /// Does the entries of a batch one by one, unless it is refused as a whole.
    fn batch<T>(
        &mut self,
        queue: QueueId,
        (refused, entries): (Answered, Vec<(&str, &T)>),
        expected: &Batch,
        each: impl Fn(&mut Self, QueueId, &T) -> Result<Answered, Stop>,
    ) -> Result<(), Stop> {
        let whole = self.exists(queue).and(refused);
        let call = Call {
            error: expected.error.clone(),
        };
        compare_call(&call, whole)?;
        if whole.is_err() {
            return Ok(());
        }
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in entries {
            let id = id.to_owned();
            match each(self, queue, entry)? {
                Ok(()) => successful.push(id),
                Err(error) => failed.push(FailedEntry {
                    id,
                    code: error.name().to_owned(),
                }),
            }
        }
        compare_batch(expected, (successful, failed))
    }

    fn exists(&self, queue: QueueId) -> Answered {
        match self.service.attributes(queue) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.code()),
        }
    }

    fn compare_counts(&self, queue: QueueId, expected: &Counts) -> Result<(), Stop> {
        let counts = self
            .service
            .counts(queue)
            .map_err(|error| Stop::failed("the counts of a queue", error.code().name()))?;
        let pairs = [
            ("visible", expected.visible, counts.visible),
            ("not visible", expected.not_visible, counts.not_visible),
            ("delayed", expected.delayed, counts.delayed),
        ];
        for (what, expected, got) in pairs {
            let (least, most) = match expected {
                Some(Count::Is(number)) => (number, number),
                Some(Count::Within([least, most])) => (least, most),
                None => continue,
            };
            if !(least..=most).contains(&got) {
                let expected = format!("{least}..={most} {what}");
                return Err(Stop::failed(expected, got.to_string()));
            }
        }
        Ok(())
    }
}

/// The entries of a batch with their ids.
fn named<T>(batch: &Entries<T>, id: impl Fn(&T) -> Option<&str>) -> Vec<(&str, &T)> {
    let entries = batch.entries.iter();
    entries
        .map(|entry| (id(entry).unwrap_or_default(), entry))
        .collect()
}

fn check_ids<T>(entries: &[(&str, &T)]) -> Answered {
    let ids: Vec<&str> = entries.iter().map(|(id, _)| *id).collect();
    batch::check_ids(&ids).map_err(|error| error.code())
}

fn compare_call(expected: &Call, got: Answered) -> Result<(), Stop> {
    let (expected, fits) = match (expected.error.as_deref(), got) {
        (None, got) => ("success", got.is_ok()),
        (Some("*"), got) => ("any error", got.is_err()),
        (Some(name), got) => (name, got.is_err_and(|error| error.name() == name)),
    };
    if fits {
        return Ok(());
    }
    let got = got.map_or_else(ErrorCode::name, |()| "success");
    Err(Stop::failed(expected, got))
}

fn compare_batch(
    expected: &Batch,
    (mut successful, mut failed): (Vec<String>, Vec<FailedEntry>),
) -> Result<(), Stop> {
    successful.sort();
    failed.sort();
    let no_list = expected.successful.is_none() && expected.failed.is_none();
    let expected_failed = match &expected.failed {
        None if no_list => Some(Vec::new()),
        other => other.clone(),
    };
    if let Some(mut expected) = expected_failed {
        expected.sort();
        let fits = expected.len() == failed.len()
            && expected.iter().zip(&failed).all(|(expected, got)| {
                expected.id == got.id && (expected.code == "*" || expected.code == got.code)
            });
        if !fits {
            let (expected, got) = (format!("failed {expected:?}"), format!("{failed:?}"));
            return Err(Stop::failed(expected, got));
        }
    }
    if let Some(mut expected) = expected.successful.clone() {
        expected.sort();
        if expected != successful {
            let expected = format!("successful {expected:?}");
            return Err(Stop::failed(expected, format!("{successful:?}")));
        }
    }
    Ok(())
}
