//! What has just happened between a topic and its queues, and which calls were throttled.

use broker_lab_core::trace::{DeliveryError, DeliveryWhat, ThrottleWhat, What};
use broker_lab_core::{SimDuration, SimTime};

use super::fill::{Parts, Words};

/// What a person did, and what is not delivered.
pub(super) fn loud(what: What) -> Option<(Words, Parts)> {
    let What::Delivery { what } = what else {
        return None;
    };
    let mut parts = Parts::default();
    let words = match what {
        DeliveryWhat::Denied { queue } => {
            parts.queue = queue;
            (
                "The access policy of @q does not let the topic in: SNS gets a client-side error, and tries nothing again.",
                "access policy",
            )
        }
        DeliveryWhat::Allowed { queue } => {
            parts.queue = queue;
            (
                "The access policy of @q lets the topic in again. What was given up meanwhile does not come any more.",
                "access policy",
            )
        }
        DeliveryWhat::Unreachable { queue, .. } => {
            parts.queue = queue;
            (
                "SNS cannot reach @q. It tries each @o again: three times at once, twice after a second, then at longer and longer distances, for 23 days.",
                "delivery retries",
            )
        }
        DeliveryWhat::Reachable { queue } => {
            parts.queue = queue;
            (
                "SNS reaches @q again. What it could not deliver comes with its next attempt.",
                "delivery retries",
            )
        }
        DeliveryWhat::GivenUp {
            queue,
            message,
            to,
            error,
            ..
        } => {
            parts.message = message;
            parts.queue = to.unwrap_or(queue);
            let text = match (to, error) {
                (Some(_), _) => {
                    "SNS cannot deliver @m and puts it into @q, the dead-letter queue of the subscription."
                }
                (None, DeliveryError::DeadLetterQueue) => {
                    "SNS cannot put @m into the dead-letter queue of the subscription either: it is lost for @q."
                }
                (None, _) => {
                    "SNS cannot deliver @m to @q, and its subscription has no dead-letter queue: there it is lost. Nobody is told."
                }
            };
            (text, "RedrivePolicy")
        }
        DeliveryWhat::Failed { .. }
        | DeliveryWhat::Succeeded { .. }
        | DeliveryWhat::DeadLettered { .. } => return None,
    };
    Some((words, parts))
}

/// What goes on by itself.
pub(super) fn quiet(at: SimTime, what: DeliveryWhat) -> Option<(Words, Parts)> {
    let mut parts = Parts::default();
    let words = match what {
        DeliveryWhat::Failed {
            queue,
            message,
            retry_in,
            ..
        } => {
            (parts.queue, parts.message) = (queue, message);
            parts.time = at + SimDuration::from(retry_in);
            (
                "SNS has not come through to @q with @m: it tries again at @t.",
                "delivery retries",
            )
        }
        DeliveryWhat::Succeeded {
            queue,
            message,
            attempt,
        } => {
            (parts.queue, parts.message, parts.count) = (queue, message, attempt);
            ("@m has come to @q. SNS had to try @x.", "delivery retries")
        }
        _ => return None,
    };
    Some((words, parts))
}

/// A call that a FIFO queue refuses for its rate.
pub(super) fn throttled(at: SimTime, what: ThrottleWhat) -> (Words, Parts) {
    let mut parts = Parts {
        queue: what.queue(),
        ..Parts::default()
    };
    let (text, retry_in) = match what {
        ThrottleWhat::Send {
            message, retry_in, ..
        } => {
            parts.message = message;
            (
                "@q refuses to take @m: a FIFO queue takes 300 calls of a kind in a second. The SDK of its producer sends it again at @t.",
                retry_in,
            )
        }
        ThrottleWhat::Receive {
            actor, retry_in, ..
        } => {
            parts.actor = actor;
            (
                "@q refuses a receive of @w: a FIFO queue takes 300 calls of a kind in a second. Its SDK asks again at @t.",
                retry_in,
            )
        }
        ThrottleWhat::Delete {
            actor,
            message,
            retry_in,
            ..
        } => {
            (parts.actor, parts.message) = (actor, message);
            (
                "@q refuses to delete @m for @w: a FIFO queue takes 300 calls of a kind in a second. Its SDK asks again at @t.",
                retry_in,
            )
        }
    };
    parts.time = at + SimDuration::from(retry_in);
    ((text, "RequestThrottled"), parts)
}
