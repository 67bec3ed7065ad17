//! Does the same to the service and to the reference, and compares all that can be seen.

use std::collections::BTreeMap;

use broker_lab_core::sqs::{
    AttributeChange, ChangeVisibilityError, DeduplicationId, Deletion, Effect, MessageGroup,
    QueueAttributes, ReceiptHandle, ReceiveAttempt, ReceiveRequest, RedrivePolicyRequest,
    SendRequest, Sent, Service,
};
use broker_lab_core::{MessageId, QueueId, SimDuration, SimTime};

use crate::model::{Answer, Ask, Model, Receipt, Settings, Told};
use crate::operations::{NEW_ID, Operation};

const QUEUES: [QueueId; 2] = [QueueId(0), QueueId(1)];

/// The difference, if there is one.
pub(crate) fn play(
    is_fifo: bool,
    settings: [Settings; 2],
    operations: &[Operation],
) -> Result<(), String> {
    let mut play = Play::new(is_fifo, settings);
    for (number, operation) in operations.iter().enumerate() {
        play.take(operation)
            .map_err(|why| format!("{number} {operation:?} at {}: {why}", play.model.now))?;
    }
    Ok(())
}

struct Play {
    service: Service<MessageId>,
    model: Model,
    effects: Vec<Effect<MessageId>>,
    told: Vec<Told>,
    receipts: Vec<ReceiptHandle>,
    last_message: u32,
    last_waiter: u32,
    /// Where each message is as the effects tell it: queue, and visible, in flight or delayed.
    seen: BTreeMap<MessageId, (usize, usize)>,
}

impl Play {
    fn new(is_fifo: bool, settings: [Settings; 2]) -> Self {
        let mut service = Service::new();
        for _ in QUEUES {
            service.add_queue(match is_fifo {
                true => QueueAttributes::fifo(),
                false => QueueAttributes::default(),
            });
        }
        let mut play = Self {
            service,
            model: Model::new(is_fifo, settings),
            effects: Vec::new(),
            told: Vec::new(),
            receipts: Vec::new(),
            last_message: 0,
            last_waiter: 0,
            seen: BTreeMap::new(),
        };
        for (queue, settings) in settings.into_iter().enumerate() {
            play.set(queue, settings);
        }
        play
    }

    fn set(&mut self, queue: usize, mut settings: Settings) {
        // Dead letters go one way.
        settings.max_receive_count = settings.max_receive_count.filter(|_| queue == 0);
        let seconds = |duration: SimDuration| i64::try_from(duration.as_secs()).unwrap();
        let policy = settings
            .max_receive_count
            .map(|count| RedrivePolicyRequest {
                dead_letter_target: Some(QUEUES[1]),
                max_receive_count: Some(count.to_string()),
            });
        let mut changes = vec![
            AttributeChange::VisibilityTimeout(seconds(settings.visibility_timeout)),
            AttributeChange::DelaySeconds(seconds(settings.delay)),
            AttributeChange::MessageRetentionPeriod(seconds(settings.retention)),
            AttributeChange::ReceiveMessageWaitTimeSeconds(seconds(settings.wait)),
            AttributeChange::RedrivePolicy(policy),
        ];
        if self.model.is_fifo {
            changes.extend([
                AttributeChange::ContentBasedDeduplication(settings.content_based),
                AttributeChange::DeduplicationScope(settings.scope),
            ]);
        }
        let (now, effects) = (self.model.now, &mut self.effects);
        let set = self
            .service
            .set_attributes(now, QUEUES[queue], &changes, effects);
        assert_eq!(set, Ok(()));
        self.model.set(queue, settings);
    }

    fn take(&mut self, operation: &Operation) -> Result<(), String> {
        let now = self.model.now;
        let (ours, reference) = match operation {
            Operation::Send {
                group,
                id,
                content,
                delay,
            } => self.send((*group, *id, *content), *delay),
            Operation::Receive {
                queue,
                most,
                timeout,
                wait,
                attempt,
            } => {
                self.last_waiter += 1;
                let attempt = attempt.map(|id| ReceiveAttempt(id.into()));
                let request = ReceiveRequest {
                    max_number_of_messages: *most,
                    visibility_timeout: *timeout,
                    wait_time: *wait,
                    attempt,
                };
                let waiter = self.last_waiter;
                let asked = (waiter, request);
                let effects = &mut self.effects;
                let received = self.service.receive(now, QUEUES[*queue], asked, effects);
                self.model.receive(Ask {
                    queue: *queue,
                    waiter,
                    most: *most,
                    timeout: *timeout,
                    wait: *wait,
                    attempt,
                });
                (
                    received.map_or(Answer::Refused, |()| Answer::Accepted),
                    Answer::Accepted,
                )
            }
            Operation::Delete(which) => match self.receipt(*which) {
                Some((handle, receipt)) => {
                    let deletion = self.service.delete(now, handle, &mut self.effects);
                    if let Deletion::Deleted(body) = deletion {
                        self.seen.remove(&body);
                    }
                    (deleted(deletion), self.model.delete(receipt))
                }
                None => return Ok(()),
            },
            Operation::ChangeVisibility(which, timeout) => match self.receipt(*which) {
                Some((handle, receipt)) => {
                    let effects = &mut self.effects;
                    let changed = self
                        .service
                        .change_visibility(now, handle, *timeout, effects);
                    let changed = changed.map_or_else(refused, |()| Answer::Accepted);
                    (changed, self.model.change_visibility(receipt, *timeout))
                }
                None => return Ok(()),
            },
            Operation::Purge(queue) => {
                let purged = self.service.purge(now, QUEUES[*queue], &mut self.effects);
                if purged.is_ok() {
                    self.seen.retain(|_, (place, _)| *place != *queue);
                }
                let purged = purged.map_or(Answer::Refused, |()| Answer::Accepted);
                (purged, self.model.purge(*queue))
            }
            Operation::Set(queue, settings) => {
                self.set(*queue, *settings);
                (Answer::Accepted, Answer::Accepted)
            }
            Operation::Cancel(back) => {
                let waiter = self.last_waiter.saturating_sub((*back).into());
                self.service.cancel_receive(waiter);
                self.model.cancel(waiter);
                (Answer::Accepted, Answer::Accepted)
            }
            Operation::Pass(duration) => {
                self.pass(now + *duration);
                (Answer::Accepted, Answer::Accepted)
            }
        };
        self.drain(self.model.now);
        same("answer", &reference, &ours)?;
        self.compare()
    }

    fn send(
        &mut self,
        (group, id, content): (Option<u8>, Option<u8>, u8),
        delay: Option<SimDuration>,
    ) -> (Answer, Answer) {
        self.last_message += 1;
        let body = MessageId(self.last_message);
        // Explicit ids and contents are one numbering: some explicit ones are a content's.
        let content = DeduplicationId(content.into());
        let is_fifo = self.model.is_fifo;
        let id = id.filter(|id| is_fifo || *id == 0);
        let id = id.map(|id| match id {
            NEW_ID => DeduplicationId(1_000 + body.0),
            id => DeduplicationId(id.into()),
        });
        let group = group
            .filter(|_| is_fifo)
            .map(|group| MessageGroup(group.into()));
        let request = SendRequest {
            body,
            delay,
            group,
            deduplication_id: id,
            content_id: Some(content),
        };
        let now = self.model.now;
        let sent = self
            .service
            .send(now, QUEUES[0], request, &mut self.effects);
        let arrival = |number: u64| u32::try_from(number - 1).unwrap();
        let ours = match sent {
            Ok(Sent::Stored { sequence_number }) => Answer::Stored {
                // A standard queue says nothing of it.
                arrival: sequence_number.map_or(0, |number| arrival(number.0)),
            },
            Ok(Sent::Duplicate {
                first,
                sequence_number,
            }) => Answer::Duplicate {
                first,
                arrival: arrival(sequence_number.0),
            },
            Err(_) => Answer::Refused,
        };
        let reference = match self.model.send(body, group, id, content, delay) {
            Answer::Stored { .. } if !is_fifo => Answer::Stored { arrival: 0 },
            answer => answer,
        };
        (ours, reference)
    }

    fn pass(&mut self, to: SimTime) {
        self.model.advance(to);
        while let Some(next) = self.service.next_timeout().filter(|next| *next <= to) {
            self.service.advance(next, &mut self.effects);
            self.drain(next);
        }
    }

    fn receipt(&self, back: usize) -> Option<(ReceiptHandle, Receipt)> {
        let handle = *self.receipts.iter().rev().nth(back)?;
        Some((handle, receipt(handle)))
    }

    /// Takes down what came, and where that leaves each message.
    fn drain(&mut self, at: SimTime) {
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Stored { queue, body, delay } | Effect::Delayed { queue, body, delay } => {
                    let state = if delay == SimDuration::ZERO { 0 } else { 2 };
                    self.seen.insert(body, (queue.index(), state));
                }
                Effect::BecameVisible { queue, body } | Effect::Undeleted { queue, body } => {
                    self.seen.insert(body, (queue.index(), 0));
                }
                Effect::Received(received) => {
                    self.receipts.push(received.receipt_handle);
                    self.seen.insert(received.body, (received.queue.index(), 1));
                    self.told.push(Told::Given {
                        waiter: received.waiter,
                        receipt: receipt(received.receipt_handle),
                        body: received.body,
                        receive_count: received.receive_count,
                        sent_at: received.sent_at,
                        first_received_at: received.first_received_at,
                        is_dead: received.dead_letter_source == Some(QUEUES[0]),
                        group: received.group,
                        deduplication: received.deduplication,
                        timeout: received.timeout,
                    });
                }
                Effect::Answered { waiter, answer } => {
                    let count = answer.expect("far below the limit in flight");
                    self.told.push(Told::Answered { at, waiter, count });
                }
                Effect::DeadLettered { to, body, .. } => {
                    self.seen.insert(body, (to.index(), 0));
                    self.told.push(Told::DeadLettered(body));
                }
                Effect::Expired { queue, body } => {
                    self.seen.remove(&body);
                    self.told.push(Told::Expired(queue.index(), body));
                }
                Effect::QueueCreated { .. }
                | Effect::QueueDeleted { .. }
                | Effect::MoveTaskStarted { .. }
                | Effect::Moved { .. }
                | Effect::MoveTaskEnded { .. } => unreachable!("nobody asks for that here"),
            }
        }
    }

    fn compare(&mut self) -> Result<(), String> {
        let reference = std::mem::take(&mut self.model.told);
        same("told", &reference, &std::mem::take(&mut self.told))?;
        for queue in [0, 1] {
            let counts = self.service.counts(QUEUES[queue]).unwrap();
            let counts = [counts.visible, counts.not_visible, counts.delayed];
            same("counts", &self.model.counts(queue), &counts)?;
            let mut seen = [0; 3];
            for (_, state) in self.seen.values().filter(|(place, _)| *place == queue) {
                seen[*state] += 1;
            }
            same("counts by what was told", &seen, &counts)?;
        }
        Ok(())
    }
}

const fn receipt(handle: ReceiptHandle) -> Receipt {
    Receipt {
        queue: handle.queue.index(),
        arrival: handle.message,
        receive: handle.receive,
    }
}

fn deleted(deletion: Deletion<MessageId>) -> Answer {
    match deletion {
        Deletion::Deleted(body) => Answer::Deleted(body),
        Deletion::Stale(body) => Answer::Stale(body),
        Deletion::Gone => Answer::Gone,
        Deletion::Expired(_) => Answer::Expired,
        Deletion::InvalidReceipt | Deletion::NoQueue => Answer::Refused,
    }
}

fn refused(error: ChangeVisibilityError) -> Answer {
    match error {
        ChangeVisibilityError::Gone => Answer::Gone,
        ChangeVisibilityError::TooLong => Answer::TooLong,
        ChangeVisibilityError::Expired => Answer::Expired,
        ChangeVisibilityError::InvalidReceipt | ChangeVisibilityError::Queue(_) => Answer::Refused,
    }
}

fn same<T: std::fmt::Debug + PartialEq>(what: &str, reference: &T, ours: &T) -> Result<(), String> {
    if reference == ours {
        return Ok(());
    }
    Err(format!(
        "{what}\nreference: {reference:?}\nours:      {ours:?}"
    ))
}
