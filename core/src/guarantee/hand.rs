//! What workers and consumers have in hand: received or polled, and not let go.

use std::collections::VecDeque;

use crate::ids::{ActorId, CopyId, MessageId, TopicPartition};

/// A message in somebody's hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) message: MessageId,
    /// Which copy of it; 0 in a log.
    pub(super) copy: CopyId,
    /// Where it stands in the log; `None` in a queue lane.
    pub(super) place: Option<(TopicPartition, usize)>,
}

/// The hands of all workers or consumers of a lane, each in the order of taking.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    hands: Vec<VecDeque<Held>>,
    held: usize,
}

impl Held {
    pub(super) const fn of_queue(message: MessageId, copy: CopyId) -> Self {
        Self {
            message,
            copy,
            place: None,
        }
    }

    pub(super) const fn of_log(
        message: MessageId,
        partition: TopicPartition,
        offset: usize,
    ) -> Self {
        Self {
            message,
            copy: CopyId(0),
            place: Some((partition, offset)),
        }
    }
}

impl Hands {
    pub(super) fn new(actors: usize) -> Self {
        Self {
            hands: vec![VecDeque::new(); actors],
            held: 0,
        }
    }

    pub(super) const fn are_empty(&self) -> bool {
        self.held == 0
    }

    pub(super) fn holds(&self, actor: ActorId, message: MessageId) -> bool {
        let hand = self.hands.get(actor.index());
        hand.is_some_and(|hand| hand.iter().any(|held| held.message == message))
    }

    /// The copies of `message` that `actor` has in hand.
    pub(super) fn copies(
        &self,
        actor: ActorId,
        message: MessageId,
    ) -> impl Iterator<Item = CopyId> {
        let hand = self.hands.get(actor.index()).into_iter().flatten();
        hand.filter(move |held| held.message == message)
            .map(|held| held.copy)
    }

    pub(super) fn take(&mut self, actor: ActorId, held: Held) {
        if let Some(hand) = self.hands.get_mut(actor.index()) {
            hand.push_back(held);
            self.held += 1;
        }
    }

    /// Lets one message go; what is worked on is nearly always the first.
    pub(super) fn let_go(
        &mut self,
        actor: ActorId,
        (message, copy): (MessageId, CopyId),
    ) -> Option<Held> {
        let hand = self.hands.get_mut(actor.index())?;
        let is_it = |held: &Held| held.message == message && held.copy == copy;
        let place = hand.iter().position(is_it)?;
        self.held -= 1;
        hand.remove(place)
    }

    /// Lets the records of a partition go, from an offset on.
    pub(super) fn drop_from(
        &mut self,
        actor: ActorId,
        partition: TopicPartition,
        from: usize,
    ) -> Vec<Held> {
        let mut dropped = Vec::new();
        if let Some(hand) = self.hands.get_mut(actor.index()) {
            hand.retain(|held| {
                let goes = held
                    .place
                    .is_some_and(|(place, offset)| place == partition && offset >= from);
                if goes {
                    dropped.push(*held);
                }
                !goes
            });
            self.held -= dropped.len();
        }
        dropped
    }

    pub(super) fn drop_all(&mut self, actor: ActorId) -> VecDeque<Held> {
        let hand = self.hands.get_mut(actor.index());
        let dropped = hand.map(std::mem::take).unwrap_or_default();
        self.held -= dropped.len();
        dropped
    }
}
