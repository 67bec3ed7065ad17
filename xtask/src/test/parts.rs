//! What is run natively, in a browser as WebAssembly, and on the built page.

use std::path::PathBuf;
use std::process::Command;

use super::tally::Tally;
use crate::process::{cargo, command, run, run_and_keep};
use crate::{dist, install, place, sizes, tidy};

const WASM: &str = "wasm32-unknown-unknown";

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The rules of the house, and the tests that need no browser.
    Native,
    /// Tests that are WebAssembly themselves.
    Wasm,
    /// Tests that use the page as a person does.
    EndToEnd,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Native, Self::Wasm, Self::EndToEnd];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::EndToEnd => "e2e",
        }
    }

    /// Gets what the part needs.
    pub(super) fn install(self) -> Result<(), String> {
        match self {
            Self::Native => install::lint_tools(),
            Self::Wasm => {
                install::lint_tools()?;
                install::browser()?;
                install::wasm_target()?;
                install::wasm_bindgen()
            }
            Self::EndToEnd => {
                install::browser()?;
                dist::tools()
            }
        }
    }

    pub(super) fn run(self, tally: &mut Tally) {
        match self {
            Self::Native => native(tally),
            Self::Wasm => wasm(tally),
            Self::EndToEnd => end_to_end(tally),
        }
    }
}

fn native(tally: &mut Tally) {
    tally.check("tidy", tidy());
    tally.check("format", run(&mut cargo(&["fmt", "--all", "--check"])));
    let mut lint = cargo(&["clippy", "--workspace", "--all-targets", "--all-features"]);
    tally.check("clippy", run(lint.args(["--", "-D", "warnings"])));
    let mut docs = cargo(&["doc", "--workspace", "--no-deps"]);
    tally.check("docs", run(docs.env("RUSTDOCFLAGS", "-D warnings")));
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    tally.tests("native tests", run_and_keep(&mut tests));
}

fn tidy() -> Result<(), String> {
    let faults = tidy::faults()?;
    for fault in &faults {
        println!("tidy: {fault}");
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{} faults", faults.len()))
    }
}

fn wasm(tally: &mut Tally) {
    let page = ["clippy", "--target", WASM, "-p", "broker-lab-web"];
    let tests = ["clippy", "--target", WASM, "-p", "broker-lab-tests"];
    let deny = ["--", "-D", "warnings"];
    tally.check("clippy of the page", run(cargo(&page).args(deny)));
    let mut lint = cargo(&tests);
    lint.args(["--all-targets", "--all-features"]);
    tally.check("clippy of the browser tests", run(lint.args(deny)));
    let tests = wasm_tests().and_then(|mut tests| run_and_keep(tests.arg("--no-fail-fast")));
    tally.tests("browser tests", tests);
}

/// `cargo test` of the tests that run in Chromium.
pub(crate) fn wasm_tests() -> Result<Command, String> {
    let browser = install::browser()?;
    let mut tests = cargo(&[
        "test",
        "--target",
        WASM,
        "-p",
        "broker-lab-tests",
        "--tests",
    ]);
    tests
        .env("CHROMEDRIVER", browser.chromedriver)
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // The defaults are too short for a browser that starts on a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    Ok(tests)
}

fn end_to_end(tally: &mut Tally) {
    if let Err(error) = dist::build() {
        return tally.check("page", Err(error));
    }
    let budget = sizes::within_budget().and_then(|within| {
        if within {
            Ok(())
        } else {
            Err(String::from("over budget"))
        }
    });
    tally.check("sizes", budget);
    let tests = node_tests().and_then(|mut tests| run_and_keep(&mut tests));
    tally.tests("end-to-end tests", tests);
}

fn node_tests() -> Result<Command, String> {
    let browser = install::browser()?;
    let files = test_files()?;
    if files.is_empty() {
        return Err(String::from("there is no tests/e2e/*.test.mjs"));
    }
    let mut node = command("node", &["--test", "--test-reporter=spec"]);
    node.args(files)
        .env("BROKER_LAB_DIST", place::dist())
        .env("BROKER_LAB_CHROMIUM", browser.chromium);
    Ok(node)
}

fn test_files() -> Result<Vec<PathBuf>, String> {
    let folder = place::e2e();
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", place::shown(&folder)))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .map(|path| place::shown(&path).into())
        .collect();
    files.sort();
    Ok(files)
}
