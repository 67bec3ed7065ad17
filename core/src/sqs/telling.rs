//! What SQS does in a lane, told: its effects as events, its answers as messages on the wire.

use super::lane::{SqsLane, SqsTimer, Step, Tenants};
use super::worker::Item;
use super::{Effect, MessageGroup, MoveTaskStatus};
use crate::ids::{ActorId, QueueId};
use crate::time::SimDuration;
use crate::trace::{MoveTaskEnd, What};
use crate::workload::KeyId;

impl SqsLane {
    /// Turns what SQS did into events, and its answers into messages on the wire.
    pub(super) fn drain(&mut self, step: &mut Step<'_>) {
        let mut effects = std::mem::take(&mut self.effects);
        for effect in &effects {
            self.tell(step, effect);
        }
        effects.clear();
        self.effects = effects;
        if self.tenants == Tenants::Keys {
            self.tell_noise(step);
        }
        if let Some(next) = self.service.next_timeout()
            && self.wake_at.is_none_or(|at| next < at)
        {
            self.wake_at = Some(next);
            step.out.timer(next, SqsTimer::ServiceDue);
        }
    }

    /// Tells which tenants became noisy or quiet.
    fn tell_noise(&mut self, step: &mut Step<'_>) {
        for (queue, known) in (0..).map(QueueId).zip(&mut self.noisy) {
            let noisy = self.service.noisy_groups(queue);
            if noisy == *known {
                continue;
            }
            let tenant = |group: MessageGroup| KeyId(u16::try_from(group.0).unwrap_or(u16::MAX));
            for group in known.iter().filter(|group| !noisy.contains(group)) {
                let tenant = tenant(*group);
                step.out.event(What::TenantQuiet { queue, tenant });
            }
            for group in noisy.iter().filter(|group| !known.contains(group)) {
                let tenant = tenant(*group);
                step.out.event(What::TenantNoisy { queue, tenant });
            }
            *known = noisy;
        }
    }

    fn tell(&mut self, step: &mut Step<'_>, effect: &Effect<Item>) {
        let what = match *effect {
            Effect::Answered { waiter, .. } => {
                let client = self.client(actor_of(waiter), 0);
                let answer = SqsTimer::ReceiveAnswer(client);
                return step.out.timer(step.now + self.latency, answer);
            }
            Effect::Received(ref received) => {
                let actor = actor_of(received.waiter);
                if self.is_invocation(actor) {
                    self.take_for_function(step.now, actor, received);
                } else if let Some(worker) = self.workers.get_mut(actor.index()) {
                    worker.take(received);
                }
                What::Received {
                    queue: received.queue,
                    actor,
                    message: received.body.message,
                    copy: received.body.copy,
                    receive_count: received.receive_count,
                    timeout: received.timeout.into(),
                }
            }
            Effect::Stored { queue, body, delay } => stored(queue, body, delay),
            Effect::Delayed { queue, body, delay } => What::DelayChanged {
                queue,
                message: body.message,
                copy: body.copy,
                delay: delay.into(),
            },
            Effect::BecameVisible { queue, body } => What::BecameVisible {
                queue,
                message: body.message,
                copy: body.copy,
            },
            Effect::Undeleted { queue, body } => What::Redelivered {
                queue,
                message: body.message,
                copy: body.copy,
            },
            Effect::DeadLettered { from, to, body } => What::DeadLettered {
                from,
                to,
                message: body.message,
                copy: body.copy,
            },
            Effect::Expired { queue, body } => What::Expired {
                queue,
                message: body.message,
                copy: body.copy,
            },
            _ => {
                step.out.events.extend(of_move_tasks(effect));
                return;
            }
        };
        step.out.event(what);
    }
}

/// What is told of move tasks.
fn of_move_tasks(effect: &Effect<Item>) -> Option<What> {
    Some(match *effect {
        Effect::Moved {
            from,
            to,
            body,
            delay,
        } => What::Moved {
            from,
            to,
            message: body.message,
            copy: body.copy,
            delay: delay.into(),
        },
        Effect::MoveTaskEnded { source, status, .. } => What::MoveTaskEnded {
            source,
            end: match status {
                MoveTaskStatus::Failed(_) => MoveTaskEnd::Failed,
                MoveTaskStatus::Cancelling | MoveTaskStatus::Cancelled => MoveTaskEnd::Cancelled,
                MoveTaskStatus::Running | MoveTaskStatus::Completed => MoveTaskEnd::Completed,
            },
        },
        // Who starts one tells it; and no scenario makes or deletes queues while it runs.
        _ => return None,
    })
}

fn actor_of(waiter: u32) -> ActorId {
    ActorId(u16::try_from(waiter).unwrap_or(u16::MAX))
}

fn stored(queue: QueueId, item: Item, delay: SimDuration) -> What {
    let Item { message, copy } = item;
    if delay == SimDuration::ZERO {
        What::Enqueued {
            queue,
            message,
            copy,
        }
    } else {
        What::Delayed {
            queue,
            message,
            copy,
            delay: delay.into(),
        }
    }
}
