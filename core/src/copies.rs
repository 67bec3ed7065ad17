//! Something kept for every copy of every message: by message, and then copy by copy.

use crate::chunked::Chunked;
use crate::ids::{CopyId, MessageId};

/// A table by message and copy. Nearly all messages have one copy, so the others stand in a list
/// of their own, each linked from the one before.
#[derive(Clone, Debug)]
pub struct Copies<T> {
    first: Chunked<Slot<T>>,
    more: Chunked<More<T>>,
}

#[derive(Clone, Copy, Debug)]
struct Slot<T> {
    value: T,
    /// Where the next copy stands in the other list, from 1; 0: there is none.
    next: u32,
}

#[derive(Clone, Copy, Debug)]
struct More<T> {
    slot: Slot<T>,
    message: MessageId,
    copy: CopyId,
}

impl<T> Default for Copies<T> {
    fn default() -> Self {
        Self {
            first: Chunked::default(),
            more: Chunked::default(),
        }
    }
}

const fn index(link: u32) -> Option<usize> {
    match link {
        0 => None,
        link => Some(link as usize - 1),
    }
}

impl<T: Clone + Default> Copies<T> {
    /// How many messages there are; their first copies included that were never spoken of.
    #[must_use]
    pub const fn messages(&self) -> usize {
        self.first.len()
    }

    /// How many copies there are beside the first ones.
    #[must_use]
    pub const fn others(&self) -> usize {
        self.more.len()
    }

    /// How many things a clone copies.
    pub(crate) const fn weight(&self) -> usize {
        self.first.weight() + self.more.weight()
    }

    /// What is kept for one copy; `None` if it was never spoken of.
    #[must_use]
    pub fn get(&self, message: MessageId, copy: CopyId) -> Option<&T> {
        let mut slot = self.first.get(message.index().checked_sub(1)?)?;
        for _ in 0..copy.0 {
            slot = &self.more.get(index(slot.next)?)?.slot;
        }
        Some(&slot.value)
    }

    /// Where a copy stands in its list: that of the first copies, or that of the others.
    pub(crate) fn place(&self, message: MessageId, copy: CopyId) -> Option<usize> {
        let mut place = message.index().checked_sub(1)?;
        let mut next = self.first.get(place)?.next;
        for _ in 0..copy.0 {
            place = index(next)?;
            next = self.more.get(place)?.slot.next;
        }
        Some(place)
    }

    /// What is kept for one copy, to be changed; `None` if it was never spoken of.
    pub fn get_mut(&mut self, message: MessageId, copy: CopyId) -> Option<&mut T> {
        let place = self.place(message, copy)?;
        if copy.0 == 0 {
            return Some(&mut self.first.get_mut(place)?.value);
        }
        Some(&mut self.more.get_mut(place)?.slot.value)
    }

    /// Makes room for a copy, and for all before it.
    pub fn add(&mut self, message: MessageId, copy: CopyId) -> Option<&mut T> {
        let first = message.index().checked_sub(1)?;
        while self.first.len() <= first {
            self.first.push(Slot {
                value: T::default(),
                next: 0,
            });
        }
        for n in 1..=copy.0 {
            if self.place(message, CopyId(n)).is_none() {
                let next = u32::try_from(self.more.len() + 1).ok()?;
                self.link(message, CopyId(n - 1), next)?;
                let slot = Slot {
                    value: T::default(),
                    next: 0,
                };
                let copy = CopyId(n);
                self.more.push(More {
                    slot,
                    message,
                    copy,
                });
            }
        }
        self.get_mut(message, copy)
    }

    /// Lets the other list go on at `next` after a copy.
    fn link(&mut self, message: MessageId, after: CopyId, next: u32) -> Option<()> {
        let place = self.place(message, after)?;
        if after.0 == 0 {
            self.first.get_mut(place)?.next = next;
        } else {
            self.more.get_mut(place)?.slot.next = next;
        }
        Some(())
    }

    /// All copies of one message, in their order.
    pub fn of(&self, message: MessageId) -> impl Iterator<Item = (CopyId, &T)> {
        let first = message.index().checked_sub(1);
        let mut slot = first.and_then(|first| self.first.get(first));
        (0..=u8::MAX).map_while(move |n| {
            let this = slot?;
            slot = index(this.next).and_then(|next| Some(&self.more.get(next)?.slot));
            Some((CopyId(n), &this.value))
        })
    }

    /// The first copies from place `index` on: of message `index + 1` and those after it.
    pub fn firsts_from(&self, index: usize) -> impl Iterator<Item = (MessageId, CopyId, &T)> {
        let start = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        (start..)
            .zip(self.first.iter_from(index))
            .map(|(n, slot)| (MessageId(n), CopyId(0), &slot.value))
    }

    /// The other copies from place `index` on, in the order in which they came to be.
    pub fn others_from(&self, index: usize) -> impl Iterator<Item = (MessageId, CopyId, &T)> {
        let others = self.more.iter_from(index);
        others.map(|more| (more.message, more.copy, &more.slot.value))
    }

    /// The first copy at place `index`.
    pub(crate) fn first_at(&self, index: usize) -> Option<&T> {
        self.first.get(index).map(|slot| &slot.value)
    }

    /// The other copy at place `index`.
    pub(crate) fn other_at(&self, index: usize) -> Option<&T> {
        self.more.get(index).map(|more| &more.slot.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Copies<u32> {
        let mut table = Copies::default();
        for (message, copy, value) in [(1, 0, 10), (3, 2, 32), (1, 1, 11), (3, 0, 30), (1, 2, 12)] {
            *table.add(MessageId(message), CopyId(copy)).unwrap() = value;
        }
        table
    }

    #[test]
    fn a_copy_is_found_by_message_and_number() {
        let table = table();
        let get = |message, copy| table.get(MessageId(message), CopyId(copy)).copied();
        assert_eq!(
            [get(1, 0), get(1, 1), get(1, 2)],
            [Some(10), Some(11), Some(12)]
        );
        assert_eq!(
            [get(3, 0), get(3, 1), get(3, 2)],
            [Some(30), Some(0), Some(32)]
        );
        assert_eq!(
            [get(0, 0), get(1, 3), get(2, 0), get(4, 0)],
            [None, None, Some(0), None]
        );
        let of: Vec<u32> = table.of(MessageId(1)).map(|(_, value)| *value).collect();
        assert_eq!(of, [10, 11, 12]);
    }

    #[test]
    fn a_copy_that_is_changed_changes_alone() {
        let mut table = table();
        *table.get_mut(MessageId(1), CopyId(2)).unwrap() = 99;
        let all: Vec<(u32, u8, u32)> = table
            .firsts_from(0)
            .chain(table.others_from(0))
            .map(|(message, copy, value)| (message.0, copy.0, *value))
            .collect();
        assert_eq!(
            all,
            [
                (1, 0, 10),
                (2, 0, 0),
                (3, 0, 30),
                (3, 1, 0),
                (3, 2, 32),
                (1, 1, 11),
                (1, 2, 99)
            ]
        );
        assert_eq!((table.messages(), table.others()), (3, 4));
    }
}
