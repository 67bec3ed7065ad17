//! Ranges and defaults of an event source mapping for SQS. API: the Lambda API reference; DG: the
//! Lambda developer guide.

use std::ops::RangeInclusive;

use crate::time::SimDuration;

/// BatchSize for a standard queue. CreateEventSourceMapping (API).
pub const BATCH_SIZE: RangeInclusive<u32> = 1..=10_000;
/// BatchSize for a FIFO queue. CreateEventSourceMapping (API).
pub const BATCH_SIZE_FIFO: RangeInclusive<u32> = 1..=10;
/// BatchSize of a mapping that names none.
pub const BATCH_SIZE_DEFAULT: u32 = 10;
/// The largest BatchSize that needs no window. CreateEventSourceMapping (API).
pub const BATCH_SIZE_WITHOUT_WINDOW: u32 = 10;
/// MaximumBatchingWindowInSeconds. CreateEventSourceMapping (API).
pub const WINDOW: RangeInclusive<SimDuration> = SimDuration::ZERO..=SimDuration::from_secs(300);
/// MaximumBatchingWindowInSeconds of a mapping that names none.
pub const WINDOW_DEFAULT: SimDuration = SimDuration::ZERO;
/// MaximumBatchingWindowInSeconds where BatchSize is over 10. CreateEventSourceMapping (API).
pub const WINDOW_OF_LARGE_BATCHES: RangeInclusive<SimDuration> =
    SimDuration::from_secs(1)..=SimDuration::from_secs(300);
/// Bytes of the messages of one invocation: 6 MB. CreateEventSourceMapping (API).
pub const PAYLOAD_BYTES_MAX: u64 = 6 * 1_024 * 1_024;
/// MaximumConcurrency. ScalingConfig (API).
pub const MAXIMUM_CONCURRENCY: RangeInclusive<u32> = 2..=1_000;
/// MinimumPollers. ProvisionedPollerConfig (API).
pub const MINIMUM_POLLERS: RangeInclusive<u32> = 2..=200;
/// MinimumPollers of a provisioned mapping that names none.
pub const MINIMUM_POLLERS_DEFAULT: u32 = 2;
/// MaximumPollers. ProvisionedPollerConfig (API).
pub const MAXIMUM_POLLERS: RangeInclusive<u32> = 2..=10_000;
/// MaximumPollers of a provisioned mapping that names none.
pub const MAXIMUM_POLLERS_DEFAULT: u32 = 200;
/// Seconds that a function may take. Lambda quotas (DG).
pub const FUNCTION_TIMEOUT: RangeInclusive<SimDuration> =
    SimDuration::from_secs(1)..=SimDuration::from_secs(900);
/// Timeout of a function that names none. CreateFunction (API).
pub const FUNCTION_TIMEOUT_DEFAULT: SimDuration = SimDuration::from_secs(3);
/// How many times the function's timeout the visibility timeout should be. Configuring an SQS
/// queue to use with Lambda (DG): advice.
pub const ADVISED_VISIBILITY_TIMES: u64 = 6;
/// The least maxReceiveCount that a redrive policy of the queue should have. Configuring an SQS
/// queue to use with Lambda (DG): advice.
pub const ADVISED_MAX_RECEIVE_COUNT: u32 = 5;
/// Concurrent invocations when messages come up. SQS scaling (DG).
pub const CONCURRENCY_INITIAL: u32 = 5;
/// Concurrent invocations that a quiet mapping goes down to. SQS scaling (DG).
pub const CONCURRENCY_QUIET: u32 = 2;
/// Concurrent invocations of a mapping of a standard queue. SQS scaling (DG).
pub const CONCURRENCY_MAX: u32 = 1_250;
/// More concurrent invocations for each minute of backlog. SQS scaling (DG).
pub const SCALE_UP_PER_MINUTE: u32 = 300;
/// Concurrent invocations of a provisioned mapping. AWS News Blog, November 2025.
pub const PROVISIONED_CONCURRENCY_MAX: u32 = 20_000;
/// More concurrent invocations for each minute of backlog in provisioned mode. AWS News Blog,
/// November 2025.
pub const PROVISIONED_SCALE_UP_PER_MINUTE: u32 = 1_000;
/// Concurrent invocations of one provisioned poller. SQS scaling (DG).
pub const INVOCATIONS_PER_POLLER: u32 = 10;
/// Messages that one receive can bring: MaxNumberOfMessages of SQS.
pub const RECEIVE_MAX: u8 = 10;
/// How long a receive waits: the longest that SQS allows. That Lambda polls long is documented
/// (SQS scaling, DG), how long is not.
pub const WAIT_TIME: SimDuration = SimDuration::from_secs(20);
/// BatchSize of a pipe. PipeSourceSqsQueueParameters (EventBridge Pipes API).
pub const PIPE_BATCH_SIZE: RangeInclusive<u32> = 1..=10_000;
/// MaximumBatchingWindowInSeconds of a pipe. PipeSourceSqsQueueParameters (EventBridge Pipes API).
pub const PIPE_WINDOW: RangeInclusive<SimDuration> =
    SimDuration::ZERO..=SimDuration::from_secs(300);
