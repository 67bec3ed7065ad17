//! The messages of a queue, by number.

use std::collections::VecDeque;

use super::entry::Entry;

/// The messages that are not gone.
///
/// Numbers rise by one with each message, and a few messages stay for long while thousands after
/// them come and go. So what is kept for every number since the oldest is only a place, and the
/// messages themselves stand close together: a queue that keeps up stays small, and so do its
/// copies.
#[derive(Clone, Debug)]
pub(super) struct Entries<B> {
    /// Where each message stands in `slots`, from number `base` on.
    places: VecDeque<Place>,
    base: u32,
    slots: Vec<Option<Entry<B>>>,
    /// The slots that are empty.
    free: Vec<u32>,
}

/// The slot of a message, or [`Place::GONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u32);

impl Place {
    const GONE: Self = Self(u32::MAX);

    const fn index(self) -> usize {
        self.0 as usize
    }
}

impl<B> Entries<B> {
    pub(super) const fn new() -> Self {
        Self {
            places: VecDeque::new(),
            base: 0,
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Where the place of a message is kept.
    fn offset(&self, number: u32) -> Option<usize> {
        usize::try_from(number.checked_sub(self.base)?).ok()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Entry<B>> {
        let place = self.places.get(self.offset(number)?)?;
        self.slots.get(place.index())?.as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Entry<B>> {
        let place = self.places.get(self.offset(number)?)?;
        self.slots.get_mut(place.index())?.as_mut()
    }

    /// The number of the next message.
    pub(super) fn next_number(&self) -> u32 {
        self.base
            .saturating_add(u32::try_from(self.places.len()).unwrap_or(u32::MAX))
    }

    /// How many numbers lie between the oldest message and the newest.
    pub(super) fn span(&self) -> usize {
        self.places.len()
    }

    pub(super) fn push(&mut self, entry: Entry<B>) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let place = Place(slot);
        if let Some(slot) = self.slots.get_mut(place.index()) {
            *slot = Some(entry);
        }
        self.places.push_back(place);
    }

    pub(super) fn take(&mut self, number: u32) -> Option<Entry<B>> {
        let offset = self.offset(number)?;
        let place = self.places.get_mut(offset)?;
        let slot = std::mem::replace(place, Place::GONE);
        let entry = self.slots.get_mut(slot.index())?.take()?;
        self.free.push(slot.0);
        while self.places.front() == Some(&Place::GONE) {
            self.places.pop_front();
            self.base += 1;
        }
        Some(entry)
    }

    /// The numbers of all messages, oldest first.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let numbers = (self.base..).zip(&self.places);
        numbers
            .filter(|(_, place)| **place != Place::GONE)
            .map(|(number, _)| number)
            .collect()
    }

    pub(super) fn clear(&mut self) {
        self.base = self.next_number();
        self.places.clear();
        self.slots.clear();
        self.free.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;

    #[test]
    fn a_message_that_stays_does_not_keep_the_slots_of_those_after_it() {
        let mut entries = Entries::new();
        for number in 0..1_000 {
            entries.push(Entry::new(number, SimTime::ZERO));
            if number > 0 {
                assert_eq!(entries.take(number).map(|entry| entry.body), Some(number));
                assert!(entries.take(number).is_none());
            }
        }
        assert_eq!(entries.slots.len(), 2);
        assert_eq!((entries.next_number(), entries.numbers()), (1_000, vec![0]));
        assert_eq!(entries.get(0).map(|entry| entry.body), Some(0));
        assert!(entries.get(999).is_none() && entries.get(1_000).is_none());
        assert!(entries.take(0).is_some());
        entries.push(Entry::new(1_000, SimTime::ZERO));
        assert_eq!(entries.numbers(), [1_000]);
        entries.clear();
        entries.push(Entry::new(1_001, SimTime::ZERO));
        assert_eq!(entries.numbers(), [1_001]);
        assert_eq!(entries.get_mut(1_001).map(|entry| entry.body), Some(1_001));
    }
}
