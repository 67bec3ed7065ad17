//! The guarantees of a log lane, computed again without haste: after every event everything is looked at
//! anew. What the page says of a lane must agree with this.

use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::trace::{Event, PositionOrigin, What};
use broker_lab_core::{
    ActorId, GroupId, LaneCast, LaneId, LaneKind, MessageId, SimTime, TopicPartition,
};

use super::{Seen, naive_queue, naive_share};

/// How one lane's guarantees stand at the end of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The event that first breaks each, in the order of [`Guarantee::ALL`].
    pub broken: [Option<usize>; Guarantee::ALL.len()],
    /// Since when nothing can happen to any message; `None` if something still can.
    pub settled_since: Option<SimTime>,
    /// Messages that are set aside at the end, for each guarantee.
    pub set_aside: [u32; Guarantee::ALL.len()],
}

type Logs = BTreeMap<TopicPartition, Vec<MessageId>>;

/// A group.
#[derive(Clone, Debug, Default)]
pub(super) struct Readers {
    pub(super) finished: BTreeSet<MessageId>,
    working: BTreeMap<ActorId, MessageId>,
    /// Polled, and not let go.
    pub(super) in_hand: BTreeMap<ActorId, Vec<MessageId>>,
    positions: BTreeMap<(ActorId, TopicPartition), usize>,
    pub(super) committed: BTreeMap<TopicPartition, usize>,
    /// What a share group is done with; `None` for a consumer group.
    pub(super) done: Option<BTreeSet<MessageId>>,
    /// Up to where the group has left the log behind: committed, or not even begun with.
    behind: BTreeMap<TopicPartition, usize>,
}

#[derive(Clone, Debug, Default)]
struct Lane {
    /// In the order of sending.
    sent: Vec<MessageId>,
    logs: Logs,
    readers: Vec<Readers>,
}

/// How the guarantees of `lane` stand.
#[must_use]
pub fn standing(seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Standing {
    if cast.kind == LaneKind::Sqs {
        return naive_queue::standing(seen, lane, cast);
    }
    let mut state = Lane {
        readers: vec![Readers::default(); cast.teams.len()],
        ..Lane::default()
    };
    let shares = usize::from(cast.first_share_group);
    for readers in state.readers.iter_mut().skip(shares) {
        readers.done = Some(BTreeSet::new());
    }
    let events: Vec<(usize, &Event)> = seen.events(lane).collect();
    let mut standing = Standing {
        broken: [None; Guarantee::ALL.len()],
        settled_since: None,
        set_aside: [0; Guarantee::ALL.len()],
    };
    for (n, (index, event)) in events.iter().enumerate() {
        let next = events.get(n + 1).map(|(_, next)| next.what);
        let team = |actor: ActorId| usize::from(cast.actors[actor.index()].team);
        for guarantee in state.see(seen, event.what, (next, &team)) {
            standing.broken[guarantee as usize].get_or_insert(*index);
        }
        let settled = state.is_settled();
        standing.settled_since = settled.then(|| standing.settled_since.unwrap_or(event.at));
    }
    standing
}

impl Lane {
    /// Takes in one event; what it breaks.
    fn see(
        &mut self,
        seen: Seen<'_>,
        what: What,
        (next, team): (Option<What>, &dyn Fn(ActorId) -> usize),
    ) -> Vec<Guarantee> {
        let mut broken = Vec::new();
        match what {
            What::Sent { message, .. } => self.sent.push(message),
            What::Appended {
                partition, message, ..
            } => {
                self.logs.entry(partition).or_default().push(message);
            }
            What::OffsetReset {
                group,
                partition,
                offset,
            } => {
                let readers = &mut self.readers[group.index()];
                readers.committed.insert(partition, offset.index());
                readers.leave_behind(partition, offset.index(), &self.logs);
            }
            What::WorkFinished { actor, message, .. } => {
                let readers = &self.readers[team(actor)];
                if readers.finished.contains(&message) {
                    broken.push(Guarantee::ProcessedOnce);
                } else if self.overtakes(seen, readers, message) {
                    broken.push(Guarantee::OrderPerKey);
                }
            }
            What::WorkStarted { actor, message, .. } => {
                let working = &self.readers[team(actor)].working;
                if working
                    .iter()
                    .any(|(who, what)| *who != actor && *what == message)
                {
                    broken.push(Guarantee::OneConsumer);
                }
            }
            _ => {}
        }
        if let What::Share { what } = what {
            let group = |group: GroupId| group.index();
            let number = naive_share::reader_of(what, (team, &group));
            self.readers[number].see_share(what, &self.logs);
        } else if let Some(actor) = actor_of(what) {
            self.readers[team(actor)].see(actor, (what, next), &self.logs);
        }
        if self
            .readers
            .iter()
            .any(|readers| readers.has_lost(&self.logs))
        {
            broken.push(Guarantee::NothingLost);
        }
        broken
    }

    /// Whether a message of the same key that was sent earlier is not finished.
    fn overtakes(&self, seen: Seen<'_>, readers: &Readers, message: MessageId) -> bool {
        let key = |id: MessageId| seen.trace.message(id).and_then(|message| message.key);
        let earlier = self.sent.iter().take_while(|id| **id != message);
        let mut of_its_key =
            earlier.filter(|id| key(message).is_some() && key(**id) == key(message));
        let done = readers.done.as_ref();
        let is_done = |id: &MessageId| done.is_some_and(|done| done.contains(id));
        of_its_key.any(|id| !readers.finished.contains(id) && !is_done(id))
    }

    fn is_settled(&self) -> bool {
        let hands_are_empty = |readers: &Readers| readers.in_hand.values().all(Vec::is_empty);
        let appended: usize = self.logs.values().map(Vec::len).sum();
        let mut readers = self.readers.iter();
        let is_over =
            appended == self.sent.len() && readers.all(|reader| reader.is_through(&self.logs));
        !self.sent.is_empty() && is_over && self.readers.iter().all(hands_are_empty)
    }
}

impl Readers {
    fn see(&mut self, actor: ActorId, (what, next): (What, Option<What>), logs: &Logs) {
        match what {
            What::WorkStarted { message, .. } => {
                self.working.insert(actor, message);
            }
            What::WorkFinished { message, .. } => {
                self.working.remove(&actor);
                self.finished.insert(message);
                self.let_go(actor, message);
            }
            What::WorkFailed { message, .. } => {
                self.working.remove(&actor);
                // A member of a share group says later what is to become of it.
                if self.done.is_some() {
                    return;
                }
                // A consumer that seeks back next holds on to the record until it has.
                let seeks_back = matches!(
                    next,
                    Some(What::PositionSet { actor: who, origin: PositionOrigin::SeekBack, .. })
                        if who == actor
                );
                if next.is_some() && !seeks_back {
                    self.let_go(actor, message);
                }
            }
            What::Polled {
                partition,
                from,
                to,
                ..
            } => {
                let records = &logs[&partition][from.index()..to.index()];
                self.in_hand.entry(actor).or_default().extend(records);
                self.positions.insert((actor, partition), to.index());
            }
            What::PositionSet {
                partition,
                offset,
                origin,
                ..
            } => {
                let offset = offset.index();
                self.positions.insert((actor, partition), offset);
                if origin == PositionOrigin::SeekBack {
                    let back = &logs[&partition][offset..];
                    let hand = self.in_hand.entry(actor).or_default();
                    hand.retain(|message| !back.contains(message));
                } else {
                    self.leave_behind(partition, offset, logs);
                }
            }
            What::Committed {
                partition, offset, ..
            } => {
                self.committed.insert(partition, offset.index());
                self.leave_behind(partition, offset.index(), logs);
            }
            What::Revoked { partition, .. } | What::Lost { partition, .. } => {
                self.positions.remove(&(actor, partition));
                if let (Some(hand), Some(log)) =
                    (self.in_hand.get_mut(&actor), logs.get(&partition))
                {
                    hand.retain(|message| !log.contains(message));
                }
            }
            What::ActorCrashed { .. } | What::ActorStopped { .. } => {
                self.working.remove(&actor);
                self.in_hand.remove(&actor);
                self.positions.retain(|(who, _), _| *who != actor);
            }
            _ => {}
        }
    }

    pub(super) fn let_go(&mut self, actor: ActorId, message: MessageId) {
        let hand = self.in_hand.entry(actor).or_default();
        if let Some(place) = hand.iter().position(|held| *held == message) {
            hand.remove(place);
        }
    }

    /// As far as there are records.
    fn leave_behind(&mut self, partition: TopicPartition, offset: usize, logs: &Logs) {
        let offset = offset.min(logs.get(&partition).map_or(0, Vec::len));
        let behind = self.behind.entry(partition).or_default();
        *behind = offset.max(*behind);
    }

    /// Whether the group has left a record behind that nobody of it finished, has in hand or will
    /// come to.
    fn has_lost(&self, logs: &Logs) -> bool {
        if let Some(done) = &self.done {
            return done.iter().any(|message| {
                let held = self.in_hand.values().any(|hand| hand.contains(message));
                !self.finished.contains(message) && !held
            });
        }
        self.behind.iter().any(|(partition, behind)| {
            let log = logs.get(partition).map_or(&[][..], Vec::as_slice);
            let mut left = log.iter().enumerate().take(*behind);
            left.any(|(offset, message)| {
                let held = self.in_hand.values().any(|hand| hand.contains(message));
                let ahead = self
                    .positions
                    .iter()
                    .any(|((_, place), position)| place == partition && *position <= offset);
                !self.finished.contains(message) && !held && !ahead
            })
        })
    }

    /// Whether everything is committed and nobody has anything to read.
    fn is_through(&self, logs: &Logs) -> bool {
        logs.iter().all(|(partition, log)| {
            let committed = self.committed.get(partition).copied().unwrap_or(0);
            let mut positions = self
                .positions
                .iter()
                .filter(|((_, place), _)| place == partition);
            committed >= log.len() && positions.all(|(_, position)| *position >= log.len())
        })
    }
}

const fn actor_of(what: What) -> Option<ActorId> {
    match what {
        What::WorkStarted { actor, .. }
        | What::WorkFinished { actor, .. }
        | What::WorkFailed { actor, .. }
        | What::ActorCrashed { actor }
        | What::ActorStopped { actor }
        | What::Polled { actor, .. }
        | What::PositionSet { actor, .. }
        | What::Committed { actor, .. }
        | What::Revoked { actor, .. }
        | What::Lost { actor, .. } => Some(actor),
        _ => None,
    }
}
