//! Members subscribe to different topics: what is free goes to whom has least, and then partitions
//! are moved as long as that evens things out.
//! `AbstractStickyAssignor.GeneralAssignmentBuilder`.

use super::claims::Claims;
use super::movements::Movements;
use super::racks::Racks;
use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::ladder::Ladder;
use crate::kafka::assignor::table::{Member, Slot, Table, Topic};

/// Kafka moves until nothing changes, however long that takes. We stop there: no group that we
/// know of takes more than a few rounds.
const MAX_ROUNDS: usize = 1_000;

/// Who gets what.
pub(super) fn assign(
    group: &Group<'_>,
    racks: &Racks<'_>,
    claims: &Claims,
) -> Table<Slot, Option<Member>> {
    let mut assignment = Assignment::new(group, claims);
    let revoked = assignment.keep(racks, claims);
    let fresh = assignment.counts.values().iter().all(|count| *count == 0);
    let mut topics: Vec<Topic> = group.topics.keys().collect();
    topics.sort_by_key(|&topic| group.subscribers[topic].len());
    let unassigned = assignment.hand_out(&topics, racks);
    assignment.fix();
    topics.retain(|&topic| group.subscribers[topic].len() > 1);
    let before = (assignment.owners.clone(), assignment.counts.clone());
    if revoked == Revoked::Nothing {
        assignment.balance(&topics, |slot| unassigned[slot]);
    }
    let moved = assignment.balance(&topics, |_| true);
    if moved && !fresh {
        let after = assignment.spread(&assignment.counts);
        if after >= assignment.spread(&before.1) {
            assignment.owners = before.0;
        }
    }
    assignment.owners
}

/// Whether members lose what they had: then stickiness is gone already, and everything may move.
#[derive(PartialEq, Eq)]
enum Revoked {
    Nothing,
    Something,
}

struct Assignment<'a> {
    group: &'a Group<'a>,
    owners: Table<Slot, Option<Member>>,
    counts: Table<Member, usize>,
    /// By member id.
    ranks: Table<Member, usize>,
    /// Whether a member can still give or get something.
    plays: Table<Member, bool>,
    /// Who had a partition in an older generation.
    previous: Table<Slot, Option<Member>>,
    /// Whether somebody has what it does not subscribe to: an older owner is not asked.
    strays: bool,
    movements: Movements<'a>,
}

impl<'a> Assignment<'a> {
    fn new(group: &'a Group<'a>, claims: &Claims) -> Self {
        let members = group.members.len();
        let mut by_id: Vec<Member> = group.members.keys().collect();
        by_id.sort_unstable_by_key(|&member| group.members[member].member);
        let mut ranks = Table::filled(0, members);
        for (rank, &member) in by_id.iter().enumerate() {
            ranks[member] = rank;
        }
        Self {
            group,
            owners: Table::filled(None, group.slots()),
            counts: Table::filled(0, members),
            ranks,
            plays: Table::filled(true, members),
            previous: previous_owners(group, claims),
            strays: false,
            movements: Movements::new(group),
        }
    }

    /// Lets members keep what they had and still want. `assignOwnedPartitions`.
    fn keep(&mut self, racks: &Racks<'_>, claims: &Claims) -> Revoked {
        let mut revoked = Revoked::Nothing;
        for (slot, kept) in claims.kept.iter() {
            let Some(member) = *kept else { continue };
            let topic = self.group.topic_of(slot);
            if !self.group.subscribes(member, topic) || racks.mismatch(member, slot) {
                revoked = Revoked::Something;
            } else {
                self.owners[slot] = Some(member);
                self.counts[member] += 1;
            }
        }
        revoked
    }

    /// Gives what is free to the member with least, near ones first; what was free. `maybeAssign`.
    fn hand_out(&mut self, topics: &[Topic], racks: &Racks<'_>) -> Table<Slot, bool> {
        let owners = self.owners.values().iter();
        let free = Table::new(owners.map(Option::is_none).collect());
        if racks.matter {
            self.hand_out_to(topics, |member, slot| !racks.mismatch(member, slot));
        }
        self.hand_out_to(topics, |_, _| true);
        free
    }

    fn hand_out_to(&mut self, topics: &[Topic], may_have: impl Fn(Member, Slot) -> bool) {
        for &topic in topics {
            let mut ladder = self.ladder(topic);
            for slot in self.group.slots_of(topic) {
                if self.owners[slot].is_some() {
                    continue;
                }
                let taker = ladder.members().find(|&member| may_have(member, slot));
                if let Some(member) = taker {
                    self.owners[slot] = Some(member);
                    self.set_count(member, self.counts[member] + 1, &mut ladder);
                }
            }
        }
    }

    /// Leaves out whoever has all it can get, if none of it can move.
    /// `canConsumerParticipateInReassignment`.
    fn fix(&mut self) {
        let group = self.group;
        let mut has_movable: Table<Member, bool> = Table::filled(false, group.members.len());
        for (slot, owner) in self.owners.iter() {
            if let Some(member) = *owner
                && group.subscribers[group.topic_of(slot)].len() > 1
            {
                has_movable[member] = true;
            }
        }
        for member in group.members.keys() {
            self.plays[member] = self.wants_more(member) || has_movable[member];
        }
    }

    /// Whether a member has less than all partitions of its topics.
    fn wants_more(&self, member: Member) -> bool {
        let topics = self.group.subscribed[member].iter();
        let all: usize = topics.map(|&topic| self.group.partitions(topic)).sum();
        self.counts[member] < all
    }

    /// Moves partitions of those that `may_move` from members with more to members with less,
    /// round after round until nothing moves; whether something did. `performReassignments`.
    fn balance(&mut self, topics: &[Topic], may_move: impl Fn(Slot) -> bool) -> bool {
        for round in 0..MAX_ROUNDS {
            let mut moved = false;
            for &topic in topics {
                moved |= self.balance_topic(topic, &may_move);
            }
            if !moved {
                return round > 0;
            }
        }
        true
    }

    fn balance_topic(&mut self, topic: Topic, may_move: impl Fn(Slot) -> bool) -> bool {
        let group = self.group;
        let subscribers = group.subscribers[topic].iter();
        let least = subscribers.map(|&member| self.counts[member]).min();
        let uneven = |slot: Slot| {
            let owner = self.owners[slot].map_or(0, |owner| self.counts[owner]);
            self.previous[slot].is_some() || least.is_some_and(|least| owner > least + 1)
        };
        if !group.slots_of(topic).any(uneven) {
            return false;
        }
        let mut ladder = self.ladder(topic);
        let mut moved = false;
        for slot in group.slots_of(topic).filter(|&slot| may_move(slot)) {
            let Some(owner) = self.owners[slot] else {
                continue;
            };
            let has_less = |&member: &Member| {
                self.plays[member] && self.counts[member] + 1 < self.counts[owner]
            };
            let previous = self.previous[slot].filter(has_less);
            let Some(to) = previous.or_else(|| ladder.first().filter(has_less)) else {
                continue;
            };
            // A member gets what it does not subscribe to only while the rest is uneven.
            let strays = previous.is_some_and(|previous| !group.subscribes(previous, topic));
            if (strays || self.strays) && self.is_balanced() {
                return moved;
            }
            self.strays |= strays;
            let actual = self.movements.instead_of(slot, owner, to);
            self.move_to(actual, to, &mut ladder);
            moved = true;
        }
        moved
    }

    /// `processPartitionMovement`.
    fn move_to(&mut self, slot: Slot, to: Member, ladder: &mut Ladder) {
        let Some(from) = self.owners[slot].replace(to) else {
            return;
        };
        self.movements.note(slot, from, to);
        self.set_count(from, self.counts[from] - 1, ladder);
        self.set_count(to, self.counts[to] + 1, ladder);
    }

    fn set_count(&mut self, member: Member, count: usize, ladder: &mut Ladder) {
        let rank = self.ranks[member];
        ladder.change((self.counts[member], rank, member), count);
        self.counts[member] = count;
    }

    /// Those who subscribe to a topic and play, by how much they have, then by member id.
    fn ladder(&self, topic: Topic) -> Ladder {
        let subscribers = self.group.subscribers[topic].iter();
        let playing = subscribers.filter(|&&member| self.plays[member]);
        playing
            .map(|&member| (self.counts[member], self.ranks[member], member))
            .collect()
    }

    /// Whether nobody who plays could take a partition from somebody with at least two more.
    /// `isBalanced`.
    fn is_balanced(&self) -> bool {
        let group = self.group;
        let playing = || group.members.keys().filter(|&member| self.plays[member]);
        let counts = || playing().map(|member| self.counts[member]);
        let (least, most) = (counts().min(), counts().max());
        if least.is_none_or(|least| most.is_none_or(|most| most <= least + 1)) {
            return true;
        }
        let most_of = |topic: Topic| {
            let owners = group.slots_of(topic).filter_map(|slot| self.owners[slot]);
            owners.map(|owner| self.counts[owner]).max()
        };
        let could_take = |member: Member| {
            let mut topics = group.subscribed[member].iter();
            topics.any(|&topic| most_of(topic).is_some_and(|most| self.counts[member] + 1 < most))
        };
        !playing().any(|member| self.wants_more_or_strays(member) && could_take(member))
    }

    /// Whether a member has not just as many as its topics have partitions.
    fn wants_more_or_strays(&self, member: Member) -> bool {
        let topics = self.group.subscribed[member].iter();
        let all: usize = topics.map(|&topic| self.group.partitions(topic)).sum();
        self.counts[member] != all
    }

    /// The sum of the differences between all pairs who play. `getBalanceScore`.
    fn spread(&self, counts: &Table<Member, usize>) -> usize {
        let members = self.group.members.keys();
        let playing = members.filter(|&member| self.plays[member]);
        let mut sizes: Vec<usize> = playing.map(|member| counts[member]).collect();
        sizes.sort_unstable();
        let (mut sum, mut below) = (0, 0);
        for (place, size) in sizes.into_iter().enumerate() {
            sum += place * size - below;
            below += size;
        }
        sum
    }
}

/// Who had what in an older generation than the latest; of several the latest of these, then the
/// first in the order of the members. `prepopulateCurrentAssignments`.
fn previous_owners(group: &Group<'_>, claims: &Claims) -> Table<Slot, Option<Member>> {
    let mut previous: Table<Slot, Option<Member>> = Table::filled(None, group.slots());
    for (member, had) in claims.had.iter() {
        let generation = claims.generation[member];
        if generation >= claims.latest {
            continue;
        }
        for &slot in had {
            let known = previous[slot].map(|known| claims.generation[known]);
            if known.is_none_or(|known| generation > known) {
                previous[slot] = Some(member);
            }
        }
    }
    previous
}
