//! The golden form of what happens in a queue lane.

use std::fmt;

use super::reason::{MoveTaskEnd, QueueSetting, VisibilityReason};
use super::what::What;
use crate::ids::{CopyId, MessageId};

/// A copy of a message: its number, and for all but the first copy which one it is.
pub(super) struct Item(pub(super) MessageId, pub(super) CopyId);

impl fmt::Display for Item {
    /// `7`, or `7 (copy 1)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(message, copy) = self;
        write!(f, "{message}")?;
        if copy.0 > 0 {
            write!(f, " (copy {copy})")?;
        }
        Ok(())
    }
}

impl What {
    pub(super) fn fmt_queue(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Enqueued {
                queue,
                message,
                copy,
            } => write!(f, "queue {queue} stored {}", Item(message, copy)),
            Self::Delayed {
                queue,
                message,
                copy,
                delay,
            } => {
                let item = Item(message, copy);
                write!(f, "queue {queue} stored {item}, delayed {} ms", delay.0)
            }
            Self::DelayChanged {
                queue,
                message,
                copy,
                delay,
            } => {
                let item = Item(message, copy);
                write!(f, "queue {queue} delays {item} for {} ms more", delay.0)
            }
            Self::Received {
                queue,
                actor,
                message,
                copy,
                receive_count,
                timeout,
            } => write!(
                f,
                "actor {actor} received {} from queue {queue} (receive {receive_count}, hidden {} ms)",
                Item(message, copy),
                timeout.0
            ),
            Self::BecameVisible {
                queue,
                message,
                copy,
            } => {
                write!(f, "{} became visible in queue {queue}", Item(message, copy))
            }
            Self::DeadLettered {
                from,
                to,
                message,
                copy,
            } => {
                let item = Item(message, copy);
                write!(
                    f,
                    "{item} moved from queue {from} to dead-letter queue {to}"
                )
            }
            Self::Expired {
                queue,
                message,
                copy,
            } => write!(f, "{} expired in queue {queue}", Item(message, copy)),
            _ => self.fmt_answers(f),
        }
    }

    /// What SQS makes of what workers tell it.
    fn fmt_answers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Deleted {
                queue,
                actor,
                message,
                copy,
            } => {
                let item = Item(message, copy);
                write!(f, "actor {actor} deleted {item} from queue {queue}")
            }
            Self::DeleteIgnored {
                queue,
                actor,
                message,
                copy,
            } => write!(
                f,
                "actor {actor} deleted {} from queue {queue} by an old receipt: it stays",
                Item(message, copy)
            ),
            Self::DeleteFailed {
                queue,
                actor,
                message,
                copy,
            } => write!(
                f,
                "actor {actor} could not delete {} from queue {queue}: its receipt has expired",
                Item(message, copy)
            ),
            Self::VisibilityChanged {
                queue,
                actor,
                message,
                copy,
                timeout,
                reason,
            } => write!(
                f,
                "actor {actor} hides {} in queue {queue} for {} ms ({reason})",
                Item(message, copy),
                timeout.0
            ),
            Self::VisibilityRefused {
                queue,
                actor,
                message,
                copy,
            } => write!(
                f,
                "actor {actor} could not change the visibility of {} in queue {queue}",
                Item(message, copy)
            ),
            _ => self.fmt_rare(f),
        }
    }

    /// What is done twice, or nearly.
    fn fmt_rare(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Redelivered {
                queue,
                message,
                copy,
            } => {
                let item = Item(message, copy);
                write!(f, "the delete missed a copy of {item} in queue {queue}")
            }
            Self::WorkSkipped {
                actor,
                message,
                copy,
            } => {
                let item = Item(message, copy);
                write!(f, "actor {actor} skips {item}: that work is done")
            }
            Self::WorkDiscarded {
                actor,
                message,
                copy,
            } => write!(
                f,
                "actor {actor} discards its work on {}: that work is done",
                Item(message, copy)
            ),
            _ => self.fmt_commands(f),
        }
    }

    /// What is done to queues while they are used.
    fn fmt_commands(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::QueuePurged { queue } => write!(f, "queue {queue} is purged"),
            Self::PurgeRefused { queue } => {
                write!(
                    f,
                    "queue {queue} is not purged: it was within the last 60 s"
                )
            }
            Self::Purged {
                queue,
                message,
                copy,
            } => write!(f, "{} purged from queue {queue}", Item(message, copy)),
            Self::AttributeChanged {
                queue,
                setting,
                value,
                target,
            } => {
                write!(f, "{setting} of queue {queue} is {value}")?;
                match target {
                    Some(target) => write!(f, ", dead-letter queue {target}"),
                    None => Ok(()),
                }
            }
            Self::AttributesRefused { queue } => {
                write!(f, "the new attributes of queue {queue} are refused")
            }
            Self::MoveTaskStarted {
                source,
                destination,
                rate,
            } => {
                write!(f, "a move task takes messages out of queue {source}")?;
                if let Some(to) = destination {
                    write!(f, " to queue {to}")?;
                }
                if rate > 0 {
                    write!(f, ", {rate}/s")?;
                }
                Ok(())
            }
            Self::MoveTaskRefused { source } => {
                write!(f, "a move task of queue {source} is refused")
            }
            Self::Moved {
                from,
                to,
                message,
                copy,
                delay,
            } => {
                let item = Item(message, copy);
                write!(f, "{item} moved back from queue {from} to queue {to}")?;
                if delay.0 > 0 {
                    write!(f, ", delayed {} ms", delay.0)?;
                }
                Ok(())
            }
            Self::MoveTaskEnded { source, end } => {
                write!(f, "the move task of queue {source} {end}")
            }
            _ => self.fmt_sends(f),
        }
    }

    /// What becomes of a send before it is in a queue.
    fn fmt_sends(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Resent { message } => write!(f, "{message} is sent again"),
            Self::Deduplicated { queue, message } => {
                write!(f, "queue {queue} knows {message}: stored nothing")
            }
            Self::TenantNoisy { queue, tenant } => {
                write!(f, "key {} is noisy in queue {queue}", tenant.0)
            }
            Self::TenantQuiet { queue, tenant } => {
                write!(f, "key {} is quiet in queue {queue}", tenant.0)
            }
            Self::Throttled { actor } => write!(f, "the batch of actor {actor} is throttled"),
            Self::LetGo {
                actor,
                message,
                copy,
            } => write!(f, "actor {actor} lets {} go", Item(message, copy)),
            Self::Scaled { team, processes } => {
                write!(f, "function {team} is polled for by {processes} processes")
            }
            Self::Published {
                topic,
                message,
                copies,
            } => write!(f, "topic {topic} has taken {message}, copies: {copies}"),
            Self::TopicDeduplicated { topic, message } => {
                write!(f, "topic {topic} knows {message}: delivers nothing")
            }
            Self::FilteredOut {
                topic,
                queue,
                message,
            } => write!(
                f,
                "the filter policy of topic {topic} for queue {queue} leaves {message} out"
            ),
            Self::Delivery { what } => write!(f, "{what}"),
            Self::RequestThrottled { what } => write!(f, "{what}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for VisibilityReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Heartbeat => "heartbeat",
            Self::BackOff => "back-off",
            Self::GivenBack => "given back",
        })
    }
}

impl fmt::Display for MoveTaskEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "completed",
            Self::Cancelled => "was cancelled",
            Self::Failed => "failed",
        })
    }
}

impl QueueSetting {
    /// The attribute's name in a scenario: SQS's own in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VisibilityTimeout => "visibility_timeout",
            Self::Delay => "delay",
            Self::MessageRetentionPeriod => "message_retention_period",
            Self::ReceiveMessageWaitTime => "receive_message_wait_time",
            Self::MaximumMessageSize => "maximum_message_size",
            Self::RedrivePolicy => "redrive_policy",
            Self::RedriveAllowPolicy => "redrive_allow_policy",
            Self::ContentBasedDeduplication => "content_based_deduplication",
            Self::DeduplicationScope => "deduplication_scope",
            Self::FifoThroughputLimit => "fifo_throughput_limit",
        }
    }
}

impl fmt::Display for QueueSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
