//! The guarantees of a queue lane, computed again without haste.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::trace::{DeliveryWhat, What};
use broker_lab_core::{ActorId, CopyId, LaneCast, LaneId, MessageId, QueueId};

use super::Seen;
use super::naive::Standing;

type Item = (MessageId, CopyId);

/// Where a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Queue,
    DeadLetters,
    Nowhere,
}

#[derive(Clone, Debug)]
struct Lane<'a> {
    seen: Seen<'a>,
    cast: &'a LaneCast,
    /// In the order of sending.
    sent: Vec<MessageId>,
    /// How many queues every send still has to come to, in all.
    on_the_way: usize,
    /// Where each copy is, and the queue that it came by.
    copies: BTreeMap<Item, (QueueId, Place)>,
    /// Messages that a queue is not to get.
    left_out: BTreeSet<(QueueId, MessageId)>,
    /// Messages that a topic could not bring to a queue, nor anywhere else.
    undelivered: BTreeSet<(QueueId, MessageId)>,
    /// By queue that a copy came by.
    finished: BTreeSet<(QueueId, MessageId)>,
    finished_by_team: BTreeSet<(u16, MessageId)>,
    working: Vec<(ActorId, Item)>,
    hands: Vec<(ActorId, Item)>,
}

/// How the guarantees of a queue lane stand.
pub(super) fn standing(seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Standing {
    let mut state = Lane {
        seen,
        cast,
        sent: Vec::new(),
        on_the_way: 0,
        copies: BTreeMap::new(),
        left_out: BTreeSet::new(),
        undelivered: BTreeSet::new(),
        finished: BTreeSet::new(),
        finished_by_team: BTreeSet::new(),
        working: Vec::new(),
        hands: Vec::new(),
    };
    let mut standing = Standing {
        broken: [None; Guarantee::ALL.len()],
        settled_since: None,
        set_aside: [0; Guarantee::ALL.len()],
    };
    for (index, event) in seen.events(lane) {
        for guarantee in state.see(event.what) {
            standing.broken[guarantee as usize].get_or_insert(index);
        }
        let settled = state.is_settled();
        standing.settled_since = settled.then(|| standing.settled_since.unwrap_or(event.at));
    }
    let [undone, missed] = state.set_aside();
    standing.set_aside[Guarantee::NothingLost as usize] = undone;
    standing.set_aside[Guarantee::EveryTeam as usize] = missed;
    standing
}

impl Lane<'_> {
    fn sent_to(&self) -> usize {
        self.cast.queues.iter().filter(|q| q.is_sent_to).count()
    }

    fn origin(&self, item: Item) -> QueueId {
        self.copies[&item].0
    }

    /// Takes in one event; what it breaks.
    fn see(&mut self, what: What) -> Vec<Guarantee> {
        let mut broken = Vec::new();
        match what {
            What::Sent { message, .. } => {
                self.sent.push(message);
                self.on_the_way += self.sent_to();
            }
            What::Resent { .. } => self.on_the_way += self.sent_to(),
            What::Enqueued {
                queue,
                message,
                copy,
            }
            | What::Delayed {
                queue,
                message,
                copy,
                ..
            } => {
                let mut same = self.copies.iter().filter(|((id, _), _)| *id == message);
                if same.any(|(_, (origin, _))| *origin == queue) {
                    broken.push(Guarantee::NoDuplicateSends);
                }
                self.on_the_way -= 1;
                self.copies.insert((message, copy), (queue, Place::Queue));
            }
            What::Deduplicated { .. } => self.on_the_way -= 1,
            What::TopicDeduplicated { .. } => self.on_the_way -= self.sent_to(),
            What::FilteredOut { queue, message, .. } => {
                self.on_the_way -= 1;
                self.left_out.insert((queue, message));
            }
            What::Delivery { what } => self.see_delivery(what),
            What::Deleted { message, copy, .. }
            | What::Expired { message, copy, .. }
            | What::Purged { message, copy, .. } => self.put((message, copy), Place::Nowhere),
            What::Redelivered { message, copy, .. } | What::Moved { message, copy, .. } => {
                self.put((message, copy), Place::Queue);
            }
            What::DeadLettered { message, copy, .. } => {
                self.put((message, copy), Place::DeadLetters);
            }
            What::Received {
                actor,
                message,
                copy,
                ..
            } => {
                self.put((message, copy), Place::Queue);
                self.hands.push((actor, (message, copy)));
            }
            _ => broken = self.see_work(what),
        }
        broken.extend(self.losses());
        broken
    }

    fn see_delivery(&mut self, what: DeliveryWhat) {
        match what {
            DeliveryWhat::GivenUp {
                queue,
                message,
                to: None,
                ..
            } => {
                self.on_the_way -= 1;
                self.undelivered.insert((queue, message));
            }
            DeliveryWhat::DeadLettered {
                queue,
                message,
                copy,
                ..
            } => {
                self.on_the_way -= 1;
                self.copies
                    .insert((message, copy), (queue, Place::DeadLetters));
            }
            _ => {}
        }
    }

    fn put(&mut self, item: Item, place: Place) {
        if let Some(copy) = self.copies.get_mut(&item) {
            copy.1 = place;
        }
    }

    fn see_work(&mut self, what: What) -> Vec<Guarantee> {
        let mut broken = Vec::new();
        match what {
            What::WorkStarted {
                actor,
                message,
                copy,
                ..
            } => {
                let item = (message, copy);
                let same = |(_, other): &(_, Item)| {
                    other.0 == message && self.origin(*other) == self.origin(item)
                };
                if self.working.iter().any(same) {
                    broken.push(Guarantee::OneConsumer);
                }
                self.working.push((actor, item));
            }
            What::WorkFinished {
                actor,
                message,
                copy,
            } => {
                let origin = self.origin((message, copy));
                if self.finished.contains(&(origin, message)) {
                    broken.push(Guarantee::ProcessedOnce);
                } else if self.overtakes(origin, message) {
                    broken.push(Guarantee::OrderPerKey);
                }
                self.finished.insert((origin, message));
                let team = self.cast.actors[actor.index()].team;
                self.finished_by_team.insert((team, message));
                self.let_go(actor, (message, copy));
            }
            What::WorkFailed {
                actor,
                message,
                copy,
            }
            | What::WorkDiscarded {
                actor,
                message,
                copy,
            } => {
                self.let_go(actor, (message, copy));
            }
            What::LetGo {
                actor,
                message,
                copy,
            }
            | What::WorkSkipped {
                actor,
                message,
                copy,
            }
            | What::DeleteFailed {
                actor,
                message,
                copy,
                ..
            } => {
                remove(&mut self.hands, (actor, (message, copy)));
            }
            What::ActorCrashed { actor } | What::ActorStopped { actor } => {
                self.working.retain(|(who, _)| *who != actor);
                self.hands.retain(|(who, _)| *who != actor);
            }
            _ => {}
        }
        broken
    }

    fn let_go(&mut self, actor: ActorId, item: Item) {
        remove(&mut self.working, (actor, item));
        remove(&mut self.hands, (actor, item));
    }

    /// What is gone for good, undone by all or by the workers of one kind.
    fn losses(&self) -> Vec<Guarantee> {
        let mut broken = Vec::new();
        let of_copies = self.copies.iter();
        let stored = of_copies.map(|((message, _), (origin, _))| (origin, message));
        let undelivered = self.undelivered.iter().map(|(queue, id)| (queue, id));
        for (origin, message) in stored.chain(undelivered) {
            let is_of_it = |item: &Item| item.0 == *message && self.origin(*item) == *origin;
            let mut places = self.copies.iter().filter(|(item, _)| is_of_it(item));
            if places.any(|(_, (_, place))| *place != Place::Nowhere) {
                continue;
            }
            let held = |team: Option<u16>| {
                let mut hands = self.hands.iter().filter(|(_, item)| is_of_it(item));
                hands.any(|(actor, _)| {
                    team.is_none_or(|team| team == self.cast.actors[actor.index()].team)
                })
            };
            if !self.finished.contains(&(*origin, *message)) && !held(None) {
                broken.push(Guarantee::NothingLost);
            }
            let teams = (0..).zip(&self.cast.team_queues);
            let mut its = teams.filter(|(_, queue)| *queue == origin);
            let several = Guarantee::EveryTeam.concerns(self.cast);
            let undone = |team| !self.finished_by_team.contains(&(team, *message));
            if several && its.any(|(team, _)| undone(team) && !held(Some(team))) {
                broken.push(Guarantee::EveryTeam);
            }
        }
        broken
    }

    /// How many messages lie in dead-letter queues that nobody has done, or not all kinds of
    /// workers: each by the queue that it came by.
    fn set_aside(&self) -> [u32; 2] {
        let copies = self.copies.iter();
        let dead = copies.filter(|(_, (_, place))| *place == Place::DeadLetters);
        let dead: BTreeSet<(QueueId, MessageId)> = dead
            .map(|((message, _), (origin, _))| (*origin, *message))
            .collect();
        let undone = dead.iter().filter(|its| !self.finished.contains(its));
        let several = Guarantee::EveryTeam.concerns(self.cast);
        let missed = dead.iter().filter(|(origin, message)| {
            let teams = (0..).zip(&self.cast.team_queues);
            let mut its = teams.filter(|(_, queue)| *queue == origin);
            several && its.any(|(team, _)| !self.finished_by_team.contains(&(team, *message)))
        });
        [undone.count(), missed.count()].map(|count| count as u32)
    }

    /// Whether a message of the same key that was sent earlier is not finished.
    fn overtakes(&self, origin: QueueId, message: MessageId) -> bool {
        let key = |id: MessageId| self.seen.trace.message(id).and_then(|message| message.key);
        let earlier = self.sent.iter().take_while(|id| **id != message);
        let mut of_its_key =
            earlier.filter(|id| key(message).is_some() && key(**id) == key(message));
        of_its_key.any(|id| {
            !self.finished.contains(&(origin, *id)) && !self.left_out.contains(&(origin, *id))
        })
    }

    fn is_settled(&self) -> bool {
        let mut places = self.copies.values();
        !self.sent.is_empty()
            && self.on_the_way == 0
            && self.hands.is_empty()
            && places.all(|(_, place)| *place != Place::Queue)
    }
}

fn remove<T: PartialEq>(list: &mut Vec<T>, thing: T) {
    if let Some(place) = list.iter().position(|other| *other == thing) {
        list.remove(place);
    }
}
