//! The fields of what happens in a queue lane.

use broker_lab_core::trace::{MoveTaskEnd, QueueSetting, VisibilityReason, What};

use super::trace_line::{Line, written};

impl Line<'_> {
    pub(super) fn queue_event(&mut self, what: &What) {
        match *what {
            What::Enqueued {
                queue,
                message,
                copy,
            }
            | What::BecameVisible {
                queue,
                message,
                copy,
            }
            | What::Expired {
                queue,
                message,
                copy,
            }
            | What::Purged {
                queue,
                message,
                copy,
            }
            | What::Redelivered {
                queue,
                message,
                copy,
            } => {
                self.queue("queue", queue);
                self.item(message, copy);
            }
            What::Delayed {
                queue,
                message,
                copy,
                delay,
            }
            | What::DelayChanged {
                queue,
                message,
                copy,
                delay,
            } => {
                self.queue("queue", queue);
                self.item(message, copy);
                self.millis("delay_ms", delay);
            }
            What::Received {
                queue,
                actor,
                message,
                copy,
                receive_count,
                timeout,
            } => {
                self.queue("queue", queue);
                self.actor(actor);
                self.item(message, copy);
                self.add("receive_count", receive_count);
                self.millis("timeout_ms", timeout);
            }
            What::DeadLettered {
                from,
                to,
                message,
                copy,
            }
            | What::Moved {
                from,
                to,
                message,
                copy,
                ..
            } => {
                self.queue("from", from);
                self.queue("to", to);
                self.item(message, copy);
            }
            _ => self.answer(what),
        }
    }

    /// What SQS makes of what workers tell it.
    fn answer(&mut self, what: &What) {
        match *what {
            What::Deleted {
                queue,
                actor,
                message,
                copy,
            }
            | What::DeleteIgnored {
                queue,
                actor,
                message,
                copy,
            }
            | What::DeleteFailed {
                queue,
                actor,
                message,
                copy,
            }
            | What::VisibilityRefused {
                queue,
                actor,
                message,
                copy,
            } => {
                self.queue("queue", queue);
                self.actor(actor);
                self.item(message, copy);
            }
            What::VisibilityChanged {
                queue,
                actor,
                message,
                copy,
                timeout,
                reason,
            } => {
                self.queue("queue", queue);
                self.actor(actor);
                self.item(message, copy);
                self.millis("timeout_ms", timeout);
                self.add("reason", written::<VisibilityReason>(reason));
            }
            What::WorkSkipped {
                actor,
                message,
                copy,
            }
            | What::WorkDiscarded {
                actor,
                message,
                copy,
            }
            | What::LetGo {
                actor,
                message,
                copy,
            } => {
                self.actor(actor);
                self.item(message, copy);
            }
            _ => self.command(what),
        }
    }

    /// What is done to queues while they are used, and what becomes of sends.
    fn command(&mut self, what: &What) {
        match *what {
            What::QueuePurged { queue }
            | What::PurgeRefused { queue }
            | What::AttributesRefused { queue }
            | What::MoveTaskRefused { source: queue } => self.queue("queue", queue),
            What::AttributeChanged {
                queue,
                setting,
                value,
                target,
            } => {
                self.queue("queue", queue);
                self.add("attribute", written::<QueueSetting>(setting));
                self.add("value", value);
                if let Some(target) = target {
                    self.queue("dead_letter_target", target);
                }
            }
            What::MoveTaskStarted {
                source,
                destination,
                rate,
            } => {
                self.queue("source", source);
                if let Some(destination) = destination {
                    self.queue("destination", destination);
                }
                self.add("max_number_of_messages_per_second", rate);
            }
            What::MoveTaskEnded { source, end } => {
                self.queue("source", source);
                self.add("status", written::<MoveTaskEnd>(end));
            }
            What::TenantNoisy { queue, tenant } | What::TenantQuiet { queue, tenant } => {
                self.queue("queue", queue);
                self.tenant(tenant);
            }
            What::Throttled { actor } => self.actor(actor),
            What::Scaled { team, processes } => {
                self.add("team", team);
                self.add("processes", processes);
            }
            What::Resent { message } => self.message(message),
            What::Deduplicated { queue, message } => {
                self.queue("queue", queue);
                self.message(message);
            }
            What::Published { topic, message, .. } | What::TopicDeduplicated { topic, message } => {
                self.add("topic", topic.0);
                self.message(message);
            }
            What::FilteredOut {
                topic,
                queue,
                message,
            } => {
                self.add("topic", topic.0);
                self.queue("queue", queue);
                self.message(message);
            }
            _ => self.log(what),
        }
    }
}
