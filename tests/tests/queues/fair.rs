//! Fair queues under random use: who is noisy and whose message comes next, found by looking
//! through all messages at each step, with the rule that the tables of the vectors hold.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::sqs::fair::{self, Activity, Noise, QuietLevel, Shares};
use broker_lab_core::sqs::{
    Deletion, Effect, MessageGroup, QueueAttributes, ReceiptHandle, ReceiveRequest, SendRequest,
    Service,
};
use broker_lab_core::{MessageId, QueueId, SimDuration, SimTime};
use proptest::prelude::*;

use crate::properties::cases;

const QUEUE: QueueId = QueueId(0);

#[derive(Clone, Copy, Debug)]
enum Operation {
    Send(Option<u8>, u8),
    /// So many calls for one message each.
    Receive(u8, SimDuration),
    /// So many of those in flight, from this one on.
    Delete(u8, u8),
    Pass(SimDuration),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let seconds =
        |choices: &'static [u64]| prop::sample::select(choices).prop_map(SimDuration::from_secs);
    let operation = prop_oneof![
        4 => (prop::option::weighted(0.9, 0..4_u8), 1..50_u8)
            .prop_map(|(group, count)| Operation::Send(group, count)),
        5 => (1..60_u8, seconds(&[0, 1, 20, 100, 1_000]))
            .prop_map(|(count, timeout)| Operation::Receive(count, timeout)),
        3 => (any::<u8>(), 1..40_u8).prop_map(|(from, count)| Operation::Delete(from, count)),
        3 => seconds(&[1, 5, 20, 60, 200, 299, 300]).prop_map(Operation::Pass),
    ];
    prop::collection::vec(operation, 1..40)
}

#[derive(Clone, Copy, Debug)]
struct Message {
    number: u32,
    group: Option<MessageGroup>,
    receives: u32,
    /// When it was received, and until when it is in flight.
    flight: Option<(SimTime, SimTime)>,
}

#[derive(Default)]
struct Model {
    messages: Vec<Message>,
    sent: BTreeMap<MessageGroup, SimTime>,
    /// When consumers were done, with what, and how long it took.
    ended: Vec<(SimTime, Option<MessageGroup>, u64)>,
    /// As of when old processing time is forgotten.
    as_of: SimTime,
    noisy: BTreeSet<MessageGroup>,
}

impl Model {
    fn in_flight(&self, of: impl Fn(Option<MessageGroup>) -> bool) -> u32 {
        let flying = self
            .messages
            .iter()
            .filter(|m| m.flight.is_some() && of(m.group));
        flying.count() as u32
    }

    fn is_forgotten(ended: SimTime, as_of: SimTime) -> bool {
        let second = ended.as_micros() / 1_000_000;
        SimTime::from_micros(second * 1_000_000) + fair::RECENT <= as_of
    }

    fn processing(&self, of: impl Fn(Option<MessageGroup>) -> bool) -> u64 {
        let recent = self
            .ended
            .iter()
            .filter(|(at, group, _)| !Self::is_forgotten(*at, self.as_of) && of(*group));
        recent.map(|(_, _, took)| took).sum()
    }

    fn groups(&self) -> BTreeSet<MessageGroup> {
        let waiting = self.messages.iter().filter_map(|message| message.group);
        let worked = self.ended.iter().filter_map(|(_, group, _)| *group);
        waiting.chain(worked).collect()
    }

    fn shares(&self, group: MessageGroup) -> Shares {
        Shares {
            in_flight: self.in_flight(|of| of == Some(group)),
            in_flight_of_all: self.in_flight(|_| true),
            processing: self.processing(|of| of == Some(group)),
            processing_of_all: self.processing(|_| true),
        }
    }

    fn activity(&self, group: MessageGroup, now: SimTime) -> Activity {
        let waits = |m: &&Message| m.group == Some(group) && m.flight.is_none();
        Activity {
            backlog: self.messages.iter().filter(waits).count() as u32,
            since_last_send: now.since(self.sent[&group]),
        }
    }

    fn look_whether_quiet(&mut self, group: Option<MessageGroup>, now: SimTime) {
        let Some(group) = group.filter(|group| self.noisy.contains(group)) else {
            return;
        };
        let mut quiet = QuietLevel {
            in_flight: self.in_flight(|of| of.is_none()).min(1),
            processing: 0,
        };
        for other in self.groups().difference(&self.noisy) {
            let shares = self.shares(*other);
            quiet.in_flight = quiet.in_flight.max(shares.in_flight);
            quiet.processing = quiet.processing.max(shares.processing);
        }
        if !fair::stays_noisy(self.activity(group, now), self.shares(group), quiet) {
            self.noisy.remove(&group);
        }
    }

    fn refresh(&mut self, now: SimTime) {
        let before = std::mem::replace(&mut self.as_of, now);
        let forgotten = self
            .ended
            .iter()
            .filter(|(at, _, _)| !Self::is_forgotten(*at, before) && Self::is_forgotten(*at, now));
        let forgotten: BTreeSet<_> = forgotten.map(|(_, group, _)| *group).collect();
        for group in forgotten {
            self.look_whether_quiet(group, now);
        }
        let sent = &self.sent;
        self.noisy
            .retain(|group| now.since(sent[group]) < fair::QUIET_WITHOUT_SENDS);
        for group in self.groups() {
            let can_be =
                self.sent.contains_key(&group) && fair::can_be_noisy(self.activity(group, now));
            if can_be && fair::is_noisy(self.shares(group)) {
                self.noisy.insert(group);
            }
        }
    }

    fn receive(&mut self, now: SimTime, timeout: SimDuration) -> Option<u32> {
        self.refresh(now);
        let turn = |message: &Message| {
            let group = message.group;
            let noise = match group.is_some_and(|group| self.noisy.contains(&group)) {
                true => Noise::Noisy,
                false => Noise::Quiet,
            };
            let in_flight = self.in_flight(|of| of == group);
            fair::turn(noise, in_flight, (message.receives >= 3, message.number))
        };
        let waiting = self
            .messages
            .iter()
            .filter(|message| message.flight.is_none());
        let number = waiting.min_by_key(|message| turn(message))?.number;
        let message = self.messages.iter_mut().find(|m| m.number == number)?;
        message.receives += 1;
        message.flight = Some((now, now + timeout));
        let group = message.group;
        self.look_whether_quiet(group, now);
        Some(number)
    }

    fn land(&mut self, number: u32, now: SimTime) {
        let message = self
            .messages
            .iter_mut()
            .find(|m| m.number == number)
            .expect("there");
        let (received_at, _) = message.flight.take().expect("in flight");
        let group = message.group;
        let took = now.since(received_at).as_micros();
        self.ended.push((now, group, took));
    }

    fn come_back(&mut self, number: u32, now: SimTime) {
        let group = self
            .messages
            .iter()
            .find(|m| m.number == number)
            .and_then(|m| m.group);
        self.land(number, now);
        self.look_whether_quiet(group, now);
    }

    fn delete(&mut self, number: u32, now: SimTime) {
        let place = self
            .messages
            .iter()
            .position(|m| m.number == number)
            .expect("there");
        let message = self.messages[place];
        if let Some((received_at, _)) = message.flight {
            let took = now.since(received_at).as_micros();
            self.ended.push((now, message.group, took));
        }
        self.messages.remove(place);
        self.look_whether_quiet(message.group, now);
    }

    fn pass(&mut self, to: SimTime) {
        loop {
            let flights = self
                .messages
                .iter()
                .filter_map(|m| Some((m.flight?.1, m.number)));
            match flights.min().filter(|(until, _)| *until <= to) {
                Some((until, number)) => self.come_back(number, until),
                None => return,
            }
        }
    }
}

#[derive(Default)]
struct Play {
    service: Service<MessageId>,
    model: Model,
    now: SimTime,
    sent: u32,
    held: Vec<ReceiptHandle>,
    effects: Vec<Effect<MessageId>>,
}

impl Play {
    fn take(&mut self, operation: Operation) -> Result<(), TestCaseError> {
        let now = self.now;
        match operation {
            Operation::Send(group, count) => {
                let group = group.map(|group| MessageGroup(group.into()));
                for _ in 0..count {
                    let body = MessageId(self.sent);
                    let request = SendRequest {
                        group,
                        ..SendRequest::new(body)
                    };
                    let sent = self.service.send(now, QUEUE, request, &mut self.effects);
                    prop_assert!(sent.is_ok());
                    let number = self.sent;
                    let (receives, flight) = (0, None);
                    self.model.messages.push(Message {
                        number,
                        group,
                        receives,
                        flight,
                    });
                    self.sent += 1;
                }
                if let Some(group) = group {
                    self.model.sent.insert(group, now);
                }
            }
            Operation::Receive(count, timeout) => {
                for _ in 0..count {
                    self.receive(timeout)?;
                }
            }
            Operation::Delete(from, count) => {
                for _ in 0..count {
                    if self.held.is_empty() {
                        break;
                    }
                    let place = usize::from(from) % self.held.len();
                    let handle = self.held.remove(place);
                    let deletion = self.service.delete(now, handle, &mut self.effects);
                    if let Deletion::Deleted(body) = deletion {
                        self.model.delete(body.0, now);
                    }
                }
            }
            Operation::Pass(duration) => {
                self.now += duration;
                self.service.advance(self.now, &mut self.effects);
                self.model.pass(self.now);
            }
        }
        self.model.refresh(self.now);
        let counts = self
            .service
            .fair_counts(self.now, QUEUE, &mut self.effects)
            .unwrap();
        prop_assert_eq!(counts.noisy_groups as usize, self.model.noisy.len());
        let noisy = &self.model.noisy;
        let is_quiet = |m: &&Message| m.group.is_none_or(|group| !noisy.contains(&group));
        let of_quiet = || self.model.messages.iter().filter(is_quiet);
        let visible = of_quiet().filter(|m| m.flight.is_none()).count();
        prop_assert_eq!(counts.visible_in_quiet_groups as usize, visible);
        let flying = of_quiet().filter(|m| m.flight.is_some()).count();
        prop_assert_eq!(counts.not_visible_in_quiet_groups as usize, flying);
        Ok(())
    }

    fn receive(&mut self, timeout: SimDuration) -> Result<(), TestCaseError> {
        let request = ReceiveRequest {
            visibility_timeout: Some(timeout),
            wait_time: Some(SimDuration::ZERO),
            ..ReceiveRequest::default()
        };
        self.effects.clear();
        let received = self
            .service
            .receive(self.now, QUEUE, (0, request), &mut self.effects);
        prop_assert!(received.is_ok());
        let got = self.effects.iter().find_map(|effect| match effect {
            Effect::Received(received) => Some((received.body.0, received.receipt_handle)),
            _ => None,
        });
        let expected = self.model.receive(self.now, timeout);
        prop_assert_eq!(got.map(|(number, _)| number), expected);
        self.held.extend(got.map(|(_, handle)| handle));
        if let Some(number) = expected.filter(|_| timeout == SimDuration::ZERO) {
            self.model.come_back(number, self.now);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_fair_queue_gives_what_the_rule_says(operations in operations()) {
        let mut play = Play::default();
        play.service.add_queue(QueueAttributes::default());
        for operation in operations {
            play.take(operation)?;
        }
    }
}
