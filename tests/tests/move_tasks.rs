//! Redrive tasks lose and double nothing: of all that was ever sent, each message is at any time
//! in one queue, or deleted, or expired.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use broker_lab_core::sqs::{
    AttributeChange, Deletion, Effect, MoveTaskHandle, MoveTaskRequest, QueueAttributes,
    ReceiptHandle, ReceiveRequest, RedrivePolicyRequest, SendRequest, Service,
};
use broker_lab_core::{QueueId, SimDuration, SimTime};
use proptest::prelude::*;

const JOBS: QueueId = QueueId(0);
const DEAD: QueueId = QueueId(1);
const OTHER: QueueId = QueueId(2);

#[derive(Clone, Copy, Debug)]
enum Step {
    Send(QueueId),
    Receive(QueueId, u8),
    /// The receipt of a message that was received some time ago.
    Delete(usize),
    Move {
        destination: Option<QueueId>,
        rate: Option<i64>,
    },
    Cancel(u32),
    DeleteOther,
    Wait(u64),
}

fn queue() -> impl Strategy<Value = QueueId> {
    prop::sample::select(vec![JOBS, DEAD, OTHER])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => queue().prop_map(Step::Send),
        6 => (queue(), 1..=10_u8).prop_map(|(queue, most)| Step::Receive(queue, most)),
        2 => (0..50_usize).prop_map(Step::Delete),
        3 => (prop::option::of(Just(OTHER)), prop::option::of(1..=5_i64))
            .prop_map(|(destination, rate)| Step::Move { destination, rate }),
        1 => (0..5_u32).prop_map(Step::Cancel),
        1 => Just(Step::DeleteOther),
        6 => (0..3_000_u64).prop_map(Step::Wait),
    ]
}

/// Where a message is, as the effects tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    In(QueueId),
    Deleted,
    Expired,
}

struct Lab {
    service: Service<&'static str>,
    now: SimTime,
    receipts: Vec<ReceiptHandle>,
    effects: Vec<Effect<&'static str>>,
    places: BTreeMap<&'static str, Place>,
    names: Vec<&'static str>,
}

impl Lab {
    fn new() -> Self {
        let mut service = Service::new();
        for _ in 0..3 {
            service.add_queue(QueueAttributes {
                visibility_timeout: SimDuration::from_secs(1),
                message_retention_period: SimDuration::from_secs(60),
                ..QueueAttributes::default()
            });
        }
        let policy = AttributeChange::RedrivePolicy(Some(RedrivePolicyRequest {
            dead_letter_target: Some(DEAD),
            max_receive_count: Some("1".to_owned()),
        }));
        let mut effects = Vec::new();
        let set = service.set_attributes(SimTime::ZERO, JOBS, &[policy], &mut effects);
        set.unwrap();
        Self {
            service,
            now: SimTime::ZERO,
            receipts: Vec::new(),
            effects,
            places: BTreeMap::new(),
            names: (0..200).map(|n| &*format!("m{n}").leak()).collect(),
        }
    }

    fn take(&mut self, step: Step) {
        let (now, effects) = (self.now, &mut self.effects);
        match step {
            Step::Send(queue) => {
                let body = self.names[self.places.len()];
                let request = SendRequest::new(body);
                // The queue may be deleted.
                if self.service.send(now, queue, request, effects).is_err() {
                    return self.check();
                }
            }
            Step::Receive(queue, max_number_of_messages) => {
                let request = ReceiveRequest {
                    max_number_of_messages,
                    ..ReceiveRequest::default()
                };
                let _ = self.service.receive(now, queue, (0, request), effects);
            }
            Step::Delete(place) => {
                if let Some(receipt) = self.receipts.get(place).copied()
                    && let Deletion::Deleted(body) = self.service.delete(now, receipt, effects)
                {
                    self.places.insert(body, Place::Deleted);
                }
            }
            Step::Move { destination, rate } => {
                let request = MoveTaskRequest {
                    destination,
                    max_number_of_messages_per_second: rate,
                };
                let _ = self.service.start_move_task(now, DEAD, request, effects);
            }
            Step::Cancel(number) => {
                let handle = MoveTaskHandle(number);
                let _ = self.service.cancel_move_task(now, handle, effects);
            }
            Step::DeleteOther => {
                let _ = self.service.delete_queue(now, OTHER, effects);
            }
            Step::Wait(millis) => {
                self.now = now + SimDuration::from_millis(millis);
                self.service.advance(self.now, effects);
            }
        }
        self.check();
    }

    /// Follows the effects, each of which must find its message where the last one left it, and
    /// compares with what the queues count.
    fn check(&mut self) {
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Stored { queue, body, .. } => {
                    assert_eq!(self.places.insert(body, Place::In(queue)), None, "{body}");
                }
                Effect::DeadLettered { from, to, body } | Effect::Moved { from, to, body, .. } => {
                    let before = self.places.insert(body, Place::In(to));
                    assert_eq!(before, Some(Place::In(from)), "{body}");
                }
                Effect::Expired { queue, body } => {
                    let before = self.places.insert(body, Place::Expired);
                    assert_eq!(before, Some(Place::In(queue)), "{body}");
                }
                Effect::QueueDeleted { queue } => {
                    for place in self.places.values_mut() {
                        if *place == Place::In(queue) {
                            *place = Place::Deleted;
                        }
                    }
                }
                Effect::Received(received) => {
                    let place = self.places.get(received.body).copied();
                    assert_eq!(place, Some(Place::In(received.queue)), "{}", received.body);
                    self.receipts.push(received.receipt_handle);
                }
                _ => {}
            }
        }
        for queue in [JOBS, DEAD, OTHER] {
            let counts = self.service.counts(queue).unwrap_or_default();
            let counted = counts.visible + counts.not_visible + counts.delayed;
            let is_here = |place: &&Place| **place == Place::In(queue);
            let here = self.places.values().filter(is_here).count();
            assert_eq!(usize::try_from(counted).unwrap(), here, "{queue}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_message_is_in_one_place(steps in prop::collection::vec(step(), 1..100)) {
        let mut lab = Lab::new();
        for step in steps {
            lab.take(step);
        }
    }

    /// A task that nobody disturbs moves everything that was visible, at its rate.
    #[test]
    fn an_undisturbed_task_moves_all_at_its_rate(messages in 1..60_u32, rate in 1..=500_i64) {
        let mut lab = Lab::new();
        for _ in 0..messages {
            lab.take(Step::Send(JOBS));
        }
        for _ in 0..6 {
            lab.take(Step::Receive(JOBS, 10));
        }
        lab.take(Step::Wait(1_000));
        lab.take(Step::Receive(JOBS, 10));
        let dead = lab.service.counts(DEAD).unwrap().visible;
        prop_assert_eq!(dead, messages);
        let start = lab.now;
        let request = MoveTaskRequest {
            destination: Some(OTHER),
            max_number_of_messages_per_second: Some(rate),
        };
        lab.service.start_move_task(lab.now, DEAD, request, &mut lab.effects).unwrap();
        // Nothing expires before the last of them is moved.
        let retention = [AttributeChange::MessageRetentionPeriod(1_209_600)];
        for queue in [DEAD, OTHER] {
            lab.service.set_attributes(lab.now, queue, &retention, &mut lab.effects).unwrap();
        }
        while let Some(next) = lab.service.next_timeout().filter(|_| {
            lab.service.counts(DEAD).unwrap().visible > 0
        }) {
            lab.now = next;
            lab.service.advance(next, &mut lab.effects);
        }
        lab.check();
        let took = lab.now.since(start).as_micros();
        let least = u64::from(messages - 1) * 1_000_000 / u64::try_from(rate).unwrap();
        prop_assert!(took >= least && took <= least + u64::from(messages));
        prop_assert_eq!(lab.service.counts(OTHER).unwrap().visible, messages);
    }
}
