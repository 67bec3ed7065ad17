//! What is known of a run: its trace, and everything that is folded from it.

use std::rc::Rc;

use crate::cast::Cast;
use crate::engine::{Batch, Stop};
use crate::guarantee::Guarantees;
use crate::scenario::{Scenario, planned};
use crate::time::SimTime;
use crate::trace::{Trace, What};
use crate::world::{History, World};

/// Events between two moments that are kept, at first; doubles whenever there are [`MOMENTS`].
const INTERVAL: usize = 32_768;
/// How many moments are kept at most.
const MOMENTS: usize = 16;

/// The record of a run, made from the batches that a simulation hands out.
#[derive(Clone, Debug)]
pub struct Record {
    scenario: Rc<Scenario>,
    cast: Rc<Cast>,
    now: Moment,
    /// As they were kept: how many messages are expected is replaced when one is gone back to.
    moments: Vec<Rc<Moment>>,
    interval: usize,
    until: SimTime,
    stop: Option<Stop>,
}

/// Everything that grows with the run, at one moment. A clone shares what has been written.
#[derive(Clone, Debug)]
struct Moment {
    trace: Trace,
    history: History,
    guarantees: Guarantees,
}

impl Record {
    /// The record of a run of a checked scenario of which nothing has happened yet.
    #[must_use]
    pub fn new(scenario: Rc<Scenario>) -> Self {
        let cast = Rc::new(Cast::of(&scenario));
        let now = Moment {
            trace: Trace::default(),
            history: History::new(&cast),
            guarantees: Guarantees::new(&cast, messages(&scenario)),
        };
        Self {
            scenario,
            cast,
            moments: vec![Rc::new(now.clone())],
            now,
            interval: INTERVAL,
            until: SimTime::ZERO,
            stop: None,
        }
    }

    /// Takes in what has happened since.
    pub fn extend(&mut self, batch: &Batch) {
        for (id, message) in &batch.messages {
            self.now.trace.set_message(*id, *message);
        }
        for event in &batch.events {
            self.now.trace.push(*event);
        }
        self.now.history.extend(&self.now.trace);
        self.now.guarantees.extend(&self.now.trace);
        (self.until, self.stop) = (batch.until, batch.stop);
        self.keep_moment();
    }

    fn keep_moment(&mut self) {
        let last = self.moments.last().map_or(0, |moment| moment.trace.len());
        let grown = self.now.trace.len() - last;
        // As with the snapshots: a large world has fewer.
        if grown < self.interval || grown < self.now.history.weight() {
            return;
        }
        if self.moments.len() == MOMENTS {
            let mut n = 0;
            self.moments.retain(|_| {
                n += 1;
                n % 2 == 1
            });
            self.interval *= 2;
        }
        self.moments.push(Rc::new(self.now.clone()));
    }

    /// The record of another run that has the first `kept` events in common with this one and the
    /// same cast, unless `kept` is 0.
    #[must_use]
    pub fn branch(&self, scenario: Rc<Scenario>, kept: usize) -> Self {
        if kept == 0 {
            return Self::new(scenario);
        }
        let before = self
            .moments
            .partition_point(|moment| moment.trace.len() <= kept);
        let moments: Vec<Rc<Moment>> = self.moments.iter().take(before.max(1)).cloned().collect();
        let mut now = moments
            .last()
            .map_or_else(|| self.now.clone(), |last| Moment::clone(last));
        now.guarantees.expect(messages(&scenario));
        let mut next = Self {
            now,
            scenario,
            cast: Rc::clone(&self.cast),
            moments,
            interval: self.interval,
            until: SimTime::ZERO,
            stop: None,
        };
        let first = next.now.trace.len();
        let mut batch = Batch::default();
        for event in self.now.trace.iter_from(first).take(kept - first) {
            if let What::Sent { message, .. } = event.what {
                batch
                    .messages
                    .extend(self.now.trace.message(message).map(|m| (message, *m)));
            }
            batch.until = event.at;
            batch.events.push(*event);
        }
        next.extend(&batch);
        next
    }

    /// The document.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The names.
    #[must_use]
    pub const fn cast(&self) -> &Rc<Cast> {
        &self.cast
    }

    /// Everything that happened.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.now.trace
    }

    /// What the checkers found.
    #[must_use]
    pub const fn guarantees(&self) -> &Guarantees {
        &self.now.guarantees
    }

    /// The snapshots.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.now.history
    }

    /// The world at the moment `at`.
    #[must_use]
    pub fn world_at(&self, at: SimTime) -> World {
        self.now.history.at(&self.now.trace, at)
    }

    /// Up to when everything is known.
    #[must_use]
    pub const fn simulated_until(&self) -> SimTime {
        self.until
    }

    /// Why the run ended; `None` while it has not.
    #[must_use]
    pub const fn stop(&self) -> Option<Stop> {
        self.stop
    }
}

/// How many messages a run sends, if it reaches its horizon.
fn messages(scenario: &Scenario) -> u32 {
    let producers = &scenario.workload.producers;
    let planned: u64 = producers.iter().map(|p| planned(p, scenario.horizon)).sum();
    let sent = scenario
        .commands
        .iter()
        .filter(|command| command.send.is_some())
        .count();
    u32::try_from(planned)
        .unwrap_or(u32::MAX)
        .saturating_add(u32::try_from(sent).unwrap_or(0))
}
