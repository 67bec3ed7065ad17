//! A queue lane: producers' messages arriving, queues and their workers, and the network between
//! them. Every request and answer takes the scenario's latency.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::delivering::OnTheWay;
use super::function::Function;
use super::settings::attributes;
use super::team::Team;
use super::throttling::Calls;
use super::topic::LaneTopic;
use super::worker::{Client, Held, Item, Poll, Process, Worker};
use super::{Chances, DeduplicationId, Effect, MessageGroup, SendRequest, Sent, Service};
use crate::cast::Cast;
use crate::chunked::Chunked;
use crate::engine::{ActorChange, Outbox};
use crate::ids::{ActorId, CopyId, MessageId, QueueId};
use crate::scenario;
use crate::sns::{DeliveryAnswer, DeliveryId};
use crate::time::{SimDuration, SimTime};
use crate::trace::{VisibilityReason, What};
use crate::workload::Assigned;

/// A queue lane.
#[derive(Clone, Debug)]
pub(crate) struct SqsLane {
    pub(super) latency: SimDuration,
    pub(super) send_to: QueueId,
    pub(super) calls: Calls,
    pub(super) topic: Option<LaneTopic>,
    pub(super) cast: Rc<Cast>,
    pub(super) service: Service<Item>,
    pub(super) tenants: Tenants,
    /// The noisy tenants that were told of, by queue.
    pub(super) noisy: Vec<Vec<MessageGroup>>,
    /// How many copies of each message there are.
    copies: Chunked<u8>,
    pub(super) teams: Vec<Team>,
    pub(super) workers: Vec<Worker>,
    pub(super) functions: Vec<Function>,
    /// How often the work on a copy has failed.
    pub(super) failures: BTreeMap<(MessageId, CopyId), u32>,
    /// For when the service asked to be woken.
    pub(super) wake_at: Option<SimTime>,
    pub(super) effects: Vec<Effect<Item>>,
}

/// What producers give as MessageGroupId to standard queues. Fair queues (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tenants {
    Nothing,
    Keys,
}

/// What is due later in a queue lane.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SqsTimer {
    /// A producer's message reaches SQS, which has refused it so often before.
    MessageArrives(MessageId, u8),
    /// What a topic delivers reaches a queue.
    CopyArrives(OnTheWay),
    /// The queue's answer reaches the topic.
    DeliveryAnswered(DeliveryId, DeliveryAnswer),
    /// What a topic could not deliver reaches the subscription's dead-letter queue.
    DeadLetterArrives(OnTheWay),
    /// A topic tries a delivery again.
    TopicDue,
    /// SNS reaches a queue again, unless it was kept from it anew.
    OutageOver(QueueId),
    /// ReceiveMessage reaches SQS, which has refused it so often before.
    ReceiveArrives(Client, u8),
    /// Its answer reaches the worker.
    ReceiveAnswer(Client),
    /// The work of a thread ends.
    WorkDone(Client),
    /// A thread that is done deletes.
    DeleteDue(Client),
    /// The work of this number is to be kept hidden for longer.
    Heartbeat(Client, u32),
    /// DeleteMessage reaches SQS, which has refused it so often before.
    DeleteArrives(Client, Held, u8),
    /// DeleteMessage was refused, and is called again.
    DeleteAgain(Client, Held, u8),
    /// ChangeMessageVisibility reaches SQS.
    VisibilityArrives(Client, Held, VisibilityReason, SimDuration),
    /// An answer reaches the thread that waits for it.
    Answer(Client, Reply),
    /// A timeout of SQS is due.
    ServiceDue,
    /// A timeout of a mapping, by its number, is due; the first one enables it.
    MappingDue(u16),
    /// ReceiveMessage of a mapping's process reaches SQS: for so many, with such a wait, and
    /// refused so often before.
    MappingReceives(Client, (u8, SimDuration), u8),
    /// DeleteMessageBatch of a mapping, both by their numbers, reaches a FIFO queue, which has
    /// refused it so often before.
    MappingDeletes((u16, u32), u8),
}

/// What SQS answers to a DeleteMessage or a ChangeMessageVisibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Success,
    Error,
}

/// One step of a lane: the time, the workload (where a step can begin work), what comes out.
pub(super) struct Step<'a> {
    pub(super) now: SimTime,
    pub(super) work: Option<&'a Assigned<'a>>,
    pub(super) out: &'a mut Outbox<SqsTimer>,
}

impl SqsLane {
    pub(crate) fn new(
        lane: &scenario::SqsLane,
        (latency, seed): (SimDuration, u32),
        cast: &Rc<Cast>,
    ) -> Self {
        let mut service = Service::new();
        for queue in &lane.queues {
            let id = service.add_queue(attributes(lane, queue));
            let chances = Chances {
                redelivers: queue.redelivers,
                reorders: queue.reorders,
                short_poll_misses: queue.short_poll_misses,
            };
            let set = service.set_chances(id, chances, seed);
            debug_assert!(set.is_ok(), "the queue was just added");
        }
        let teams = lane.workers.iter().map(|workers| {
            let queue = lane.find_queue(&workers.queue);
            Team::new(workers, queue.unwrap_or_default())
        });
        Self {
            latency,
            send_to: lane.destinations().next().unwrap_or_default(),
            calls: Calls::new(lane, seed),
            topic: LaneTopic::new(lane, seed),
            cast: Rc::clone(cast),
            service,
            tenants: if lane.fair {
                Tenants::Keys
            } else {
                Tenants::Nothing
            },
            noisy: vec![Vec::new(); lane.queues.len()],
            copies: Chunked::default(),
            teams: teams.collect(),
            workers: Vec::new(),
            functions: lane
                .event_source_mappings
                .iter()
                .filter_map(|mapping| Function::new(mapping, lane))
                .collect(),
            failures: BTreeMap::new(),
            wake_at: None,
            effects: Vec::new(),
        }
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        self.service.weight()
    }

    /// A producer has sent a message: it is on its way.
    pub(crate) fn on_sent(&mut self, now: SimTime, message: MessageId, out: &mut Outbox<SqsTimer>) {
        out.timer(now + self.latency, SqsTimer::MessageArrives(message, 0));
    }

    /// A worker's process starts, dies or leaves.
    pub(crate) fn change_actor(
        &mut self,
        now: SimTime,
        change: ActorChange,
        (actor, team): (ActorId, u16),
        out: &mut Outbox<SqsTimer>,
    ) {
        let work = None;
        let step = &mut Step { now, work, out };
        match change {
            ActorChange::Add => {
                let actor = ActorId(u16::try_from(self.workers.len()).unwrap_or(u16::MAX));
                let team = usize::from(team);
                let threads = self.teams.get(team).map_or(1, |team| team.threads);
                self.workers.push(Worker::new(team, threads));
                match team.checked_sub(self.teams.len()) {
                    Some(function) => self.add_invocation(step, function, actor),
                    None => self.start(step, actor),
                }
            }
            ActorChange::Restart => self.start(step, actor),
            ActorChange::Crash if self.is_invocation(actor) => self.kill(step, actor),
            ActorChange::Crash => self.end(step, actor, What::ActorCrashed { actor }),
            ActorChange::Remove => self.leave(step, actor),
            // Only consumers of a log can be told so.
            ActorChange::Freeze | ActorChange::Thaw | ActorChange::Slow(_) => {}
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
        let work = Some(work);
        let step = &mut Step { now, work, out };
        match timer {
            SqsTimer::MessageArrives(message, _) if self.topic.is_some() => {
                self.publish(step, message);
            }
            SqsTimer::MessageArrives(message, tries) => self.send_arrives(step, message, tries),
            SqsTimer::CopyArrives(copy) => self.copy_arrives(step, copy),
            SqsTimer::DeliveryAnswered(delivery, answer) => {
                self.delivery_answered(step, (delivery, answer));
            }
            SqsTimer::DeadLetterArrives(copy) => self.dead_letter_arrives(step, copy),
            SqsTimer::TopicDue => self.topic_due(step),
            SqsTimer::OutageOver(queue) => self.outage_over(step, queue),
            SqsTimer::ServiceDue => {
                if self.wake_at.is_some_and(|at| at <= now) {
                    self.wake_at = None;
                }
                self.service.advance(now, &mut self.effects);
                self.drain(step);
            }
            SqsTimer::ReceiveArrives(client, tries) => self.receive_arrives(step, client, tries),
            SqsTimer::ReceiveAnswer(client) if self.is_invocation(client.actor) => {
                self.mapping_received(step, client.actor);
            }
            SqsTimer::ReceiveAnswer(client) => self.receive_answered(step, client),
            SqsTimer::WorkDone(client) if self.is_invocation(client.actor) => {
                self.function_done(step, client);
            }
            SqsTimer::WorkDone(client) => self.work_done(step, client),
            SqsTimer::DeleteDue(client) => self.delete_due(step, client),
            SqsTimer::Heartbeat(client, job) => self.beat(step, client, job),
            // What is on the wire arrives, whatever has become of who sent it.
            SqsTimer::DeleteArrives(client, held, tries) => {
                if self.admits_delete(step, (client, held), tries) {
                    self.delete_arrives(step, client, held);
                }
            }
            SqsTimer::DeleteAgain(client, held, tries) => {
                self.delete_again(step, (client, held), tries);
            }
            SqsTimer::VisibilityArrives(client, held, reason, timeout) => {
                self.visibility_arrives(step, (client, held), (reason, timeout));
            }
            SqsTimer::MappingDue(function) => self.mapping_due(step, function),
            SqsTimer::MappingReceives(client, request, tries) => {
                self.mapping_receives(step, client, (request, tries));
            }
            SqsTimer::MappingDeletes(batch, tries) => self.mapping_deletes(step, batch, tries),
            SqsTimer::Answer(client, reply) => self.answered(step, client, reply),
        }
    }

    /// The next copy of a message, as its producer sends it to a queue. A message's key is its
    /// MessageGroupId. Producers give its number as MessageDeduplicationId where the queue does
    /// not make one of the body; and no two messages have the same body.
    pub(super) fn request(&self, step: &Step<'_>, message: MessageId) -> SendRequest<Item> {
        let key = step.work.and_then(|work| work.key(message));
        let group = key.map(|key| MessageGroup(key.0.into()));
        let id = Some(DeduplicationId(message.0));
        let mut request = SendRequest::new(self.next_copy(message));
        let attributes = self.service.attributes(self.send_to);
        match attributes.ok().and_then(|attributes| attributes.fifo) {
            Some(fifo) if fifo.content_based_deduplication => {
                (request.group, request.content_id) = (group, id);
            }
            Some(_) => (request.group, request.deduplication_id) = (group, id),
            None if self.tenants == Tenants::Keys => request.group = group,
            None => {}
        }
        request
    }

    pub(super) fn next_copy(&self, message: MessageId) -> Item {
        let copies = self.copies.get(message.index().saturating_sub(1));
        let copy = CopyId(copies.copied().unwrap_or(0));
        Item { message, copy }
    }

    /// A send comes to a queue, and what comes of it is told.
    pub(super) fn store(
        &mut self,
        step: &mut Step<'_>,
        queue: QueueId,
        request: SendRequest<Item>,
    ) {
        self.send(step, queue, request);
        self.drain(step);
    }

    /// A send comes to a queue.
    pub(super) fn send(&mut self, step: &mut Step<'_>, queue: QueueId, request: SendRequest<Item>) {
        let message = request.body.message;
        self.copies.grow_to(message.index(), &0);
        let sent = self
            .service
            .send(step.now, queue, request, &mut self.effects);
        debug_assert!(sent.is_ok(), "the scenario's check knows the queues");
        match sent {
            Ok(Sent::Stored { .. }) => {
                if let Some(copies) = self.copies.get_mut(message.index().saturating_sub(1)) {
                    // The check of a scenario keeps them below.
                    *copies = copies.saturating_add(1);
                }
            }
            Ok(Sent::Duplicate { .. }) => {
                step.out.event(What::Deduplicated { queue, message });
            }
            Err(_) => {}
        }
    }

    pub(super) fn lives(&self, client: Client) -> bool {
        self.workers
            .get(client.actor.index())
            .is_some_and(|w| w.incarnation == client.incarnation && w.process != Process::Down)
    }

    pub(super) fn client(&self, actor: ActorId, thread: u16) -> Client {
        let incarnation = self.workers.get(actor.index()).map_or(0, |w| w.incarnation);
        Client {
            actor,
            thread,
            incarnation,
        }
    }

    /// The loop of a process asks for messages.
    pub(super) fn poll(&mut self, step: &mut Step<'_>, actor: ActorId) {
        if let Some(worker) = self.workers.get_mut(actor.index()) {
            worker.poll = Poll::Waiting;
        }
        let arrives = SqsTimer::ReceiveArrives(self.client(actor, 0), 0);
        step.out.timer(step.now + self.latency, arrives);
    }

    fn receive_arrives(&mut self, step: &mut Step<'_>, client: Client, tries: u8) {
        let waits = |worker: &&Worker| worker.poll == Poll::Waiting;
        let worker = self.workers.get(client.actor.index()).filter(waits);
        if !self.lives(client) {
            return;
        }
        if let Some(team) = worker.and_then(|worker| self.teams.get(worker.team)) {
            let waiter = client.actor.0.into();
            let (queue, request) = (team.queue, (waiter, team.request));
            let call = (request.1.max_number_of_messages, tries);
            let again = |tries| SqsTimer::ReceiveArrives(client, tries);
            if !self.admits_receive(step, (queue, client), call, again) {
                return;
            }
            let taken = self
                .service
                .receive(step.now, queue, request, &mut self.effects);
            debug_assert!(taken.is_ok(), "the scenario's check knows the queues");
            self.drain(step);
        }
    }
}
