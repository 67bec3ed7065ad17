//! A scenario being simulated: the engine, and moments to go back to.

use std::rc::Rc;

use crate::cast::Cast;
use crate::engine::{Batch, Engine};
use crate::milestones::Milestones;
use crate::scenario::{Command, Faults, Scenario};
use crate::time::SimTime;

/// Steps between two looks at whether a checkpoint is due.
const SLICE: u32 = 4_096;

/// A run of a scenario in the making, from its start to its horizon. What happens is handed out
/// in batches and not kept; a [`Record`](crate::Record) keeps it.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Rc<Scenario>,
    engine: Engine,
    /// As they were taken: their document is replaced when one is gone back to.
    checkpoints: Milestones<Engine>,
}

impl Simulation {
    /// A simulation of a checked scenario, before its first step.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let scenario = Rc::new(scenario);
        let engine = Engine::new(&scenario);
        Self {
            scenario,
            checkpoints: Milestones::new(engine.clone()),
            engine,
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
            let engine = &self.engine;
            self.checkpoints
                .pass(engine.events(), || engine.weight(), engine);
            if batch.stop.is_some() {
                break;
            }
        }
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
        let checkpoints = self.checkpoints.until(|engine| engine.now() < at);
        // A world knows its whole cast from the start on.
        let last = checkpoints
            .last()
            .filter(|(kept, _)| *kept > 0 && Cast::of(&scenario) == **self.engine.cast());
        let Some((kept, mut engine)) = last else {
            return Ok((Self::new(scenario), 0));
        };
        let scenario = Rc::new(scenario);
        engine.replace_scenario(&scenario);
        let next = Self {
            scenario,
            engine,
            checkpoints,
        };
        Ok((next, kept))
    }
}
