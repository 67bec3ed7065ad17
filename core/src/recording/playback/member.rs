//! A recorded consumer: what it does with its records, and how far it is.

use std::collections::VecDeque;

use super::records::Place;
use crate::ids::TopicPartition;
use crate::trace::Millis;

/// When a consumer commits, as its `lab.commit` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Commits {
    /// After the work on each record; the default of the recorded consumer.
    #[default]
    After,
    /// Before it.
    Before,
    /// The client does by itself, or never; and a member of a share group acknowledges.
    Elsewhere,
}

/// How a recorded consumer works: its own behaviour (`lab.*`), of which a recording names what is
/// unlike the default.
#[derive(Clone, Debug, Default)]
pub(super) struct Habit {
    pub(super) commits: Commits,
    /// How long the work on a record takes.
    takes: Millis,
    /// Values whose record takes it another time.
    unlike: Vec<(String, Millis)>,
}

impl Habit {
    pub(super) fn of(properties: &[(String, String)]) -> Self {
        let millis = |text: &str| text.parse().map(Millis).unwrap_or_default();
        let mut habit = Self::default();
        let mut hold = Millis(0);
        let mut held = Vec::new();
        for (name, value) in properties {
            let rules = value.split(',').filter_map(|rule| rule.split_once(':'));
            match (name.as_str(), value.as_str()) {
                ("lab.commit", "before") => habit.commits = Commits::Before,
                ("lab.commit", "none") | ("lab.share", _) => habit.commits = Commits::Elsewhere,
                ("lab.work", length) => habit.takes = millis(length),
                ("lab.slow", _) => habit
                    .unlike
                    .extend(rules.map(|(value, length)| (value.to_owned(), millis(length)))),
                ("lab.hold", length) => hold = millis(length),
                ("lab.rule", _) => held.extend(
                    rules
                        .filter(|(_, rule)| *rule == "none")
                        .map(|(value, _)| value.to_owned()),
                ),
                _ => {}
            }
        }
        habit
            .unlike
            .extend(held.into_iter().map(|value| (value, hold)));
        habit
    }

    /// How long it works on a record of this value.
    pub(super) fn takes(&self, value: &str) -> Millis {
        let unlike = self.unlike.iter().find(|(its, _)| its == value);
        unlike.map_or(self.takes, |(_, takes)| *takes)
    }
}

/// How a consumer stands with its group, as its group must see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Presence {
    /// It has no assignment.
    #[default]
    Outside,
    /// It has one, and its heartbeats come.
    Member,
    /// It has one, and sends no heartbeat: it was killed, or stands still.
    Silent,
    /// It was silent when its group began to rebalance, which cannot end with it.
    Leaving,
}

/// How far a consumer is.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    pub(super) habit: Habit,
    /// What the last poll returned and it has not begun to work on, in order.
    pub(super) pending: VecDeque<Place>,
    /// What it works on.
    pub(super) working: Option<Place>,
    /// Partitions that it was assigned and has not read from since.
    pub(super) fresh: Vec<TopicPartition>,
    pub(super) presence: Presence,
    /// Whether it keeps what it works on and says nothing of it (`lab.hold`).
    pub(super) holding: bool,
    /// Whether it has begun to close.
    pub(super) closing: bool,
}

impl Member {
    /// Its process is gone, or another one: nothing of what it had is left.
    pub(super) fn clear(&mut self) {
        let habit = std::mem::take(&mut self.habit);
        *self = Self {
            habit,
            ..Self::default()
        };
    }

    /// Its heartbeats stay away.
    pub(super) fn fall_silent(&mut self) {
        if self.presence == Presence::Member {
            self.presence = Presence::Silent;
        }
    }
}
