//! What happens in share groups as lines of JSON.

use broker_lab_core::trace::{LockEnd, PositionOrigin, ShareWhat};
use broker_lab_core::{ActorId, Offset, TopicPartition};

use super::trace_line::{Line, written};

impl Line<'_> {
    pub(super) fn share(&mut self, what: ShareWhat) {
        match what {
            ShareWhat::GroupChanged {
                group,
                epoch,
                members,
            } => {
                self.group(group);
                self.add("epoch", epoch.0);
                self.add("members", members);
            }
            ShareWhat::Assigned {
                actor,
                partition,
                epoch,
            } => {
                self.actor(actor);
                self.partition(partition);
                self.add("epoch", epoch.0);
            }
            ShareWhat::Revoked { actor, partition } => {
                self.actor(actor);
                self.partition(partition);
            }
            ShareWhat::PartitionStarted {
                group,
                partition,
                offset,
                origin,
            } => {
                self.group(group);
                self.partition(partition);
                self.offset("offset", offset);
                self.add("origin", written::<PositionOrigin>(origin));
            }
            ShareWhat::StartMoved {
                group,
                partition,
                offset,
            } => {
                self.group(group);
                self.partition(partition);
                self.offset("offset", offset);
            }
            _ => self.shared_record(what),
        }
    }

    fn shared_record(&mut self, what: ShareWhat) {
        match what {
            ShareWhat::Acquired {
                actor,
                partition,
                offset,
                delivery_count,
                lock,
            } => {
                self.place((actor, partition, offset));
                self.add("delivery_count", delivery_count);
                self.millis("lock_ms", lock);
            }
            ShareWhat::Renewed {
                actor,
                partition,
                offset,
                lock,
            } => {
                self.place((actor, partition, offset));
                self.millis("lock_ms", lock);
            }
            ShareWhat::Released {
                actor,
                partition,
                offset,
                end,
            }
            | ShareWhat::Archived {
                actor,
                partition,
                offset,
                end,
            } => {
                self.place((actor, partition, offset));
                self.add("end", written::<LockEnd>(end));
            }
            ShareWhat::Acknowledged {
                actor,
                partition,
                offset,
            }
            | ShareWhat::Refused {
                actor,
                partition,
                offset,
            }
            | ShareWhat::RenewalRefused {
                actor,
                partition,
                offset,
            }
            | ShareWhat::Ignored {
                actor,
                partition,
                offset,
            } => self.place((actor, partition, offset)),
            _ => self.add("text", what.to_string()),
        }
    }

    fn place(&mut self, (actor, partition, offset): (ActorId, TopicPartition, Offset)) {
        self.actor(actor);
        self.partition(partition);
        self.offset("offset", offset);
    }
}
