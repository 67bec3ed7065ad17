//! The attributes of a queue, and changing them.

use std::str::FromStr;

use super::error::{SetAttributesError, UnknownAttribute};
use super::limits;
use super::parameter;
use crate::ids::QueueId;
use crate::time::SimDuration;

/// The attributes of a queue, under SQS's names. SetQueueAttributes (API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueAttributes {
    /// VisibilityTimeout: how long a received message is hidden.
    pub visibility_timeout: SimDuration,
    /// DelaySeconds: how long a new message is hidden.
    pub delay: SimDuration,
    /// MaximumMessageSize, in bytes.
    pub maximum_message_size: usize,
    /// MessageRetentionPeriod, from the send.
    pub message_retention_period: SimDuration,
    /// ReceiveMessageWaitTimeSeconds: how long a receive waits that does not say.
    pub receive_message_wait_time: SimDuration,
    /// RedrivePolicy; `None`: a message is received for as long as it lives.
    pub redrive_policy: Option<RedrivePolicy>,
    /// RedriveAllowPolicy: for which queues this one can be the dead-letter queue.
    pub redrive_allow_policy: RedriveAllowPolicy,
    /// FifoQueue, with what such a queue has beside; `None`: a standard queue. Fixed at creation.
    pub fifo: Option<FifoAttributes>,
}

impl Default for QueueAttributes {
    fn default() -> Self {
        Self {
            visibility_timeout: limits::VISIBILITY_TIMEOUT_DEFAULT,
            delay: limits::DELAY_DEFAULT,
            maximum_message_size: limits::MAXIMUM_MESSAGE_SIZE_DEFAULT,
            message_retention_period: limits::MESSAGE_RETENTION_PERIOD_DEFAULT,
            receive_message_wait_time: limits::WAIT_TIME_DEFAULT,
            redrive_policy: None,
            redrive_allow_policy: RedriveAllowPolicy::AllowAll,
            fifo: None,
        }
    }
}

/// The attributes of a FIFO queue alone. CreateQueue (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FifoAttributes {
    /// ContentBasedDeduplication: a send without an id has its body's content as its id.
    pub content_based_deduplication: bool,
    /// DeduplicationScope.
    pub deduplication_scope: DeduplicationScope,
    /// FifoThroughputLimit. It is kept and not applied: nothing is throttled here.
    pub fifo_throughput_limit: FifoThroughputLimit,
}

/// Within what an id counts as sent before. High throughput for FIFO queues (DG).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeduplicationScope {
    /// `queue`.
    #[default]
    Queue,
    /// `messageGroup`.
    MessageGroup,
}

/// What the quota of calls holds for. High throughput for FIFO queues (DG).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FifoThroughputLimit {
    /// `perQueue`.
    #[default]
    PerQueue,
    /// `perMessageGroupId`.
    PerMessageGroupId,
}

/// Where a message goes that was received often enough. Dead-letter queues (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedrivePolicy {
    /// deadLetterTargetArn.
    pub dead_letter_target: QueueId,
    /// maxReceiveCount: the receive after this many moves the message in place of giving it.
    pub max_receive_count: u32,
}

/// Which queues can name a queue as their dead-letter queue. It is looked at when they name it.
/// CreateQueue (API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedriveAllowPolicy {
    /// All.
    AllowAll,
    /// None.
    DenyAll,
    /// These, at most ten; a queue need not exist to be listed.
    ByQueue(Vec<QueueId>),
}

impl RedriveAllowPolicy {
    pub(super) fn allows(&self, source: QueueId) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DenyAll => false,
            Self::ByQueue(sources) => sources.contains(&source),
        }
    }
}

/// A redrive policy as a client writes it: both parts are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedrivePolicyRequest {
    /// deadLetterTargetArn; `None`: left out.
    pub dead_letter_target: Option<QueueId>,
    /// maxReceiveCount, which clients write as a number or as text; `None`: left out.
    pub max_receive_count: Option<String>,
}

/// The name of an attribute that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeName {
    /// [`QueueAttributes::visibility_timeout`].
    VisibilityTimeout,
    /// [`QueueAttributes::delay`].
    DelaySeconds,
    /// [`QueueAttributes::maximum_message_size`].
    MaximumMessageSize,
    /// [`QueueAttributes::message_retention_period`].
    MessageRetentionPeriod,
    /// [`QueueAttributes::receive_message_wait_time`].
    ReceiveMessageWaitTimeSeconds,
    /// [`QueueAttributes::redrive_policy`].
    RedrivePolicy,
    /// [`QueueAttributes::redrive_allow_policy`].
    RedriveAllowPolicy,
    /// [`QueueAttributes::fifo`].
    FifoQueue,
    /// [`FifoAttributes::content_based_deduplication`].
    ContentBasedDeduplication,
    /// [`FifoAttributes::deduplication_scope`].
    DeduplicationScope,
    /// [`FifoAttributes::fifo_throughput_limit`].
    FifoThroughputLimit,
}

impl FromStr for AttributeName {
    type Err = UnknownAttribute;

    fn from_str(name: &str) -> Result<Self, UnknownAttribute> {
        match name {
            "VisibilityTimeout" => Ok(Self::VisibilityTimeout),
            "DelaySeconds" => Ok(Self::DelaySeconds),
            "MaximumMessageSize" => Ok(Self::MaximumMessageSize),
            "MessageRetentionPeriod" => Ok(Self::MessageRetentionPeriod),
            "ReceiveMessageWaitTimeSeconds" => Ok(Self::ReceiveMessageWaitTimeSeconds),
            "RedrivePolicy" => Ok(Self::RedrivePolicy),
            "RedriveAllowPolicy" => Ok(Self::RedriveAllowPolicy),
            "FifoQueue" => Ok(Self::FifoQueue),
            "ContentBasedDeduplication" => Ok(Self::ContentBasedDeduplication),
            "DeduplicationScope" => Ok(Self::DeduplicationScope),
            "FifoThroughputLimit" => Ok(Self::FifoThroughputLimit),
            _ => Err(UnknownAttribute(name.to_owned())),
        }
    }
}

/// An attribute and the value it is to have, as a client writes it. SetQueueAttributes (API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeChange {
    /// Seconds, 0..=43,200.
    VisibilityTimeout(i64),
    /// Seconds, 0..=900.
    DelaySeconds(i64),
    /// Bytes, 1,024..=1,048,576.
    MaximumMessageSize(i64),
    /// Seconds, 60..=1,209,600.
    MessageRetentionPeriod(i64),
    /// Seconds, 0..=20.
    ReceiveMessageWaitTimeSeconds(i64),
    /// `None`: the empty text, which takes the policy off (observed on AWS).
    RedrivePolicy(Option<RedrivePolicyRequest>),
    /// Who can name this queue as its dead-letter queue.
    RedriveAllowPolicy(RedriveAllowPolicy),
    /// Only what the queue is already.
    FifoQueue(bool),
    /// On a FIFO queue alone, as the next two.
    ContentBasedDeduplication(bool),
    /// `queue` or `messageGroup`.
    DeduplicationScope(DeduplicationScope),
    /// `perQueue` or `perMessageGroupId`, which needs DeduplicationScope messageGroup.
    FifoThroughputLimit(FifoThroughputLimit),
}

impl QueueAttributes {
    /// Those of a FIFO queue that names no others.
    #[must_use]
    pub fn fifo() -> Self {
        Self {
            fifo: Some(FifoAttributes::default()),
            ..Self::default()
        }
    }

    fn fifo_mut(&mut self) -> Result<&mut FifoAttributes, SetAttributesError> {
        self.fifo.as_mut().ok_or(SetAttributesError::OnlyFifo)
    }

    /// What has to fit together once all changes are made.
    pub(super) fn check(&self) -> Result<(), SetAttributesError> {
        match self.fifo {
            Some(fifo)
                if fifo.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId
                    && fifo.deduplication_scope != DeduplicationScope::MessageGroup =>
            {
                Err(SetAttributesError::LimitNeedsScope)
            }
            _ => Ok(()),
        }
    }

    /// Makes a change, with a redrive policy that has been checked.
    pub(super) fn change(
        &mut self,
        change: &AttributeChange,
        redrive_policy: Option<RedrivePolicy>,
    ) -> Result<(), SetAttributesError> {
        match change {
            AttributeChange::VisibilityTimeout(seconds) => {
                self.visibility_timeout = parameter::VISIBILITY_TIMEOUT.check_seconds(*seconds)?;
            }
            AttributeChange::DelaySeconds(seconds) => {
                self.delay = parameter::DELAY_SECONDS.check_seconds(*seconds)?;
            }
            AttributeChange::MaximumMessageSize(bytes) => {
                let bytes = parameter::MAXIMUM_MESSAGE_SIZE.check(*bytes)?;
                self.maximum_message_size = usize::try_from(bytes).unwrap_or(usize::MAX);
            }
            AttributeChange::MessageRetentionPeriod(seconds) => {
                let period = parameter::MESSAGE_RETENTION_PERIOD.check_seconds(*seconds)?;
                self.message_retention_period = period;
            }
            AttributeChange::ReceiveMessageWaitTimeSeconds(seconds) => {
                let wait = parameter::RECEIVE_MESSAGE_WAIT_TIME_SECONDS.check_seconds(*seconds)?;
                self.receive_message_wait_time = wait;
            }
            AttributeChange::RedrivePolicy(_) => self.redrive_policy = redrive_policy,
            AttributeChange::RedriveAllowPolicy(policy) => {
                if let RedriveAllowPolicy::ByQueue(sources) = policy
                    && sources.len() > limits::REDRIVE_SOURCES_MAX
                {
                    return Err(SetAttributesError::TooManySources(sources.len()));
                }
                self.redrive_allow_policy = policy.clone();
            }
            AttributeChange::FifoQueue(is_fifo) => {
                self.fifo_mut()?;
                if !is_fifo {
                    return Err(SetAttributesError::TypeIsFixed);
                }
            }
            AttributeChange::ContentBasedDeduplication(on) => {
                self.fifo_mut()?.content_based_deduplication = *on;
            }
            AttributeChange::DeduplicationScope(scope) => {
                self.fifo_mut()?.deduplication_scope = *scope;
            }
            AttributeChange::FifoThroughputLimit(limit) => {
                self.fifo_mut()?.fifo_throughput_limit = *limit;
            }
        }
        Ok(())
    }
}
