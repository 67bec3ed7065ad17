//! Share groups as they are written.

use serde::Serialize;

use super::document::is_default;
use super::kafka::{
    AutoOffsetReset, RETRY_BACKOFF, is_default_max_poll_records, is_default_retry_backoff,
};
use crate::kafka::defaults;
use crate::time::SimDuration;

/// A share group (KIP-932): its settings, and how its consumers are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareGroup {
    /// group.id; the first consumer is `name-1`.
    pub name: String,
    /// What it subscribes to.
    pub topics: Vec<String>,
    /// How many consumers it has, all alike and there from the start.
    pub members: u32,
    /// Its consumers one by one, in place of `members`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<ShareMember>,
    /// share.session.timeout.ms.
    pub share_session_timeout: SimDuration,
    /// share.heartbeat.interval.ms: a consumer hears of its partitions with a heartbeat.
    pub share_heartbeat_interval: SimDuration,
    /// share.record.lock.duration.ms.
    pub share_record_lock_duration: SimDuration,
    /// share.delivery.count.limit: how often a record is delivered at most.
    pub share_delivery_count_limit: u32,
    /// share.partition.max.record.locks.
    #[serde(skip_serializing_if = "is_default_record_locks")]
    pub share_partition_max_record_locks: u32,
    /// share.auto.offset.reset: where the group begins in a partition.
    pub share_auto_offset_reset: AutoOffsetReset,
    /// max.poll.records.
    #[serde(skip_serializing_if = "is_default_max_poll_records")]
    pub max_poll_records: u32,
    /// share.acknowledgement.mode.
    #[serde(skip_serializing_if = "is_default")]
    pub share_acknowledgement_mode: ShareAcknowledgementMode,
    /// share.acquire.mode.
    #[serde(skip_serializing_if = "is_default")]
    pub share_acquire_mode: ShareAcquireMode,
    /// When a consumer tells the broker what it has acknowledged.
    #[serde(skip_serializing_if = "is_default")]
    pub commit: ShareCommit,
    /// What a consumer does with a record whose work fails. Kafka has no rule for it.
    #[serde(skip_serializing_if = "is_default")]
    pub on_failure: OnShareFailure,
    /// How long a consumer waits before it works on a record that failed again, with `on_failure`
    /// retry. Default 1 s, ours.
    #[serde(skip_serializing_if = "is_default_retry_backoff")]
    pub retry_backoff: SimDuration,
    /// How a consumer keeps its records while it works; only in explicit mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew: Option<Renew>,
    /// What is done with certain messages, whatever comes of the work; only in explicit mode.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<ShareOutcome>,
}

/// share.acknowledgement.mode: how a consumer says that it is done with a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareAcknowledgementMode {
    /// The next poll accepts all records of the last one. Closing accepts nothing.
    #[default]
    Implicit,
    /// `acknowledge()` for each record.
    Explicit,
}

/// share.acquire.mode: how many records a fetch gets. KIP-1206.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareAcquireMode {
    /// Whole batches, though they may be more than max.poll.records.
    #[default]
    BatchOptimized,
    /// At most max.poll.records.
    RecordLimit,
}

/// When a consumer tells the broker what it has acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareCommit {
    /// With the next poll's fetch.
    #[default]
    NextPoll,
    /// `commitSync()` after each record; only in explicit mode.
    AfterRecord,
}

/// What a consumer does with a record whose work fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnShareFailure {
    /// It goes on, and the record is accepted as if the work had succeeded: what becomes of a
    /// failure in implicit mode if nobody thinks of it.
    #[default]
    Accept,
    /// RELEASE: it is to be delivered again; only in explicit mode.
    Release,
    /// REJECT: it is never to be delivered again; only in explicit mode.
    Reject,
    /// It works on it again after a wait, until it succeeds or the process ends. The lock may run
    /// out in the meantime.
    Retry,
}

/// A consumer that renews its locks. KIP-1222.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Renew {
    /// How often it renews the locks on the record in hand and on those that wait behind it.
    pub every: SimDuration,
}

/// What is done with a certain message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShareOutcome {
    /// Which.
    pub message: u32,
    /// By the one of `consumers` that has this name; by all if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<String>,
    /// What is said of it.
    pub acknowledge: ShareAcknowledge,
    /// With `none`: for how long it is held before it is accepted all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<SimDuration>,
}

/// What a consumer says of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareAcknowledge {
    /// ACCEPT.
    #[default]
    Accept,
    /// RELEASE; the work has failed.
    Release,
    /// REJECT; the work has failed.
    Reject,
    /// Nothing, for a while: it hangs, and nothing comes of the work.
    None,
}

/// A consumer with a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShareMember {
    /// client.id.
    pub name: String,
    /// When its process starts.
    #[serde(skip_serializing_if = "is_default")]
    pub start: SimDuration,
    /// How long its work on a message takes, unless a rule of the workload names the message; as
    /// the workload says if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<SimDuration>,
    /// max.poll.records; as the group's if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_poll_records: Option<u32>,
}

impl ShareGroup {
    /// How many consumers it has from the start of the document on.
    #[must_use]
    pub fn size(&self) -> u32 {
        if self.consumers.is_empty() {
            self.members
        } else {
            u32::try_from(self.consumers.len()).unwrap_or(u32::MAX)
        }
    }
}

impl Default for ShareGroup {
    fn default() -> Self {
        Self {
            name: String::new(),
            topics: Vec::new(),
            members: 1,
            consumers: Vec::new(),
            share_session_timeout: defaults::SHARE_SESSION_TIMEOUT,
            share_heartbeat_interval: defaults::SHARE_HEARTBEAT_INTERVAL,
            share_record_lock_duration: defaults::SHARE_RECORD_LOCK_DURATION,
            share_delivery_count_limit: defaults::SHARE_DELIVERY_COUNT_LIMIT.into(),
            share_partition_max_record_locks: defaults::SHARE_PARTITION_MAX_RECORD_LOCKS,
            share_auto_offset_reset: AutoOffsetReset::Latest,
            max_poll_records: defaults::MAX_POLL_RECORDS,
            share_acknowledgement_mode: ShareAcknowledgementMode::Implicit,
            share_acquire_mode: ShareAcquireMode::BatchOptimized,
            commit: ShareCommit::NextPoll,
            on_failure: OnShareFailure::Accept,
            retry_backoff: RETRY_BACKOFF,
            renew: None,
            outcomes: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_default_record_locks(number: &u32) -> bool {
    *number == defaults::SHARE_PARTITION_MAX_RECORD_LOCKS
}
