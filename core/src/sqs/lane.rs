//! A queue lane: producers' messages arriving, queues and their workers, and the network between
//! them. Every request and answer takes the scenario's latency.

use super::worker::{Client, Held, Leaving, State, Worker};
use super::{
    Deletion, Effect, QueueAttributes, ReceiptHandle, ReceiveRequest, RedrivePolicy, SendRequest,
    Service,
};
use crate::engine::{ActorChange, Outbox};
use crate::ids::{ActorId, MessageId, QueueId};
use crate::scenario;
use crate::time::{SimDuration, SimTime};
use crate::trace::What;
use crate::workload::Assigned;

/// A queue lane.
#[derive(Clone, Debug)]
pub(crate) struct SqsLane {
    latency: SimDuration,
    send_to: QueueId,
    service: Service<MessageId>,
    teams: Vec<Team>,
    workers: Vec<Worker>,
    /// For when the service asked to be woken.
    wake_at: Option<SimTime>,
    effects: Vec<Effect<MessageId>>,
}

/// How workers of one kind receive.
#[derive(Clone, Debug)]
struct Team {
    queue: QueueId,
    request: ReceiveRequest,
}

/// What is due later in a queue lane.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SqsTimer {
    /// A producer's message reaches SQS.
    MessageArrives(MessageId),
    /// ReceiveMessage reaches SQS.
    ReceiveArrives(Client),
    /// Its answer reaches the worker.
    ReceiveAnswer(Client),
    /// The work on the message in hand ends.
    WorkDone(Client),
    /// DeleteMessage reaches SQS.
    DeleteArrives(ActorId, ReceiptHandle),
    /// Its answer reaches the worker.
    DeleteAnswer(Client),
    /// A timeout of SQS is due.
    ServiceDue,
}

impl SqsLane {
    pub(crate) fn new(lane: &scenario::SqsLane, latency: SimDuration) -> Self {
        let queue_id = |name: &String| {
            let index = lane.queues.iter().position(|queue| queue.name == *name);
            QueueId(u16::try_from(index.unwrap_or(0)).unwrap_or(0))
        };
        let mut service = Service::new();
        for queue in &lane.queues {
            let redrive_policy = queue.redrive_policy.as_ref().map(|policy| RedrivePolicy {
                dead_letter_target: queue_id(&policy.dead_letter_target),
                max_receive_count: policy.max_receive_count,
            });
            service.add_queue(QueueAttributes {
                visibility_timeout: queue.visibility_timeout,
                delay: queue.delay,
                message_retention_period: queue.message_retention_period,
                receive_message_wait_time: queue.receive_message_wait_time,
                redrive_policy,
                ..QueueAttributes::default()
            });
        }
        let teams = lane.workers.iter().map(|workers| Team {
            queue: queue_id(&workers.queue),
            request: ReceiveRequest {
                max_number_of_messages: workers.max_number_of_messages,
                visibility_timeout: None,
                wait_time: Some(workers.wait_time),
                attempt: None,
            },
        });
        Self {
            latency,
            send_to: lane.send_to.as_ref().map_or(QueueId(0), queue_id),
            service,
            teams: teams.collect(),
            workers: Vec::new(),
            wake_at: None,
            effects: Vec::new(),
        }
    }

    /// A producer has sent a message: it is on its way.
    pub(crate) fn on_sent(&mut self, now: SimTime, message: MessageId, out: &mut Outbox<SqsTimer>) {
        out.timer(now + self.latency, SqsTimer::MessageArrives(message));
    }

    /// A worker's process starts, dies or leaves.
    pub(crate) fn change_actor(
        &mut self,
        now: SimTime,
        change: ActorChange,
        (actor, team): (ActorId, u16),
        out: &mut Outbox<SqsTimer>,
    ) {
        match change {
            ActorChange::Add => {
                let actor = ActorId(u16::try_from(self.workers.len()).unwrap_or(u16::MAX));
                self.workers.push(Worker::new(team.into()));
                self.start(now, actor, out);
            }
            ActorChange::Restart => self.start(now, actor, out),
            ActorChange::Crash => {
                if let Some(worker) = self.workers.get_mut(actor.index())
                    && worker.state != State::Down
                {
                    worker.reset();
                    self.hang_up(actor);
                    out.event(What::ActorCrashed { actor });
                }
            }
            ActorChange::Remove => {
                if let Some(worker) = self.workers.get_mut(actor.index())
                    && worker.state != State::Down
                {
                    worker.leaving = Leaving::Yes;
                    // What SQS has already given to it is worked on first.
                    if worker.state == State::Receiving && worker.batch.is_empty() {
                        self.stop(actor, out);
                    }
                }
            }
        }
    }

    /// Something that was due has come.
    pub(crate) fn on_timer(
        &mut self,
        now: SimTime,
        timer: SqsTimer,
        work: &Assigned<'_>,
        out: &mut Outbox<SqsTimer>,
    ) {
        match timer {
            SqsTimer::MessageArrives(message) => {
                let request = SendRequest::new(message);
                let sent = self
                    .service
                    .send(now, self.send_to, request, &mut self.effects);
                debug_assert!(sent.is_ok(), "the scenario's check knows the queues");
                self.drain(now, out);
            }
            SqsTimer::ServiceDue => {
                if self.wake_at.is_some_and(|at| at <= now) {
                    self.wake_at = None;
                }
                self.service.advance(now, &mut self.effects);
                self.drain(now, out);
            }
            // What is on the wire arrives, whatever has become of who sent it.
            SqsTimer::DeleteArrives(actor, receipt) => {
                self.delete_arrives(now, (actor, receipt), out);
            }
            SqsTimer::ReceiveArrives(client) => self.receive_arrives(now, client, out),
            SqsTimer::ReceiveAnswer(client) | SqsTimer::DeleteAnswer(client) => {
                if self.lives(client) {
                    self.next_message(now, client.actor, (work, out));
                }
            }
            SqsTimer::WorkDone(client) => self.work_done(now, client, (work, out)),
        }
    }

    fn lives(&self, client: Client) -> bool {
        self.workers
            .get(client.actor.index())
            .is_some_and(|w| w.incarnation == client.incarnation && w.state != State::Down)
    }

    fn client(&self, actor: ActorId) -> Client {
        let incarnation = self.workers.get(actor.index()).map_or(0, |w| w.incarnation);
        Client { actor, incarnation }
    }

    fn start(&mut self, now: SimTime, actor: ActorId, out: &mut Outbox<SqsTimer>) {
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        if worker.state == State::Down {
            worker.reset();
            out.event(What::ActorStarted { actor });
            self.receive(now, actor, out);
        }
    }

    fn stop(&mut self, actor: ActorId, out: &mut Outbox<SqsTimer>) {
        if let Some(worker) = self.workers.get_mut(actor.index()) {
            worker.reset();
        }
        self.hang_up(actor);
        out.event(What::ActorStopped { actor });
    }

    /// The connection of a waiting receive is closed. That SQS then gives it nothing is our
    /// choice: nothing documents what happens to a message given at that very moment.
    fn hang_up(&mut self, actor: ActorId) {
        self.service.cancel_receive(actor.0.into());
    }

    fn receive(&mut self, now: SimTime, actor: ActorId, out: &mut Outbox<SqsTimer>) {
        if let Some(worker) = self.workers.get_mut(actor.index()) {
            worker.state = State::Receiving;
        }
        out.timer(
            now + self.latency,
            SqsTimer::ReceiveArrives(self.client(actor)),
        );
    }

    fn receive_arrives(&mut self, now: SimTime, client: Client, out: &mut Outbox<SqsTimer>) {
        if !self.lives(client) {
            return;
        }
        let team = self
            .workers
            .get(client.actor.index())
            .map_or(0, |worker| worker.team);
        if let Some(team) = self.teams.get(team) {
            let waiter = client.actor.0.into();
            let request = (waiter, team.request);
            let taken = self
                .service
                .receive(now, team.queue, request, &mut self.effects);
            debug_assert!(taken.is_ok(), "the scenario's check knows the queues");
            self.drain(now, out);
        }
    }

    /// Takes up the next message in hand, or asks for more.
    fn next_message(
        &mut self,
        now: SimTime,
        actor: ActorId,
        (work, out): (&Assigned<'_>, &mut Outbox<SqsTimer>),
    ) {
        let client = self.client(actor);
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        let Some(held) = worker.batch.pop_front() else {
            if worker.leaving == Leaving::Yes {
                self.stop(actor, out);
            } else {
                self.receive(now, actor, out);
            }
            return;
        };
        worker.state = State::Working(held);
        let message = held.message;
        let takes = work.takes(message);
        out.event(What::WorkStarted {
            actor,
            message,
            takes,
        });
        out.timer(now + takes.into(), SqsTimer::WorkDone(client));
    }

    fn work_done(
        &mut self,
        now: SimTime,
        client: Client,
        (work, out): (&Assigned<'_>, &mut Outbox<SqsTimer>),
    ) {
        let actor = client.actor;
        if !self.lives(client) {
            return;
        }
        let Some(worker) = self.workers.get_mut(actor.index()) else {
            return;
        };
        let State::Working(Held {
            message,
            receipt,
            receive_count,
        }) = worker.state
        else {
            return;
        };
        if work.fails(message, receive_count) {
            out.event(What::WorkFailed { actor, message });
            self.next_message(now, actor, (work, out));
        } else {
            worker.state = State::Deleting;
            out.event(What::WorkFinished { actor, message });
            let arrives = now + self.latency;
            out.timer(arrives, SqsTimer::DeleteArrives(actor, receipt));
            out.timer(arrives + self.latency, SqsTimer::DeleteAnswer(client));
        }
    }

    fn delete_arrives(
        &mut self,
        now: SimTime,
        (actor, receipt): (ActorId, ReceiptHandle),
        out: &mut Outbox<SqsTimer>,
    ) {
        // What is due by now happens before: its events come first.
        self.service.advance(now, &mut self.effects);
        self.drain(now, out);
        let queue = receipt.queue;
        match self.service.delete(now, receipt, &mut self.effects) {
            Deletion::Deleted(message) => out.event(What::Deleted {
                queue,
                actor,
                message,
            }),
            Deletion::Stale(message) => out.event(What::DeleteIgnored {
                queue,
                actor,
                message,
            }),
            // It expired in the meantime.
            Deletion::Gone
            | Deletion::Expired(_)
            | Deletion::InvalidReceipt
            | Deletion::NoQueue => {}
        }
        self.drain(now, out);
    }

    /// Turns what SQS did into events, and its answers into messages on the wire.
    fn drain(&mut self, now: SimTime, out: &mut Outbox<SqsTimer>) {
        let mut effects = std::mem::take(&mut self.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Answered { waiter, .. } => {
                    let actor = ActorId(u16::try_from(waiter).unwrap_or(u16::MAX));
                    let client = self.client(actor);
                    out.timer(now + self.latency, SqsTimer::ReceiveAnswer(client));
                }
                Effect::Received(received) => {
                    let actor = ActorId(u16::try_from(received.waiter).unwrap_or(u16::MAX));
                    if let Some(worker) = self.workers.get_mut(actor.index()) {
                        worker.take(&received);
                    }
                    out.event(What::Received {
                        queue: received.queue,
                        actor,
                        message: received.body,
                        receive_count: received.receive_count,
                        timeout: received.timeout.into(),
                    });
                }
                Effect::Stored { queue, body, delay } | Effect::Delayed { queue, body, delay } => {
                    out.event(stored(queue, body, delay));
                }
                Effect::BecameVisible { queue, body } | Effect::Undeleted { queue, body } => out
                    .event(What::BecameVisible {
                        queue,
                        message: body,
                    }),
                Effect::DeadLettered { from, to, body } => out.event(What::DeadLettered {
                    from,
                    to,
                    message: body,
                }),
                Effect::Expired { queue, body } => out.event(What::Expired {
                    queue,
                    message: body,
                }),
                // No scenario makes or deletes queues while it runs, or starts a redrive task.
                Effect::QueueCreated { .. }
                | Effect::QueueDeleted { .. }
                | Effect::MoveTaskStarted { .. }
                | Effect::Moved { .. }
                | Effect::MoveTaskEnded { .. } => {}
            }
        }
        self.effects = effects;
        if let Some(next) = self.service.next_timeout()
            && self.wake_at.is_none_or(|at| next < at)
        {
            self.wake_at = Some(next);
            out.timer(next, SqsTimer::ServiceDue);
        }
    }
}

fn stored(queue: QueueId, message: MessageId, delay: SimDuration) -> What {
    if delay == SimDuration::ZERO {
        What::Enqueued { queue, message }
    } else {
        What::Delayed {
            queue,
            message,
            delay: delay.into(),
        }
    }
}
