//! What a receipt handle is good for: deleting, and changing the timeout.

use super::Queue;
use super::entry::State;
use crate::sqs::error::ChangeVisibilityError;
use crate::sqs::limits;
use crate::sqs::messages::{Deletion, ReceiptHandle};
use crate::time::{SimDuration, SimTime};

impl<B: Clone> Queue<B> {
    /// Whether a receipt handle was ever issued for this number.
    fn is_issued(&self, receipt: ReceiptHandle) -> bool {
        receipt.message < self.entries.next_number()
            && receipt.receive > 0
            && self
                .entry(receipt.message)
                .is_none_or(|entry| receipt.receive <= entry.receives_here)
    }

    /// On a standard queue the newest receipt of a message deletes it, in whatever state it is;
    /// an older one does not. On a FIFO queue a receipt is worth nothing after its timeout.
    pub(in crate::sqs) fn delete(&mut self, now: SimTime, receipt: ReceiptHandle) -> Deletion<B> {
        if !self.is_issued(receipt) {
            return Deletion::InvalidReceipt;
        }
        let Some(entry) = self
            .entry(receipt.message)
            .filter(|entry| !entry.is_missed())
        else {
            return Deletion::Gone;
        };
        let is_newest = entry.receives_here == receipt.receive;
        let is_in_flight = matches!(entry.state, State::InFlight { .. });
        if self.attributes.fifo.is_some() && !(is_newest && is_in_flight) {
            return Deletion::Expired(entry.body.clone());
        }
        if !is_newest {
            return Deletion::Stale(entry.body.clone());
        }
        self.delete_or_miss(now, receipt.message)
    }

    /// A new timeout from now on; on a standard queue any receipt of the message will do. On a
    /// message that is visible again nothing happens. `Some`: the message was given back.
    pub(in crate::sqs) fn change_visibility(
        &mut self,
        now: SimTime,
        receipt: ReceiptHandle,
        timeout: SimDuration,
    ) -> Result<Option<B>, ChangeVisibilityError> {
        if !self.is_issued(receipt) {
            return Err(ChangeVisibilityError::InvalidReceipt);
        }
        let number = receipt.message;
        let is_fifo = self.attributes.fifo.is_some();
        let Some(entry) = self.entries.get(number).filter(|entry| !entry.is_missed()) else {
            return Err(ChangeVisibilityError::Gone);
        };
        let State::InFlight { received_at, .. } = entry.state else {
            return Ok(None);
        };
        if is_fifo && entry.receives_here != receipt.receive {
            return Err(ChangeVisibilityError::Expired);
        }
        let until = now + timeout;
        if until.since(received_at) > limits::IN_FLIGHT_LONGEST {
            return Err(ChangeVisibilityError::TooLong);
        }
        let (to, given_back) = match timeout {
            SimDuration::ZERO => (State::Visible, Some(entry.body.clone())),
            _ => (State::InFlight { received_at, until }, None),
        };
        self.enter(now, (number, to), |entry| entry.is_changed = true);
        Ok(given_back)
    }
}
