//! SendMessage.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::attributes::{FifoAttributes, QueueAttributes};
use crate::sqs::body::{self, Body};
use crate::sqs::error::SendError;
use crate::sqs::identity::{Deduplication, DeduplicationId, MessageGroup};
use crate::sqs::messages::{Effect, SendRequest, Sent};
use crate::sqs::queue::{Entry, First};
use crate::time::{SimDuration, SimTime};

impl<B: Body> Service<B> {
    /// SendMessage. On a FIFO queue a message that was sent before is accepted and not stored.
    ///
    /// # Errors
    ///
    /// There is no such queue, it does not take such a body, or the request lacks what a queue of
    /// its type needs or has what it does not take. Which fault is told if there are several is
    /// our choice.
    pub fn send(
        &mut self,
        now: SimTime,
        queue: QueueId,
        request: SendRequest<B>,
        effects: &mut Vec<Effect<B>>,
    ) -> Result<Sent<B>, SendError> {
        self.advance(now, effects);
        let state = self.queue_mut(queue)?;
        body::check(&request.body, state.attributes.maximum_message_size)?;
        let delay = delay(&state.attributes, &request)?;
        let mut entry = Entry::new(request.body.clone(), now);
        entry.group = request.group;
        let mut remembered = None;
        match state.attributes.fifo {
            None if request.deduplication_id.is_some() => {
                return Err(SendError::DeduplicationIdOnStandard);
            }
            None => {}
            Some(fifo) => {
                let sent = identity(fifo, &request)?;
                if let Some(first) = state.first_send(now, sent, fifo.deduplication_scope) {
                    return Ok(Sent::Duplicate {
                        first: first.body.clone(),
                        sequence_number: first.sequence_number,
                    });
                }
                entry.deduplication = Some(Deduplication::Id(sent.0));
                remembered = Some(sent);
            }
        }
        let body = request.body;
        effects.push(Effect::Stored {
            queue,
            body: body.clone(),
            delay,
        });
        let sequence_number = state.store(now, entry, delay);
        if let Some((sent, sequence_number)) = remembered.zip(sequence_number) {
            let first = First {
                body,
                sequence_number,
            };
            state.remember_send(now, sent, first);
        }
        self.serve_waiting(now, queue, effects);
        Ok(Sent::Stored { sequence_number })
    }
}

/// How long a new message is hidden. Delay queues, message timers (DG).
fn delay<B>(
    attributes: &QueueAttributes,
    request: &SendRequest<B>,
) -> Result<SimDuration, SendError> {
    match (attributes.fifo, request.delay) {
        (Some(_), None | Some(SimDuration::ZERO)) => Ok(attributes.delay),
        (Some(_), Some(_)) => Err(SendError::DelayOnFifo),
        (None, delay) => Ok(delay.unwrap_or(attributes.delay)),
    }
}

/// What a message for a FIFO queue is known by: an explicit id wins over the content.
fn identity<B>(
    fifo: FifoAttributes,
    request: &SendRequest<B>,
) -> Result<(DeduplicationId, MessageGroup), SendError> {
    let group = request.group.ok_or(SendError::NoGroup)?;
    let of_content = match fifo.content_based_deduplication {
        true => request.content_id,
        false => None,
    };
    let id = request.deduplication_id.or(of_content);
    Ok((id.ok_or(SendError::NoDeduplicationId)?, group))
}
