//! An SQS lane as it is written.

use serde::Serialize;

use super::document::is_default;
use super::function::EventSourceMapping;
use super::topic::SnsTopic;
use super::values::Percent;
use crate::ids::{QueueId, TopicId};
use crate::sqs::limits;
use crate::time::SimDuration;

/// Queues and their workers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SqsLane {
    /// The queues.
    pub queues: Vec<Queue>,
    /// SNS topics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<SnsTopic>,
    /// The queue or topic that the producers send to; the first queue if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
    /// Producers send a message's key as its MessageGroupId to standard queues too, where it names
    /// a tenant. Fair queues (DG). To FIFO queues they always do.
    #[serde(skip_serializing_if = "is_default")]
    pub fair: bool,
    /// Who receives.
    pub workers: Vec<Workers>,
    /// Functions that Lambda invokes with what it receives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_source_mappings: Vec<EventSourceMapping>,
}

impl SqsLane {
    /// The queue called `name`.
    #[must_use]
    pub fn find_queue(&self, name: &str) -> Option<QueueId> {
        let index = self.queues.iter().position(|queue| queue.name == name)?;
        u16::try_from(index).ok().map(QueueId)
    }

    /// The names of all worker sets: workers, then functions.
    pub fn team_names(&self) -> impl Iterator<Item = &str> {
        let workers = self.workers.iter().map(|workers| workers.name.as_str());
        let functions = self.event_source_mappings.iter();
        workers.chain(functions.map(|mapping| mapping.function_name.as_str()))
    }

    /// The names of their queues.
    pub fn team_queues(&self) -> impl Iterator<Item = &str> {
        let workers = self.workers.iter().map(|workers| workers.queue.as_str());
        let functions = self.event_source_mappings.iter();
        workers.chain(functions.map(|mapping| mapping.queue.as_str()))
    }

    /// How many actors each of them has at the start.
    pub fn team_sizes(&self) -> impl Iterator<Item = u32> {
        let workers = self.workers.iter().map(|workers| workers.count);
        let functions = self.event_source_mappings.iter();
        workers.chain(functions.map(EventSourceMapping::invocations))
    }

    /// Whether the producers send to a FIFO queue or topic, which takes no message without a
    /// group.
    #[must_use]
    pub fn takes_only_groups(&self) -> bool {
        match self.topic() {
            Some((_, topic)) => topic.is_fifo(),
            None => self.destinations().any(|queue| {
                let queue = self.queues.get(queue.index());
                queue.is_some_and(Queue::is_fifo)
            }),
        }
    }

    /// The topic that the producers publish to; `None`: they send to a queue.
    #[must_use]
    pub fn topic(&self) -> Option<(TopicId, &SnsTopic)> {
        let name = self.send_to.as_deref()?;
        let mut topics = (0..).map(TopicId).zip(&self.topics);
        topics.find(|(_, topic)| topic.name == name)
    }

    /// The queues that a send comes to: the one that it is sent to, or those that are subscribed.
    pub fn destinations(&self) -> impl Iterator<Item = QueueId> {
        let topic = self.topic();
        let named = self.send_to.as_deref();
        let direct = named.and_then(|name| self.find_queue(name));
        let direct = topic.is_none().then(|| direct.unwrap_or_default());
        let subscriptions = topic
            .into_iter()
            .flat_map(|(_, topic)| &topic.subscriptions);
        let subscribed = subscriptions.filter_map(|its| self.find_queue(&its.queue));
        direct.into_iter().chain(subscribed)
    }
}

/// A queue. Attributes have SQS's names and defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// QueueName. A FIFO queue's ends in `.fifo`, and no other's.
    pub name: String,
    /// VisibilityTimeout.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds.
    #[serde(skip_serializing_if = "is_default")]
    pub delay: SimDuration,
    /// MessageRetentionPeriod.
    #[serde(skip_serializing_if = "is_default_retention")]
    pub message_retention_period: SimDuration,
    /// ReceiveMessageWaitTimeSeconds.
    #[serde(skip_serializing_if = "is_default")]
    pub receive_message_wait_time: SimDuration,
    /// MaximumMessageSize, in bytes. The messages of a workload are shorter than the smallest
    /// value there is, so that it refuses none of them.
    #[serde(skip_serializing_if = "is_default_size")]
    pub maximum_message_size: u32,
    /// RedrivePolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<RedrivePolicy>,
    /// RedriveAllowPolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// ContentBasedDeduplication, of a FIFO queue. Without it the producers give each message's
    /// number as its MessageDeduplicationId.
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// DeduplicationScope, of a FIFO queue.
    #[serde(skip_serializing_if = "is_default")]
    pub deduplication_scope: DeduplicationScope,
    /// FifoThroughputLimit, of a FIFO queue.
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_throughput_limit: FifoThroughputLimit,
    /// A model, off by default: how often a delete misses a copy of the message, which then comes
    /// again. Standard queues only; AWS gives no rate.
    #[serde(skip_serializing_if = "is_default")]
    pub redelivers: Percent,
    /// A model, off by default: how often a receive is given any visible message in place of the
    /// oldest. Standard queues only; AWS gives no rate.
    #[serde(skip_serializing_if = "is_default")]
    pub reorders: Percent,
    /// A model, off by default: how often a short poll overlooks a visible message. Standard
    /// queues only; AWS gives no rate.
    #[serde(skip_serializing_if = "is_default")]
    pub short_poll_misses: Percent,
}

impl Queue {
    /// Whether it is a FIFO queue: its name says so. CreateQueue, QueueName (API).
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

/// Within what a deduplication id is unique. CreateQueue, DeduplicationScope (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeduplicationScope {
    /// queue.
    #[default]
    Queue,
    /// messageGroup.
    MessageGroup,
}

/// What the quotas of a FIFO queue are per. CreateQueue, FifoThroughputLimit (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FifoThroughputLimit {
    /// perQueue.
    #[default]
    PerQueue,
    /// perMessageGroupId: only with the scope messageGroup.
    PerMessageGroupId,
}

/// For which queues this one may be the dead-letter queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RedriveAllowPolicy {
    /// redrivePermission.
    pub redrive_permission: RedrivePermission,
    /// sourceQueueArns, as names; only by_queue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_queues: Vec<String>,
}

/// redrivePermission of a RedriveAllowPolicy. CreateQueue (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RedrivePermission {
    /// allowAll.
    #[default]
    AllowAll,
    /// denyAll.
    DenyAll,
    /// byQueue.
    ByQueue,
}

/// Where a message goes that was received often enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RedrivePolicy {
    /// deadLetterTargetArn, as the queue's name.
    pub dead_letter_target: String,
    /// maxReceiveCount.
    pub max_receive_count: u32,
}

/// Workers of one kind: poll, work, delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workers {
    /// Their name; the first is `name-1`.
    pub name: String,
    /// How many there are.
    pub count: u32,
    /// The queue they receive from.
    pub queue: String,
    /// MaxNumberOfMessages of a receive.
    #[serde(skip_serializing_if = "is_one")]
    pub max_number_of_messages: u8,
    /// WaitTimeSeconds of a receive: 20 s unless said, as AWS advises (the queue's own value,
    /// 0 by default, would be a short poll).
    #[serde(skip_serializing_if = "is_longest_wait")]
    pub wait_time: SimDuration,
    /// VisibilityTimeout of a receive; the queue's if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility_timeout: Option<SimDuration>,
    /// How many messages one process works on at the same time. It receives when nothing it has
    /// received waits for one of its threads, and a thread is free.
    #[serde(skip_serializing_if = "is_one_thread")]
    pub concurrency: u32,
    /// When it deletes what it has received.
    #[serde(skip_serializing_if = "is_default")]
    pub delete: DeleteWhen,
    /// How long it does something else between the end of its work, whose effect has happened,
    /// and the delete: a crash in between leads to a second time. Only with a delete after the work.
    #[serde(skip_serializing_if = "is_default")]
    pub delete_delay: SimDuration,
    /// ChangeMessageVisibility again and again while it works on a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Heartbeat>,
    /// ChangeMessageVisibility after a failure, to longer and longer times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_off: Option<BackOff>,
    /// ChangeMessageVisibility to 0 after a failure: the message comes again at once.
    #[serde(skip_serializing_if = "is_default")]
    pub gives_back: bool,
    /// It remembers which messages of the workload are done, together with all workers of its
    /// kind, and does none of them again: it only deletes them. The memory is a table that
    /// outlives the processes, written together with the effect of the work.
    #[serde(skip_serializing_if = "is_default")]
    pub idempotent: bool,
}

/// When a worker deletes a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteWhen {
    /// When its work is done: at least once.
    #[default]
    AfterWork,
    /// Before its work begins: at most once.
    BeforeWork,
    /// Never: what was forgotten comes again and again.
    Never,
}

/// How a worker keeps what it works on hidden. The 12 hours of ReceiveMessage are its limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Heartbeat {
    /// How often, from the start of the work on.
    pub every: SimDuration,
    /// VisibilityTimeout of each change: counts from the change.
    pub extends_to: SimDuration,
}

/// Exponential back-off: after the n-th receive has failed, `base` * 2^(n - 1), at most `max`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackOff {
    /// After the first failure.
    pub base: SimDuration,
    /// The longest. Default 12 h, the most that SQS allows.
    #[serde(skip_serializing_if = "is_longest_timeout")]
    pub max: SimDuration,
}

impl Default for BackOff {
    fn default() -> Self {
        Self {
            base: SimDuration::ZERO,
            max: LONGEST_TIMEOUT,
        }
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            name: String::new(),
            visibility_timeout: limits::VISIBILITY_TIMEOUT_DEFAULT,
            delay: limits::DELAY_DEFAULT,
            message_retention_period: limits::MESSAGE_RETENTION_PERIOD_DEFAULT,
            receive_message_wait_time: limits::WAIT_TIME_DEFAULT,
            maximum_message_size: DEFAULT_SIZE,
            redrive_policy: None,
            redrive_allow_policy: None,
            content_based_deduplication: false,
            deduplication_scope: DeduplicationScope::Queue,
            fifo_throughput_limit: FifoThroughputLimit::PerQueue,
            redelivers: Percent(0),
            reorders: Percent(0),
            short_poll_misses: Percent(0),
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            name: String::new(),
            count: 1,
            queue: String::new(),
            max_number_of_messages: limits::MAX_NUMBER_OF_MESSAGES_DEFAULT,
            wait_time: LONGEST_WAIT,
            visibility_timeout: None,
            concurrency: 1,
            delete: DeleteWhen::AfterWork,
            delete_delay: SimDuration::ZERO,
            heartbeat: None,
            back_off: None,
            gives_back: false,
            idempotent: false,
        }
    }
}

const LONGEST_WAIT: SimDuration = SimDuration::from_secs(20);
const LONGEST_TIMEOUT: SimDuration = *limits::VISIBILITY_TIMEOUT.end();
/// [`limits::MAXIMUM_MESSAGE_SIZE_DEFAULT`], as a document has it.
const DEFAULT_SIZE: u32 = 1_048_576;

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_retention(length: &SimDuration) -> bool {
    *length == limits::MESSAGE_RETENTION_PERIOD_DEFAULT
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_longest_timeout(length: &SimDuration) -> bool {
    *length == LONGEST_TIMEOUT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_size(bytes: &u32) -> bool {
    *bytes == DEFAULT_SIZE
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_one_thread(number: &u32) -> bool {
    *number == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_one(number: &u8) -> bool {
    *number == 1
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_longest_wait(length: &SimDuration) -> bool {
    *length == LONGEST_WAIT
}
