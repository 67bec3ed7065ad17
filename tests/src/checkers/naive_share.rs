//! What a share group has in hand and is done with, without haste.

use std::collections::BTreeMap;

use broker_lab_core::trace::{LockEnd, ShareWhat};
use broker_lab_core::{ActorId, GroupId, MessageId, TopicPartition};

use super::naive::Readers;

/// The number of the readers that an event is about.
pub(super) fn reader_of(
    what: ShareWhat,
    (team, group): (&dyn Fn(ActorId) -> usize, &dyn Fn(GroupId) -> usize),
) -> usize {
    match what {
        ShareWhat::GroupChanged { group: its, .. }
        | ShareWhat::PartitionStarted { group: its, .. }
        | ShareWhat::StartMoved { group: its, .. } => group(its),
        ShareWhat::Assigned { actor, .. }
        | ShareWhat::Revoked { actor, .. }
        | ShareWhat::Acquired { actor, .. }
        | ShareWhat::Acknowledged { actor, .. }
        | ShareWhat::Released { actor, .. }
        | ShareWhat::Archived { actor, .. }
        | ShareWhat::Renewed { actor, .. }
        | ShareWhat::Refused { actor, .. }
        | ShareWhat::RenewalRefused { actor, .. }
        | ShareWhat::Ignored { actor, .. } => team(actor),
    }
}

impl Readers {
    pub(super) fn see_share(
        &mut self,
        what: ShareWhat,
        logs: &BTreeMap<TopicPartition, Vec<MessageId>>,
    ) {
        match what {
            ShareWhat::PartitionStarted {
                partition, offset, ..
            } => {
                let before = logs.get(&partition).into_iter().flatten();
                self.be_done(before.take(offset.index()).copied().collect());
                self.committed.insert(partition, offset.index());
            }
            ShareWhat::StartMoved {
                partition, offset, ..
            } => {
                self.committed.insert(partition, offset.index());
            }
            ShareWhat::Acquired {
                actor,
                partition,
                offset,
                ..
            } => {
                let message = logs[&partition][offset.index()];
                self.in_hand.entry(actor).or_default().push(message);
            }
            ShareWhat::Acknowledged {
                actor,
                partition,
                offset,
            } => {
                let message = logs[&partition][offset.index()];
                self.let_go(actor, message);
                self.be_done(vec![message]);
            }
            ShareWhat::Archived {
                actor,
                partition,
                offset,
                end,
            } => {
                let message = logs[&partition][offset.index()];
                if end != LockEnd::LockTimeout {
                    self.let_go(actor, message);
                }
                self.be_done(vec![message]);
            }
            ShareWhat::Released {
                actor,
                partition,
                offset,
                end: LockEnd::Released | LockEnd::SessionClosed,
            }
            | ShareWhat::Refused {
                actor,
                partition,
                offset,
            }
            | ShareWhat::Ignored {
                actor,
                partition,
                offset,
            } => self.let_go(actor, logs[&partition][offset.index()]),
            _ => {}
        }
    }

    fn be_done(&mut self, messages: Vec<MessageId>) {
        self.done.get_or_insert_default().extend(messages);
    }
}
