//! Whether SNS comes through to a queue of a lane.

use crate::ids::QueueId;
use crate::random::{Purpose, Random};
use crate::scenario::Percent;
use crate::sns::DeliveryAnswer;
use crate::time::SimTime;

/// What stands between a topic and the queues of its lane, by queue.
#[derive(Clone, Debug)]
pub(super) struct Reaches(Vec<Reach>);

/// What stands between a topic and one queue.
#[derive(Clone, Debug)]
struct Reach {
    policy: Policy,
    unreachable_until: Option<SimTime>,
    /// How often an attempt ends in an error, and the numbers that decide it.
    errors: Option<(Percent, Random)>,
}

/// The access policy of a queue, as far as it is about SNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Allows,
    Denies,
}

impl Reaches {
    /// SNS reaches all of so many queues.
    pub(super) fn new(queues: usize) -> Self {
        let open = Reach {
            policy: Policy::Allows,
            unreachable_until: None,
            errors: None,
        };
        Self(vec![open; queues])
    }

    fn of(&mut self, queue: QueueId) -> Option<&mut Reach> {
        self.0.get_mut(queue.index())
    }

    /// Lets some attempts at a queue fail, by the seed. A stream of numbers for each queue.
    pub(super) fn set_errors(&mut self, queue: QueueId, chance: Percent, seed: u32) {
        if let Some(reach) = self.of(queue).filter(|_| chance.0 > 0) {
            let stream = Random::new(seed, Purpose::Delivery, queue.0.into());
            reach.errors = Some((chance, stream));
        }
    }

    pub(super) fn set_policy(&mut self, queue: QueueId, policy: Policy) {
        if let Some(reach) = self.of(queue) {
            reach.policy = policy;
        }
    }

    /// SNS cannot reach a queue up to, not including, `until`.
    pub(super) fn keep_away(&mut self, queue: QueueId, until: SimTime) {
        if let Some(reach) = self.of(queue) {
            reach.unreachable_until = Some(until);
        }
    }

    /// Whether the time is over for which SNS was kept from a queue. It is told once.
    pub(super) fn ends(&mut self, now: SimTime, queue: QueueId) -> bool {
        let Some(reach) = self.of(queue) else {
            return false;
        };
        let is_over = reach.unreachable_until.is_some_and(|until| until <= now);
        if is_over {
            reach.unreachable_until = None;
        }
        is_over
    }

    /// How an attempt at a queue ends, as far as it does not depend on the message. A queue that
    /// cannot be reached cannot refuse: that error comes first.
    pub(super) fn attempt(&mut self, now: SimTime, queue: QueueId) -> DeliveryAnswer {
        let Some(reach) = self.of(queue) else {
            return DeliveryAnswer::Delivered;
        };
        let fails = |(chance, random): &mut (Percent, Random)| random.below(100) < chance.0.into();
        if reach.unreachable_until.is_some_and(|until| now < until)
            || reach.errors.as_mut().is_some_and(fails)
        {
            DeliveryAnswer::ServerError
        } else if reach.policy == Policy::Denies {
            DeliveryAnswer::ClientError
        } else {
            DeliveryAnswer::Delivered
        }
    }
}
