//! What is known of share groups.

use super::Guarantee;
use super::hand::Held;
use super::lane::{LaneChecks, Moment};
use crate::ids::{ActorId, CopyId, GroupId, Offset, TopicPartition};
use crate::trace::{LockEnd, ShareWhat, Trace};

/// Where a record is, and who is spoken of.
type Place = (ActorId, TopicPartition, Offset);

impl LaneChecks {
    pub(super) fn see_share(&mut self, moment: Moment, what: ShareWhat, trace: &Trace) {
        match what {
            ShareWhat::PartitionStarted {
                group,
                partition,
                offset,
                ..
            } => self.begin(moment, (group, partition, offset), trace),
            ShareWhat::StartMoved {
                group,
                partition,
                offset,
            } => self.come_to(group, partition, offset),
            ShareWhat::Acquired {
                actor,
                partition,
                offset,
                ..
            } => {
                if let Some(held) = self.record(partition, offset) {
                    self.hands.take(actor, held);
                }
            }
            ShareWhat::Acknowledged {
                actor,
                partition,
                offset,
            } => {
                self.lay_down(moment, (actor, partition, offset));
                self.be_done(moment, (actor, partition, offset), trace);
            }
            ShareWhat::Archived {
                actor,
                partition,
                offset,
                end,
            } => {
                if end != LockEnd::LockTimeout {
                    self.lay_down(moment, (actor, partition, offset));
                }
                self.be_done(moment, (actor, partition, offset), trace);
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
            } => self.lay_down(moment, (actor, partition, offset)),
            _ => {}
        }
    }

    fn record(&self, partition: TopicPartition, offset: Offset) -> Option<Held> {
        let message = self.logs.get(&partition)?.get(offset.index())?;
        Some(Held::of_log(*message, partition, offset.index()))
    }

    /// A member has said what is to become of a record, or is gone: it does nothing more with it.
    fn lay_down(&mut self, moment: Moment, (actor, partition, offset): Place) {
        if let Some(held) = self.record(partition, offset) {
            self.hands.let_go(actor, (held.message, CopyId(0)));
            self.look_for_lost(moment, actor, held);
        }
    }

    /// The group of `actor` never sees a record again; nobody waits for the work on it any more.
    fn be_done(&mut self, moment: Moment, (actor, partition, offset): Place, trace: &Trace) {
        let (Some(held), Some(reader)) = (
            self.record(partition, offset),
            self.reader_of.get(actor.index()).copied(),
        ) else {
            return;
        };
        if let Some(its) = self.readers.get_mut(reader) {
            its.lose(held.message);
        }
        self.close((reader, held.message), trace);
        self.look_for_lost(moment, actor, held);
    }

    /// A group begins with a partition: what lies before is not for it.
    fn begin(
        &mut self,
        moment: Moment,
        (group, partition, offset): (GroupId, TopicPartition, Offset),
        trace: &Trace,
    ) {
        let reader = group.index();
        let before = (0..offset.0).map(Offset);
        let before: Vec<Held> = before
            .filter_map(|offset| self.record(partition, offset))
            .collect();
        for held in &before {
            if let Some(its) = self.readers.get_mut(reader) {
                its.lose(held.message);
            }
            self.close((reader, held.message), trace);
        }
        if !before.is_empty() {
            self.break_it(Guarantee::NothingLost, moment);
        }
        self.come_to(group, partition, offset);
    }

    /// A group is done with all of a partition up to `offset`.
    fn come_to(&mut self, group: GroupId, partition: TopicPartition, offset: Offset) {
        let end = self.end(partition);
        if let Some(reader) = self.readers.get_mut(group.index()) {
            reader.change_reading(partition, end, |reading| {
                reading.committed = offset.index();
            });
        }
    }
}
