//! The fields of an event of a group of the consumer protocol.

use broker_lab_core::trace::{ConsumerGroupWhat, Life};

use super::trace_line::{Line, written};

impl Line<'_> {
    pub(super) fn consumer_group(&mut self, what: ConsumerGroupWhat) {
        match what {
            ConsumerGroupWhat::Joined { group, actor }
            | ConsumerGroupWhat::LeftForAWhile { group, actor } => {
                self.group(group);
                self.actor(actor);
            }
            ConsumerGroupWhat::Left { group, actor, life }
            | ConsumerGroupWhat::RevocationTimedOut { group, actor, life } => {
                self.group(group);
                self.actor(actor);
                self.add("life", written::<Life>(life));
            }
            ConsumerGroupWhat::EpochBumped {
                group,
                epoch,
                actor,
                reason,
            } => {
                self.group(group);
                self.add("epoch", epoch.0);
                if let Some(actor) = actor {
                    self.actor(actor);
                }
                self.add("reason", written(reason));
            }
            ConsumerGroupWhat::TargetChanged {
                group,
                partition,
                actor,
            } => {
                self.group(group);
                self.partition(partition);
                if let Some(actor) = actor {
                    self.actor(actor);
                }
            }
            ConsumerGroupWhat::TargetComputed { group, epoch } => {
                self.group(group);
                self.add("epoch", epoch.0);
            }
            ConsumerGroupWhat::Given { actor, partition }
            | ConsumerGroupWhat::RevocationPending { actor, partition }
            | ConsumerGroupWhat::Released { actor, partition } => {
                self.actor(actor);
                self.partition(partition);
            }
            ConsumerGroupWhat::Reconciled {
                actor,
                epoch,
                state,
            } => {
                self.actor(actor);
                self.add("epoch", epoch.0);
                self.add("state", state.to_string());
            }
        }
    }
}
