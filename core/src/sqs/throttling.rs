//! Calls that a FIFO queue of a lane refuses for their rate, and the SDK that calls again.
//!
//! Sends of producers and receives and deletes of workers and of Lambda are counted. Copies of a
//! topic are not, nor is ChangeMessageVisibility: the quotas name three actions. Who is refused
//! calls again as the SDKs do in standard mode: after a random part of 1 s, 2 s, 4 s, up to 20 s
//! (Retry behavior, AWS SDKs and Tools). An SDK gives up after three attempts and leaves it to the
//! program; that programs go on is our model.

use super::lane::{SqsLane, SqsTimer, Step};
use super::worker::{Client, Held};
use super::{Action, MessageGroup, Throughput};
use crate::ids::{MessageId, QueueId};
use crate::random::{Purpose, Random};
use crate::scenario;
use crate::time::SimDuration;
use crate::trace::{ThrottleWhat, What};

/// The first pause is at most so long, and each at most twice as long as the one before.
const PAUSE: SimDuration = SimDuration::from_secs(1);
/// No pause is longer.
const PAUSE_MAX: SimDuration = SimDuration::from_secs(20);

/// The calls of a lane's queues in this second.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    /// By queue; `None`: a standard queue, which takes any number.
    queues: Vec<Option<Box<Throughput>>>,
    random: Random,
}

impl Calls {
    pub(super) fn new(lane: &scenario::SqsLane, seed: u32) -> Self {
        let queues = lane.queues.iter();
        let queues = queues.map(|queue| queue.is_fifo().then(Box::default));
        Self {
            queues: queues.collect(),
            random: Random::new(seed, Purpose::Retry, 0),
        }
    }

    /// How long an SDK waits that has called in vain so often before; at least a millisecond.
    fn pause(&mut self, tries: u8) -> SimDuration {
        let longest = PAUSE.times(1 << tries.min(10)).min(PAUSE_MAX);
        SimDuration::from_millis(1 + self.random.below(longest.as_millis()))
    }
}

impl SqsLane {
    /// Whether a queue takes a call about a message; `None` names none. `tries`: how often it was
    /// refused before.
    ///
    /// # Errors
    ///
    /// It does not: how long the SDK waits until it calls again.
    fn admit(
        &mut self,
        step: &Step<'_>,
        (queue, message): (QueueId, Option<MessageId>),
        (call, tries): ((Action, u32), u8),
    ) -> Result<(), SimDuration> {
        let Some(Some(throughput)) = self.calls.queues.get_mut(queue.index()) else {
            return Ok(());
        };
        let Ok(attributes) = self.service.attributes(queue) else {
            return Ok(());
        };
        let work = step.work.zip(message);
        let key = work.and_then(|(work, message)| work.key(message));
        let group = key.map(|key| MessageGroup(key.0.into()));
        let admitted = throughput.call_in_group(step.now, attributes, group, call);
        admitted.map_err(|_throttled| self.calls.pause(tries))
    }

    /// A producer's send comes to a queue.
    pub(super) fn send_arrives(&mut self, step: &mut Step<'_>, message: MessageId, tries: u8) {
        let queue = self.send_to;
        let call = ((Action::Send, 1), tries);
        if let Err(pause) = self.admit(step, (queue, Some(message)), call) {
            let what = ThrottleWhat::Send {
                queue,
                message,
                retry_in: pause.into(),
            };
            step.out.event(What::RequestThrottled { what });
            let again = step.now + self.latency + pause + self.latency;
            let arrives = SqsTimer::MessageArrives(message, tries.saturating_add(1));
            return step.out.timer(again, arrives);
        }
        let request = self.request(step, message);
        self.store(step, queue, request);
    }

    /// Whether a queue takes a receive; if not, `again` is due when it comes once more.
    pub(super) fn admits_receive(
        &mut self,
        step: &mut Step<'_>,
        (queue, client): (QueueId, Client),
        (number, tries): (u8, u8),
        again: impl FnOnce(u8) -> SqsTimer,
    ) -> bool {
        let call = ((Action::Receive, number.into()), tries);
        let Err(pause) = self.admit(step, (queue, None), call) else {
            return true;
        };
        let what = ThrottleWhat::Receive {
            queue,
            actor: client.actor,
            retry_in: pause.into(),
        };
        step.out.event(What::RequestThrottled { what });
        let at = step.now + self.latency + pause + self.latency;
        step.out.timer(at, again(tries.saturating_add(1)));
        false
    }

    /// A delete of `held` comes to its queue: whether that takes it. If not, the process calls
    /// again if it still lives then.
    pub(super) fn admits_delete(
        &mut self,
        step: &mut Step<'_>,
        (client, held): (Client, Held),
        tries: u8,
    ) -> bool {
        let place = (held.receipt.queue, Some(held.item.message));
        let Err(pause) = self.admit(step, place, ((Action::Delete, 1), tries)) else {
            return true;
        };
        delete_throttled(step, (client, held), pause);
        let again = SqsTimer::DeleteAgain(client, held, tries.saturating_add(1));
        step.out.timer(step.now + self.latency + pause, again);
        false
    }

    /// The SDK of a process has waited, and deletes again.
    pub(super) fn delete_again(
        &self,
        step: &mut Step<'_>,
        (client, held): (Client, Held),
        tries: u8,
    ) {
        if self.lives(client) {
            let arrives = SqsTimer::DeleteArrives(client, held, tries);
            step.out.timer(step.now + self.latency, arrives);
        }
    }

    /// A DeleteMessageBatch of Lambda comes to a FIFO queue, which has no larger batches than one
    /// call takes: whether it takes it. A batch counts once, for the group of its first message.
    pub(super) fn admits_batch(
        &mut self,
        step: &mut Step<'_>,
        batch: &[(Client, Held)],
        (tries, again): (u8, SqsTimer),
    ) -> bool {
        let Some((_, first)) = batch.first() else {
            return true;
        };
        let count = u32::try_from(batch.len()).unwrap_or(u32::MAX);
        let place = (first.receipt.queue, Some(first.item.message));
        let Err(pause) = self.admit(step, place, ((Action::Delete, count), tries)) else {
            return true;
        };
        for one in batch {
            delete_throttled(step, *one, pause);
        }
        let at = step.now + self.latency + pause + self.latency;
        step.out.timer(at, again);
        false
    }
}

fn delete_throttled(step: &mut Step<'_>, (client, held): (Client, Held), pause: SimDuration) {
    let what = ThrottleWhat::Delete {
        queue: held.receipt.queue,
        actor: client.actor,
        message: held.item.message,
        copy: held.item.copy,
        retry_in: pause.into(),
    };
    step.out.event(What::RequestThrottled { what });
}
