//! One standard queue: messages, their timers, and the receives that wait.
//!
//! At an exact instant a timeout that ends is over: the message is visible at that moment, and an
//! expired message is gone at that moment, even if it would have become visible at it. A message
//! that becomes visible when a receive's wait ends is still given to it.

mod entry;

use std::collections::{BTreeSet, VecDeque};

use super::attributes::QueueAttributes;
use super::error::ChangeVisibilityError;
use super::limits;
use super::messages::{Counts, ReceiptHandle, ReceiveRequest, Waiter};
use crate::time::{SimDuration, SimTime};
pub(in crate::sqs) use entry::Entry;
use entry::State;

/// Where a visible message stands: a rank of the type of a time, so that one kind of set serves
/// what is visible and what is due.
const IN_TURN: SimTime = SimTime::ZERO;
/// Received [`limits::OFTEN_RECEIVED`] times or more.
const BEHIND: SimTime = SimTime::MAX;

/// A standard queue.
#[derive(Clone, Debug)]
pub(super) struct Queue<B> {
    pub(super) attributes: QueueAttributes,
    /// The messages that are not gone, by number; the first has number `base`.
    entries: VecDeque<Option<Entry<B>>>,
    base: u32,
    /// What can be received: rank and number.
    visible: BTreeSet<(SimTime, u32)>,
    /// When hidden messages become visible.
    timers: BTreeSet<(SimTime, u32)>,
    /// All messages by age: the retention period is a setting that can change.
    ages: BTreeSet<(SimTime, u32)>,
    in_flight: u32,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) purged_at: Option<SimTime>,
}

/// A receive that waits for a message. ReceiveMessage WaitTimeSeconds (API).
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) waiter: Waiter,
    pub(super) request: ReceiveRequest,
    pub(super) until: SimTime,
}

/// What a timer did.
pub(super) enum Due<B> {
    BecameVisible(B),
    Expired(B),
}

impl<B: Clone> Queue<B> {
    pub(super) const fn new(attributes: QueueAttributes) -> Self {
        Self {
            attributes,
            entries: VecDeque::new(),
            base: 0,
            visible: BTreeSet::new(),
            timers: BTreeSet::new(),
            ages: BTreeSet::new(),
            in_flight: 0,
            waiting: VecDeque::new(),
            purged_at: None,
        }
    }

    fn entry(&self, number: u32) -> Option<&Entry<B>> {
        let index = usize::try_from(number.checked_sub(self.base)?).ok()?;
        self.entries.get(index)?.as_ref()
    }

    fn entry_mut(&mut self, number: u32) -> Option<&mut Entry<B>> {
        let index = usize::try_from(number.checked_sub(self.base)?).ok()?;
        self.entries.get_mut(index)?.as_mut()
    }

    /// Whether a receipt handle was ever issued for this number.
    fn is_issued(&self, receipt: ReceiptHandle) -> bool {
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX) + self.base;
        receipt.message < next
            && receipt.receive > 0
            && self
                .entry(receipt.message)
                .is_none_or(|entry| receipt.receive <= entry.receives_here)
    }

    /// Stores a message, hidden for `delay`.
    pub(super) fn store(&mut self, now: SimTime, mut entry: Entry<B>, delay: SimDuration) {
        let number = self.base + u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.ages.insert((entry.sent_at, number));
        if delay == SimDuration::ZERO {
            entry.state = State::Visible;
            self.visible.insert((IN_TURN, number));
        } else {
            let until = now + delay;
            entry.state = State::Delayed { until };
            self.timers.insert((until, number));
        }
        self.entries.push_back(Some(entry));
    }

    /// The message that a receive would be given next: the oldest, but those received three times
    /// or more behind the others.
    pub(super) fn next_visible(&self) -> Option<(u32, &Entry<B>)> {
        let (_, number) = *self.visible.first()?;
        Some((number, self.entry(number)?))
    }

    /// Whether another message may go in flight.
    pub(super) const fn has_room(&self) -> bool {
        self.in_flight < limits::IN_FLIGHT_MAX
    }

    /// Gives a visible message to a receive; hidden for `timeout`, which may be zero.
    pub(super) fn receive(
        &mut self,
        now: SimTime,
        number: u32,
        timeout: SimDuration,
    ) -> Option<&Entry<B>> {
        let rank = self.rank(number);
        self.visible.remove(&(rank, number));
        let until = now + timeout;
        let entry = self.entry_mut(number)?;
        entry.receive_count += 1;
        entry.receives_here += 1;
        entry.first_received_at.get_or_insert(now);
        entry.state = State::InFlight {
            received_at: now,
            until,
        };
        self.in_flight += 1;
        self.timers.insert((until, number));
        self.entry(number)
    }

    fn rank(&self, number: u32) -> SimTime {
        match self.entry(number) {
            Some(entry) if entry.receives_here >= limits::OFTEN_RECEIVED => BEHIND,
            _ => IN_TURN,
        }
    }

    /// Takes a message out, wherever it is.
    pub(super) fn take(&mut self, number: u32) -> Option<Entry<B>> {
        let rank = self.rank(number);
        let index = usize::try_from(number.checked_sub(self.base)?).ok()?;
        let entry = self.entries.get_mut(index)?.take()?;
        self.ages.remove(&(entry.sent_at, number));
        match entry.state {
            State::Visible => {
                self.visible.remove(&(rank, number));
            }
            State::Delayed { until } => {
                self.timers.remove(&(until, number));
            }
            State::InFlight { until, .. } => {
                self.timers.remove(&(until, number));
                self.in_flight -= 1;
            }
        }
        while let Some(None) = self.entries.front() {
            self.entries.pop_front();
            self.base += 1;
        }
        Some(entry)
    }

    /// Makes a hidden message visible.
    pub(super) fn show(&mut self, number: u32) -> Option<B> {
        let rank = self.rank(number);
        let entry = self.entry_mut(number)?;
        let before = std::mem::replace(&mut entry.state, State::Visible);
        let body = entry.body.clone();
        match before {
            State::Visible => return None,
            State::Delayed { until } => {
                self.timers.remove(&(until, number));
            }
            State::InFlight { until, .. } => {
                self.timers.remove(&(until, number));
                self.in_flight -= 1;
            }
        }
        self.visible.insert((rank, number));
        Some(body)
    }

    /// The newest receipt of a message deletes it, in whatever state it is; an older one does not.
    pub(super) fn delete(&mut self, receipt: ReceiptHandle) -> super::Deletion<B> {
        if !self.is_issued(receipt) {
            return super::Deletion::InvalidReceipt;
        }
        match self.entry(receipt.message) {
            None => super::Deletion::Gone,
            Some(entry) if entry.receives_here != receipt.receive => {
                super::Deletion::Stale(entry.body.clone())
            }
            Some(_) => match self.take(receipt.message) {
                Some(entry) => super::Deletion::Deleted(entry.body),
                None => super::Deletion::Gone,
            },
        }
    }

    /// A new timeout from now on; any receipt of the message will do. On a message that is
    /// visible again nothing happens. `Some`: the message was given back.
    pub(super) fn change_visibility(
        &mut self,
        now: SimTime,
        receipt: ReceiptHandle,
        timeout: SimDuration,
    ) -> Result<Option<B>, ChangeVisibilityError> {
        if !self.is_issued(receipt) {
            return Err(ChangeVisibilityError::InvalidReceipt);
        }
        let number = receipt.message;
        let Some(entry) = self.entry_mut(number) else {
            return Err(ChangeVisibilityError::Gone);
        };
        let State::InFlight { received_at, until } = entry.state else {
            return Ok(None);
        };
        let next = now + timeout;
        if next.since(received_at) > limits::IN_FLIGHT_LONGEST {
            return Err(ChangeVisibilityError::TooLong);
        }
        if timeout == SimDuration::ZERO {
            return Ok(self.show(number));
        }
        entry.state = State::InFlight {
            received_at,
            until: next,
        };
        self.timers.remove(&(until, number));
        self.timers.insert((next, number));
        Ok(None)
    }

    /// Everything goes: visible, in flight, delayed. PurgeQueue (API).
    pub(super) fn purge(&mut self, now: SimTime) {
        self.base += u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.clear();
        self.visible.clear();
        self.timers.clear();
        self.ages.clear();
        self.in_flight = 0;
        self.purged_at = Some(now);
    }

    /// When a message next becomes visible or expires.
    fn next_message_timeout(&self) -> Option<SimTime> {
        let shown = self.timers.first().map(|(at, _)| *at);
        [shown, self.next_expiry()].into_iter().flatten().min()
    }

    fn next_expiry(&self) -> Option<SimTime> {
        let (sent_at, _) = *self.ages.first()?;
        Some(sent_at + self.attributes.message_retention_period)
    }

    /// When something happens by itself.
    pub(super) fn next_timeout(&self) -> Option<SimTime> {
        let waiting = self.waiting.iter().map(|waiting| waiting.until).min();
        [waiting, self.next_message_timeout()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Lets the next timer that is due at `now` do its work.
    pub(super) fn take_due(&mut self, now: SimTime) -> Option<Due<B>> {
        let next = self.next_message_timeout()?;
        if next > now {
            return None;
        }
        if self.next_expiry() == Some(next) {
            let (_, number) = *self.ages.first()?;
            return self.take(number).map(|entry| Due::Expired(entry.body));
        }
        let (_, number) = *self.timers.first()?;
        self.show(number).map(Due::BecameVisible)
    }

    pub(super) fn counts(&self) -> Counts {
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        Counts {
            visible: count(self.visible.len()),
            not_visible: self.in_flight,
            delayed: count(self.timers.len()).saturating_sub(self.in_flight),
        }
    }
}
