//! The golden form of what happens between an SNS topic and its queues, and of calls that are
//! throttled.

use std::fmt;

use super::delivery::DeliveryWhat;
use super::reason::DeliveryError;
use super::text_queue::Item;
use super::throttle::ThrottleWhat;

impl fmt::Display for DeliveryWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Failed {
                queue,
                message,
                attempt,
                retry_in,
            } => write!(
                f,
                "attempt {attempt} to deliver {message} to queue {queue} failed, the next in {} ms",
                retry_in.0
            ),
            Self::Succeeded {
                queue,
                message,
                attempt,
            } => write!(
                f,
                "attempt {attempt} to deliver {message} to queue {queue} came through"
            ),
            Self::GivenUp {
                queue,
                message,
                attempts,
                error,
                to,
            } => {
                write!(
                    f,
                    "{message} is not delivered to queue {queue} ({error}, attempts: {attempts}): "
                )?;
                match to {
                    Some(to) => write!(f, "sent to dead-letter queue {to}"),
                    None => f.write_str("lost"),
                }
            }
            Self::DeadLettered {
                queue,
                to,
                message,
                copy,
                delay,
            } => {
                let item = Item(message, copy);
                write!(f, "dead-letter queue {to} stored {item} for queue {queue}")?;
                if delay.0 > 0 {
                    write!(f, ", delayed {} ms", delay.0)?;
                }
                Ok(())
            }
            Self::Denied { queue } => write!(f, "queue {queue} does not let the topic in"),
            Self::Allowed { queue } => write!(f, "queue {queue} lets the topic in"),
            Self::Unreachable { queue, lasts } => {
                write!(f, "queue {queue} cannot be reached for {} ms", lasts.0)
            }
            Self::Reachable { queue } => write!(f, "queue {queue} can be reached again"),
        }
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientSide => "client-side error",
            Self::ServerSide => "server-side error",
            Self::DeadLetterQueue => "no way to its dead-letter queue",
        })
    }
}

impl fmt::Display for ThrottleWhat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retry_in = match *self {
            Self::Send {
                queue,
                message,
                retry_in,
            } => {
                write!(f, "queue {queue} throttles the send of {message}")?;
                retry_in
            }
            Self::Receive {
                queue,
                actor,
                retry_in,
            } => {
                write!(f, "queue {queue} throttles a receive of actor {actor}")?;
                retry_in
            }
            Self::Delete {
                queue,
                actor,
                message,
                copy,
                retry_in,
            } => {
                let item = Item(message, copy);
                write!(
                    f,
                    "queue {queue} throttles actor {actor} that deletes {item}"
                )?;
                retry_in
            }
        };
        write!(f, ", the next call in {} ms", retry_in.0)
    }
}
