//! CreateQueue and DeleteQueue, for queues whose names have ids already.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::attributes::{AttributeChange, QueueAttributes};
use crate::sqs::body::Body;
use crate::sqs::error::QueueDoesNotExist;
use crate::sqs::limits;
use crate::sqs::messages::Effect;
use crate::sqs::queue::{Presence, Queue};
use crate::sqs::registry::CreateQueueError;
use crate::time::SimTime;

impl<B: Body> Service<B> {
    /// An id for a queue that does not exist: others can name it, and it can be created.
    pub fn reserve_queue(&mut self) -> QueueId {
        let id = self.add_queue(QueueAttributes::default());
        if let Some(queue) = self.queues.get_mut(id.index()) {
            queue.presence = Presence::Never;
        }
        id
    }

    /// CreateQueue, with a name that has been checked and the attributes that its type starts
    /// from. A queue that exists stays as it is, with all its messages, if none of the changes
    /// would change it (observed on AWS). CreateQueue (API).
    ///
    /// # Errors
    ///
    /// An attribute is refused, the queue exists with other attributes, or one of its name was
    /// deleted less than 60 s ago. Which of them is told if there are several is our choice.
    pub fn create_queue(
        &mut self,
        now: SimTime,
        queue: QueueId,
        (defaults, changes): (QueueAttributes, &[AttributeChange]),
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), CreateQueueError> {
        self.advance(now, effects);
        let existing = self.attributes(queue).ok().cloned();
        let base = existing.clone().unwrap_or(defaults);
        let attributes = self.changed(queue, base, changes)?;
        let place = self.queues.get_mut(queue.index());
        let place = place.ok_or(CreateQueueError::NotReserved(queue))?;
        match place.presence {
            Presence::Here if existing.as_ref() == Some(&attributes) => return Ok(()),
            Presence::Here => return Err(CreateQueueError::NameExists),
            Presence::Deleted { at } if now.since(at) < limits::QUEUE_DELETED_RECENTLY => {
                return Err(CreateQueueError::DeletedRecently);
            }
            Presence::Deleted { .. } | Presence::Never => {}
        }
        place.recreate(attributes);
        effects.push(Effect::QueueCreated { queue });
        Ok(())
    }

    /// DeleteQueue: at once here (on AWS it takes up to 60 s). Its messages are gone; a receive
    /// that waits is answered without any, which is our choice.
    ///
    /// # Errors
    ///
    /// There is no such queue.
    pub fn delete_queue(
        &mut self,
        now: SimTime,
        queue: QueueId,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), QueueDoesNotExist> {
        self.advance(now, effects);
        let state: &mut Queue<B> = self.queue_mut(queue)?;
        state.purge(now);
        state.presence = Presence::Deleted { at: now };
        let mut waits = std::mem::take(&mut state.waiting);
        effects.push(Effect::QueueDeleted { queue });
        while let Some(waiting) = waits.take_first() {
            let (waiter, answer) = (waiting.waiter, Ok(0));
            effects.push(Effect::Answered { waiter, answer });
        }
        Ok(())
    }
}
