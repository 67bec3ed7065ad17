//! What SNS and SQS refuse or try again, as lines of JSON.

use broker_lab_core::trace::{DeliveryError, DeliveryWhat, ThrottleWhat};

use super::trace_line::{Line, written};

impl Line<'_> {
    pub(super) fn delivery(&mut self, what: DeliveryWhat) {
        match what {
            DeliveryWhat::Failed {
                queue,
                message,
                attempt,
                retry_in,
            } => {
                self.queue("queue", queue);
                self.message(message);
                self.add("attempt", attempt);
                self.millis("retry_in_ms", retry_in);
            }
            DeliveryWhat::Succeeded {
                queue,
                message,
                attempt,
            } => {
                self.queue("queue", queue);
                self.message(message);
                self.add("attempt", attempt);
            }
            DeliveryWhat::GivenUp {
                queue,
                message,
                attempts,
                error,
                to,
            } => {
                self.queue("queue", queue);
                self.message(message);
                self.add("attempts", attempts);
                self.add("error", written::<DeliveryError>(error));
                if let Some(to) = to {
                    self.queue("to", to);
                }
            }
            DeliveryWhat::DeadLettered {
                queue,
                to,
                message,
                copy,
                delay,
            } => {
                self.queue("queue", queue);
                self.queue("to", to);
                self.item(message, copy);
                self.millis("delay_ms", delay);
            }
            DeliveryWhat::Unreachable { queue, lasts } => {
                self.queue("queue", queue);
                self.millis("lasts_ms", lasts);
            }
            DeliveryWhat::Denied { queue }
            | DeliveryWhat::Allowed { queue }
            | DeliveryWhat::Reachable { queue } => self.queue("queue", queue),
        }
    }

    pub(super) fn throttled(&mut self, what: ThrottleWhat) {
        self.queue("queue", what.queue());
        let retry_in = match what {
            ThrottleWhat::Send {
                message, retry_in, ..
            } => {
                self.message(message);
                retry_in
            }
            ThrottleWhat::Receive {
                actor, retry_in, ..
            } => {
                self.actor(actor);
                retry_in
            }
            ThrottleWhat::Delete {
                actor,
                message,
                copy,
                retry_in,
                ..
            } => {
                self.actor(actor);
                self.item(message, copy);
                retry_in
            }
        };
        self.millis("retry_in_ms", retry_in);
    }
}
