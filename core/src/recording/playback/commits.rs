//! What automatic commits can be seen by.
//!
//! A client that commits by itself says nothing of it. But the next owner of a partition reads on
//! from the committed offset, and an admin read all of them when everything was over. What was
//! committed by then is certain; and since such a client commits its position, and does so in a poll
//! before that returns the next records, or before it gives a partition up, the latest moment at
//! which it can have done so is certain, too. That is when the commit is told of. Commits that later
//! ones hide are not told of at all. When the admin read is not recorded, either: it is taken to be as
//! long after the last thing that was said as the recorder waited, which was about 2 s.

use super::super::document::RecordingError;
use super::super::told::Kept;
use super::Happening;
use super::records::{find_group, find_partition};
use crate::cast::LaneCast;
use crate::ids::{ActorId, GroupId, Offset, TopicPartition};
use crate::scenario::KafkaLane;
use crate::time::SimTime;
use crate::trace::What;

/// A partition as a group reads it.
type Reading = (GroupId, TopicPartition);

/// A poll that returned records of a partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    pub(super) at: SimTime,
    pub(super) group: GroupId,
    pub(super) actor: ActorId,
    pub(super) partition: TopicPartition,
    pub(super) from: Offset,
    /// The position after it.
    pub(super) to: Offset,
    /// Whether the consumer has read nothing there since it was assigned the partition.
    pub(super) fresh: bool,
}

/// What was seen of positions and commits.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    reads: Vec<Read>,
    /// When a consumer ceased to own a partition; `None`: all of them.
    ends: Vec<(SimTime, ActorId, Option<TopicPartition>)>,
    owners: Vec<(Reading, ActorId)>,
    /// The last commit that a consumer told of.
    told: Vec<(Reading, Offset)>,
}

impl Ledger {
    pub(super) fn read(&mut self, read: Read) {
        self.reads.push(read);
    }

    pub(super) fn end(&mut self, at: SimTime, actor: ActorId, partition: Option<TopicPartition>) {
        self.ends.push((at, actor, partition));
    }

    pub(super) fn own(&mut self, reading: Reading, actor: ActorId) {
        self.owners.push((reading, actor));
    }

    pub(super) fn commit(&mut self, reading: Reading, offset: Offset) {
        self.told.push((reading, offset));
    }

    /// Whether a group has read a partition.
    pub(super) fn has_read(&self, (group, partition): Reading) -> bool {
        let mut reads = self.reads.iter();
        reads.any(|read| (read.group, read.partition) == (group, partition))
    }

    /// The commits that nobody told of; `end` is when an admin read what was committed.
    pub(super) fn commits(
        &self,
        (committed, end): (&[Kept], SimTime),
        (document, cast): (&KafkaLane, &LaneCast),
    ) -> Result<Vec<Happening>, RecordingError> {
        let mut found: Vec<(Reading, Happening)> = Vec::new();
        for (n, read) in self.reads.iter().enumerate() {
            let reading = (read.group, read.partition);
            let its = document.groups.get(read.group.index());
            let by_itself = its.is_some_and(|group| group.enable_auto_commit);
            if read.fresh && by_itself {
                let before = self.reads.get(..n).unwrap_or_default();
                let commit = self.latest(reading, read.from, (before, read.at));
                found.extend(commit.map(|commit| (reading, commit)));
            }
        }
        for kept in committed {
            let group = find_group(cast, &kept.group)?;
            let reading = (group, find_partition(cast, &kept.partition)?);
            let offset = Offset(kept.offset);
            let told = self.told.iter().rfind(|(its, _)| *its == reading);
            let seen = found.iter().rfind(|(its, _)| *its == reading);
            let is_seen =
                |what: What| matches!(what, What::Committed { offset: its, .. } if its == offset);
            if told.is_some_and(|(_, its)| *its == offset)
                || seen.is_some_and(|(_, commit)| is_seen(commit.what))
            {
                continue;
            }
            let commit = self.latest(reading, offset, (&self.reads, end));
            let commit = commit.or_else(|| self.by_owner(reading, offset, end));
            found.extend(commit.map(|commit| (reading, commit)));
        }
        found.sort_by_key(|(_, commit)| commit.at);
        Ok(found.into_iter().map(|(_, commit)| commit).collect())
    }

    /// The latest moment at which the position `offset` can have been committed, as `reads` show it,
    /// all before `until`. Nothing if nobody has read there.
    fn latest(
        &self,
        (group, partition): Reading,
        offset: Offset,
        (reads, until): (&[Read], SimTime),
    ) -> Option<Happening> {
        let its = |read: &&Read| (read.group, read.partition) == (group, partition);
        let mut reads = reads.iter().filter(its);
        let reached = reads.rfind(|read| read.to == offset)?;
        let actor = reached.actor;
        let later = |at: SimTime| at >= reached.at && at <= until;
        let next = self.reads.iter().filter(its).find(|read| {
            read.actor == actor && later(read.at) && read.from >= offset && read.at > reached.at
        });
        let end = self.ends.iter().find(|(at, who, what)| {
            *who == actor && later(*at) && what.is_none_or(|what| what == partition)
        });
        let next = next.map(|read| read.at);
        let at = [next, end.map(|(at, ..)| *at)].into_iter().flatten().min();
        Some(Happening {
            at: at.unwrap_or(until),
            sent: 0,
            what: What::Committed {
                actor,
                partition,
                offset,
            },
        })
    }

    /// A position that no record has moved: its owner has committed it.
    fn by_owner(&self, reading: Reading, offset: Offset, at: SimTime) -> Option<Happening> {
        let (_, actor) = self.owners.iter().rfind(|(its, _)| *its == reading)?;
        Some(Happening {
            at,
            sent: 0,
            what: What::Committed {
                actor: *actor,
                partition: reading.1,
                offset,
            },
        })
    }
}
