//! What a lane looks up that no request of SQS tells.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::body::Body;
use crate::sqs::identity::MessageGroup;
use crate::sqs::messages::ReceiptHandle;
use crate::sqs::move_task::MoveTaskHandle;
use crate::sqs::queue::Queue;

impl<B: Body> Service<B> {
    /// Whether the message of a receipt is in flight, by this receive or a later one.
    pub(in crate::sqs) fn is_in_flight(&self, receipt: ReceiptHandle) -> bool {
        let queue = self.queues.get(receipt.queue.index());
        queue.is_some_and(|queue| queue.is_in_flight(receipt.message))
    }

    /// What all messages of a queue carry, oldest first.
    pub(in crate::sqs) fn bodies(&self, queue: QueueId) -> Vec<B> {
        let queue = self.queues.get(queue.index());
        queue.map_or_else(Vec::new, |queue| queue.bodies().cloned().collect())
    }

    /// The move task that runs for a source.
    pub(in crate::sqs) fn running_move_task(&self, source: QueueId) -> Option<MoveTaskHandle> {
        self.move_tasks.running(source)
    }

    /// The tenants of a queue that are noisy as of the last call with a time, in their order.
    pub(in crate::sqs) fn noisy_groups(&self, queue: QueueId) -> Vec<MessageGroup> {
        let queue = self.queues.get(queue.index());
        queue.map_or_else(Vec::new, Queue::noisy_groups)
    }
}
