//! The simulation as a WebAssembly module of its own: the page fetches it at the first edit, or
//! for the first experiment beside the opening one. Documents go in as text, what happens comes
//! out as bytes ([`Batch::to_bytes`]).

use broker_lab_core::scenario::Command;
use broker_lab_core::{Batch, recording};
use wasm_bindgen::prelude::wasm_bindgen;

/// Smaller than the allocator that the standard library brings.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A simulation between two slices.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulation {
    simulation: broker_lab_core::Simulation,
    /// How many events it has in common with the one that it was branched from.
    kept: usize,
}

#[wasm_bindgen]
impl Simulation {
    /// A simulation of a document, before its first step; or of a recording of real Kafka, which
    /// becomes one.
    ///
    /// # Errors
    ///
    /// What is wrong with the document, in words.
    #[wasm_bindgen(constructor)]
    pub fn new(document: &str) -> Result<Self, String> {
        let scenario = recording::open(document).map_err(|error| error.to_string())?;
        Ok(Self {
            simulation: broker_lab_core::Simulation::new(scenario),
            kept: 0,
        })
    }

    /// Takes at most `steps` steps more: what happened, as bytes.
    pub fn advance(&mut self, steps: u32) -> Vec<u8> {
        let mut batch = Batch::default();
        self.simulation.advance(steps, &mut batch);
        batch.to_bytes()
    }

    /// The same experiment with one more command (a JSON object). This one stays as it is.
    ///
    /// # Errors
    ///
    /// What is wrong with the command, in words.
    pub fn edit(&self, command: &str) -> Result<Self, String> {
        let branched = Command::from_json(command)
            .and_then(|command| self.simulation.with_command(command))
            .map_err(|faults| faults.to_string())?;
        let (simulation, kept) = branched;
        Ok(Self { simulation, kept })
    }

    /// How many of the first events are those of the simulation that this one was made from by
    /// [`Simulation::edit`].
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// The document, edits included, as bytes ([`to_bytes`](broker_lab_core::Scenario::to_bytes)).
    pub fn document(&self) -> Vec<u8> {
        self.simulation.scenario().to_bytes()
    }
}

fn main() {}
