//! Goes through a recording in the order of time, and tells what a trace can hold of it.

use super::super::document::{Action, Deed, PartitionOf, RecordOf, RecordingError, Said, Saying};
use super::super::play::TAIL;
use super::super::told::{Kept, Told};
use super::Happening;
use super::commits::{Ledger, Read};
use super::group::Group;
use super::member::{Commits, Habit, Member, Presence};
use super::records::{Place, Records, find_actor, find_group, find_partition, find_place};
use super::share::Shares;
use crate::cast::LaneCast;
use crate::ids::{ActorId, GroupId, Offset, TopicPartition};
use crate::scenario::{AutoOffsetReset, KafkaLane};
use crate::time::SimTime;
use crate::trace::{CommitRefusal, PositionOrigin, What};

pub(super) struct Teller<'a> {
    pub(super) told: &'a Told,
    pub(super) document: &'a KafkaLane,
    pub(super) cast: &'a LaneCast,
    pub(super) records: Records,
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<Group>,
    pub(super) shares: Shares,
    ledger: Ledger,
    now: SimTime,
    sent: u32,
    out: Vec<Happening>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        told: &'a Told,
        document: &'a KafkaLane,
        cast: &'a LaneCast,
    ) -> Result<Self, RecordingError> {
        Ok(Self {
            records: Records::new(told, cast)?,
            members: vec![Member::default(); cast.actors.len()],
            groups: vec![Group::default(); cast.teams.len()],
            shares: Shares::new(told, cast)?,
            ledger: Ledger::default(),
            now: SimTime::ZERO,
            sent: 0,
            out: Vec::new(),
            told,
            document,
            cast,
        })
    }

    /// Something happens now.
    pub(super) fn tell(&mut self, what: What) {
        self.out.push(Happening {
            at: self.now,
            sent: self.sent,
            what,
        });
    }

    pub(super) const fn now(&self) -> SimTime {
        self.now
    }

    /// Something was done.
    pub(super) fn do_it(&mut self, action: &Action) -> Result<(), RecordingError> {
        self.now = SimTime::ZERO + action.at;
        match &action.deed {
            Deed::Produce { .. } => self.sent += 1,
            Deed::StartConsumer {
                member, properties, ..
            } => {
                let actor = find_actor(self.cast, member)?;
                if let Some(member) = self.members.get_mut(actor.index()) {
                    member.habit = Habit::of(properties);
                }
            }
            Deed::CrashConsumer(member) => {
                let actor = find_actor(self.cast, member)?;
                let presence = self.members.get(actor.index()).map(|m| m.presence);
                self.gone(actor);
                self.change(actor, |member| {
                    member.presence = presence.unwrap_or_default();
                    member.fall_silent();
                });
                self.tell(What::ActorCrashed { actor });
            }
            Deed::FreezeConsumer(member) => {
                let actor = find_actor(self.cast, member)?;
                self.change(actor, Member::fall_silent);
                self.tell(What::Frozen { actor });
            }
            Deed::ThawConsumer(member) => {
                let actor = find_actor(self.cast, member)?;
                self.change(actor, |member| {
                    if matches!(member.presence, Presence::Silent | Presence::Leaving) {
                        member.presence = Presence::Member;
                    }
                });
                self.tell(What::Thawed { actor });
            }
            // What comes of it is said by the consumer.
            Deed::CloseConsumer(_)
            | Deed::SeekToBeginning(_)
            | Deed::Node { .. }
            | Deed::LoseNextAnswer
            | Deed::Other(_) => {}
        }
        Ok(())
    }

    /// A process is no more, or is another one.
    fn gone(&mut self, actor: ActorId) {
        if let Some(member) = self.members.get_mut(actor.index()) {
            member.clear();
        }
        self.shares.leave(actor);
        self.ledger.end(self.now, actor, None);
    }

    /// Something was said.
    pub(super) fn say(&mut self, said: &Said) -> Result<(), RecordingError> {
        self.now = said.at;
        if let Saying::GroupState(state) = &said.what {
            let group = find_group(self.cast, &said.who)?;
            self.see_state(group, state);
            return Ok(());
        }
        let holds_on = |what: &Saying| matches!(what, Saying::Other(word) if word == "holds_on");
        if let Ok(actor) = find_actor(self.cast, &said.who)
            && !holds_on(&said.what)
        {
            self.let_go(actor)?;
        }
        if let Saying::Other(_) = said.what {
            return Ok(());
        }
        let actor = find_actor(self.cast, &said.who)?;
        match &said.what {
            Saying::Started => {
                self.gone(actor);
                self.be_moved(actor);
                self.tell(What::ActorStarted { actor });
            }
            Saying::Closing => {
                self.be_moved(actor);
                self.change(actor, |member| member.closing = true);
            }
            Saying::Closed => {
                self.gone(actor);
                self.tell(What::ActorStopped { actor });
            }
            Saying::Assigned {
                partitions,
                generation,
            } => self.assign(actor, partitions, *generation)?,
            Saying::Revoked(partitions) => self.revoke(actor, partitions)?,
            Saying::Lost(partitions) => {
                self.change(actor, |member| member.presence = Presence::Outside);
                for partition in partitions {
                    let partition = find_partition(self.cast, partition)?;
                    self.ledger.end(self.now, actor, Some(partition));
                    self.tell(What::Lost { actor, partition });
                }
            }
            Saying::SeekToBeginning(partitions) => self.seek(actor, partitions)?,
            _ => self.say_of_records(actor, &said.what)?,
        }
        Ok(())
    }

    fn say_of_records(&mut self, actor: ActorId, what: &Saying) -> Result<(), RecordingError> {
        match what {
            Saying::Polled(records) => self.poll(actor, records)?,
            Saying::Acquired(records) => self.acquire(actor, records)?,
            Saying::Processed {
                record,
                acknowledge,
            } => {
                let place = find_place(self.cast, record)?;
                self.finish_work(actor, place)?;
                if acknowledge.is_some() {
                    self.acknowledge(actor, (place, record.delivery));
                }
                self.go_on(actor, Commits::Elsewhere)?;
            }
            Saying::Outcome {
                record,
                acknowledge,
            } => {
                let place = find_place(self.cast, record)?;
                if acknowledge == "none" {
                    self.change(actor, |member| member.holding = true);
                    return Ok(());
                }
                self.fail_work(actor, place)?;
                self.end_delivery(actor, (place, record.delivery), acknowledge);
                self.go_on(actor, Commits::Elsewhere)?;
            }
            Saying::Failed(record) => self.seek_back(actor, record)?,
            Saying::Committed { partition, offset } => {
                let partition = find_partition(self.cast, partition)?;
                let offset = Offset(*offset);
                self.tell(What::Committed {
                    actor,
                    partition,
                    offset,
                });
                self.ledger
                    .commit((self.group_of(actor), partition), offset);
                self.go_on(actor, Commits::Before)?;
                self.go_on(actor, Commits::After)?;
            }
            Saying::CommitFailed {
                partition,
                offset,
                error,
            } => {
                let partition = find_partition(self.cast, partition)?;
                // The consumer drops what it has, and polls.
                self.change(actor, |member| member.pending.clear());
                if let Some(error) = refusal(error) {
                    self.tell(What::CommitRefused {
                        actor,
                        partition,
                        offset: Offset(*offset),
                        error,
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn change(&mut self, actor: ActorId, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.get_mut(actor.index()) {
            change(member);
        }
    }

    pub(super) fn group_of(&self, actor: ActorId) -> GroupId {
        self.cast.group_of(actor).unwrap_or_default()
    }

    /// How many members of a group ever say that they have an assignment of this generation.
    pub(super) fn members_of(&self, group: GroupId, number: u32) -> u16 {
        let members = (0_u16..).zip(&self.cast.actors).filter(|(_, actor)| {
            let says_so = |said: &Said| {
                let its = matches!(said.what, Saying::Assigned { generation, .. } if generation == number);
                its && said.who == actor.name
            };
            actor.team == group.0 && self.told.events.iter().any(says_so)
        });
        u16::try_from(members.count()).unwrap_or(u16::MAX)
    }

    fn assign(
        &mut self,
        actor: ActorId,
        partitions: &[PartitionOf],
        number: u32,
    ) -> Result<(), RecordingError> {
        self.see_generation(self.group_of(actor), actor, number);
        self.change(actor, |member| member.presence = Presence::Member);
        for partition in partitions {
            let partition = find_partition(self.cast, partition)?;
            self.change(actor, |member| member.fresh.push(partition));
            let group = self.group_of(actor);
            self.ledger.own((group, partition), actor);
            self.tell(What::Assigned {
                actor,
                partition,
                generation: crate::ids::Generation(number),
            });
        }
        Ok(())
    }

    fn revoke(&mut self, actor: ActorId, partitions: &[PartitionOf]) -> Result<(), RecordingError> {
        let stays = self.members.get(actor.index()).is_some_and(|m| !m.closing);
        if stays && !partitions.is_empty() {
            self.rebalance(self.group_of(actor));
        }
        for partition in partitions {
            let partition = find_partition(self.cast, partition)?;
            self.ledger.end(self.now, actor, Some(partition));
            self.change(actor, |member| member.fresh.retain(|its| *its != partition));
            self.tell(What::Revoked { actor, partition });
        }
        Ok(())
    }

    /// The beginning is offset 0: nothing is ever deleted while a recorded consumer reads.
    fn seek(&mut self, actor: ActorId, partitions: &[PartitionOf]) -> Result<(), RecordingError> {
        for partition in partitions {
            let partition = find_partition(self.cast, partition)?;
            self.change(actor, |member| member.fresh.retain(|its| *its != partition));
            self.tell(What::PositionSet {
                actor,
                partition,
                offset: Offset(0),
                origin: PositionOrigin::Seek,
            });
        }
        Ok(())
    }

    /// `poll()` returned records, of a partition one after the other. From where a consumer reads in
    /// a partition that is new to it shows with the first of them.
    fn poll(&mut self, actor: ActorId, records: &[RecordOf]) -> Result<(), RecordingError> {
        let mut places = Vec::new();
        for record in records {
            places.push(find_place(self.cast, record)?);
        }
        let follows = |a: &Place, b: &Place| a.0 == b.0 && a.1.next() == b.1;
        for run in places.chunk_by(follows) {
            let (Some((partition, from)), Some((_, last))) = (run.first(), run.last()) else {
                continue;
            };
            let (partition, from, to) = (*partition, *from, last.next());
            let fresh = self.members.get(actor.index());
            let fresh = fresh.is_some_and(|member| member.fresh.contains(&partition));
            if fresh {
                self.change(actor, |member| member.fresh.retain(|its| *its != partition));
                self.tell(What::PositionSet {
                    actor,
                    partition,
                    offset: from,
                    origin: self.origin(actor, partition),
                });
            }
            self.ledger.read(Read {
                at: self.now,
                group: self.group_of(actor),
                actor,
                partition,
                from,
                to,
                fresh,
            });
            self.tell(What::Polled {
                actor,
                partition,
                from,
                to,
            });
        }
        self.change(actor, |member| member.pending = places.into());
        self.go_on(actor, Commits::After)?;
        self.go_on(actor, Commits::Elsewhere)
    }

    /// Where a consumer has its position from: the committed offset, if anybody of its group has
    /// read there before, or what its `auto.offset.reset` says.
    fn origin(&self, actor: ActorId, partition: TopicPartition) -> PositionOrigin {
        let group = self.group_of(actor);
        let document = self.document.groups.get(group.index());
        let reset = document.map(|group| group.auto_offset_reset);
        if self.ledger.has_read((group, partition)) {
            return PositionOrigin::Committed;
        }
        match reset {
            Some(AutoOffsetReset::Earliest) => PositionOrigin::Earliest,
            Some(AutoOffsetReset::Latest) => PositionOrigin::Latest,
            Some(AutoOffsetReset::ByDuration { .. }) => PositionOrigin::ByDuration,
            Some(AutoOffsetReset::None) | None => PositionOrigin::Committed,
        }
    }

    /// Where each message came to lie, and everything that happened, in order.
    pub(super) fn finish(
        mut self,
        committed: &[Kept],
    ) -> Result<(Vec<Place>, Vec<Happening>), RecordingError> {
        let mut out = Vec::new();
        for commit in self
            .ledger
            .commits((committed, self.now + TAIL), (self.document, self.cast))?
        {
            let sent = self.out.iter().rev().find(|its| its.at <= commit.at);
            let sent = sent.map_or(0, |its| its.sent);
            out.push(Happening { sent, ..commit });
        }
        // A commit that is derived came before what it is derived from.
        out.append(&mut self.out);
        out.sort_by_key(|happening| happening.at);
        Ok((self.records.places, out))
    }
}

/// The exceptions that a recorded `commitSync()` threw.
fn refusal(class: &str) -> Option<CommitRefusal> {
    Some(match class {
        "CommitFailedException" => CommitRefusal::NotInGroup,
        "RebalanceInProgressException" => CommitRefusal::RebalanceInProgress,
        "FencedInstanceIdException" => CommitRefusal::FencedInstanceId,
        "UnknownMemberIdException" => CommitRefusal::UnknownMemberId,
        "IllegalGenerationException" => CommitRefusal::IllegalGeneration,
        "StaleMemberEpochException" => CommitRefusal::StaleMemberEpoch,
        _ => return None,
    })
}
