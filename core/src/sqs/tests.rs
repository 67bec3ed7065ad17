//! The service alone, driven through a small lab: queues, a clock, and what came out.

mod attempts;
mod chances;
mod deduplication;
mod deleting;
mod fair;
mod fifo;
mod fifo_dead_letters;
mod in_flight;
mod moving;
mod names;
mod polling;
mod redrive;
mod retention;
mod sending;
mod settings;
mod throughput;
mod visibility;

use super::{
    AttributeChange, ChangeVisibilityError, DeduplicationId, Deletion, Effect, MessageGroup,
    OverLimit, PurgeError, QueueAttributes, ReceiptHandle, ReceiveRequest, Received,
    RedrivePolicyRequest, SendError, SendRequest, Sent, Service, SetAttributesError, Waiter,
};
use crate::ids::QueueId;
use crate::time::{SimDuration, SimTime};

/// The queue that is meant where none is named.
const JOBS: QueueId = QueueId(0);
/// Its dead-letter queue, where a test sets it so.
const DEAD: QueueId = QueueId(1);
/// A queue that does not exist.
const NOWHERE: QueueId = QueueId(9);

type Message = Received<&'static str>;

/// Two queues with the defaults, at 0 ms.
fn lab() -> Lab {
    lab_of(&QueueAttributes::default())
}

/// Two FIFO queues with the defaults, at 0 ms.
fn fifo_lab() -> Lab {
    lab_of(&QueueAttributes::fifo())
}

fn lab_of(attributes: &QueueAttributes) -> Lab {
    let mut service = Service::new();
    assert_eq!(service.add_queue(attributes.clone()), JOBS);
    assert_eq!(service.add_queue(attributes.clone()), DEAD);
    Lab {
        service,
        now: SimTime::ZERO,
        last_waiter: 0,
        ids: Vec::new(),
        told: Vec::new(),
    }
}

struct Lab {
    service: Service<&'static str>,
    now: SimTime,
    last_waiter: Waiter,
    /// The texts of deduplication ids.
    ids: Vec<&'static str>,
    /// Everything that happened, with its time.
    told: Vec<(SimTime, Effect<&'static str>)>,
}

type Posted = Result<Sent<&'static str>, SendError>;

/// An answered receive: when, whose, and what it got.
type Answer = (u64, Waiter, Vec<&'static str>);

impl Lab {
    /// An attribute is set before anything happens.
    #[track_caller]
    fn with(mut self, change: AttributeChange) -> Self {
        self.set(JOBS, &[change]).unwrap();
        self
    }

    /// Messages that were received so often move to the queue [`DEAD`].
    #[track_caller]
    fn with_redrive(self, max_receive_count: u32) -> Self {
        self.with(redrive(DEAD, max_receive_count))
    }

    /// Lets time go on to `millis`, one timeout after the other.
    fn at(&mut self, millis: u64) -> &mut Self {
        let at = SimTime::from_millis(millis);
        assert!(self.now <= at, "the clock goes forward");
        while let Some(next) = self.service.next_timeout().filter(|next| *next <= at) {
            self.call_at(next, |service, effects| service.advance(next, effects));
        }
        self.now = at;
        self
    }

    fn call<T>(
        &mut self,
        call: impl FnOnce(&mut Service<&'static str>, SimTime, &mut Vec<Effect<&'static str>>) -> T,
    ) -> T {
        let now = self.now;
        self.call_at(now, |service, effects| call(service, now, effects))
    }

    fn call_at<T>(
        &mut self,
        at: SimTime,
        call: impl FnOnce(&mut Service<&'static str>, &mut Vec<Effect<&'static str>>) -> T,
    ) -> T {
        let mut effects = Vec::new();
        let came = call(&mut self.service, &mut effects);
        self.told
            .extend(effects.into_iter().map(|effect| (at, effect)));
        came
    }

    #[track_caller]
    fn send(&mut self, body: &'static str) {
        self.try_send(body, None).unwrap();
    }

    fn try_send(
        &mut self,
        body: &'static str,
        delay: Option<SimDuration>,
    ) -> Result<(), SendError> {
        let request = SendRequest {
            delay,
            ..SendRequest::new(body)
        };
        self.call(|service, now, effects| service.send(now, JOBS, request, effects))
            .map(|_| ())
    }

    /// Sends a message that is called by its group and a number; that is its deduplication id.
    #[track_caller]
    fn post(&mut self, body: &'static str) {
        let sent = self.post_as(body, body);
        assert!(matches!(sent, Ok(Sent::Stored { .. })), "{body} {sent:?}");
    }

    #[track_caller]
    fn post_all(&mut self, bodies: &[&'static str]) {
        for body in bodies {
            self.post(body);
        }
    }

    /// The same with a deduplication id of its own.
    fn post_as(&mut self, body: &'static str, id: &'static str) -> Posted {
        let request = SendRequest {
            deduplication_id: self.id(id),
            ..self.request(body)
        };
        self.call(|service, now, effects| service.send(now, JOBS, request, effects))
    }

    fn id(&mut self, text: &'static str) -> Option<DeduplicationId> {
        let known = self.ids.iter().position(|known| *known == text);
        let place = known.unwrap_or_else(|| {
            self.ids.push(text);
            self.ids.len() - 1
        });
        Some(DeduplicationId(u32::try_from(place).unwrap()))
    }

    /// A message that is called by its group and a number, with its content's id.
    fn request(&mut self, body: &'static str) -> SendRequest<&'static str> {
        SendRequest {
            group: Some(group(body)),
            content_id: self.id(body),
            ..SendRequest::new(body)
        }
    }

    /// A short poll for so many messages, of which nothing is remembered but what they are called.
    #[track_caller]
    fn receive_up_to(&mut self, most: u8, seconds: u64) -> Vec<Message> {
        let request = ReceiveRequest {
            max_number_of_messages: most,
            visibility_timeout: Some(SimDuration::from_secs(seconds)),
            ..short_poll()
        };
        let waiter = self.ask(JOBS, request);
        self.got(waiter)
    }

    /// Begins a receive.
    fn ask(&mut self, queue: QueueId, request: ReceiveRequest) -> Waiter {
        self.last_waiter += 1;
        let waiter = self.last_waiter;
        let request = (waiter, request);
        self.call(|service, now, effects| service.receive(now, queue, request, effects))
            .unwrap();
        waiter
    }

    /// A short poll for up to ten messages.
    #[track_caller]
    fn receive_from(&mut self, queue: QueueId) -> Vec<Message> {
        let before = self.told.len();
        let waiter = self.ask(queue, short_poll());
        let answer = self.told[before..]
            .iter()
            .find_map(|(_, effect)| match effect {
                Effect::Answered {
                    waiter: whose,
                    answer,
                } if *whose == waiter => Some(*answer),
                _ => None,
            });
        answer.expect("a short poll is answered at once").unwrap();
        self.got(waiter)
    }

    /// A short poll of the first queue.
    #[track_caller]
    fn receive(&mut self) -> Vec<Message> {
        self.receive_from(JOBS)
    }

    /// A short poll that gets one message.
    #[track_caller]
    fn receive_one(&mut self) -> Message {
        let got = self.receive();
        assert_eq!(got.len(), 1, "{got:?}");
        got[0]
    }

    /// A long poll for up to ten messages.
    fn wait(&mut self, seconds: u64) -> Waiter {
        self.ask(JOBS, long_poll(seconds))
    }

    fn delete(&mut self, receipt: ReceiptHandle) -> Deletion<&'static str> {
        self.call(|service, now, effects| service.delete(now, receipt, effects))
    }

    fn change_visibility(
        &mut self,
        receipt: ReceiptHandle,
        seconds: u64,
    ) -> Result<(), ChangeVisibilityError> {
        let timeout = SimDuration::from_secs(seconds);
        self.call(|service, now, effects| service.change_visibility(now, receipt, timeout, effects))
    }

    fn set(
        &mut self,
        queue: QueueId,
        changes: &[AttributeChange],
    ) -> Result<(), SetAttributesError> {
        self.call(|service, now, effects| service.set_attributes(now, queue, changes, effects))
    }

    fn purge(&mut self) -> Result<(), PurgeError> {
        self.call(|service, now, effects| service.purge(now, JOBS, effects))
    }

    /// What a receive was given.
    fn got(&self, waiter: Waiter) -> Vec<Message> {
        let received = self.told.iter().filter_map(|(_, effect)| match effect {
            Effect::Received(received) if received.waiter == waiter => Some(*received),
            _ => None,
        });
        received.collect()
    }

    /// Every answer so far, in the order in which they were given.
    fn answers(&self) -> Vec<Answer> {
        let answers = self.told.iter().filter_map(|(at, effect)| match effect {
            Effect::Answered { waiter, .. } => {
                Some((at.as_millis(), *waiter, bodies(&self.got(*waiter))))
            }
            _ => None,
        });
        answers.collect()
    }

    /// Visible, not visible, delayed.
    fn counts(&self, queue: QueueId) -> [u32; 3] {
        let counts = self.service.counts(queue).unwrap();
        [counts.visible, counts.not_visible, counts.delayed]
    }

    /// How many times something was told.
    fn times(&self, is: impl Fn(&Effect<&'static str>) -> bool) -> usize {
        self.told.iter().filter(|(_, effect)| is(effect)).count()
    }
}

/// The group of `a1` is `a`.
fn group(body: &str) -> MessageGroup {
    MessageGroup(u32::from(body.as_bytes()[0]))
}

fn short_poll() -> ReceiveRequest {
    long_poll(0)
}

fn long_poll(seconds: u64) -> ReceiveRequest {
    ReceiveRequest {
        max_number_of_messages: 10,
        visibility_timeout: None,
        wait_time: Some(SimDuration::from_secs(seconds)),
        ..ReceiveRequest::default()
    }
}

/// The redrive policy as a client writes it.
fn redrive(dead_letter_target: QueueId, max_receive_count: u32) -> AttributeChange {
    AttributeChange::RedrivePolicy(Some(RedrivePolicyRequest {
        dead_letter_target: Some(dead_letter_target),
        max_receive_count: Some(max_receive_count.to_string()),
    }))
}

fn bodies(messages: &[Message]) -> Vec<&'static str> {
    messages.iter().map(|message| message.body).collect()
}
