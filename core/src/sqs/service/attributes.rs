//! SetQueueAttributes.

use super::Service;
use crate::ids::QueueId;
use crate::sqs::attributes::{
    AttributeChange, QueueAttributes, RedrivePolicy, RedrivePolicyRequest,
};
use crate::sqs::body::Body;
use crate::sqs::error::{QueueDoesNotExist, RedrivePolicyError, SetAttributesError};
use crate::sqs::messages::Effect;
use crate::sqs::parameter;
use crate::time::{SimDuration, SimTime};

impl<B: Body> Service<B> {
    /// SetQueueAttributes: all of the changes or, if one is refused, none. They hold at once here
    /// (on AWS within 60 s, the retention period within 15 minutes). A new visibility timeout or
    /// delay holds for later receives and sends, the delay of a FIFO queue also for what is in it
    /// and was never received, a new retention period for all messages.
    ///
    /// # Errors
    ///
    /// There is no such queue, or a value is out of its range.
    pub fn set_attributes(
        &mut self,
        now: SimTime,
        queue: QueueId,
        changes: &[AttributeChange],
        effects: &mut Vec<Effect<B>>,
    ) -> Result<(), SetAttributesError> {
        self.advance(now, effects);
        let attributes = self.attributes(queue)?.clone();
        let attributes = self.changed(queue, attributes, changes)?;
        let state = self.queue_mut(queue)?;
        let is_delayed_anew =
            attributes.fifo.is_some() && attributes.delay != state.attributes.delay;
        state.attributes = attributes;
        if is_delayed_anew {
            for (body, delay) in state.delay_anew(now) {
                effects.push(if delay == SimDuration::ZERO {
                    Effect::BecameVisible { queue, body }
                } else {
                    Effect::Delayed { queue, body, delay }
                });
            }
        }
        self.settle(now, queue, effects);
        Ok(())
    }

    /// The attributes of a queue, which may not exist yet, once all changes are made.
    pub(super) fn changed(
        &self,
        queue: QueueId,
        mut attributes: QueueAttributes,
        changes: &[AttributeChange],
    ) -> Result<QueueAttributes, SetAttributesError> {
        for change in changes {
            let redrive_policy = match change {
                AttributeChange::RedrivePolicy(Some(request)) => {
                    Some(self.check_redrive_policy((queue, &attributes), request)?)
                }
                _ => None,
            };
            attributes.change(change, redrive_policy)?;
        }
        attributes.check()?;
        Ok(attributes)
    }

    fn check_redrive_policy(
        &self,
        (source, ours): (QueueId, &QueueAttributes),
        request: &RedrivePolicyRequest,
    ) -> Result<RedrivePolicy, RedrivePolicyError> {
        let target = request
            .dead_letter_target
            .ok_or(RedrivePolicyError::NoTarget)?;
        let count = request
            .max_receive_count
            .as_ref()
            .and_then(|written| written.parse().ok())
            .ok_or(RedrivePolicyError::NoCount)?;
        let count = parameter::MAX_RECEIVE_COUNT.check(count)?;
        if target == source {
            return Err(RedrivePolicyError::Itself);
        }
        let theirs = self
            .attributes(target)
            .map_err(|QueueDoesNotExist(_)| RedrivePolicyError::NoSuchQueue)?;
        if ours.fifo.is_some() != theirs.fifo.is_some() {
            return Err(RedrivePolicyError::OtherType);
        }
        if !theirs.redrive_allow_policy.allows(source) {
            return Err(RedrivePolicyError::NotAllowed);
        }
        Ok(RedrivePolicy {
            dead_letter_target: target,
            max_receive_count: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }
}
