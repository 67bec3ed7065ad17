//! The counts of a lane at a time: a function of the world.

use crate::ids::GroupId;
use crate::world::LaneWorld;

/// What a lane has done and has still to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Messages sent.
    pub sent: u32,
    /// Times a message was handed to a worker, or a record to a consumer.
    pub deliveries: u32,
    /// Messages whose work was finished at least once; in a log, the sum over its groups.
    pub processed: u32,
    /// Times the work on a message was finished again.
    pub processed_again: u32,
    /// Messages that can be received; in a log, 0 (nothing waits in a log, it is read).
    pub waiting: u32,
    /// Messages hidden because a worker has received them; in a log, 0.
    pub in_flight: u32,
    /// Records not yet committed, the sum over the groups; in a queue, 0.
    pub lag: u64,
}

impl Metrics {
    /// The counts of a lane.
    #[must_use]
    pub fn of(lane: &LaneWorld) -> Self {
        match lane {
            LaneWorld::Sqs(sqs) => Self {
                sent: sqs.sent,
                deliveries: sqs.deliveries,
                processed: sqs.processed,
                processed_again: sqs.processed_again,
                waiting: sqs.queues.iter().map(|queue| queue.visible).sum(),
                in_flight: sqs.queues.iter().map(|queue| queue.in_flight).sum(),
                lag: 0,
            },
            LaneWorld::Kafka(kafka) => Self {
                sent: kafka.sent,
                deliveries: kafka.deliveries,
                processed: kafka.groups.iter().map(|group| group.processed).sum(),
                processed_again: kafka.groups.iter().map(|group| group.processed_again).sum(),
                waiting: 0,
                in_flight: 0,
                lag: (0..)
                    .zip(&kafka.groups)
                    .map(|(group, _)| kafka.lag(GroupId(group)))
                    .sum(),
            },
        }
    }
}
