//! The page for a web server: small, and at home under any path.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::{install, place, process};

/// Builds `dist/`.
pub(crate) fn run() -> Result<ExitCode, String> {
    build()?;
    println!("The page is in {}/", place::shown(&place::dist()));
    Ok(ExitCode::SUCCESS)
}

/// Builds `dist/`, with nothing in it from before.
pub(crate) fn build() -> Result<(), String> {
    install::page_tools()?;
    // wasm-opt: the one of the system is often too old for what rustc writes.
    install::npm_packages()?;
    let dist = place::dist();
    if dist.exists() {
        std::fs::remove_dir_all(&dist)
            .map_err(|error| format!("cannot empty {}: {error}", place::shown(&dist)))?;
    }
    let mut build = trunk(&["build", "--release"]);
    process::run(build.env("PATH", path_with_npm()?))
}

/// Trunk, silent about newer versions of itself.
pub(crate) fn trunk(arguments: &[&str]) -> Command {
    let mut trunk = process::command("trunk", arguments);
    trunk.arg("--skip-version-check");
    // Trunk takes this variable's value for its own and refuses the usual "1".
    trunk.env_remove("NO_COLOR");
    // What cargo has said of an error is enough.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    trunk
}

fn path_with_npm() -> Result<OsString, String> {
    let programs = place::e2e().join("node_modules/.bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(programs).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| format!("the search path: {error}"))
}
