//! The story of a record in a log: one strand for each group that reads it.

use litemap::LiteMap;

use super::{Teller, share};
use crate::ids::{ActorId, GroupId, Offset, TopicPartition};
use crate::time::SimTime;
use crate::trace::{PositionOrigin, What};

/// What has to be remembered along the way.
#[derive(Debug, Default)]
pub(super) struct Plot {
    place: Option<(TopicPartition, Offset)>,
    groups: LiteMap<GroupId, Strand>,
    /// Who reads each partition in each group: the record may come long after its reader.
    owners: LiteMap<(GroupId, TopicPartition), ActorId>,
}

/// How far one group is with the record.
#[derive(Debug, Default)]
struct Strand {
    owner: Option<ActorId>,
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
            for ((group, owned), owner) in self.owners.iter() {
                if *owned == partition {
                    self.groups.entry(*group).or_default().owner = Some(*owner);
                }
            }
            let partition = names.partition(partition);
            teller.tell(at, format!("appended to {partition} at offset {offset}"));
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
                let finishes = self.strand(teller, actor).finishes;
                if from <= offset && finishes > 0 {
                    let who = names.actor(actor);
                    teller.tell(
                        at,
                        format!("{who} reads on from the committed offset {from}: this record comes again"),
                    );
                }
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
            _ => self.follow_work(teller, at, what),
        }
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
                let again = if strand.starts > 1 { ", again" } else { "" };
                let who = teller.names.actor(actor);
                teller.tell(at, format!("{who} begins to work on it{again}"));
            }
            What::WorkFinished { actor, message, .. } if message == teller.message => {
                let strand = self.strand(teller, actor);
                strand.finishes += 1;
                let times = strand.finishes;
                let who = teller.names.actor(actor);
                let text = match times {
                    1 => format!("{who} has done the work"),
                    n => format!("{who} has done the work: processed {n} times in its group now"),
                };
                teller.tell(at, text);
            }
            What::WorkFailed { actor, message, .. } if message == teller.message => {
                let who = teller.names.actor(actor);
                teller.tell(at, format!("the work of {who} failed"));
            }
            _ => {}
        }
    }
}
