//! A simulation and its record in one: a run.

use std::ops::Deref;
use std::rc::Rc;

use crate::engine::{Batch, Stop};
use crate::record::Record;
use crate::scenario::{Command, Faults, Scenario};
use crate::simulation::Simulation;

/// Steps whose events are handed over at once.
const SLICE: u32 = 4_096;

/// A run of a scenario, from its start to its horizon. It is made in slices; what is known of it
/// is its [`Record`].
#[derive(Clone, Debug)]
pub struct Run {
    simulation: Simulation,
    record: Record,
    batch: Batch,
}

impl Run {
    /// A run of a checked scenario, before its first step.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let simulation = Simulation::new(scenario);
        Self {
            record: Record::new(Rc::clone(simulation.scenario())),
            simulation,
            batch: Batch::default(),
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
        while left > 0 && self.record.stop().is_none() {
            let slice = left.min(SLICE);
            left -= slice;
            self.batch.clear();
            self.simulation.advance(slice, &mut self.batch);
            self.record.extend(&self.batch);
        }
        self.record.stop()
    }

    /// The same experiment with one more command: re-simulated from the last checkpoint before
    /// it. What came after is replaced. The new run still has to be advanced.
    ///
    /// # Errors
    ///
    /// What is wrong with the command; this run stays as it is.
    pub fn with_command(&self, command: Command) -> Result<Self, Faults> {
        let (simulation, kept) = self.simulation.with_command(command)?;
        let scenario = Rc::clone(simulation.scenario());
        Ok(Self {
            record: self.record.branch(scenario, kept),
            simulation,
            batch: Batch::default(),
        })
    }
}

impl Deref for Run {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.record
    }
}
