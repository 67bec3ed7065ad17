//! Simulates the opening scene, so that the page shows it before it has fetched the engine.

use std::path::Path;
use std::{env, fs};

use broker_lab_core::{Batch, Scenario, Simulation};

const SCENE: &str = "../static/scenarios/one-workload.json";

fn main() {
    if env::var_os("CARGO_CFG_SPLIT").is_some() {
        // The tool that parts the page in two goes by what the linker knows of it.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    println!("cargo::rerun-if-changed={SCENE}");
    let text = fs::read_to_string(SCENE).expect("the opening scene can be read");
    let scenario = Scenario::from_json(&text).expect("the opening scene is sound");
    let document = scenario.to_bytes();
    let mut simulation = Simulation::new(scenario);
    let mut batch = Batch::default();
    while batch.stop.is_none() {
        simulation.advance(u32::MAX, &mut batch);
    }
    let folder = env::var_os("OUT_DIR").expect("cargo names a folder");
    for (name, bytes) in [
        ("opening.scenario", document),
        ("opening.batch", batch.to_bytes()),
    ] {
        fs::write(Path::new(&folder).join(name), bytes).expect("the scene can be written");
    }
}
