//! What can be received of the message groups of a FIFO queue.

use super::queue::Place;
use crate::ids::MessageId;
use crate::workload::KeyId;

/// What holds up each group so far, going through the messages of a FIFO queue in the order of
/// their arrival. A group can be received from its front up to the first message that is in flight
/// (observed on AWS) or, our choice, still delayed.
#[derive(Clone, Debug, Default)]
pub struct Holds(Vec<(Option<KeyId>, MessageId)>);

impl Holds {
    /// The message that the next one waits behind, whatever its own state; `None`: it is its
    /// group's turn.
    pub fn pass(
        &mut self,
        group: Option<KeyId>,
        message: MessageId,
        place: Place,
    ) -> Option<MessageId> {
        let hold = self.0.iter().find(|(its, _)| *its == group);
        if let Some((_, before)) = hold {
            return Some(*before);
        }
        if let Place::InFlight(_) | Place::Delayed(_) = place {
            self.0.push((group, message));
        }
        None
    }
}
