//! The simulation, which is a WebAssembly module of its own: fetched when it is needed.

use broker_lab_core::Batch;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

mod running;

pub use running::Running;

#[wasm_bindgen(module = "/src/engine/load.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load() -> Result<JsValue, JsValue>;
    // All are caught: what the glue wraps is not imported from the script itself, whose address the
    // module would have to know.
    #[wasm_bindgen(catch, js_name = prepare)]
    fn prepare_engine() -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    fn simulate(module: &JsValue, text: &str) -> Result<Simulation, JsValue>;
    #[wasm_bindgen(catch)]
    async fn read(path: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The engine's side of a run.
    #[derive(Debug)]
    type Simulation;
    #[wasm_bindgen(method)]
    fn advance(this: &Simulation, steps: u32) -> Uint8Array;
    #[wasm_bindgen(method, catch)]
    fn edit(this: &Simulation, command: &str) -> Result<Simulation, JsValue>;
    #[wasm_bindgen(method)]
    fn kept(this: &Simulation) -> u32;
    #[wasm_bindgen(method)]
    fn document(this: &Simulation) -> Uint8Array;
    #[wasm_bindgen(method)]
    fn free(this: &Simulation);
}

/// The engine, once it is here.
#[derive(Clone, Debug)]
pub struct Engine(JsValue);

impl Engine {
    /// Fetches it, if that was not done before.
    ///
    /// # Errors
    ///
    /// It cannot be fetched, in words.
    pub async fn load() -> Result<Self, String> {
        load().await.map(Self).map_err(|error| {
            let error = words(&error);
            format!("The simulation could not be fetched ({error}). Try again.")
        })
    }
}

/// Begins to fetch the engine. Whoever needs it asks for it again, and hears what went wrong.
pub(crate) fn prepare() {
    prepare_engine().unwrap_or_default();
}

/// The text of a file beside the page.
///
/// # Errors
///
/// It cannot be fetched, in words.
pub async fn file(path: &str) -> Result<String, String> {
    let text = read(path).await;
    let text = text.map(|text| text.as_string().unwrap_or_default());
    text.map_err(|error| format!("It could not be fetched ({}). Try again.", words(&error)))
}

/// What a thrown value says.
fn words(error: &JsValue) -> String {
    error
        .as_string()
        .unwrap_or_else(|| js_sys::Object::from(error.clone()).to_string().into())
}

impl Simulation {
    fn next_batch(&self, steps: u32) -> Option<Batch> {
        Batch::from_bytes(&self.advance(steps).to_vec())
    }
}
