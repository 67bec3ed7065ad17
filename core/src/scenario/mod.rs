//! The document that holds an experiment: what a link, a lesson, an embed and a file carry.
//!
//! Durations are written as a person writes them (`"30s"`), names are the real systems' own in
//! snake case (`session.timeout.ms` is `session_timeout`, `VisibilityTimeout` is
//! `visibility_timeout`), and whatever is left out has the real default.

mod brokers;
mod brokers_bytes;
mod bytes;
mod check;
mod document;
mod duration;
mod fault;
mod function;
mod group_commands;
pub(crate) mod json;
mod kafka;
pub mod limits;
mod settings;
mod share;
mod share_bytes;
mod sqs;
mod topic;
mod values;

pub use brokers::{Acks, KafkaProducer, SetLink, SetProducer, SetTopic};
pub use document::{
    Command, Failure, KeyChoice, Lane, Network, Producer, Scenario, SendAt, SlowWork, System, Work,
    Workload,
};
pub use fault::{Fault, Faults};
pub use function::{EventSourceMapping, ProvisionedPollerConfig};
pub use group_commands::{CreatePartitions, PartitionsOf, ResetOffsets, Seek, SlowDown, Subscribe};
pub use kafka::{
    AutoOffsetReset, CommitCall, CommitWhen, ConsumerGroup, GroupMember, GroupProtocol, KafkaLane,
    OnFailure, Topic,
};
pub use settings::{NewRedrivePolicy, SetQueueAttributes, StartMessageMoveTask, Unreachable};
pub use share::{
    OnShareFailure, Renew, ShareAcknowledge, ShareAcknowledgementMode, ShareAcquireMode,
    ShareCommit, ShareGroup, ShareMember, ShareOutcome,
};
pub use sqs::{
    BackOff, DeduplicationScope, DeleteWhen, FifoThroughputLimit, Heartbeat, Queue,
    RedriveAllowPolicy, RedrivePermission, RedrivePolicy, SqsLane, Workers,
};
pub use topic::{SnsTopic, Subscription, SubscriptionRedrivePolicy};
pub use values::{Percent, Rate, ValueError};

pub(crate) use check::planned;
