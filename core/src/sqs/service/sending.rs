//! SendMessage.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::body::{self, Body};
use crate::sqs::error::SendError;
use crate::sqs::messages::{Effect, SendRequest};
use crate::sqs::queue::Entry;
use crate::time::SimTime;

impl<B: Body> Service<B> {
    /// SendMessage.
    ///
    /// # Errors
    ///
    /// There is no such queue, or it does not take such a body.
    pub fn send(
        &mut self,
        now: SimTime,
        queue: QueueId,
        request: SendRequest<B>,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), SendError> {
        self.advance(now, effects);
        let state = self.queue_mut(queue)?;
        if let Some(text) = request.body.text() {
            body::check(text, state.attributes.maximum_message_size)?;
        }
        let delay = request.delay.unwrap_or(state.attributes.delay);
        effects.push(Effect::Stored {
            queue,
            body: request.body.clone(),
            delay,
        });
        state.store(now, Entry::new(request.body, now), delay);
        self.serve_waiting(now, queue, effects);
        Ok(())
    }
}
