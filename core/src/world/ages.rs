//! How long messages have been in their queues, and how long they may be.

use super::queue::MessageWorld;
use super::sqs::SqsWorld;
use crate::cast::QueueKind;
use crate::ids::{MessageId, QueueId};
use crate::time::SimTime;

impl SqsWorld {
    /// When the retention period of a copy ends; `None` if it is in no queue.
    #[must_use]
    pub fn expires_at(&self, message: &MessageWorld) -> Option<SimTime> {
        let queue = self.queues.get(message.place.now.queue()?.index())?;
        // A dead letter of a standard queue keeps its age, in a FIFO queue it starts anew.
        let since = match queue.kind {
            QueueKind::Standard => message.sent_at,
            QueueKind::Fifo => message.stored_at,
        };
        Some(since + queue.message_retention_period)
    }

    /// Since when the oldest message is in a queue: ApproximateAgeOfOldestMessage counts from it.
    /// One that is received three times or more from a standard queue is not looked at, and in a
    /// dead-letter queue the age counts from the move. Available CloudWatch metrics (DG).
    /// `counts`: which messages are looked at.
    #[must_use]
    pub fn oldest(&self, queue: QueueId, counts: impl Fn(MessageId) -> bool) -> Option<SimTime> {
        let kind = self.queues.get(queue.index())?.kind;
        let is_behind =
            |message: &MessageWorld| kind == QueueKind::Standard && message.is_often_received();
        let there = self.unsettled().filter(|(id, _, message)| {
            message.place.now.queue() == Some(queue) && !is_behind(message) && counts(*id)
        });
        there.map(|(_, _, message)| message.stored_at).min()
    }
}
