//! Partitions shared among members: who has how much, and which partition has how many.
//!
//! Kafka numbers the members and keeps the numbers in hash sets: for the first sixteen that is
//! their order, which here is that of all.

use crate::ids::TopicPartition;
use crate::kafka::assignor::group::Group;
use crate::kafka::assignor::java_hash::{HashOrder, capacity_for};
use crate::kafka::assignor::table::{Member, Place as _, Slot, Table};

/// An assignment in the making.
pub(super) struct Shares<'a, H> {
    group: &'a Group<'a>,
    /// The partitions that can be assigned.
    slots: Vec<Slot>,
    hash_of: H,
    /// How many members a partition shall have.
    sharing: usize,
    /// How many partitions a member shall have.
    desired: Table<Member, usize>,
    /// The partitions in the order of their hash map.
    order: HashOrder,
    /// Who has a partition, in the order of the members.
    holders: Table<Slot, Vec<Member>>,
    /// What a member has, in the order of its hash set.
    held: Table<Member, HashOrder>,
}

impl<'a, H: Fn(Slot) -> u32> Shares<'a, H> {
    /// Nobody has anything yet of `slots`, which are for `subscribers`.
    pub(super) fn new(
        group: &'a Group<'a>,
        subscribers: &[Member],
        slots: Vec<Slot>,
        hash_of: H,
    ) -> Self {
        let members = group.members.len();
        let sharing = match slots.len() {
            0 => 0,
            partitions => subscribers.len().div_ceil(partitions),
        };
        let mut desired = Table::filled(0, members);
        for (place, &member) in subscribers.iter().enumerate() {
            desired[member] = share(sharing * slots.len(), subscribers.len(), place);
        }
        Self {
            group,
            hash_of,
            sharing,
            desired,
            order: HashOrder::with_capacity(capacity_for(slots.len() + 1)),
            slots,
            holders: Table::filled(Vec::new(), group.slots()),
            held: Table::filled(HashOrder::default(), members),
        }
    }

    /// Lets a member have what it had.
    pub(super) fn keep(&mut self, member: Member, had: impl Iterator<Item = Slot>) {
        for slot in had {
            self.give(slot, member);
        }
    }

    /// Brings members to their counts, partitions to their sharing, and gives what is open.
    pub(super) fn even_out(&mut self) {
        let mut unfilled = Vec::new();
        let mut overfilled = Vec::new();
        for member in self.group.members.keys() {
            let desired = self.desired[member];
            match self.held[member].len() {
                held if held < desired => unfilled.push(member),
                held if held > desired => overfilled.push(member),
                _ => {}
            }
        }
        for member in overfilled {
            let surplus = self.held[member].len() - self.desired[member];
            let given_up: Vec<u32> = self.held[member].iter().take(surplus).collect();
            for slot in given_up {
                self.take(Slot::numbered(slot), member);
            }
        }
        self.end_oversharing(&mut unfilled);
        unfilled.sort_unstable();
        unfilled.dedup();
        for slot in self.slots.clone() {
            self.order
                .compute_if_absent((self.hash_of)(slot), slot.number());
        }
        self.fill(unfilled);
    }

    /// Takes partitions from the first of their members, where these are too many.
    fn end_oversharing(&mut self, unfilled: &mut Vec<Member>) {
        let partitions: Vec<u32> = self.order.iter().collect();
        for slot in partitions.into_iter().map(Slot::numbered) {
            let surplus = self.holders[slot].len().saturating_sub(self.sharing);
            let losers: Vec<Member> = self.holders[slot].iter().take(surplus).copied().collect();
            for member in losers {
                self.take(slot, member);
                unfilled.push(member);
            }
        }
    }

    /// Offers each partition that has too few to the members that have too few, in a circle that
    /// goes on from partition to partition.
    fn fill(&mut self, mut unfilled: Vec<Member>) {
        let partitions: Vec<u32> = self.order.iter().collect();
        let mut next = 0;
        for slot in partitions.into_iter().map(Slot::numbered) {
            let mut refusals = 0;
            while self.holders[slot].len() < self.sharing && refusals < unfilled.len() {
                if next >= unfilled.len() {
                    next = 0;
                }
                let Some(&member) = unfilled.get(next) else {
                    return;
                };
                if self.holders[slot].binary_search(&member).is_ok() {
                    refusals += 1;
                    next += 1;
                    continue;
                }
                refusals = 0;
                self.give(slot, member);
                if self.held[member].len() < self.desired[member] {
                    next += 1;
                } else {
                    unfilled.remove(next);
                }
            }
        }
    }

    /// Adds what everybody has to `lists`.
    pub(super) fn write(&self, lists: &mut Table<Member, Vec<TopicPartition>>) {
        for (member, held) in self.held.iter() {
            let slots = held.iter().map(Slot::numbered);
            lists[member].extend(slots.map(|slot| self.group.partition(slot)));
        }
    }

    fn give(&mut self, slot: Slot, member: Member) {
        let hash = (self.hash_of)(slot);
        self.order.compute_if_absent(hash, slot.number());
        self.held[member].put(hash, slot.number());
        let holders = &mut self.holders[slot];
        if let Err(place) = holders.binary_search(&member) {
            holders.insert(place, member);
        }
    }

    fn take(&mut self, slot: Slot, member: Member) {
        self.held[member].remove((self.hash_of)(slot), slot.number());
        self.holders[slot].retain(|holder| *holder != member);
    }
}

/// How many of `shares` the member at `place` of `members` is to have: what is left of ⌈w × n⌉
/// for all n up to it, w being shares ÷ members as Java's double has it.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "Kafka rounds here, and so do we: IEEE 754 has one answer to a quotient and a product"
)]
fn share(shares: usize, members: usize, place: usize) -> usize {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let each = number(shares) / number(members);
    let up_to = |count: usize| (each * number(count)).ceil() as usize;
    up_to(place + 1) - up_to(place)
}
