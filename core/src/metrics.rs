//! The counts of a lane at a time: a function of the world.

use crate::ids::{GroupId, MessageId, QueueId};
use crate::time::{SimDuration, SimTime};
use crate::workload::KeyId;
use crate::world::{KafkaWorld, LaneWorld, Place, SqsWorld};

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
    /// Messages that can be received. In a log nothing waits, it is read: only what share groups
    /// have not finished and nobody has, the sum over them.
    pub waiting: u32,
    /// Messages hidden because a worker has received them; in a log, records that members of share
    /// groups have.
    pub in_flight: u32,
    /// Records not yet committed, or not yet finished by a share group, the sum over the groups;
    /// in a queue, 0.
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
                waiting: waiting_for_share_groups(kafka),
                in_flight: kafka.share_groups.iter().map(|group| group.acquired).sum(),
                lag: (0..)
                    .zip(&kafka.groups)
                    .map(|(group, _)| kafka.lag(GroupId(group)))
                    .sum(),
            },
        }
    }
}

/// How many records share groups have not finished and nobody has.
fn waiting_for_share_groups(kafka: &KafkaWorld) -> u32 {
    let all = (0..).zip(&kafka.groups).map(|(group, _)| {
        let group = GroupId(group);
        let acquired = kafka.share_group(group).map(|its| its.acquired)?;
        let open = u32::try_from(kafka.lag(group)).unwrap_or(u32::MAX);
        Some(open.saturating_sub(acquired))
    });
    all.flatten().sum()
}

/// The metrics of a queue under CloudWatch's names: approximate on AWS, exact here. Available
/// CloudWatch metrics for Amazon SQS (DG).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueMetrics {
    /// ApproximateNumberOfMessagesVisible.
    pub visible: u32,
    /// ApproximateNumberOfMessagesNotVisible.
    pub not_visible: u32,
    /// ApproximateNumberOfMessagesDelayed.
    pub delayed: u32,
    /// ApproximateAgeOfOldestMessage; zero without messages.
    pub age_of_oldest_message: SimDuration,
    /// ApproximateNumberOfNoisyGroups.
    pub noisy_groups: u32,
    /// ApproximateNumberOfMessagesVisibleInQuietGroups.
    pub visible_in_quiet_groups: u32,
    /// ApproximateNumberOfMessagesNotVisibleInQuietGroups.
    pub not_visible_in_quiet_groups: u32,
    /// ApproximateNumberOfMessagesDelayedInQuietGroups.
    pub delayed_in_quiet_groups: u32,
    /// ApproximateAgeOfOldestMessageInQuietGroups; zero without messages.
    pub age_of_oldest_message_in_quiet_groups: SimDuration,
}

impl QueueMetrics {
    /// The metrics of a queue at `now`; looks through all its messages. `group_of`: the key of a
    /// message.
    #[must_use]
    pub fn of(
        world: &SqsWorld,
        (queue, now): (QueueId, SimTime),
        group_of: impl Fn(MessageId) -> Option<KeyId>,
    ) -> Self {
        let is_noisy = |message: MessageId| {
            let group = group_of(message);
            let mut noisy = world.noisy.iter();
            noisy.any(|(place, key)| *place == queue && Some(*key) == group)
        };
        let age = |oldest: Option<SimTime>| oldest.map_or(SimDuration::ZERO, |at| now.since(at));
        let counts = world.queues.get(queue.index());
        let mut metrics = Self {
            visible: counts.map_or(0, |queue| queue.visible),
            not_visible: counts.map_or(0, |queue| queue.in_flight),
            delayed: counts.map_or(0, |queue| queue.delayed),
            age_of_oldest_message: age(world.oldest(queue, |_| true)),
            age_of_oldest_message_in_quiet_groups: age(world.oldest(queue, |id| !is_noisy(id))),
            ..Self::default()
        };
        let noisy = world.noisy.iter().filter(|(place, _)| *place == queue);
        metrics.noisy_groups = u32::try_from(noisy.count()).unwrap_or(u32::MAX);
        let quiet = world.unsettled().filter(|(id, _, _)| !is_noisy(*id));
        for (_, _, message) in quiet {
            match message.place.now {
                Place::Visible(its) if its == queue => metrics.visible_in_quiet_groups += 1,
                Place::InFlight(its) if its == queue => metrics.not_visible_in_quiet_groups += 1,
                Place::Delayed(its) if its == queue => metrics.delayed_in_quiet_groups += 1,
                _ => {}
            }
        }
        metrics
    }
}
