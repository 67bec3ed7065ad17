//! A scenario being simulated: the engine, and moments to go back to.

use std::rc::Rc;

use crate::cast::Cast;
use crate::engine::{Batch, Engine};
use crate::scenario::{Command, Faults, Scenario};
use crate::time::SimTime;

/// Events between two checkpoints, at first; doubles whenever there are [`CHECKPOINTS`].
const INTERVAL: usize = 32_768;
/// How many checkpoints are kept at most.
const CHECKPOINTS: usize = 16;
/// Steps between two looks at whether a checkpoint is due.
const SLICE: u32 = 4_096;

/// A run of a scenario in the making, from its start to its horizon. What happens is handed out
/// in batches and not kept; a [`Record`](crate::Record) keeps it.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Rc<Scenario>,
    engine: Engine,
    /// As they were taken: their document is replaced when one is gone back to.
    checkpoints: Vec<Rc<Engine>>,
    interval: usize,
}

impl Simulation {
    /// A simulation of a checked scenario, before its first step.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let scenario = Rc::new(scenario);
        let engine = Engine::new(&scenario);
        Self {
            scenario,
            checkpoints: vec![Rc::new(engine.clone())],
            engine,
            interval: INTERVAL,
        }
    }

    /// The document.
    #[must_use]
    pub const fn scenario(&self) -> &Rc<Scenario> {
        &self.scenario
    }

    /// Takes at most `steps` steps more, and adds what happens to `batch`.
    pub fn advance(&mut self, steps: u32, batch: &mut Batch) {
        let mut left = steps;
        while left > 0 {
            let slice = left.min(SLICE);
            left -= slice;
            self.engine.advance(slice, batch);
            self.keep_checkpoint();
            if batch.stop.is_some() {
                break;
            }
        }
    }

    fn keep_checkpoint(&mut self) {
        let last = self.checkpoints.last().map_or(0, |engine| engine.events());
        let grown = self.engine.events() - last;
        // A large state has fewer, so that they never hold more than the trace does.
        if grown < self.interval || grown < self.engine.weight() {
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
        self.checkpoints.push(Rc::new(self.engine.clone()));
    }

    /// The same experiment with one more command, to be simulated on from the last checkpoint
    /// before it; and how many events of this one it keeps.
    ///
    /// # Errors
    ///
    /// What is wrong with the command; this simulation stays as it is.
    pub fn with_command(&self, command: Command) -> Result<(Self, usize), Faults> {
        let mut scenario = (*self.scenario).clone();
        let at = SimTime::ZERO + command.at;
        scenario.commands.push(command);
        scenario.check()?;
        let before = self.checkpoints.partition_point(|engine| engine.now() < at);
        // The first checkpoint is the empty start; a world knows its whole cast from there on.
        if before <= 1 || Cast::of(&scenario) != **self.engine.cast() {
            return Ok((Self::new(scenario), 0));
        }
        let scenario = Rc::new(scenario);
        let checkpoints: Vec<Rc<Engine>> = self.checkpoints.iter().take(before).cloned().collect();
        let mut engine = checkpoints
            .last()
            .map_or_else(|| self.engine.clone(), |last| Engine::clone(last));
        engine.replace_scenario(&scenario);
        let kept = engine.events();
        let next = Self {
            scenario,
            engine,
            checkpoints,
            interval: self.interval,
        };
        Ok((next, kept))
    }
}
