//! A run on stage: what is known of it, and the simulation that knows more.

use std::rc::Rc;

use broker_lab_core::{Batch, Record, Scenario};

use super::{Engine, Simulation, file, simulate, words};
use crate::link::address::Document;
use crate::link::presets;

/// A run that is recorded already, or still being simulated.
#[derive(Debug)]
pub struct Running {
    /// What is known of it.
    pub record: Record,
    source: Source,
    judged: Judged,
}

/// Whether a record has checkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    /// They are in the part of the page that follows.
    NotYet,
    Yes,
}

/// Where a run comes from.
#[derive(Debug)]
enum Source {
    /// It was recorded, from this document.
    Document(&'static str),
    /// It is simulated as it goes on.
    Simulation(Simulation),
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Source::Simulation(simulation) = &self.source {
            simulation.free();
        }
    }
}

impl Running {
    /// The opening scene, as it was recorded when the page was built.
    ///
    /// # Panics
    ///
    /// The page was built wrongly; a test sees to it that it is not.
    #[must_use]
    pub fn opening() -> Self {
        const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/opening.scenario"));
        const RECORDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/opening.batch"));
        let scenario = Scenario::from_bytes(DOCUMENT);
        let recorded = scenario.zip(Batch::from_bytes(RECORDED));
        let (scenario, batch) = recorded.expect("the opening scene was recorded");
        let mut record = Record::unjudged(Rc::new(scenario));
        record.extend(&batch);
        Self {
            record,
            source: Source::Document(presets::OPENING),
            judged: Judged::NotYet,
        }
    }

    /// Has the run judged, if that was left out.
    pub(crate) fn judge(&mut self) {
        if self.judged == Judged::NotYet {
            self.judged = Judged::Yes;
            self.record.judge();
        }
    }

    /// The run of a document, wherever that is.
    ///
    /// # Errors
    ///
    /// The document or the engine cannot be fetched, or what is wrong with the document, in words.
    pub async fn open(document: &Document) -> Result<Self, String> {
        let (text, from) = match document {
            Document::Opening => return Ok(Self::opening()),
            Document::Preset(name) => {
                let from = format!("The scenario {name}");
                let text = file(&format!("scenarios/{name}.json")).await;
                (text.map_err(|error| format!("{from}: {error}"))?, from)
            }
            Document::Text { text, from } => (text.clone(), from.clone()),
        };
        let engine = Engine::load().await?;
        Self::of(&engine, &text).map_err(|faults| format!("{from}: {faults}"))
    }

    /// A run of a document, before its first step.
    ///
    /// # Errors
    ///
    /// What is wrong with the document, in words.
    pub fn of(engine: &Engine, document: &str) -> Result<Self, String> {
        let simulation = simulate(&engine.0, document).map_err(|error| words(&error))?;
        Self::with(simulation, Record::new)
    }

    fn with(
        simulation: Simulation,
        record: impl FnOnce(Rc<Scenario>) -> Record,
    ) -> Result<Self, String> {
        let scenario = Scenario::from_bytes(&simulation.document().to_vec());
        let scenario = scenario.ok_or("the engine is another version's")?;
        Ok(Self {
            record: record(Rc::new(scenario)),
            source: Source::Simulation(simulation),
            judged: Judged::Yes,
        })
    }

    /// Simulates a little further, if there is more to come.
    pub fn advance(&mut self, steps: u32) {
        if self.record.stop().is_none()
            && let Source::Simulation(simulation) = &self.source
            && let Some(batch) = simulation.next_batch(steps)
        {
            self.record.extend(&batch);
        }
    }

    /// The same experiment with one more command, which was carried out at its time.
    ///
    /// # Errors
    ///
    /// What is wrong with the command, in words; this run stays as it is.
    pub fn edited(&self, engine: &Engine, command: &str) -> Result<Self, String> {
        let simulation = match &self.source {
            Source::Simulation(simulation) => simulation,
            Source::Document(text) => return Self::of(engine, text)?.edited(engine, command),
        };
        let edited = simulation.edit(command).map_err(|error| words(&error))?;
        let kept = usize::try_from(edited.kept()).unwrap_or(0);
        Self::with(edited, |scenario| self.record.branch(scenario, kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use broker_lab_core::Run;
    use broker_lab_core::trace::TraceHash;

    #[test]
    fn the_recorded_opening_is_what_the_engine_makes_of_it() {
        let opening = Running::opening();
        let run = Run::complete(Scenario::from_json(presets::OPENING).unwrap());
        assert_eq!(
            TraceHash::of(opening.record.trace()),
            TraceHash::of(run.trace())
        );
        assert_eq!(opening.record.stop(), run.stop());
    }
}
