//! How fast it is, beside the budgets. It prints; only sizes are a gate.

mod line;
mod table;

use std::process::{Command, ExitCode};

use crate::process::{cargo, run_and_keep};
use crate::{install, test};
use line::Line;

/// Measures natively and in Chromium, and prints the table.
pub(crate) fn run() -> Result<ExitCode, String> {
    install::wasm_target()?;
    install::wasm_bindgen()?;
    install::browser()?;
    let mut native = engine_bench();
    native.args(["--nocapture", "--test-threads=1", "--skip", "memory"]);
    let mut memory = engine_bench();
    memory.args(["--nocapture", "--exact", "memory"]);
    // In the browser with the profile of the page.
    let mut browser = test::wasm_tests()?;
    browser
        .args(["--release", "--features", "bench"])
        .args(["--test", "engine_bench", "--test", "paint_bench"])
        .args(["--", "--nocapture"]);
    let mut native = lines(&mut native)?;
    native.extend(lines(&mut memory)?);
    let browser = lines(&mut browser)?;
    print!("{}", table::of(&native, &browser));
    Ok(ExitCode::SUCCESS)
}

fn engine_bench() -> Command {
    let mut bench = cargo(&["test", "-p", "broker-lab-tests", "--profile", "bench"]);
    bench.args(["--features", "bench", "--test", "engine_bench", "--"]);
    bench
}

fn lines(command: &mut Command) -> Result<Vec<Line>, String> {
    let shown = run_and_keep(command)?;
    if shown.ok {
        Ok(Line::all_in(&shown.output))
    } else {
        Err(String::from("the bench did not run"))
    }
}
