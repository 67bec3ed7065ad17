//! The story of a record in a log: one strand for each group that reads it.

use litemap::LiteMap;

use super::cluster::Standing;
use super::{Teller, share};
use crate::ids::{ActorId, GroupId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::{PositionOrigin, What};

/// What has to be remembered along the way.
#[derive(Debug, Default)]
pub(super) struct Plot {
    place: Option<(TopicPartition, Offset)>,
    standing: Standing,
    groups: LiteMap<GroupId, Strand>,
    /// Who reads each partition in each group: the record may come long after its reader.
    owners: LiteMap<(GroupId, TopicPartition), ActorId>,
}

/// How far one group is with the record.
#[derive(Debug, Default)]
struct Strand {
    owner: Option<ActorId>,
    /// Who works on it now.
    in_hand: Vec<ActorId>,
    starts: u32,
    finishes: u32,
    committed: bool,
}

impl Plot {
    pub(super) fn follow(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        teller.tell_common(at, what);
        let names = teller.names;
        if let What::Appended {
            partition,
            offset,
            message,
        } = what
            && message == teller.message
        {
            self.place = Some((partition, offset));
            self.standing.appended();
            for ((group, owned), owner) in self.owners.iter() {
                if *owned == partition {
                    self.groups.entry(*group).or_default().owner = Some(*owner);
                }
            }
            let partition = names.partition(partition);
            teller.tell(at, format!("appended to {partition} at offset {offset}"));
        }
        match what {
            What::Cluster { what } => return self.standing.follow(teller, at, (what, self.place)),
            What::Producer { what } => return self.standing.hear(teller, at, what),
            _ => {}
        }
        let Some((partition, offset)) = self.place else {
            if let What::Assigned {
                actor, partition, ..
            } = what
                && let Some(group) = names.group_of(actor)
            {
                self.owners.insert((group, partition), actor);
            }
            return;
        };
        match what {
            What::Assigned {
                actor,
                partition: assigned,
                ..
            } if assigned == partition => self.assigned(teller, at, actor),
            What::PositionSet {
                actor,
                partition: set,
                offset: from,
                origin,
            } if set == partition && origin != PositionOrigin::SeekBack => {
                self.position_set(teller, at, (actor, from, origin));
            }
            What::Committed {
                actor,
                partition: of,
                offset: next,
            } if of == partition => self.committed(teller, at, (actor, next)),
            What::CommitRefused {
                actor,
                partition: of,
                offset: next,
                error,
            } if of == partition && next > offset => {
                let who = names.actor(actor);
                teller.tell(at, format!("the commit of {who} is refused: {error}"));
            }
            What::ActorCrashed { actor } => self.crashed(teller, at, actor),
            What::Share { what } => share::tell(teller, at, what, (partition, offset)),
            _ => self.follow_wishes(teller, at, (what, partition, offset)),
        }
    }

    /// What an admin or the program of a consumer asked for.
    fn follow_wishes(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        (what, partition, offset): (What, TopicPartition, Offset),
    ) {
        match what {
            What::OffsetReset {
                group,
                partition: of,
                offset: from,
            } if of == partition => {
                let group = teller.names.group(group);
                let what = if from <= offset {
                    "this record is to be read again"
                } else {
                    "this record is behind it"
                };
                teller.tell(at, format!("{group} is reset to offset {from}: {what}"));
            }
            What::Paused {
                actor,
                partition: of,
            }
            | What::Resumed {
                actor,
                partition: of,
            } if of == partition => self.flow(teller, at, (actor, what)),
            _ => self.follow_member(teller, at, what),
        }
    }

    fn position_set(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        (actor, from, origin): (ActorId, Offset, PositionOrigin),
    ) {
        let offset = self.place.map_or(Offset(0), |(_, offset)| offset);
        let strand = self.strand(teller, actor);
        let who = teller.names.actor(actor);
        let is_to_come = from <= offset;
        match origin {
            PositionOrigin::Seek if is_to_come => teller.tell(
                at,
                format!("{who} seeks to offset {from}: this record is to be read again"),
            ),
            PositionOrigin::Seek if strand.finishes == 0 => {
                teller.tell(
                    at,
                    format!("{who} seeks to offset {from}: it skips this record"),
                );
            }
            PositionOrigin::Committed if is_to_come && strand.finishes > 0 => teller.tell(
                at,
                format!("{who} reads on from the committed offset {from}: this record comes again"),
            ),
            _ => {}
        }
    }

    fn flow(&mut self, teller: &mut Teller<'_>, at: SimTime, (actor, what): (ActorId, What)) {
        if !self.strand(teller, actor).committed {
            let who = teller.names.actor(actor);
            let does = if matches!(what, What::Paused { .. }) {
                "pauses"
            } else {
                "resumes"
            };
            teller.tell(at, format!("{who} {does} its partition"));
        }
    }

    /// What becomes of the member that has it in hand.
    fn follow_member(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        let (actor, text) = match what {
            What::Frozen { actor } => (actor, "stands still with it in hand"),
            What::Thawed { actor } => (actor, "goes on with it"),
            What::MaxPollExceeded { actor } => (
                actor,
                "has not polled in time and leaves its group, with it in hand",
            ),
            What::Lost { actor, partition } if self.is_place(partition) => {
                let strand = self.strand(teller, actor);
                if strand.starts > 0 && !strand.committed {
                    let who = teller.names.actor(actor);
                    let text =
                        format!("{who} finds out that its partition is not its own any more");
                    teller.tell(at, text);
                }
                return;
            }
            _ => return self.follow_work(teller, at, what),
        };
        if self.strand(teller, actor).in_hand.contains(&actor) {
            let who = teller.names.actor(actor);
            teller.tell(at, format!("{who} {text}"));
        }
    }

    fn is_place(&self, partition: TopicPartition) -> bool {
        self.place.is_some_and(|(its, _)| its == partition)
    }

    fn strand(&mut self, teller: &Teller<'_>, actor: ActorId) -> &mut Strand {
        let group = teller.names.group_of(actor).unwrap_or_default();
        self.groups.entry(group).or_default()
    }

    fn assigned(&mut self, teller: &mut Teller<'_>, at: SimTime, actor: ActorId) {
        let strand = self.strand(teller, actor);
        let before = strand.owner.replace(actor);
        let unfinished = !strand.committed;
        if before.is_some_and(|before| before != actor) && unfinished {
            let who = teller.names.actor(actor);
            teller.tell(at, format!("its partition goes to {who}"));
        }
    }

    fn committed(
        &mut self,
        teller: &mut Teller<'_>,
        at: SimTime,
        (actor, next): (ActorId, Offset),
    ) {
        let offset = self.place.map_or(Offset(0), |(_, offset)| offset);
        let strand = self.strand(teller, actor);
        if next > offset && !strand.committed {
            strand.committed = true;
            let group = teller.names.group_of(actor).unwrap_or_default();
            let group = teller.names.group(group);
            teller.tell(
                at,
                format!("{group} commits offset {next}: this record is behind it"),
            );
        }
    }

    fn crashed(&mut self, teller: &mut Teller<'_>, at: SimTime, actor: ActorId) {
        let strand = self.strand(teller, actor);
        strand.in_hand.retain(|who| *who != actor);
        if strand.owner == Some(actor) && !strand.committed && strand.starts > 0 {
            let who = teller.names.actor(actor);
            teller.tell(at, format!("{who} crashed before a commit covered it"));
        }
    }

    fn follow_work(&mut self, teller: &mut Teller<'_>, at: SimTime, what: What) {
        match what {
            What::WorkStarted { actor, message, .. } if message == teller.message => {
                let strand = self.strand(teller, actor);
                strand.starts += 1;
                strand.in_hand.push(actor);
                let again = if strand.starts > 1 { ", again" } else { "" };
                let who = teller.names.actor(actor);
                teller.tell(at, format!("{who} begins to work on it{again}"));
            }
            What::WorkFinished { actor, message, .. } if message == teller.message => {
                let strand = self.strand(teller, actor);
                strand.finishes += 1;
                strand.in_hand.retain(|who| *who != actor);
                let times = strand.finishes;
                let who = teller.names.actor(actor);
                let text = match times {
                    1 => format!("{who} has done the work"),
                    n => format!("{who} has done the work: processed {n} times in its group now"),
                };
                teller.tell(at, text);
            }
            What::WorkFailed { actor, message, .. } if message == teller.message => {
                let strand = self.strand(teller, actor);
                strand.in_hand.retain(|who| *who != actor);
                let who = teller.names.actor(actor);
                teller.tell(at, format!("the work of {who} failed"));
            }
            _ => {}
        }
    }
}
