//! Ranges and defaults of SQS. API: the SQS API reference; DG: the SQS developer guide.
//!
//! [`parameter`](super::parameter) has the same as a table.

use std::ops::RangeInclusive;

use crate::time::SimDuration;

/// VisibilityTimeout. SetQueueAttributes, ReceiveMessage (API).
pub const VISIBILITY_TIMEOUT: RangeInclusive<SimDuration> =
    SimDuration::ZERO..=SimDuration::from_secs(43_200);
/// VisibilityTimeout of a queue that names none.
pub const VISIBILITY_TIMEOUT_DEFAULT: SimDuration = SimDuration::from_secs(30);
/// How long a message can stay in flight in all, from its receive. ChangeMessageVisibility (API).
pub const IN_FLIGHT_LONGEST: SimDuration = SimDuration::from_secs(43_200);
/// DelaySeconds. SendMessage, SetQueueAttributes (API).
pub const DELAY: RangeInclusive<SimDuration> = SimDuration::ZERO..=SimDuration::from_secs(900);
/// DelaySeconds of a queue that names none.
pub const DELAY_DEFAULT: SimDuration = SimDuration::ZERO;
/// MessageRetentionPeriod. SetQueueAttributes (API).
pub const MESSAGE_RETENTION_PERIOD: RangeInclusive<SimDuration> =
    SimDuration::from_secs(60)..=SimDuration::from_secs(1_209_600);
/// MessageRetentionPeriod of a queue that names none: 4 days.
pub const MESSAGE_RETENTION_PERIOD_DEFAULT: SimDuration = SimDuration::from_secs(345_600);
/// WaitTimeSeconds and ReceiveMessageWaitTimeSeconds. ReceiveMessage, SetQueueAttributes (API).
pub const WAIT_TIME: RangeInclusive<SimDuration> = SimDuration::ZERO..=SimDuration::from_secs(20);
/// ReceiveMessageWaitTimeSeconds of a queue that names none: short polling.
pub const WAIT_TIME_DEFAULT: SimDuration = SimDuration::ZERO;
/// MaxNumberOfMessages. ReceiveMessage (API).
pub const MAX_NUMBER_OF_MESSAGES: RangeInclusive<u8> = 1..=10;
/// MaxNumberOfMessages of a receive that names none.
pub const MAX_NUMBER_OF_MESSAGES_DEFAULT: u8 = 1;
/// maxReceiveCount of a redrive policy. Using dead-letter queues (DG).
pub const MAX_RECEIVE_COUNT: RangeInclusive<u32> = 1..=1_000;
/// Messages in flight in a standard queue. Standard queue quotas (DG).
pub const IN_FLIGHT_MAX: u32 = 120_000;
/// Messages in flight in a FIFO queue; 20,000 until late 2024. FIFO queue quotas (DG).
pub const FIFO_IN_FLIGHT_MAX: u32 = 120_000;
/// Messages of a FIFO queue that are looked through for groups that can be served. Avoid large
/// backlogs with the same message group ID (DG).
pub const FIFO_LOOKED_THROUGH: u32 = 120_000;
/// How long a deduplication id is remembered, from the first send: SQS promises that at least.
/// Exactly-once processing (DG).
pub const DEDUPLICATION_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// How long a receive can be repeated. ReceiveMessage ReceiveRequestAttemptId (API).
pub const RECEIVE_ATTEMPT_INTERVAL: SimDuration = SimDuration::from_secs(300);
/// Characters of a MessageGroupId, a MessageDeduplicationId or a ReceiveRequestAttemptId.
/// SendMessage, ReceiveMessage (API).
pub const ID_LENGTH: RangeInclusive<usize> = 1..=128;
/// The least time between two purges. PurgeQueue (API).
pub const PURGE_INTERVAL: SimDuration = SimDuration::from_secs(60);
/// Entries of a batch. SendMessageBatch (API).
pub const BATCH_ENTRIES: RangeInclusive<usize> = 1..=10;
/// Characters of the id of a batch's entry. Message quotas (DG).
pub const BATCH_ENTRY_ID_LENGTH: RangeInclusive<usize> = 1..=80;
/// Bytes of all messages of a batch together, whatever the queue says. SendMessageBatch (API).
pub const BATCH_BYTES_MAX: usize = 1_048_576;
/// Bytes of a message's body. SendMessage (API).
pub const BODY_BYTES: RangeInclusive<usize> = 1..=1_048_576;
/// Message attributes of a message. Message quotas (DG).
pub const MESSAGE_ATTRIBUTES_MAX: usize = 10;
/// Characters of a message attribute's name. ReceiveMessage MessageAttributeNames (API).
pub const MESSAGE_ATTRIBUTE_NAME_LENGTH: RangeInclusive<usize> = 1..=256;
/// Characters of a message attribute's data type. Message attribute data types (DG).
pub const MESSAGE_ATTRIBUTE_TYPE_LENGTH_MAX: usize = 256;
/// MaximumMessageSize, in bytes. SetQueueAttributes (API).
pub const MAXIMUM_MESSAGE_SIZE: RangeInclusive<usize> = 1_024..=1_048_576;
/// MaximumMessageSize of a queue that names none; 256 KiB until August 2025.
pub const MAXIMUM_MESSAGE_SIZE_DEFAULT: usize = 1_048_576;
/// Calls in a second for each action of a FIFO queue without high throughput. FIFO throttling (DG).
pub const FIFO_CALLS_PER_SECOND: u32 = 300;
/// Messages of those calls, in batches. FIFO throttling (DG).
pub const FIFO_MESSAGES_PER_SECOND: u32 = 3_000;
/// MaxNumberOfMessagesPerSecond of a redrive task. StartMessageMoveTask (API).
pub const MOVE_TASK_RATE: RangeInclusive<u32> = 1..=500;
/// The rate of a task that names none. SQS suits it to the backlog: this is our choice.
pub const MOVE_TASK_RATE_DEFAULT: u32 = 500;
/// Redrive tasks that can run for a source. StartMessageMoveTask (API).
pub const MOVE_TASKS_PER_SOURCE: u32 = 1;
/// MaxResults of ListMessageMoveTasks. ListMessageMoveTasks (API).
pub const MOVE_TASK_RESULTS: RangeInclusive<u32> = 1..=10;
/// Characters of a queue's name, `.fifo` included. CreateQueue (API).
pub const QUEUE_NAME_LENGTH: RangeInclusive<usize> = 1..=80;
/// How long the name of a deleted queue rests. CreateQueue QueueDeletedRecently (API).
pub const QUEUE_DELETED_RECENTLY: SimDuration = SimDuration::from_secs(60);
/// Queues that a RedriveAllowPolicy can list. CreateQueue (API).
pub const REDRIVE_SOURCES_MAX: usize = 10;
/// Receives after which a standard queue gives a message behind the others. Available CloudWatch
/// metrics: ApproximateAgeOfOldestMessage (DG).
pub const OFTEN_RECEIVED: u32 = 3;
