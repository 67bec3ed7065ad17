//! How large an experiment may be, so that no document can freeze a page.

use std::ops::RangeInclusive;

use crate::time::SimDuration;

/// The version of the document that this code reads.
pub const VERSION: u32 = 1;
/// Bytes of a document.
pub const DOCUMENT_BYTES: usize = 1_048_576;
/// Characters of a title.
pub const TITLE_CHARS: usize = 120;
/// Paragraphs of a description, and suggestions.
pub const PARAGRAPHS: RangeInclusive<usize> = 0..=12;
/// Characters of a paragraph or a suggestion.
pub const PARAGRAPH_CHARS: usize = 1_000;
/// Characters of a name.
pub const NAME_CHARS: usize = 48;
/// Lanes of a scenario.
pub const LANES: RangeInclusive<usize> = 1..=4;
/// Producers of a workload.
pub const PRODUCERS: RangeInclusive<usize> = 0..=16;
/// Keys of a producer.
pub const KEYS: RangeInclusive<usize> = 0..=1_000;
/// Messages that a producer names one by one.
pub const SENDS: RangeInclusive<usize> = 0..=10_000;
/// Messages that the producers send in all, to the horizon.
pub const MESSAGES: u64 = 1_000_000;
/// Rules about what fails.
pub const FAILURES: RangeInclusive<usize> = 0..=1_000;
/// Rules about work that takes another time.
pub const SLOW: RangeInclusive<usize> = 0..=1_000;
/// Queues of a lane.
pub const QUEUES: RangeInclusive<usize> = 1..=100;
/// Kinds of workers of a lane.
pub const WORKER_SETS: RangeInclusive<usize> = 0..=100;
/// MaxNumberOfMessagesPerSecond of a move task. StartMessageMoveTask (API).
pub const MOVE_TASK_RATE: RangeInclusive<u32> = 1..=500;
/// Copies of one message in a lane.
pub const COPIES: usize = 200;
/// Messages that one worker works on at the same time.
pub const CONCURRENCY: RangeInclusive<u32> = 1..=100;
/// How often a worker extends a visibility timeout.
pub const HEARTBEAT: RangeInclusive<SimDuration> =
    SimDuration::from_millis(100)..=SimDuration::from_secs(43_200);
/// MaximumMessageSize, as a document has it. SetQueueAttributes (API).
pub const MAXIMUM_MESSAGE_SIZE: RangeInclusive<u32> = 1_024..=1_048_576;
/// SNS topics of a queue lane.
pub const SNS_TOPICS: RangeInclusive<usize> = 0..=20;
/// Subscriptions of an SNS topic.
pub const SUBSCRIPTIONS: RangeInclusive<usize> = 1..=100;
/// For how long SNS can be kept from a queue.
pub const UNREACHABLE: RangeInclusive<SimDuration> =
    SimDuration::from_millis(1)..=SimDuration::from_secs(7 * 86_400);
/// Event source mappings of a lane.
pub const MAPPINGS: RangeInclusive<usize> = 0..=20;
/// Invocations of a function at the same time, unless its mapping says how many. Lambda has up to
/// 1,250; a picture has no room for them.
pub const INVOCATIONS: u32 = 50;
/// Invocations of a function in provisioned mode at the same time, its pollers' least included:
/// Lambda has up to 20,000.
pub const PROVISIONED_INVOCATIONS: u32 = 200;
/// Topics of a lane.
pub const TOPICS: RangeInclusive<usize> = 1..=100;
/// Partitions of a topic, and of a lane in all.
pub const PARTITIONS: RangeInclusive<u32> = 1..=1_000;
/// Brokers of a lane.
pub const BROKERS: RangeInclusive<u32> = 1..=100;
/// Controllers of a lane.
pub const CONTROLLERS: RangeInclusive<u32> = 1..=9;
/// Bytes of a batch or of a value, at most.
pub const BATCH_SIZE: u32 = 1_048_576;
/// Consumer groups of a lane.
pub const GROUPS: RangeInclusive<usize> = 0..=100;
/// Workers or consumers of a lane in all, those added by commands included.
pub const ACTORS: usize = 1_000;
/// How many times as long the work of a consumer can take.
pub const SLOWNESS: RangeInclusive<u32> = 1..=1_000;
/// Timed commands.
pub const COMMANDS: RangeInclusive<usize> = 0..=1_000;
/// How long a run can be.
pub const HORIZON: RangeInclusive<SimDuration> =
    SimDuration::from_secs(1)..=SimDuration::from_secs(7 * 86_400);
/// How long the work on one message can take.
pub const WORK: RangeInclusive<SimDuration> = SimDuration::ZERO..=SimDuration::from_secs(86_400);
/// How long a message is on its way over the network, one way.
pub const LATENCY: RangeInclusive<SimDuration> = SimDuration::ZERO..=SimDuration::from_secs(10);

/// Events of a trace: a run stops there and says so.
pub const EVENTS: usize = 4_000_000;
/// Steps of the simulation, those that leave no event included: a run stops there and says so.
pub const STEPS: u64 = 40_000_000;
