//! What producers send comes to where it goes, in the order of sending, unless SQS throttles it.

use broker_lab_core::scenario::{FifoThroughputLimit, Queue};
use broker_lab_core::workload::KeyId;
use broker_lab_core::{MessageId, QueueId, SimDuration, SimTime};

use crate::checkers::Verdict;

const SECOND: SimDuration = SimDuration::from_secs(1);
/// Calls of a FIFO queue in a second. FIFO throttling (DG).
const CALLS: usize = 300;

#[derive(Debug)]
pub(super) struct Sends {
    latency: SimDuration,
    /// What has come nowhere, in the order of sending, and when it is to come.
    first: Vec<(MessageId, SimTime)>,
    /// What was throttled, and when it is to come again.
    again: Vec<(MessageId, SimTime)>,
    /// What FIFO queues have accepted: when, and of which key.
    accepted: Vec<(QueueId, SimTime, Option<KeyId>)>,
}

impl Sends {
    pub(super) const fn new(latency: SimDuration) -> Self {
        Self {
            latency,
            first: Vec::new(),
            again: Vec::new(),
            accepted: Vec::new(),
        }
    }

    pub(super) fn send(&mut self, at: SimTime, message: MessageId) {
        self.first.push((message, at + self.latency));
    }

    /// A send comes to where it goes.
    pub(super) fn arrive(&mut self, at: SimTime, message: MessageId) -> Verdict {
        if self.first.first() == Some(&(message, at)) {
            self.first.remove(0);
            return Ok(());
        }
        let again = self.again.iter().position(|send| *send == (message, at));
        match again {
            Some(place) => {
                self.again.remove(place);
                Ok(())
            }
            None => Err(format!("next to come is {:?}", self.first.first())),
        }
    }

    /// A FIFO queue has accepted a send.
    pub(super) fn accept(
        &mut self,
        at: SimTime,
        (id, queue): (QueueId, &Queue),
        key: Option<KeyId>,
    ) -> Verdict {
        self.accepted.push((id, at, key));
        // Seconds that begin anywhere: twice as many are possible within one, and no more.
        if self.lately(at, (id, queue), key) > 2 * CALLS {
            return Err(String::from("so many calls are throttled"));
        }
        Ok(())
    }

    /// How many sends a queue has accepted within the last second, of one group if that counts.
    fn lately(&self, at: SimTime, (id, queue): (QueueId, &Queue), key: Option<KeyId>) -> usize {
        let all = queue.fifo_throughput_limit == FifoThroughputLimit::PerQueue;
        let accepted = self.accepted.iter().rev();
        let lately = accepted.take_while(|(_, when, _)| at.since(*when) < SECOND);
        lately
            .filter(|(its, _, group)| *its == id && (all || *group == key))
            .count()
    }

    pub(super) fn throttle(
        &mut self,
        at: SimTime,
        queue: (QueueId, &Queue),
        (message, key, retry_in): (MessageId, Option<KeyId>, SimDuration),
    ) -> Verdict {
        self.arrive(at, message)?;
        let again = at + self.latency + retry_in + self.latency;
        self.again.push((message, again));
        if self.lately(at, queue, key) < CALLS {
            return Err(String::from("there were fewer than 300 in this second"));
        }
        if retry_in > SimDuration::from_secs(20) + SimDuration::from_millis(1) {
            return Err(String::from("no SDK waits so long"));
        }
        Ok(())
    }

    pub(super) fn end(&self, end: SimTime) -> Verdict {
        let mut all = self.first.iter().chain(&self.again);
        match all.find(|(_, due)| *due <= end) {
            Some(send) => Err(format!("at the end, {send:?} is still on the way")),
            None => Ok(()),
        }
    }
}
