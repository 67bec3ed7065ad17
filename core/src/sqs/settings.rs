//! The settings of queues: as a scenario has them, and as commands change them.

use super::lane::{SqsLane, SqsTimer, Step};
use super::{
    AttributeChange, DeduplicationScope, FifoAttributes, FifoThroughputLimit, MoveTaskRequest,
    QueueAttributes, RedriveAllowPolicy, RedrivePolicy, RedrivePolicyRequest,
};
use crate::engine::Outbox;
use crate::ids::QueueId;
use crate::scenario::{self, Command, RedrivePermission, SetQueueAttributes, StartMessageMoveTask};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Millis, QueueSetting, What};

impl SqsLane {
    /// Does to the queues of this lane what a command says; `lane` is what it was made of.
    pub(crate) fn carry_out(
        &mut self,
        now: SimTime,
        (command, lane): (&Command, &scenario::SqsLane),
        out: &mut Outbox<SqsTimer>,
    ) {
        let work = None;
        let step = &mut Step { now, work, out };
        self.change_deliveries(step, (command, lane));
        if let Some(set) = &command.set_queue_attributes
            && let Some(queue) = lane.find_queue(&set.queue)
        {
            self.set_attributes(step, queue, (set, lane));
        }
        if let Some(queue) = command
            .purge
            .as_ref()
            .and_then(|name| lane.find_queue(name))
        {
            self.purge(step, queue);
        }
        if let Some(start) = &command.start_message_move_task
            && let Some(source) = lane.find_queue(&start.source)
        {
            let named = start.destination.as_ref();
            let destination = named.and_then(|name| lane.find_queue(name));
            self.start_move_task(step, source, (destination, start));
        }
        if let Some(name) = &command.cancel_message_move_task
            && let Some(source) = lane.find_queue(name)
        {
            self.cancel_move_task(step, source);
        }
    }

    fn start_move_task(
        &mut self,
        step: &mut Step<'_>,
        source: QueueId,
        (destination, start): (Option<QueueId>, &StartMessageMoveTask),
    ) {
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let rate = start.max_number_of_messages_per_second;
        let request = MoveTaskRequest {
            destination,
            max_number_of_messages_per_second: rate.map(Into::into),
        };
        let started = self
            .service
            .start_move_task(step.now, source, request, &mut self.effects);
        step.out.event(match started {
            Ok(_) => What::MoveTaskStarted {
                source,
                destination,
                rate: rate.map_or(0, |rate| u16::try_from(rate).unwrap_or(u16::MAX)),
            },
            Err(_) => What::MoveTaskRefused { source },
        });
        self.drain(step);
    }

    fn cancel_move_task(&mut self, step: &mut Step<'_>, source: QueueId) {
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let running = self.service.running_move_task(source);
        let cancelled = running.is_some_and(|handle| {
            let cancelled = self
                .service
                .cancel_move_task(step.now, handle, &mut self.effects);
            cancelled.is_ok()
        });
        if !cancelled {
            step.out.event(What::MoveTaskRefused { source });
        }
        self.drain(step);
    }

    fn set_attributes(
        &mut self,
        step: &mut Step<'_>,
        queue: QueueId,
        (set, lane): (&SetQueueAttributes, &scenario::SqsLane),
    ) {
        // What is due by now happens before: its events come first.
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let changes = changes(set, lane);
        let list: Vec<AttributeChange> = changes.iter().map(|(change, _)| change.clone()).collect();
        let done = self
            .service
            .set_attributes(step.now, queue, &list, &mut self.effects);
        if done.is_err() {
            step.out.event(What::AttributesRefused { queue });
        } else {
            for (_, (setting, value, target)) in changes {
                step.out.event(What::AttributeChanged {
                    queue,
                    setting,
                    value,
                    target,
                });
            }
        }
        self.drain(step);
    }

    fn purge(&mut self, step: &mut Step<'_>, queue: QueueId) {
        self.service.advance(step.now, &mut self.effects);
        self.drain(step);
        let bodies = self.service.bodies(queue);
        let purged = self.service.purge(step.now, queue, &mut self.effects);
        if purged.is_err() {
            step.out.event(What::PurgeRefused { queue });
        } else {
            step.out.event(What::QueuePurged { queue });
            for item in bodies {
                step.out.event(What::Purged {
                    queue,
                    message: item.message,
                    copy: item.copy,
                });
            }
        }
        self.drain(step);
    }
}

/// What an event says of a changed attribute: which, its new value, the dead-letter queue.
type Told = (QueueSetting, u32, Option<QueueId>);

/// A change to so many seconds.
type Change = fn(i64) -> AttributeChange;

/// The changes that a command asks for, each with what is told of it.
fn changes(set: &SetQueueAttributes, lane: &scenario::SqsLane) -> Vec<(AttributeChange, Told)> {
    let mut changes = Vec::new();
    let lengths: [(_, QueueSetting, Change); 4] = [
        (
            set.visibility_timeout,
            QueueSetting::VisibilityTimeout,
            AttributeChange::VisibilityTimeout,
        ),
        (
            set.delay,
            QueueSetting::Delay,
            AttributeChange::DelaySeconds,
        ),
        (
            set.message_retention_period,
            QueueSetting::MessageRetentionPeriod,
            AttributeChange::MessageRetentionPeriod,
        ),
        (
            set.receive_message_wait_time,
            QueueSetting::ReceiveMessageWaitTime,
            AttributeChange::ReceiveMessageWaitTimeSeconds,
        ),
    ];
    for (length, setting, change) in lengths {
        if let Some(length) = length {
            let told = (setting, Millis::from(length).0, None);
            changes.push((change(seconds(length)), told));
        }
    }
    if let Some(bytes) = set.maximum_message_size {
        let told = (QueueSetting::MaximumMessageSize, bytes, None);
        changes.push((AttributeChange::MaximumMessageSize(bytes.into()), told));
    }
    if let Some(policy) = &set.redrive_policy {
        changes.push(redrive(policy.0.as_ref(), lane));
    }
    if let Some(policy) = &set.redrive_allow_policy {
        let value = u32::from(policy.redrive_permission as u8);
        let policy = allow_policy(lane, Some(policy));
        let told = (QueueSetting::RedriveAllowPolicy, value, None);
        changes.push((AttributeChange::RedriveAllowPolicy(policy), told));
    }
    if let Some(on) = set.content_based_deduplication {
        let told = (QueueSetting::ContentBasedDeduplication, on.into(), None);
        changes.push((AttributeChange::ContentBasedDeduplication(on), told));
    }
    if let Some(scope) = set.deduplication_scope {
        let told = (
            QueueSetting::DeduplicationScope,
            u32::from(scope as u8),
            None,
        );
        changes.push((AttributeChange::DeduplicationScope(scope.into()), told));
    }
    if let Some(limit) = set.fifo_throughput_limit {
        let told = (
            QueueSetting::FifoThroughputLimit,
            u32::from(limit as u8),
            None,
        );
        changes.push((AttributeChange::FifoThroughputLimit(limit.into()), told));
    }
    changes
}

fn seconds(length: SimDuration) -> i64 {
    i64::try_from(length.as_secs()).unwrap_or(i64::MAX)
}

/// A new redrive policy, or none: the empty text takes it off.
fn redrive(
    policy: Option<&scenario::RedrivePolicy>,
    lane: &scenario::SqsLane,
) -> (AttributeChange, Told) {
    let target = policy.and_then(|policy| lane.find_queue(&policy.dead_letter_target));
    let count = policy.map_or(0, |policy| policy.max_receive_count);
    let request = policy.map(|_| RedrivePolicyRequest {
        dead_letter_target: target,
        max_receive_count: Some(count.to_string()),
    });
    let told = (QueueSetting::RedrivePolicy, count, target);
    (AttributeChange::RedrivePolicy(request), told)
}

/// The attributes of a queue as a scenario has them.
pub(super) fn attributes(lane: &scenario::SqsLane, queue: &scenario::Queue) -> QueueAttributes {
    let redrive_policy = queue.redrive_policy.as_ref().map(|policy| RedrivePolicy {
        dead_letter_target: lane
            .find_queue(&policy.dead_letter_target)
            .unwrap_or_default(),
        max_receive_count: policy.max_receive_count,
    });
    QueueAttributes {
        visibility_timeout: queue.visibility_timeout,
        delay: queue.delay,
        maximum_message_size: usize::try_from(queue.maximum_message_size).unwrap_or(usize::MAX),
        message_retention_period: queue.message_retention_period,
        receive_message_wait_time: queue.receive_message_wait_time,
        redrive_policy,
        redrive_allow_policy: allow_policy(lane, queue.redrive_allow_policy.as_ref()),
        fifo: queue.is_fifo().then(|| FifoAttributes {
            content_based_deduplication: queue.content_based_deduplication,
            deduplication_scope: queue.deduplication_scope.into(),
            fifo_throughput_limit: queue.fifo_throughput_limit.into(),
        }),
    }
}

pub(super) fn allow_policy(
    lane: &scenario::SqsLane,
    written: Option<&scenario::RedriveAllowPolicy>,
) -> RedriveAllowPolicy {
    let permission = written.map(|policy| policy.redrive_permission);
    match permission.unwrap_or_default() {
        RedrivePermission::AllowAll => RedriveAllowPolicy::AllowAll,
        RedrivePermission::DenyAll => RedriveAllowPolicy::DenyAll,
        RedrivePermission::ByQueue => {
            let sources = written.iter().flat_map(|policy| &policy.source_queues);
            let sources = sources.filter_map(|name| lane.find_queue(name));
            RedriveAllowPolicy::ByQueue(sources.collect())
        }
    }
}

impl From<scenario::DeduplicationScope> for DeduplicationScope {
    fn from(scope: scenario::DeduplicationScope) -> Self {
        match scope {
            scenario::DeduplicationScope::Queue => Self::Queue,
            scenario::DeduplicationScope::MessageGroup => Self::MessageGroup,
        }
    }
}

impl From<scenario::FifoThroughputLimit> for FifoThroughputLimit {
    fn from(limit: scenario::FifoThroughputLimit) -> Self {
        match limit {
            scenario::FifoThroughputLimit::PerQueue => Self::PerQueue,
            scenario::FifoThroughputLimit::PerMessageGroupId => Self::PerMessageGroupId,
        }
    }
}
