//! A scenario being simulated: its trace, and everything that is folded from it.

use std::rc::Rc;

use crate::cast::Cast;
use crate::engine::{Engine, Stop};
use crate::guarantee::Guarantees;
use crate::scenario::{Command, Faults, Scenario, planned};
use crate::time::SimTime;
use crate::trace::Trace;
use crate::world::{History, World};

/// Events between two checkpoints, at first; doubles whenever there are [`CHECKPOINTS`].
const INTERVAL: usize = 32_768;
/// How many checkpoints are kept at most.
const CHECKPOINTS: usize = 16;

/// A run of a scenario, from its start to its horizon. It is made in slices, so that a page
/// stays alive while it grows.
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Rc<Scenario>,
    now: Moment,
    stop: Option<Stop>,
    checkpoints: Vec<Moment>,
    interval: usize,
}

/// Everything that grows with the run, at one moment. A clone shares what has been written.
#[derive(Clone, Debug)]
struct Moment {
    engine: Engine,
    trace: Trace,
    history: History,
    guarantees: Guarantees,
}

impl Run {
    /// A run of a checked scenario, before its first step.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let scenario = Rc::new(scenario);
        let engine = Engine::new(&scenario);
        let start = Moment {
            trace: Trace::default(),
            history: History::new(engine.cast()),
            guarantees: Guarantees::new(engine.cast(), messages(&scenario)),
            engine,
        };
        Self {
            scenario,
            checkpoints: vec![start.clone()],
            now: start,
            stop: None,
            interval: INTERVAL,
        }
    }

    /// A run of a checked scenario, to its end.
    #[must_use]
    pub fn complete(scenario: Scenario) -> Self {
        let mut run = Self::new(scenario);
        while run.advance(u32::MAX).is_none() {}
        run
    }

    /// Takes at most `steps` steps; `None` if there is more to do.
    pub fn advance(&mut self, steps: u32) -> Option<Stop> {
        let mut left = steps;
        while left > 0 && self.stop.is_none() {
            let slice = left.min(4_096);
            left -= slice;
            self.stop = self.now.engine.advance(slice, &mut self.now.trace);
            self.now.history.extend(&self.now.trace);
            self.now.guarantees.extend(&self.now.trace);
            self.keep_checkpoint();
        }
        self.stop
    }

    fn keep_checkpoint(&mut self) {
        let last = self
            .checkpoints
            .last()
            .map_or(0, |moment| moment.trace.len());
        let grown = self.now.trace.len() - last;
        // As with the snapshots: a large world has fewer.
        if grown < self.interval || grown < self.now.history.weight() {
            return;
        }
        if self.checkpoints.len() == CHECKPOINTS {
            let mut n = 0;
            self.checkpoints.retain(|_| {
                n += 1;
                n % 2 == 1
            });
            self.interval *= 2;
        }
        self.checkpoints.push(self.now.clone());
    }

    /// The same experiment with one more command: re-simulated from the last checkpoint before
    /// it. What came after is replaced. The new run still has to be advanced.
    ///
    /// # Errors
    ///
    /// What is wrong with the command; this run stays as it is.
    pub fn with_command(&self, command: Command) -> Result<Self, Faults> {
        let mut scenario = (*self.scenario).clone();
        let at = SimTime::ZERO + command.at;
        scenario.commands.push(command);
        scenario.check()?;
        let before = self
            .checkpoints
            .partition_point(|moment| moment.engine.now() < at);
        // The first checkpoint is the empty start; a world knows its whole cast from there on.
        if before <= 1 || Cast::of(&scenario) != **self.cast() {
            return Ok(Self::new(scenario));
        }
        let scenario = Rc::new(scenario);
        let mut checkpoints: Vec<Moment> = self.checkpoints.iter().take(before).cloned().collect();
        for moment in &mut checkpoints {
            moment.engine.replace_scenario(&scenario);
            moment.guarantees.expect(messages(&scenario));
        }
        Ok(Self {
            now: checkpoints.last().unwrap_or(&self.now).clone(),
            scenario,
            stop: None,
            checkpoints,
            interval: self.interval,
        })
    }

    /// The document.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The names.
    #[must_use]
    pub fn cast(&self) -> &Rc<Cast> {
        self.now.engine.cast()
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
        self.now.engine.now()
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
