//! The rules alone, and a mapping that polls a queue of ours without any network between them.

mod batches;
mod pace;
mod rules;

use super::response::{Answer, Ended, ResponseType};
use super::settings::{MappingRequest, QueueType, Settings, Timeouts};
use super::{Because, Delivered, Invocation, LetGo, Mapping, ProcessId, Request};
use crate::ids::QueueId;
use crate::sqs::{
    Effect, QueueAttributes, ReceiptHandle, ReceiveRequest, SendRequest, Service, Waiter,
};
use crate::time::{SimDuration, SimTime};

const JOBS: QueueId = QueueId(0);
/// How long messages are hidden.
const VISIBILITY: SimDuration = SimDuration::from_secs(30);

/// A message of the tests, with its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    body: &'static str,
    receipt: ReceiptHandle,
}

/// What the function does with a batch.
type Function = fn(&[Held]) -> Does;

#[derive(Clone, Debug)]
enum Does {
    /// It ends after so many milliseconds.
    Ends(u64, Ended<Held>),
    /// It is throttled.
    Throttled,
}

/// A batch as the function gets it: when, what, why.
type Batch = (u64, Vec<&'static str>, Option<Because>);

struct Lab {
    now: SimTime,
    service: Service<&'static str>,
    mapping: Mapping<Held>,
    function: Function,
    /// Invocations that run, with their ends.
    running: Vec<(SimTime, Invocation, Ended<Held>)>,
    /// What the receives of the processes got so far.
    received: Vec<(ProcessId, Vec<Delivered<Held>>)>,
    batches: Vec<Batch>,
    let_go: Vec<(u64, Vec<&'static str>, LetGo)>,
    timed_out: u32,
    most_running: usize,
}

fn checked(request: MappingRequest) -> Settings {
    request.check(Timeouts::default()).unwrap()
}

/// A mapping that is enabled at 0 ms.
fn lab(request: MappingRequest, function: Function) -> Lab {
    let mut service = Service::new();
    service.add_queue(QueueAttributes {
        visibility_timeout: VISIBILITY,
        ..QueueAttributes::default()
    });
    let mut lab = Lab {
        now: SimTime::ZERO,
        service,
        mapping: Mapping::new(checked(request)),
        function,
        running: Vec::new(),
        received: Vec::new(),
        batches: Vec::new(),
        let_go: Vec::new(),
        timed_out: 0,
        most_running: 0,
    };
    lab.drive(Mapping::enable);
    lab
}

/// It returns after 100 ms.
fn returns(_: &[Held]) -> Does {
    Does::Ends(100, Ended::Returned(Answer::Empty))
}

/// It throws after 100 ms.
fn throws(_: &[Held]) -> Does {
    Does::Ends(100, Ended::Threw)
}

impl Lab {
    fn send(&mut self, body: &'static str) {
        let mut effects = Vec::new();
        let request = SendRequest::new(body);
        let sent = self.service.send(self.now, JOBS, request, &mut effects);
        sent.unwrap();
        self.settle(effects);
    }

    /// Lets time go on to `millis`, from one thing that is due to the next.
    fn at(&mut self, millis: u64) -> &mut Self {
        let at = SimTime::from_millis(millis);
        loop {
            let ends = self.running.iter().map(|(ends, ..)| *ends).min();
            let due = [
                self.service.next_timeout(),
                self.mapping.next_timeout(),
                ends,
            ];
            let Some(next) = due.into_iter().flatten().min().filter(|next| *next <= at) else {
                break;
            };
            self.now = next;
            let mut effects = Vec::new();
            self.service.advance(next, &mut effects);
            self.settle(effects);
            if let Some(place) = self.running.iter().position(|(ends, ..)| *ends <= next) {
                let (_, invocation, ended) = self.running.remove(place);
                self.drive(|mapping, now, out| mapping.on_ended(now, invocation, &ended, out));
            }
            self.drive(Mapping::advance);
        }
        self.now = at;
        self
    }

    fn drive(&mut self, step: impl FnOnce(&mut Mapping<Held>, SimTime, &mut Vec<Request<Held>>)) {
        let mut requests = Vec::new();
        step(&mut self.mapping, self.now, &mut requests);
        for request in requests {
            self.take(request);
        }
    }

    fn take(&mut self, request: Request<Held>) {
        let (now, millis) = (self.now, self.now.as_millis());
        let bodies = |messages: &[Held]| messages.iter().map(|held| held.body).collect();
        match request {
            Request::Receive {
                process,
                max_number_of_messages,
                wait_time,
            } => {
                let request = ReceiveRequest {
                    max_number_of_messages,
                    visibility_timeout: None,
                    wait_time: Some(wait_time),
                    attempt: None,
                };
                let mut effects = Vec::new();
                let request = (Waiter::from(process.0), request);
                let asked = self.service.receive(now, JOBS, request, &mut effects);
                asked.unwrap();
                self.settle(effects);
            }
            Request::HangUp { process } => self.service.cancel_receive(process.0),
            Request::Invoke {
                invocation,
                messages,
                because,
            } => {
                self.batches.push((millis, bodies(&messages), because));
                match (self.function)(&messages) {
                    Does::Ends(after, ended) => {
                        let is_busy =
                            |(_, it, _): &(_, Invocation, _)| it.process == invocation.process;
                        assert!(!self.running.iter().any(is_busy), "one batch at a time");
                        let ends = now + SimDuration::from_millis(after);
                        self.running.push((ends, invocation, ended));
                        self.most_running = self.most_running.max(self.running.len());
                    }
                    Does::Throttled => {
                        self.drive(|mapping, now, out| mapping.on_throttled(now, invocation, out));
                    }
                }
            }
            Request::TimedOut { invocation } => {
                self.timed_out += 1;
                self.running
                    .retain(|(_, running, _)| *running != invocation);
            }
            Request::Delete { messages } => {
                for held in messages {
                    let mut effects = Vec::new();
                    self.service.delete(now, held.receipt, &mut effects);
                    self.settle(effects);
                }
            }
            Request::LetGo { messages, because } => {
                self.let_go.push((millis, bodies(&messages), because));
            }
            Request::Scaled { .. } => {}
        }
    }

    fn settle(&mut self, effects: Vec<Effect<&'static str>>) {
        for effect in effects {
            match effect {
                Effect::Received(received) => {
                    let id = ProcessId(received.waiter);
                    let delivered = Delivered {
                        message: Held {
                            body: received.body,
                            receipt: received.receipt_handle,
                        },
                        bytes: 100,
                        hidden_until: self.now + received.timeout,
                    };
                    match self.received.iter_mut().find(|(process, _)| *process == id) {
                        Some((_, messages)) => messages.push(delivered),
                        None => self.received.push((id, vec![delivered])),
                    }
                }
                Effect::Answered { waiter, .. } => {
                    let id = ProcessId(waiter);
                    let place = self.received.iter().position(|(process, _)| *process == id);
                    let messages = place.map_or(Vec::new(), |at| self.received.remove(at).1);
                    self.drive(|mapping, now, out| mapping.on_received(now, id, messages, out));
                }
                _ => {}
            }
        }
    }

    /// Visible, not visible.
    fn counts(&self) -> [u32; 2] {
        let counts = self.service.counts(JOBS).unwrap();
        [counts.visible, counts.not_visible]
    }

    fn times(&self) -> Vec<u64> {
        self.batches.iter().map(|(at, ..)| *at).collect()
    }
}
