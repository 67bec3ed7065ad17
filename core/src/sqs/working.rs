//! The life of a worker: it starts, takes up what it has received, works, and ends.

use super::lane::{Reply, SqsLane, SqsTimer, Step};
use super::worker::{Client, Held, Item, Poll, Process, Thread};
use crate::ids::ActorId;
use crate::scenario::DeleteWhen;
use crate::time::SimDuration;
use crate::trace::{VisibilityReason, What};

impl SqsLane {
    pub(super) fn start(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        if worker.process == Process::Down {
            worker.reset();
            worker.process = Process::Up;
            step.out.event(What::ActorStarted { actor });
            self.poll(step, actor);
        }
    }

    /// The process ends, with everything that it holds.
    pub(super) fn end(&mut self, step: &mut Step<'_>, actor: ActorId, how: What) {
        if let Some(worker) = self.workers.get_mut(actor.index())
            && worker.process != Process::Down
        {
            worker.reset();
            self.hang_up(actor);
            step.out.event(how);
        }
    }

    /// The process ends when it has done what it holds: what SQS has already given to it is
    /// worked on first.
    pub(super) fn leave(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        if worker.process == Process::Down {
            return;
        }
        worker.process = Process::Leaving;
        if worker.arriving.is_empty() {
            worker.poll = Poll::Idle;
            self.hang_up(actor);
        }
        self.stop_if_done(step, actor);
    }

    fn stop_if_done(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let worker = self.workers.get(actor.index());
        if worker.is_some_and(|worker| worker.process == Process::Leaving && worker.is_idle()) {
            self.end(step, actor, What::ActorStopped { actor });
        }
    }

    /// The connection of a waiting receive is closed. That SQS then gives it nothing is our
    /// choice: nothing documents what happens to a message given at that very moment.
    fn hang_up(&mut self, actor: ActorId) {
        self.service.cancel_receive(actor.0.into());
    }

    pub(super) fn receive_answered(&mut self, step: &mut Step<'_>, client: Client) {
        if !self.lives(client) {
            return;
        }
        if let Some(worker) = self.workers.get_mut(client.actor.index())
            && worker.poll == Poll::Waiting
        {
            worker.poll = Poll::Idle;
            let arrived = std::mem::take(&mut worker.arriving);
            worker.batch.extend(arrived);
            self.go_on(step, client.actor);
        }
    }

    /// Takes up what is in hand with the threads that are free; asks for more when nothing is.
    fn go_on(&mut self, step: &mut Step<'_>, actor: ActorId) {
        while let Some(worker) = self.workers.get_mut(actor.index())
            && let Some(thread) = worker.free_thread()
        {
            if let Some(held) = worker.batch.pop_front() {
                self.take_up(step, (actor, thread), held);
                continue;
            }
            if worker.process == Process::Up && worker.poll == Poll::Idle {
                self.poll(step, actor);
            }
            break;
        }
        self.stop_if_done(step, actor);
    }

    fn take_up(&mut self, step: &mut Step<'_>, (actor, thread): (ActorId, u16), held: Held) {
        let client = self.client(actor, thread);
        let Some(team) = self.team(actor) else {
            return;
        };
        let delete = team.delete;
        if team.remembers(held.item.message) {
            step.out.event(What::WorkSkipped {
                actor,
                message: held.item.message,
                copy: held.item.copy,
            });
            if delete != DeleteWhen::Never {
                self.set(client, Thread::Closes);
                self.ask_to_delete(step, client, held);
            }
        } else if delete == DeleteWhen::BeforeWork {
            self.set(client, Thread::DeletesFirst(held));
            self.ask_to_delete(step, client, held);
        } else {
            self.begin(step, client, held);
        }
    }

    pub(super) fn begin(&mut self, step: &mut Step<'_>, client: Client, held: Held) {
        let message = held.item.message;
        let work = step.work.map(|work| work.takes(message));
        let takes = work.unwrap_or_default();
        let until = step.now + takes.into();
        let Some(worker) = self.workers.get_mut(client.actor.index()) else {
            return;
        };
        worker.jobs = worker.jobs.wrapping_add(1);
        let job = worker.jobs;
        let on = held;
        self.set(client, Thread::Works { on, job, until });
        step.out.event(What::WorkStarted {
            actor: client.actor,
            message,
            copy: held.item.copy,
            takes,
        });
        step.out.timer(until, SqsTimer::WorkDone(client));
        self.plan_heartbeat(step, client, job);
    }

    fn plan_heartbeat(&self, step: &mut Step<'_>, client: Client, job: u32) {
        let heartbeat = self.team(client.actor).and_then(|t| t.heartbeat.as_ref());
        let every = heartbeat.map(|heartbeat| heartbeat.every);
        if let (Some(every), Some(Thread::Works { until, .. })) = (every, self.thread(client))
            && step.now + every < until
        {
            let beat = SqsTimer::Heartbeat(client, job);
            step.out.timer(step.now + every, beat);
        }
    }

    /// ChangeMessageVisibility while the work goes on; nobody waits for the answer.
    pub(super) fn beat(&self, step: &mut Step<'_>, client: Client, its: u32) {
        if let Some(Thread::Works { on, job, .. }) = self.thread(client)
            && self.lives(client)
            && job == its
            && let Some(heartbeat) = self.team(client.actor).and_then(|t| t.heartbeat.as_ref())
        {
            let change = (VisibilityReason::Heartbeat, heartbeat.extends_to);
            self.ask_to_hide(step, (client, on), change);
            self.plan_heartbeat(step, client, job);
        }
    }

    pub(super) fn work_done(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(Thread::Works { on, .. }) = self.thread(client) else {
            return;
        };
        if !self.lives(client) {
            return;
        }
        self.set(client, Thread::Free);
        if self.attempt(step, on.item) {
            self.fail(step, client, on);
        } else {
            self.finish(step, client, on);
        }
        self.go_on(step, client.actor);
    }

    /// Whether the work on a copy fails this time.
    pub(super) fn attempt(&mut self, step: &Step<'_>, item: Item) -> bool {
        let key = (item.message, item.copy);
        let failed = self.failures.get(&key).copied().unwrap_or(0);
        let fails = step
            .work
            .is_some_and(|work| work.fails(item.message, failed + 1));
        if fails {
            self.failures.insert(key, failed + 1);
        }
        fails
    }

    fn fail(&mut self, step: &mut Step<'_>, client: Client, held: Held) {
        step.out.event(What::WorkFailed {
            actor: client.actor,
            message: held.item.message,
            copy: held.item.copy,
        });
        let Some(team) = self.team(client.actor) else {
            return;
        };
        // What it has deleted it cannot give back.
        if team.delete != DeleteWhen::BeforeWork
            && let Some((timeout, reason)) = team.after_failure(held.receive_count)
        {
            self.set(client, Thread::Closes);
            self.ask_to_hide(step, (client, held), (reason, timeout));
        }
    }

    fn finish(&mut self, step: &mut Step<'_>, client: Client, held: Held) {
        let actor = client.actor;
        let (message, copy) = (held.item.message, held.item.copy);
        let Some(team) = self.team_mut(actor) else {
            return;
        };
        let what = if team.remembers(message) {
            What::WorkDiscarded {
                actor,
                message,
                copy,
            }
        } else {
            team.remember(message);
            What::WorkFinished {
                actor,
                message,
                copy,
            }
        };
        let (delete, delay) = (team.delete, team.delete_delay);
        step.out.event(what);
        if delete == DeleteWhen::AfterWork {
            if delay > SimDuration::ZERO {
                self.set(client, Thread::Lingers(held));
                let due = SqsTimer::DeleteDue(client);
                return step.out.timer(step.now + delay, due);
            }
            self.set(client, Thread::Closes);
            self.ask_to_delete(step, client, held);
        }
    }

    /// What a thread did after its work is over: it deletes.
    pub(super) fn delete_due(&mut self, step: &mut Step<'_>, client: Client) {
        if let Some(Thread::Lingers(held)) = self.thread(client)
            && self.lives(client)
        {
            self.set(client, Thread::Closes);
            self.ask_to_delete(step, client, held);
        }
    }

    /// The answer to a delete or a change of visibility has come to its thread.
    pub(super) fn answered(&mut self, step: &mut Step<'_>, client: Client, reply: Reply) {
        if !self.lives(client) {
            return;
        }
        match (self.thread(client), reply) {
            (Some(Thread::DeletesFirst(held)), Reply::Success) => self.begin(step, client, held),
            // An error of SQS ends the attempt, and the message will come again.
            (Some(Thread::DeletesFirst(_) | Thread::Closes), _) => {
                self.set(client, Thread::Free);
                self.go_on(step, client.actor);
            }
            // A heartbeat's.
            _ => {}
        }
    }

    fn ask_to_delete(&self, step: &mut Step<'_>, client: Client, held: Held) {
        let arrives = SqsTimer::DeleteArrives(client, held, 0);
        step.out.timer(step.now + self.latency, arrives);
    }

    fn ask_to_hide(
        &self,
        step: &mut Step<'_>,
        (client, held): (Client, Held),
        (reason, timeout): (VisibilityReason, SimDuration),
    ) {
        let arrives = SqsTimer::VisibilityArrives(client, held, reason, timeout);
        step.out.timer(step.now + self.latency, arrives);
    }
}
