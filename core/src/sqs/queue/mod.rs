//! One queue: messages, their timers, and the receives that wait.
//!
//! At an exact instant a timeout that ends is over: the message is visible at that moment, and an
//! expired message is gone at that moment, even if it would have become visible at it. A message
//! that becomes visible when a receive's wait ends is still given to it.

mod attempts;
mod chance;
mod dedup;
mod entries;
mod entry;
mod fairness;
mod fifo;
mod looking;
mod moving;
mod order;
mod receipts;
mod standard;
mod times;
mod waits;

use super::attributes::{DeduplicationScope, QueueAttributes};
use super::identity::{DeduplicationId, MessageGroup, ReceiveAttempt, SequenceNumber};
use super::limits;
use super::messages::Counts;
use crate::time::{SimDuration, SimTime};
use attempts::Attempts;
pub(in crate::sqs) use dedup::First;
use dedup::Memory;
use entries::Entries;
pub(in crate::sqs) use entry::Entry;
use entry::State;
pub(in crate::sqs) use fifo::Walk;
pub(in crate::sqs) use moving::Presence;
use order::Order;
use times::Times;
pub(in crate::sqs) use waits::{Waiting, Waits};

/// A queue.
#[derive(Clone, Debug)]
pub(super) struct Queue<B> {
    pub(super) attributes: QueueAttributes,
    pub(super) presence: Presence,
    entries: Entries<B>,
    order: Order,
    /// When hidden messages become visible.
    timers: Times,
    /// All messages by age: the retention period is a setting that can change.
    ages: Times,
    counts: Counts,
    /// On a FIFO queue.
    sends: Memory<B>,
    /// On a FIFO queue.
    attempts: Attempts,
    pub(super) waiting: Waits,
    pub(super) purged_at: Option<SimTime>,
}

/// What a timer did.
pub(super) enum Due<B> {
    BecameVisible(B),
    Expired(B),
    /// A copy that a delete has missed became visible.
    Undeleted(B),
    /// Such a copy expired before that.
    Nothing,
}

impl<B: Clone> Queue<B> {
    pub(super) fn new(attributes: QueueAttributes) -> Self {
        Self {
            order: Order::of(&attributes),
            attributes,
            presence: Presence::Here,
            entries: Entries::new(),
            timers: Times::default(),
            ages: Times::default(),
            counts: Counts::default(),
            sends: Memory::new(),
            attempts: Attempts::default(),
            waiting: Waits::default(),
            purged_at: None,
        }
    }

    /// How many things a clone copies, about: of each message what it is, its age and its place
    /// in the order, and what is remembered of sends.
    pub(super) fn weight(&self) -> usize {
        3 * self.ages.len() + self.entries.span() / 8 + self.timers.len() + self.sends.weight()
    }

    pub(super) fn entry(&self, number: u32) -> Option<&Entry<B>> {
        self.entries.get(number)
    }

    /// Stores a message, hidden for `delay`. On a FIFO queue it gets its sequence number.
    pub(super) fn store(
        &mut self,
        now: SimTime,
        mut entry: Entry<B>,
        delay: SimDuration,
    ) -> Option<SequenceNumber> {
        let number = self.entries.next_number();
        let sequence_number = SequenceNumber(u64::from(number) + 1);
        entry.sequence_number = self.attributes.fifo.map(|_| sequence_number);
        let stored = entry.sequence_number;
        self.ages.insert(entry.sent_at, number);
        let state = if delay == SimDuration::ZERO {
            State::Visible
        } else {
            State::Delayed { until: now + delay }
        };
        entry.state = state;
        self.order.add(now, entry.seat(number), state);
        self.entries.push(entry);
        self.count(state, 1);
        self.set_timer(number, state);
        stored
    }

    fn count(&mut self, state: State, by: i32) {
        let counts = &mut self.counts;
        let count = match state {
            State::Visible => &mut counts.visible,
            State::Delayed { .. } => &mut counts.delayed,
            State::InFlight { .. } => &mut counts.not_visible,
            State::Missed { .. } => return,
        };
        *count = count.saturating_add_signed(by);
    }

    fn set_timer(&mut self, number: u32, state: State) {
        if let Some(until) = state.until() {
            self.timers.insert(until, number);
        }
    }

    fn stop_timer(&mut self, number: u32, state: State) {
        if let Some(until) = state.until() {
            self.timers.remove(until, number);
        }
    }

    /// A message takes up another state, after `change` has been made to it: all lists but the
    /// one of ages follow.
    fn enter(
        &mut self,
        now: SimTime,
        (number, to): (u32, State),
        change: impl FnOnce(&mut Entry<B>),
    ) {
        let Some(entry) = self.entries.get_mut(number) else {
            return;
        };
        let (seat, from) = (entry.seat(number), entry.state);
        change(entry);
        entry.state = to;
        self.order.change(now, seat, (from, to));
        self.count(from, -1);
        self.count(to, 1);
        self.stop_timer(number, from);
        self.set_timer(number, to);
    }

    /// The message that a receive would be given next.
    pub(super) fn next(&mut self, now: SimTime, walk: &mut Walk) -> Option<(u32, &Entry<B>)> {
        let number = self.order.next(now, walk)?;
        Some((number, self.entries.get(number)?))
    }

    /// A receive has what it gets.
    pub(super) fn end(&mut self, walk: &mut Walk) {
        self.order.end(walk);
    }

    /// Whether a receive would find a message.
    pub(super) fn has_next(&self) -> bool {
        self.order.has_next()
    }

    /// How many messages more may go in flight.
    pub(super) const fn room(&self) -> u32 {
        let most = match self.attributes.fifo {
            None => limits::IN_FLIGHT_MAX,
            Some(_) => limits::FIFO_IN_FLIGHT_MAX,
        };
        most.saturating_sub(self.counts.not_visible)
    }

    /// Gives a visible message to a receive; hidden for `timeout`, which may be zero.
    pub(super) fn receive(
        &mut self,
        now: SimTime,
        number: u32,
        timeout: SimDuration,
    ) -> Option<&Entry<B>> {
        let state = State::InFlight {
            received_at: now,
            until: now + timeout,
        };
        self.enter(now, (number, state), |entry| {
            entry.receive_count += 1;
            entry.receives_here += 1;
            entry.first_received_at.get_or_insert(now);
            entry.is_changed = false;
        });
        self.entries.get(number)
    }

    /// Takes a message out, wherever it is.
    pub(super) fn take(&mut self, now: SimTime, number: u32) -> Option<Entry<B>> {
        let entry = self.entries.take(number)?;
        self.ages.remove(entry.sent_at, number);
        self.count(entry.state, -1);
        self.stop_timer(number, entry.state);
        self.order
            .remove(now, (entry.seat(number), entry.state), &self.entries);
        Some(entry)
    }

    /// Makes a hidden message visible.
    pub(super) fn show(&mut self, now: SimTime, number: u32) -> Option<B> {
        let entry = self.entries.get(number)?;
        let body = entry.body.clone();
        if entry.state == State::Visible {
            return None;
        }
        self.enter(now, (number, State::Visible), |_| {});
        Some(body)
    }

    /// Everything goes: visible, in flight, delayed, and on a FIFO queue what was sent (observed
    /// on AWS). PurgeQueue (API).
    pub(super) fn purge(&mut self, now: SimTime) {
        self.entries.clear();
        self.order.clear(self.entries.next_number());
        self.timers.clear();
        self.ages.clear();
        self.counts = Counts::default();
        self.sends.clear();
        self.attempts.clear();
        self.purged_at = Some(now);
    }

    /// The first send of what is sent again.
    pub(super) fn first_send(
        &mut self,
        now: SimTime,
        sent: (DeduplicationId, MessageGroup),
        scope: DeduplicationScope,
    ) -> Option<&First<B>> {
        self.sends.first(now, sent, scope)
    }

    pub(super) fn remember_send(
        &mut self,
        now: SimTime,
        sent: (DeduplicationId, MessageGroup),
        first: First<B>,
    ) {
        self.sends.remember(now, sent, first);
    }

    /// The messages of a receive that is repeated, if nothing has happened to them: all are still
    /// there, not received again, their visibility not changed. Those whose timeout is over count
    /// as well, as long as nobody else was given them: a reading of ours.
    pub(super) fn repeated(&mut self, now: SimTime, attempt: ReceiveAttempt) -> Option<Vec<u32>> {
        self.attributes.fifo?;
        let given = self.attempts.given(now, attempt)?;
        let is_untouched = |(number, receive): &(u32, u32)| {
            let entry = self.entries.get(*number);
            entry.is_some_and(|entry| entry.receives_here == *receive && !entry.is_changed)
        };
        let untouched = given.iter().all(is_untouched);
        untouched.then(|| given.iter().map(|(number, _)| *number).collect())
    }

    /// Gives a message as it was given before: its timeout starts anew, the receive does not
    /// count (a choice, nothing documents it).
    pub(super) fn repeat(&mut self, now: SimTime, number: u32, timeout: SimDuration) {
        let state = State::InFlight {
            received_at: now,
            until: now + timeout,
        };
        self.enter(now, (number, state), |_| {});
    }

    pub(super) fn remember_attempt(
        &mut self,
        now: SimTime,
        attempt: ReceiveAttempt,
        given: Vec<(u32, u32)>,
    ) {
        if self.attributes.fifo.is_some() {
            self.attempts.remember(now, attempt, given);
        }
    }

    /// The delay of a FIFO queue has changed: it holds for what was sent to it and never received.
    /// What changes is told: for how long a message is hidden from now on. Delay queues (DG).
    pub(super) fn delay_anew(&mut self, now: SimTime) -> Vec<(B, SimDuration)> {
        let mut changed = Vec::new();
        for number in self.entries.numbers() {
            let Some(entry) = self.entries.get(number) else {
                continue;
            };
            let was_sent_here = entry.dead_letter_source.is_none();
            if !was_sent_here || entry.receives_here > 0 {
                continue;
            }
            let until = entry.sent_at + self.attributes.delay;
            let state = if until <= now {
                State::Visible
            } else {
                State::Delayed { until }
            };
            if state != entry.state {
                changed.push((entry.body.clone(), until.since(now)));
                self.enter(now, (number, state), |_| {});
            }
        }
        changed
    }

    /// When a message next becomes visible or expires.
    fn next_message_timeout(&self) -> Option<SimTime> {
        let shown = self.timers.first().map(|(at, _)| at);
        earlier(shown, self.next_expiry())
    }

    fn next_expiry(&self) -> Option<SimTime> {
        let (sent_at, _) = self.ages.first()?;
        Some(sent_at + self.attributes.message_retention_period)
    }

    /// When something happens by itself.
    pub(super) fn next_timeout(&self) -> Option<SimTime> {
        earlier(self.waiting.next_end(), self.next_message_timeout())
    }

    /// Lets the next timer that is due at `now` do its work.
    pub(super) fn take_due(&mut self, now: SimTime) -> Option<Due<B>> {
        let next = self.next_message_timeout()?;
        if next > now {
            return None;
        }
        if self.next_expiry() == Some(next) {
            let (_, number) = self.ages.first()?;
            let entry = self.take(now, number)?;
            return Some(match entry.state {
                State::Missed { .. } => Due::Nothing,
                State::Visible | State::Delayed { .. } | State::InFlight { .. } => {
                    Due::Expired(entry.body)
                }
            });
        }
        let (_, number) = self.timers.first()?;
        let state = self.entries.get(number)?.state;
        let body = self.show(now, number)?;
        Some(match state {
            State::Missed { .. } => Due::Undeleted(body),
            State::Visible | State::Delayed { .. } | State::InFlight { .. } => {
                Due::BecameVisible(body)
            }
        })
    }

    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }
}

fn earlier(one: Option<SimTime>, other: Option<SimTime>) -> Option<SimTime> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}
