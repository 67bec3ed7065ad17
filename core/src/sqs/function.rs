//! Functions of a queue lane: Lambda's event source mapping polls the queue, and each of its
//! processes is an actor that works on its batch, message by message.

use std::collections::VecDeque;

use litemap::LiteMap;

use super::lane::{SqsLane, SqsTimer, Step};
use super::worker::{Client, Held, Item, Process, Thread};
use super::{ReceiveRequest, Received};
use crate::ids::{ActorId, QueueId};
use crate::lambda::reserved::{Admission, ReservedConcurrency};
use crate::lambda::response::{Answer, Ended, Identifier};
use crate::lambda::settings::QueueType;
use crate::lambda::{Delivered, Invocation, Mapping, ProcessId, Request};
use crate::scenario::{self, EventSourceMapping};
use crate::time::{SimDuration, SimTime};
use crate::trace::What;

/// Bytes of a message of the workload, which says nothing of them: a choice. So a batch never
/// comes to the 6 MB of a payload.
const MESSAGE_BYTES: u64 = 256;

/// A function and the mapping that invokes it.
#[derive(Clone, Debug)]
pub(super) struct Function {
    queue: QueueId,
    pub(super) mapping: Mapping<Lent>,
    reserved: Option<ReservedConcurrency>,
    reports: Reports,
    /// Its actors, by process.
    actors: Vec<ActorId>,
    /// By process.
    runs: Vec<Run>,
    wake_at: Option<SimTime>,
    state: Enabled,
    /// Its DeleteMessageBatches on their way to a FIFO queue, by number.
    deletes: LiteMap<u32, Vec<(Client, Held)>>,
    next_delete: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Enabled {
    NotYet,
    Yes,
}

/// What a function does about a message whose work fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reports {
    /// It throws an error.
    Throws,
    /// It goes on, and reports it.
    Failures,
    /// It stops, and reports it and all after it: what keeps the order of a FIFO queue.
    FromTheFirst,
}

/// A message that a process has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lent {
    pub(super) held: Held,
    pub(super) actor: ActorId,
}

/// What one process has in hand.
#[derive(Clone, Debug, Default)]
struct Run {
    /// On the way to it.
    arriving: Vec<Delivered<Lent>>,
    invocation: Option<Invocation>,
    left: VecDeque<Lent>,
    failed: Vec<Identifier<Lent>>,
}

impl Function {
    /// `None`: Lambda refuses it, which the scenario's check has told.
    pub(super) fn new(mapping: &EventSourceMapping, lane: &scenario::SqsLane) -> Option<Self> {
        let queue = lane.find_queue(&mapping.queue)?;
        let written = lane.queues.get(queue.index())?;
        let settings = mapping.settings(written).ok()?;
        Some(Self {
            queue,
            mapping: Mapping::new(settings),
            reserved: mapping.reserved_concurrency.map(ReservedConcurrency::new),
            reports: match (mapping.report_batch_item_failures, written.is_fifo()) {
                (false, _) => Reports::Throws,
                (true, false) => Reports::Failures,
                (true, true) => Reports::FromTheFirst,
            },
            actors: Vec::new(),
            runs: Vec::new(),
            wake_at: None,
            state: Enabled::NotYet,
            deletes: LiteMap::new(),
            next_delete: 0,
        })
    }

    pub(super) fn actor(&self, process: ProcessId) -> Option<ActorId> {
        self.actors.get(usize::try_from(process.0).ok()?).copied()
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.mapping.settings().queue_type == QueueType::Fifo
    }

    /// Notes what a DeleteMessageBatch on its way names; its number.
    pub(super) fn send_deletes(&mut self, batch: Vec<(Client, Held)>) -> u32 {
        self.next_delete += 1;
        self.deletes.insert(self.next_delete, batch);
        self.next_delete
    }

    pub(super) fn take_deletes(&mut self, number: u32) -> Option<Vec<(Client, Held)>> {
        self.deletes.remove(&number)
    }

    /// It is still on its way.
    pub(super) fn keep_deletes(&mut self, number: u32, batch: Vec<(Client, Held)>) {
        self.deletes.insert(number, batch);
    }

    /// An invocation is over, with all that it had in hand; `None`: there was none.
    pub(super) fn end(&mut self, process: ProcessId) -> Option<Invocation> {
        if let Some(reserved) = &mut self.reserved {
            reserved.end();
        }
        let run = self.run(process)?;
        run.left.clear();
        run.failed.clear();
        run.invocation.take()
    }

    /// Whether the function works for a process.
    pub(super) fn is_invoked(&mut self, process: ProcessId) -> bool {
        self.run(process)
            .is_some_and(|run| run.invocation.is_some())
    }

    fn run(&mut self, process: ProcessId) -> Option<&mut Run> {
        self.runs.get_mut(usize::try_from(process.0).ok()?)
    }
}

impl SqsLane {
    pub(super) fn is_invocation(&self, actor: ActorId) -> bool {
        let worker = self.workers.get(actor.index());
        worker.is_some_and(|worker| worker.team >= self.teams.len())
    }

    /// The function of an actor, by number, and which of its processes the actor is.
    pub(super) fn place(&self, actor: ActorId) -> Option<(usize, ProcessId)> {
        let worker = self.workers.get(actor.index())?;
        let function = worker.team.checked_sub(self.teams.len())?;
        let mut actors = self.functions.get(function)?.actors.iter();
        let process = actors.position(|its| *its == actor)?;
        Some((function, ProcessId(u32::try_from(process).ok()?)))
    }

    /// One more actor of a function; with the first one its mapping is enabled.
    pub(super) fn add_invocation(&mut self, step: &mut Step<'_>, number: usize, actor: ActorId) {
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        if function.actors.is_empty() {
            let enable = SqsTimer::MappingDue(u16::try_from(number).unwrap_or(u16::MAX));
            step.out.timer(step.now, enable);
        }
        function.actors.push(actor);
        function.runs.push(Run::default());
    }

    pub(super) fn mapping_due(&mut self, step: &mut Step<'_>, number: u16) {
        let Some(function) = self.functions.get_mut(usize::from(number)) else {
            return;
        };
        let mut requests = Vec::new();
        if function.state == Enabled::NotYet {
            function.state = Enabled::Yes;
            function.mapping.enable(step.now, &mut requests);
        }
        if function.wake_at.is_some_and(|at| at <= step.now) {
            function.wake_at = None;
        }
        function.mapping.advance(step.now, &mut requests);
        self.grant(step, number.into(), requests);
    }

    /// Does what a mapping asks for, and what comes of it.
    pub(super) fn grant(
        &mut self,
        step: &mut Step<'_>,
        number: usize,
        requests: Vec<Request<Lent>>,
    ) {
        let mut requests = VecDeque::from(requests);
        while let Some(request) = requests.pop_front() {
            requests.extend(self.grant_one(step, number, request));
        }
        if let Some(function) = self.functions.get_mut(number)
            && let Some(next) = function.mapping.next_timeout()
            && function.wake_at.is_none_or(|at| next < at)
        {
            function.wake_at = Some(next);
            let due = SqsTimer::MappingDue(u16::try_from(number).unwrap_or(u16::MAX));
            step.out.timer(next, due);
        }
    }

    fn grant_one(
        &mut self,
        step: &mut Step<'_>,
        number: usize,
        request: Request<Lent>,
    ) -> Vec<Request<Lent>> {
        match request {
            Request::Receive {
                process,
                max_number_of_messages,
                wait_time,
            } => {
                if let Some(actor) = self.functions.get(number).and_then(|f| f.actor(process)) {
                    let client = self.client(actor, 0);
                    let request = (max_number_of_messages, wait_time);
                    let receives = SqsTimer::MappingReceives(client, request, 0);
                    step.out.timer(step.now + self.latency, receives);
                }
            }
            Request::HangUp { process } => {
                if let Some(actor) = self.functions.get(number).and_then(|f| f.actor(process)) {
                    self.service.cancel_receive(actor.0.into());
                }
            }
            Request::Invoke {
                invocation,
                messages,
                ..
            } => return self.invoke(step, number, (invocation, messages)),
            Request::TimedOut { invocation } => self.stop_function(step, number, invocation),
            Request::Delete { messages } => self.delete_batch(step, number, messages),
            Request::LetGo { messages, .. } => {
                for lent in messages {
                    step.out.event(What::LetGo {
                        actor: lent.actor,
                        message: lent.held.item.message,
                        copy: lent.held.item.copy,
                    });
                }
            }
            Request::Scaled { processes } => {
                let team = self.teams.len() + number;
                let team = u16::try_from(team).unwrap_or(u16::MAX);
                step.out.event(What::Scaled { team, processes });
            }
        }
        Vec::new()
    }

    pub(super) fn mapping_receives(
        &mut self,
        step: &mut Step<'_>,
        client: Client,
        ((number, wait), tries): ((u8, SimDuration), u8),
    ) {
        let place = self.place(client.actor);
        let function = place.and_then(|(function, process)| {
            let function = self.functions.get(function)?;
            // It has hung up in the meantime.
            function.mapping.is_receiving(process).then_some(function)
        });
        if let Some(queue) = function.map(|function| function.queue) {
            let again = |tries| SqsTimer::MappingReceives(client, (number, wait), tries);
            if !self.admits_receive(step, (queue, client), (number, tries), again) {
                return;
            }
            let request = ReceiveRequest {
                max_number_of_messages: number,
                wait_time: Some(wait),
                ..ReceiveRequest::default()
            };
            let waiter = (client.actor.0.into(), request);
            let taken = self
                .service
                .receive(step.now, queue, waiter, &mut self.effects);
            debug_assert!(taken.is_ok(), "the scenario's check knows the queues");
            self.drain(step);
        }
    }

    pub(super) fn take_for_function(
        &mut self,
        now: SimTime,
        actor: ActorId,
        received: &Received<Item>,
    ) {
        let Some((number, process)) = self.place(actor) else {
            return;
        };
        let held = Held {
            item: received.body,
            receipt: received.receipt_handle,
            receive_count: received.receive_count,
        };
        let run = self.functions.get_mut(number).and_then(|f| f.run(process));
        if let Some(run) = run {
            run.arriving.push(Delivered {
                message: Lent { held, actor },
                bytes: MESSAGE_BYTES,
                hidden_until: now + received.timeout,
            });
        }
    }

    pub(super) fn mapping_received(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some((number, process)) = self.place(actor) else {
            return;
        };
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        let arrived = function
            .run(process)
            .map(|run| std::mem::take(&mut run.arriving));
        let mut requests = Vec::new();
        let arrived = arrived.unwrap_or_default();
        function
            .mapping
            .on_received(step.now, process, arrived, &mut requests);
        self.grant(step, number, requests);
    }

    fn invoke(
        &mut self,
        step: &mut Step<'_>,
        number: usize,
        (invocation, messages): (Invocation, Vec<Lent>),
    ) -> Vec<Request<Lent>> {
        let mut requests = Vec::new();
        let Some(function) = self.functions.get_mut(number) else {
            return requests;
        };
        let Some(actor) = function.actor(invocation.process) else {
            return requests;
        };
        let admission = function.reserved.as_mut().map(ReservedConcurrency::invoke);
        if admission == Some(Admission::Throttled) {
            step.out.event(What::Throttled { actor });
            function
                .mapping
                .on_throttled(step.now, invocation, &mut requests);
            return requests;
        }
        if let Some(run) = function.run(invocation.process) {
            run.invocation = Some(invocation);
            run.left = messages.into();
            run.failed.clear();
        }
        // Its execution environment, which is kept from one invocation to the next.
        if let Some(worker) = self.workers.get_mut(actor.index())
            && worker.process == Process::Down
        {
            worker.reset();
            worker.process = Process::Up;
            step.out.event(What::ActorStarted { actor });
        }
        self.next_of_batch(step, actor)
    }

    /// The function takes up the next message of its batch, or returns.
    fn next_of_batch(&mut self, step: &mut Step<'_>, actor: ActorId) -> Vec<Request<Lent>> {
        let Some((number, process)) = self.place(actor) else {
            return Vec::new();
        };
        let run = self.functions.get_mut(number).and_then(|f| f.run(process));
        let Some(run) = run else { return Vec::new() };
        if let Some(lent) = run.left.front() {
            let held = lent.held;
            self.begin(step, self.client(actor, 0), held);
            return Vec::new();
        }
        let failed = std::mem::take(&mut run.failed);
        let answer = if failed.is_empty() {
            Answer::Empty
        } else {
            Answer::Failures(failed)
        };
        self.end_invocation(step, actor, &Ended::Returned(answer))
    }

    /// The work on a message of a batch ends.
    pub(super) fn function_done(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let Some(Thread::Works { on, .. }) = self.thread(client) else {
            return;
        };
        if !self.lives(client) {
            return;
        }
        self.set(client, Thread::Free);
        let (message, copy) = (on.item.message, on.item.copy);
        let fails = self.attempt(step, on.item);
        step.out.event(if fails {
            What::WorkFailed {
                actor,
                message,
                copy,
            }
        } else {
            What::WorkFinished {
                actor,
                message,
                copy,
            }
        });
        let Some((number, process)) = self.place(actor) else {
            return;
        };
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        let reports = function.reports;
        let Some(run) = function.run(process) else {
            return;
        };
        let lent = run.left.pop_front();
        let requests = if !fails {
            self.next_of_batch(step, actor)
        } else if reports == Reports::Throws {
            self.end_invocation(step, actor, &Ended::Threw)
        } else {
            run.failed.extend(lent.map(Identifier::Message));
            if reports == Reports::FromTheFirst {
                let rest = run.left.drain(..).map(Identifier::Message);
                run.failed.extend(rest);
            }
            self.next_of_batch(step, actor)
        };
        self.grant(step, number, requests);
    }
}
