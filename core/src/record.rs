//! What is known of a run: its trace, and everything that is folded from it.

use std::rc::Rc;

use crate::cast::Cast;
use crate::engine::{Batch, Stop};
use crate::guarantee::{Guarantees, Judge, NoJudge};
use crate::milestones::Milestones;
use crate::scenario::{Scenario, planned};
use crate::time::SimTime;
use crate::trace::{Trace, What};
use crate::world::{History, World};

/// The record of a run, made from the batches that a simulation hands out.
#[derive(Clone, Debug)]
pub struct Record {
    scenario: Rc<Scenario>,
    cast: Rc<Cast>,
    now: Moment,
    /// As they were kept: how many messages are expected is replaced when one is gone back to.
    moments: Milestones<Moment>,
    until: SimTime,
    stop: Option<Stop>,
}

/// Everything that grows with the run, at one moment. A clone shares what has been written.
#[derive(Clone, Debug)]
struct Moment {
    trace: Trace,
    history: History,
    guarantees: Box<dyn Judge>,
}

impl Moment {
    /// Nothing has happened yet.
    fn first(cast: &Cast, guarantees: Box<dyn Judge>) -> Self {
        Self {
            trace: Trace::default(),
            history: History::new(cast),
            guarantees,
        }
    }
}

impl Record {
    /// The record of a run of a checked scenario of which nothing has happened yet.
    #[must_use]
    pub fn new(scenario: Rc<Scenario>) -> Self {
        let mut record = Self::unjudged(scenario);
        record.judge();
        record
    }

    /// The same without checkers: until [`Record::judge`] every guarantee holds so far.
    #[must_use]
    pub fn unjudged(scenario: Rc<Scenario>) -> Self {
        let cast = Rc::new(Cast::of(&scenario));
        let now = Moment::first(&cast, Box::new(NoJudge));
        Self {
            scenario,
            cast,
            moments: Milestones::new(now.clone()),
            now,
            until: SimTime::ZERO,
            stop: None,
        }
    }

    /// Judges what has happened, and what will. What was kept to branch from is judged by nobody
    /// and forgotten.
    pub fn judge(&mut self) {
        let guarantees = Guarantees::new(&self.cast, messages(&self.scenario));
        self.now.guarantees = Box::new(guarantees.clone());
        self.now.guarantees.extend(&self.now.trace);
        let first = Moment::first(&self.cast, Box::new(guarantees));
        self.moments = Milestones::new(first);
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
        let now = &self.now;
        self.moments
            .pass(now.trace.len(), || now.history.weight(), now);
    }

    /// The record of another run that has the first `kept` events in common with this one and the
    /// same cast, unless `kept` is 0.
    #[must_use]
    pub fn branch(&self, scenario: Rc<Scenario>, kept: usize) -> Self {
        if kept == 0 {
            return Self::new(scenario);
        }
        let moments = self.moments.until(|moment| moment.trace.len() <= kept);
        let Some((first, mut now)) = moments.last() else {
            return Self::new(scenario);
        };
        now.guarantees.expect(messages(&scenario));
        let mut next = Self {
            now,
            scenario,
            cast: Rc::clone(&self.cast),
            moments,
            until: SimTime::ZERO,
            stop: None,
        };
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
    pub fn guarantees(&self) -> &dyn Judge {
        self.now.guarantees.as_ref()
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
