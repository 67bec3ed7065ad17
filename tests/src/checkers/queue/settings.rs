//! What a queue and its workers are set to, and what follows from it.

use broker_lab_core::scenario::{FifoThroughputLimit, RedrivePolicy};
use broker_lab_core::sqs::limits;
use broker_lab_core::trace::{QueueSetting, VisibilityReason};
use broker_lab_core::{ActorId, QueueId, SimDuration, SimTime};

use super::Rules;
use super::copy::Copy;

impl Rules<'_> {
    pub(super) fn set(
        &mut self,
        at: SimTime,
        id: QueueId,
        (setting, value, target): (QueueSetting, u32, Option<QueueId>),
    ) {
        let names = &self.settings.queues;
        let target = target.map(|target| names[target.index()].name.clone());
        let queue = &mut self.queues[id.index()];
        let length = SimDuration::from_millis(value.into());
        match setting {
            QueueSetting::VisibilityTimeout => queue.visibility_timeout = length,
            QueueSetting::Delay => {
                queue.delay = length;
                self.delay_changed.insert(id, at);
            }
            QueueSetting::MessageRetentionPeriod => queue.message_retention_period = length,
            QueueSetting::FifoThroughputLimit => {
                queue.fifo_throughput_limit = match value {
                    0 => FifoThroughputLimit::PerQueue,
                    _ => FifoThroughputLimit::PerMessageGroupId,
                };
            }
            QueueSetting::RedrivePolicy => {
                queue.redrive_policy = target.map(|dead_letter_target| RedrivePolicy {
                    dead_letter_target,
                    max_receive_count: value,
                });
            }
            _ => {}
        }
    }

    pub(super) fn is_their_way(
        &self,
        actor: ActorId,
        (reason, timeout): (VisibilityReason, SimDuration),
    ) -> bool {
        let Some(team) = self.team(actor) else {
            return false;
        };
        match reason {
            VisibilityReason::Heartbeat => {
                let beats = team.heartbeat.as_ref();
                beats.is_some_and(|heartbeat| heartbeat.extends_to == timeout)
            }
            VisibilityReason::BackOff => {
                let back_off = team.back_off.as_ref();
                back_off.is_some_and(|back_off| {
                    let most = back_off.max.min(*limits::VISIBILITY_TIMEOUT.end());
                    (back_off.base.min(most)..=most).contains(&timeout)
                })
            }
            VisibilityReason::GivenBack => team.gives_back && timeout == SimDuration::ZERO,
        }
    }

    pub(super) fn may_be_received(&self, copy: &Copy) -> bool {
        let policy = self.queue(copy.queue).redrive_policy.as_ref();
        policy.is_none_or(|policy| copy.receives_here < policy.max_receive_count)
    }

    pub(super) fn is_to_be_moved(&self, copy: &Copy, to: QueueId) -> bool {
        let policy = self.queue(copy.queue).redrive_policy.as_ref();
        policy.is_some_and(|policy| {
            copy.receives_here >= policy.max_receive_count
                && policy.dead_letter_target == self.queue(to).name
        })
    }
}
