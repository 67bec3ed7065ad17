//! What workers ask of SQS about a message, and what they are answered.

use super::Deletion;
use super::lane::{Reply, SqsLane, SqsTimer, Step};
use super::team::Team;
use super::worker::{Client, Held, Thread};
use crate::ids::ActorId;
use crate::time::SimDuration;
use crate::trace::{VisibilityReason, What};

impl SqsLane {
    pub(super) fn team(&self, actor: ActorId) -> Option<&Team> {
        self.teams.get(self.workers.get(actor.index())?.team)
    }

    pub(super) fn team_mut(&mut self, actor: ActorId) -> Option<&mut Team> {
        self.teams.get_mut(self.workers.get(actor.index())?.team)
    }

    pub(super) fn thread(&self, client: Client) -> Option<Thread> {
        let worker = self.workers.get(client.actor.index())?;
        worker.threads.get(usize::from(client.thread)).copied()
    }

    pub(super) fn set(&mut self, client: Client, next: Thread) {
        let worker = self.workers.get_mut(client.actor.index());
        if let Some(thread) = worker.and_then(|w| w.threads.get_mut(usize::from(client.thread))) {
            *thread = next;
        }
    }

    pub(super) fn delete_arrives(&mut self, step: &mut Step<'_>, client: Client, held: Held) {
        // What is due by now happens before: its events come first.
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let queue = held.receipt.queue;
        let actor = client.actor;
        let (message, copy) = (held.item.message, held.item.copy);
        let deletion = self
            .service
            .delete(step.now, held.receipt, &mut self.effects);
        match deletion {
            Deletion::Deleted(_) => step.out.event(What::Deleted {
                queue,
                actor,
                message,
                copy,
            }),
            Deletion::Stale(_) => step.out.event(What::DeleteIgnored {
                queue,
                actor,
                message,
                copy,
            }),
            Deletion::Expired(_) => step.out.event(What::DeleteFailed {
                queue,
                actor,
                message,
                copy,
            }),
            // It expired in the meantime, or was purged.
            Deletion::Gone | Deletion::InvalidReceipt | Deletion::NoQueue => {}
        }
        self.drain(step);
        let reply = match deletion.code() {
            None => Reply::Success,
            Some(_) => Reply::Error,
        };
        self.answer(step, client, reply);
    }

    pub(super) fn visibility_arrives(
        &mut self,
        step: &mut Step<'_>,
        (client, held): (Client, Held),
        (reason, timeout): (VisibilityReason, SimDuration),
    ) {
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let queue = held.receipt.queue;
        let actor = client.actor;
        let (message, copy) = (held.item.message, held.item.copy);
        // On a message that is visible again it is accepted, without effect.
        let is_hidden = self.service.is_in_flight(held.receipt);
        let changed =
            self.service
                .change_visibility(step.now, held.receipt, timeout, &mut self.effects);
        match changed {
            Ok(()) if is_hidden => step.out.event(What::VisibilityChanged {
                queue,
                actor,
                message,
                copy,
                timeout: timeout.into(),
                reason,
            }),
            Ok(()) => {}
            Err(_) => step.out.event(What::VisibilityRefused {
                queue,
                actor,
                message,
                copy,
            }),
        }
        self.drain(step);
        // A heartbeat is sent beside the work: nobody waits for its answer.
        if reason != VisibilityReason::Heartbeat {
            let reply = if changed.is_ok() {
                Reply::Success
            } else {
                Reply::Error
            };
            self.answer(step, client, reply);
        }
    }

    fn answer(&self, step: &mut Step<'_>, client: Client, reply: Reply) {
        let answer = SqsTimer::Answer(client, reply);
        step.out.timer(step.now + self.latency, answer);
    }
}
