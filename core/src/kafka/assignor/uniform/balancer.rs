//! Who has least and who has most, while partitions go from these to those.
//! `UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer`.

use crate::kafka::assignor::table::{Member, Table};

/// The subscribers of a topic by how much they have, with a range at each end whose members take
/// turns.
///
/// ```text
///  level of `least` ──▶ [ ▁ ▁ ▁ ] ▃ ▅ [ █ █ ] █ ◀── nothing to give: left out
///                        0 … end       start … end
/// ```
///
/// A range grows when all of it has had its turn: then its level has changed by one, and those who
/// stand at that level anyway join.
pub(super) struct Balancer {
    sorted: Vec<Member>,
    least: Least,
    most: Most,
}

/// The range from the front.
struct Least {
    end: usize,
    level: i64,
    next: usize,
}

/// The range before those who are left out.
struct Most {
    start: usize,
    end: usize,
    level: i64,
    /// The place after the one whose turn it is.
    next: usize,
}

impl Balancer {
    pub(super) fn new(subscribers: &[Member], sizes: &Table<Member, i64>) -> Self {
        let mut sorted = subscribers.to_vec();
        sorted.sort_unstable_by_key(|&member| (sizes[member], member));
        let size = |member: Option<&Member>| member.map_or(0, |&member| sizes[member]);
        let count = sorted.len();
        Self {
            least: Least {
                end: 0,
                level: size(sorted.first()) - 1,
                next: 0,
            },
            most: Most {
                start: count,
                end: count,
                level: size(sorted.last()) + 1,
                next: count,
            },
            sorted,
        }
    }

    /// Whether some subscriber has at least two more than another, before the first turn.
    pub(super) fn is_uneven(&self, sizes: &Table<Member, i64>) -> bool {
        let ends = self.sorted.first().zip(self.sorted.last());
        ends.is_some_and(|(&least, &most)| sizes[most] - sizes[least] > 1)
    }

    /// Whether the two ranges have come as close as they can.
    pub(super) const fn is_balanced(&self) -> bool {
        self.most.level - self.least.level <= 1
    }

    /// Who is to get the next partition; none if nobody subscribes.
    pub(super) fn next_least_loaded(&mut self, sizes: &Table<Member, i64>) -> Option<Member> {
        let range = &mut self.least;
        if range.next >= range.end {
            range.level += 1;
            let behind = self.sorted.iter().skip(range.end);
            range.end += behind
                .take_while(|&&member| sizes[member] == range.level)
                .count();
            range.next = 0;
        }
        let member = self.sorted.get(range.next).copied();
        range.next += 1;
        member
    }

    /// Who is to give the next partition; none if nobody is left.
    pub(super) fn next_most_loaded(&mut self, sizes: &Table<Member, i64>) -> Option<Member> {
        let range = &mut self.most;
        if range.next <= range.start {
            let ahead = self.sorted.get(..range.start).unwrap_or_default();
            match ahead.last() {
                // All of the range was left out: the next level is wherever the next one stands.
                Some(&member) if range.end <= range.start => range.level = sizes[member],
                _ => range.level -= 1,
            }
            let joining = ahead.iter().rev();
            range.start -= joining
                .take_while(|&&member| sizes[member] == range.level)
                .count();
            range.next = range.end;
        }
        range.next = range.next.checked_sub(1)?;
        self.sorted.get(range.next).copied()
    }

    /// Leaves out the one who was to give: it has nothing of the topic.
    pub(super) fn exclude_most_loaded(&mut self) {
        let range = &mut self.most;
        range.end = range.end.saturating_sub(1);
        if range.next < range.end {
            self.sorted.swap(range.next, range.end);
        }
    }
}
