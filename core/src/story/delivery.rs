//! The story of a message between a topic and its queues, and of calls that are throttled.

use super::Teller;
use super::queue::{Plot, clock};
use crate::ids::{CopyId, QueueId};
use crate::time::{SimDuration, SimTime};
use crate::trace::{DeliveryError, DeliveryWhat, Millis, ThrottleWhat};

impl Plot {
    pub(super) fn follow_delivery(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        what: DeliveryWhat,
    ) {
        let id = teller.message;
        let names = teller.names;
        let text = match what {
            DeliveryWhat::Failed {
                queue,
                message,
                attempt,
                retry_in,
            } if message == id => {
                let queue = names.queue(queue);
                let again = clock(at + SimDuration::from(retry_in));
                format!(
                    "attempt {attempt} to deliver it to {queue} failed: SNS tries again at {again}"
                )
            }
            DeliveryWhat::Succeeded {
                queue,
                message,
                attempt,
            } if message == id => {
                let queue = names.queue(queue);
                format!("attempt {attempt} to deliver it to {queue} comes through")
            }
            DeliveryWhat::GivenUp {
                queue,
                message,
                attempts,
                error,
                to,
            } if message == id => give_up(teller, queue, (attempts, error, to)),
            DeliveryWhat::DeadLettered {
                queue,
                to,
                message,
                copy,
                delay,
            } if message == id => {
                self.set_aside(copy, (queue, to), SimDuration::from(delay));
                let which = self.which(copy);
                let (queue, to) = (names.queue(queue), names.queue(to));
                format!(
                    "{which}stored in {to}: the topic's dead letter for {queue}, which never had it"
                )
            }
            _ => return,
        };
        teller.tell(at, text);
    }

    pub(super) fn follow_throttle(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        what: ThrottleWhat,
    ) {
        let id = teller.message;
        let names = teller.names;
        let text = match what {
            ThrottleWhat::Send {
                queue,
                message,
                retry_in,
            } if message == id => {
                format!(
                    "{} refuses the send, it had too many in this second: its producer sends it again {}",
                    names.queue(queue),
                    pause(retry_in)
                )
            }
            ThrottleWhat::Delete {
                queue,
                actor,
                message,
                copy,
                retry_in,
            } if message == id => {
                format!(
                    "{}{} refuses the delete of {}, it had too many in this second: it comes again {}",
                    self.which(copy),
                    names.queue(queue),
                    names.actor(actor),
                    pause(retry_in)
                )
            }
            _ => return,
        };
        teller.tell(at, text);
    }

    fn set_aside(&mut self, copy: CopyId, (origin, queue): (QueueId, QueueId), delay: SimDuration) {
        let strand = self.strand(copy);
        strand.queue = Some(queue);
        strand.origin = Some(origin);
        strand.is_delayed = delay > SimDuration::ZERO;
    }
}

fn give_up(
    teller: &Teller<'_>,
    queue: QueueId,
    (attempts, error, to): (u32, DeliveryError, Option<QueueId>),
) -> String {
    let queue = teller.names.queue(queue);
    let why = match error {
        DeliveryError::ClientSide => {
            format!(
                "{queue} does not let the topic in, a client-side error that is not tried again"
            )
        }
        DeliveryError::ServerSide => format!("{queue} could not be reached {attempts} times"),
        DeliveryError::DeadLetterQueue => {
            String::from("the topic does not come through to its dead-letter queue either")
        }
    };
    match to {
        Some(to) => format!("{why}: sent to {}", teller.names.queue(to)),
        None => format!("{why}: lost for {queue}"),
    }
}

/// How long an SDK waits.
fn pause(length: Millis) -> String {
    format!("after {}", SimDuration::from(length))
}
