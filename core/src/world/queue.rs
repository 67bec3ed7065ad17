//! A queue and a message in it.

use super::Since;
use crate::cast::{QueueCast, QueueChoices, QueueKind};
use crate::ids::{ActorId, QueueId};
use crate::scenario::{DeduplicationScope, FifoThroughputLimit, RedrivePermission};
use crate::sqs::limits::OFTEN_RECEIVED;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Millis, MoveTaskEnd, QueueSetting, What};

/// What a queue is and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueWorld {
    /// Its type.
    pub kind: QueueKind,
    /// ApproximateNumberOfMessages; exact here.
    pub visible: u32,
    /// ApproximateNumberOfMessagesNotVisible; exact here.
    pub in_flight: u32,
    /// ApproximateNumberOfMessagesDelayed; exact here.
    pub delayed: u32,
    /// VisibilityTimeout.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds.
    pub delay: SimDuration,
    /// ReceiveMessageWaitTimeSeconds.
    pub receive_message_wait_time: SimDuration,
    /// MaximumMessageSize, in bytes.
    pub maximum_message_size: u32,
    /// MessageRetentionPeriod.
    pub message_retention_period: SimDuration,
    /// RedrivePolicy: the dead-letter queue and maxReceiveCount.
    pub redrive_policy: Option<(QueueId, u32)>,
    /// The attributes that are one of a few words.
    pub choices: QueueChoices,
    /// How many messages expired in it.
    pub expired: u32,
    /// When it was purged last.
    pub purged_at: Option<SimTime>,
    /// The move task that took, or takes, messages out of it last.
    pub move_task: Option<MoveTaskWorld>,
    /// How many calls it has refused for their rate, of a FIFO queue.
    pub throttled: u32,
    /// What its topic has to do with it; all zero where there is none.
    pub deliveries: DeliveriesWorld,
}

/// How SNS comes through to a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveriesWorld {
    /// Whether the queue's access policy keeps SNS out.
    pub is_denied: bool,
    /// Until when SNS cannot reach it; `None`: it can.
    pub unreachable_until: Option<SimTime>,
    /// Copies that have failed and will be tried again.
    pub retrying: u32,
    /// Copies that SNS has given up: lost, or sent to the subscription's dead-letter queue.
    pub given_up: u32,
}

/// A message move task. StartMessageMoveTask (API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveTaskWorld {
    /// Where the messages go; `None`: each to the queue it came from.
    pub destination: Option<QueueId>,
    /// MaxNumberOfMessagesPerSecond; 0: as SQS chooses.
    pub rate: u16,
    /// ApproximateNumberOfMessagesMoved; exact here.
    pub moved: u32,
    /// StartedTimestamp.
    pub started_at: SimTime,
    /// How it ended; `None`: it is RUNNING.
    pub end: Option<MoveTaskEnd>,
}

/// One copy of a message of the workload, as this lane has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageWorld {
    /// Where it is, where it was, and since when.
    pub place: Since<Place>,
    /// Who received it last.
    pub actor: ActorId,
    /// When its visibility timeout or delay runs out.
    pub hidden_until: SimTime,
    /// When it was hidden: what a ring counts from.
    pub hidden_since: SimTime,
    /// When it was sent to its first queue, or made by a move task: SentTimestamp.
    pub sent_at: SimTime,
    /// When it came into the queue that it is in.
    pub stored_at: SimTime,
    /// Which arrival in any queue of the lane that was, from 1: the order of a FIFO group.
    pub arrival: u32,
    /// The queue that it first came into.
    pub origin: QueueId,
    /// ApproximateReceiveCount: how often it was received, in all queues.
    pub receives: u16,
    /// How often it was received from the queue that it is in.
    pub receives_here: u16,
    /// How often work on it was begun.
    pub starts: u16,
    /// How often work on it was finished.
    pub finishes: u16,
    /// How many copies of the message a topic has sent that have come nowhere yet; kept for the
    /// first copy alone.
    pub(super) awaited: u16,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not sent yet.
    Nowhere,
    /// On its way from the producer.
    Sent,
    /// In a queue, for its delay.
    Delayed(QueueId),
    /// In a queue, to be received.
    Visible(QueueId),
    /// In a queue, hidden: a worker has received it.
    InFlight(QueueId),
    /// Deleted.
    Deleted,
    /// Its retention period ended.
    Expired,
    /// A purge took it.
    Purged,
    /// No subscription of its topic wanted it.
    FilteredOut,
    /// SNS has given it up, and put it into no dead-letter queue.
    Undelivered,
}

impl Place {
    /// The queue that it is in.
    #[must_use]
    pub const fn queue(self) -> Option<QueueId> {
        match self {
            Self::Delayed(queue) | Self::Visible(queue) | Self::InFlight(queue) => Some(queue),
            _ => None,
        }
    }

    /// Whether nothing can happen to it any more.
    pub(super) const fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Deleted | Self::Expired | Self::Purged | Self::FilteredOut | Self::Undelivered
        )
    }
}

impl MessageWorld {
    /// Whether a standard queue gives it last: it was received from it three times or more and not
    /// deleted. Available CloudWatch metrics, ApproximateAgeOfOldestMessage (DG).
    #[must_use]
    pub const fn is_often_received(&self) -> bool {
        self.receives_here as u32 >= OFTEN_RECEIVED
    }
}

impl Default for MessageWorld {
    fn default() -> Self {
        Self {
            place: Since::start(Place::Nowhere),
            actor: ActorId(0),
            hidden_until: SimTime::ZERO,
            hidden_since: SimTime::ZERO,
            sent_at: SimTime::ZERO,
            stored_at: SimTime::ZERO,
            arrival: 0,
            origin: QueueId(0),
            receives: 0,
            receives_here: 0,
            starts: 0,
            finishes: 0,
            awaited: 0,
        }
    }
}

impl QueueWorld {
    pub(super) const fn new(cast: &QueueCast) -> Self {
        Self {
            kind: cast.kind,
            visible: 0,
            in_flight: 0,
            delayed: 0,
            visibility_timeout: cast.visibility_timeout,
            delay: cast.delay,
            receive_message_wait_time: cast.receive_message_wait_time,
            maximum_message_size: cast.maximum_message_size,
            message_retention_period: cast.message_retention_period,
            redrive_policy: cast.redrive_policy,
            choices: cast.choices,
            expired: 0,
            purged_at: None,
            move_task: None,
            throttled: 0,
            deliveries: DeliveriesWorld {
                is_denied: false,
                unreachable_until: None,
                retrying: 0,
                given_up: 0,
            },
        }
    }

    pub(super) fn fold(&mut self, at: SimTime, what: What) {
        match what {
            What::QueuePurged { .. } => self.purged_at = Some(at),
            What::RequestThrottled { .. } => self.throttled += 1,
            What::AttributeChanged {
                setting,
                value,
                target,
                ..
            } => {
                let length = SimDuration::from(Millis(value));
                match setting {
                    QueueSetting::VisibilityTimeout => self.visibility_timeout = length,
                    QueueSetting::Delay => self.delay = length,
                    QueueSetting::ReceiveMessageWaitTime => self.receive_message_wait_time = length,
                    QueueSetting::MaximumMessageSize => self.maximum_message_size = value,
                    QueueSetting::MessageRetentionPeriod => self.message_retention_period = length,
                    QueueSetting::RedrivePolicy => {
                        self.redrive_policy = target.map(|target| (target, value));
                    }
                    QueueSetting::RedriveAllowPolicy
                    | QueueSetting::ContentBasedDeduplication
                    | QueueSetting::DeduplicationScope
                    | QueueSetting::FifoThroughputLimit => self.choose(setting, value),
                }
            }
            What::MoveTaskStarted {
                destination, rate, ..
            } => {
                self.move_task = Some(MoveTaskWorld {
                    destination,
                    rate,
                    moved: 0,
                    started_at: at,
                    end: None,
                });
            }
            What::MoveTaskEnded { end, .. } => {
                if let Some(task) = &mut self.move_task {
                    task.end = Some(end);
                }
            }
            _ => {}
        }
    }

    fn choose(&mut self, setting: QueueSetting, value: u32) {
        let choices = &mut self.choices;
        match (setting, value) {
            (QueueSetting::ContentBasedDeduplication, _) => {
                choices.content_based_deduplication = value != 0;
            }
            (QueueSetting::DeduplicationScope, 0) => {
                choices.deduplication_scope = DeduplicationScope::Queue;
            }
            (QueueSetting::DeduplicationScope, _) => {
                choices.deduplication_scope = DeduplicationScope::MessageGroup;
            }
            (QueueSetting::FifoThroughputLimit, 0) => {
                choices.fifo_throughput_limit = FifoThroughputLimit::PerQueue;
            }
            (QueueSetting::FifoThroughputLimit, _) => {
                choices.fifo_throughput_limit = FifoThroughputLimit::PerMessageGroupId;
            }
            (_, 0) => choices.redrive_permission = RedrivePermission::AllowAll,
            (_, 1) => choices.redrive_permission = RedrivePermission::DenyAll,
            _ => choices.redrive_permission = RedrivePermission::ByQueue,
        }
    }

    /// The move task has moved one more.
    pub(super) fn count_moved(&mut self) {
        if let Some(task) = &mut self.move_task {
            task.moved += 1;
        }
    }
}
