//! How invocations of a queue lane end, and what Lambda deletes then.

use super::function::Lent;
use super::lane::{SqsLane, SqsTimer, Step};
use super::worker::{Client, Held, Process};
use crate::ids::ActorId;
use crate::lambda::response::Ended;
use crate::lambda::{Invocation, Request};
use crate::trace::What;

impl SqsLane {
    pub(super) fn end_invocation(
        &mut self,
        step: &Step<'_>,
        actor: ActorId,
        ended: &Ended<Lent>,
    ) -> Vec<Request<Lent>> {
        let mut requests = Vec::new();
        let Some((number, process)) = self.place(actor) else {
            return requests;
        };
        let Some(function) = self.functions.get_mut(number) else {
            return requests;
        };
        if let Some(invocation) = function.end(process) {
            function
                .mapping
                .on_ended(step.now, invocation, ended, &mut requests);
        }
        requests
    }

    /// The function ran into its timeout: Lambda stops it with its environment.
    pub(super) fn stop_function(
        &mut self,
        step: &mut Step<'_>,
        number: usize,
        invocation: Invocation,
    ) {
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        function.end(invocation.process);
        let actor = function.actor(invocation.process);
        if let Some(actor) = actor
            && let Some(worker) = self.workers.get_mut(actor.index())
        {
            worker.reset();
            step.out.event(What::ActorCrashed { actor });
        }
    }

    /// A command kills the environment of an invocation: Lambda sees an error.
    pub(super) fn kill(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some((number, process)) = self.place(actor) else {
            return;
        };
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        if worker.process == Process::Down {
            return;
        }
        worker.reset();
        step.out.event(What::ActorCrashed { actor });
        let function = self.functions.get_mut(number);
        if function.is_some_and(|function| function.is_invoked(process)) {
            let requests = self.end_invocation(step, actor, &Ended::Threw);
            self.grant(step, number, requests);
        }
    }

    /// Deletes what a function has succeeded with: by DeleteMessageBatch. A standard queue, which
    /// throttles nothing, sees the messages of a batch one by one.
    pub(super) fn delete_batch(&mut self, step: &mut Step<'_>, number: usize, messages: Vec<Lent>) {
        let with_client = |lent: Lent| (self.client(lent.actor, 0), lent.held);
        let batch: Vec<(Client, Held)> = messages.into_iter().map(with_client).collect();
        let at = step.now + self.latency;
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        if function.is_fifo() {
            let batch = function.send_deletes(batch);
            let function = u16::try_from(number).unwrap_or(u16::MAX);
            let arrives = SqsTimer::MappingDeletes((function, batch), 0);
            return step.out.timer(at, arrives);
        }
        for (client, held) in batch {
            step.out.timer(at, SqsTimer::DeleteArrives(client, held, 0));
        }
    }

    /// A DeleteMessageBatch of a mapping comes to a FIFO queue.
    pub(super) fn mapping_deletes(
        &mut self,
        step: &mut Step<'_>,
        (number, batch): (u16, u32),
        tries: u8,
    ) {
        let function = self.functions.get_mut(usize::from(number));
        let Some(deletes) = function.and_then(|function| function.take_deletes(batch)) else {
            return;
        };
        let again = SqsTimer::MappingDeletes((number, batch), tries.saturating_add(1));
        if self.admits_batch(step, &deletes, (tries, again)) {
            for (client, held) in deletes {
                self.delete_arrives(step, client, held);
            }
        } else if let Some(function) = self.functions.get_mut(usize::from(number)) {
            function.keep_deletes(batch, deletes);
        }
    }
}
