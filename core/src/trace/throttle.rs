//! Which calls a FIFO queue refuses for their rate.

use super::event::Millis;
use crate::ids::{ActorId, CopyId, MessageId, QueueId};

/// A call that SQS refuses with RequestThrottled: it comes again when the SDK has waited. FIFO
/// throttling (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThrottleWhat {
    /// SendMessage.
    Send {
        /// Where to.
        queue: QueueId,
        /// What.
        message: MessageId,
        /// How long the SDK waits before it calls again.
        retry_in: Millis,
    },
    /// ReceiveMessage.
    Receive {
        /// From where.
        queue: QueueId,
        /// Whose.
        actor: ActorId,
        /// How long the SDK waits before it calls again.
        retry_in: Millis,
    },
    /// DeleteMessage, or a message of a DeleteMessageBatch.
    Delete {
        /// From where.
        queue: QueueId,
        /// Whose.
        actor: ActorId,
        /// What.
        message: MessageId,
        /// Which copy of it.
        copy: CopyId,
        /// How long the SDK waits before it calls again.
        retry_in: Millis,
    },
}

impl ThrottleWhat {
    /// The queue that refuses.
    #[must_use]
    pub const fn queue(self) -> QueueId {
        match self {
            Self::Send { queue, .. } | Self::Receive { queue, .. } | Self::Delete { queue, .. } => {
                queue
            }
        }
    }
}
