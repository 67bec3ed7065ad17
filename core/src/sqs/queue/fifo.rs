//! The order of a FIFO queue: what can be received of each group, and whose turn it is.
//!
//! Of a group its messages can be received from the front up to, not including, the first that is
//! in flight (observed on AWS). One that is still delayed holds up what is behind it as well: only
//! dead letters, which no delay holds, can be there, and they stay in order.
//!
//! Groups stand in line. A receive takes one group as far as it can, then the next; a group that
//! was received from goes to the end of the line (observed on AWS). A group that has no messages
//! any more leaves the line: that it starts again at the end is our choice.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Seat;
use crate::sqs::identity::MessageGroup;
use crate::sqs::limits;

/// The groups of a FIFO queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Fifo {
    groups: BTreeMap<MessageGroup, Group>,
    /// The groups that can be received from, in line.
    servable: BTreeSet<(u64, MessageGroup)>,
    next_turn: u64,
    window: Window,
}

/// A message group that has messages.
#[derive(Clone, Debug)]
struct Group {
    turn: u64,
    visible: BTreeSet<u32>,
    /// In flight or delayed.
    hidden: BTreeSet<u32>,
}

/// The messages that SQS looks through for groups to serve: the first of the queue, visible or
/// not. A group whose front lies behind them waits. Avoid large backlogs (DG).
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    /// The number after the last of them.
    end: u32,
    len: u32,
}

/// One receive on its way through a group.
#[derive(Clone, Copy, Debug)]
struct Course {
    group: MessageGroup,
    /// The first message that was not to be had when the receive came to the group.
    stop: Option<u32>,
    gave: Gave,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gave {
    Nothing,
    Something,
}

/// Where a receive is: the messages that it has taken itself do not hold it up.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sqs) struct Walk {
    course: Option<Course>,
}

impl Walk {
    /// The message that was found last has been given.
    pub(in crate::sqs) const fn has_given(&mut self) {
        if let Some(course) = &mut self.course {
            course.gave = Gave::Something;
        }
    }
}

impl Group {
    /// The message that can be received first.
    fn front(&self) -> Option<u32> {
        let number = *self.visible.first()?;
        let hidden = self.hidden.first();
        hidden
            .is_none_or(|hidden| number < *hidden)
            .then_some(number)
    }
}

impl Fifo {
    /// A message comes in, behind all others.
    pub(super) fn add(&mut self, seat: Seat) {
        if self.window.len < limits::FIFO_LOOKED_THROUGH {
            self.window.len += 1;
            self.window.end = seat.number + 1;
        }
        let Some(id) = seat.group else { return };
        let next_turn = &mut self.next_turn;
        self.groups.entry(id).or_insert_with(|| Group {
            turn: take_turn(next_turn),
            visible: BTreeSet::new(),
            hidden: BTreeSet::new(),
        });
    }

    pub(super) fn show(&mut self, seat: Seat) {
        self.change(seat, |group| {
            group.hidden.remove(&seat.number);
            group.visible.insert(seat.number);
        });
    }

    pub(super) fn hide(&mut self, seat: Seat) {
        self.change(seat, |group| {
            group.visible.remove(&seat.number);
            group.hidden.insert(seat.number);
        });
    }

    /// A message is gone. `group_of` knows the groups of those that are still there.
    pub(super) fn remove(
        &mut self,
        seat: Seat,
        next_number: u32,
        group_of: impl Fn(u32) -> Option<MessageGroup>,
    ) {
        self.change(seat, |group| {
            group.visible.remove(&seat.number);
            group.hidden.remove(&seat.number);
        });
        if let Some(id) = seat.group
            && let Some(group) = self.groups.get(&id)
            && group.visible.is_empty()
            && group.hidden.is_empty()
        {
            self.groups.remove(&id);
        }
        if seat.number >= self.window.end {
            return;
        }
        self.window.len -= 1;
        while self.window.len < limits::FIFO_LOOKED_THROUGH && self.window.end < next_number {
            let number = self.window.end;
            self.window.end += 1;
            if let Some(id) = group_of(number) {
                self.window.len += 1;
                self.change_group(id, |_| {});
            }
        }
    }

    /// All messages are gone.
    pub(super) fn clear(&mut self, next_number: u32) {
        self.groups.clear();
        self.servable.clear();
        self.window = Window {
            end: next_number,
            len: 0,
        };
    }

    fn change(&mut self, seat: Seat, change: impl FnOnce(&mut Group)) {
        if let Some(id) = seat.group {
            self.change_group(id, change);
        }
    }

    fn change_group(&mut self, id: MessageGroup, change: impl FnOnce(&mut Group)) {
        let Some(group) = self.groups.get_mut(&id) else {
            return;
        };
        let place = (group.turn, id);
        change(group);
        if group.front().is_some_and(|front| front < self.window.end) {
            self.servable.insert((group.turn, id));
            if group.turn != place.0 {
                self.servable.remove(&place);
            }
        } else {
            self.servable.remove(&place);
        }
    }

    /// Whether a message of its group that is in flight or delayed lies before a message.
    pub(super) fn is_held_up(&self, seat: Seat) -> bool {
        let group = seat.group.and_then(|id| self.groups.get(&id));
        let hidden = group.and_then(|group| group.hidden.first());
        hidden.is_some_and(|hidden| *hidden < seat.number)
    }

    /// Whether a receive would find something.
    pub(super) fn has_next(&self) -> bool {
        !self.servable.is_empty()
    }

    /// The next message for a receive.
    pub(super) fn next(&mut self, walk: &mut Walk) -> Option<u32> {
        if let Some(number) = walk.course.and_then(|course| self.next_of(course)) {
            return Some(number);
        }
        self.end(walk);
        let (_, id) = *self.servable.first()?;
        let course = Course {
            group: id,
            stop: self.groups.get(&id)?.hidden.first().copied(),
            gave: Gave::Nothing,
        };
        walk.course = Some(course);
        self.next_of(course)
    }

    fn next_of(&self, course: Course) -> Option<u32> {
        let number = *self.groups.get(&course.group)?.visible.first()?;
        let is_before = course.stop.is_none_or(|stop| number < stop);
        is_before.then_some(number)
    }

    /// A receive leaves the group it is at: it goes to the end of the line if it gave something.
    pub(super) fn end(&mut self, walk: &mut Walk) {
        if let Some(course) = walk.course.take()
            && course.gave == Gave::Something
        {
            let turn = take_turn(&mut self.next_turn);
            self.change_group(course.group, |group| group.turn = turn);
        }
    }
}

const fn take_turn(next: &mut u64) -> u64 {
    let turn = *next;
    *next += 1;
    turn
}
