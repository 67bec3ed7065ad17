//! The page for a web server: small, and at home under any path.

mod shrink;
mod split;

pub(crate) use shrink::ENGINE;
pub(crate) use split::LATER;

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::{install, place, process};

/// Builds `dist/`.
pub(crate) fn run() -> Result<ExitCode, String> {
    build()?;
    println!("The page is in {}/", place::shown(&place::dist()));
    Ok(ExitCode::SUCCESS)
}

/// Gets what a build needs.
pub(crate) fn tools() -> Result<(), String> {
    install::page_tools()?;
    install::rust_src()?;
    install::wasm_split()?;
    // wasm-opt and esbuild: the wasm-opt of a system is often too old for what rustc writes.
    install::npm_packages()
}

/// Builds `dist/`, with nothing in it from before. A build that fails leaves it as it was.
pub(crate) fn build() -> Result<(), String> {
    tools()?;
    let (next, dist) = (place::root().join("target/page"), place::dist());
    empty(&next)?;
    let mut build = trunk(&["build", "--release"]);
    process::run(with_small_std(build.arg("--dist").arg(&next)))?;
    split::run(&next)?;
    shrink::run(&next)?;
    empty(&dist)?;
    std::fs::rename(&next, &dist).map_err(|error| format!("{}: {error}", place::shown(&dist)))
}

fn empty(folder: &Path) -> Result<(), String> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("cannot empty {}: {error}", place::shown(folder)))
        }
        _ => Ok(()),
    }
}

/// Compiles the standard library along with the page, for size, and without the words of panics:
/// a fifth of the download. Cargo calls that unstable, so the toolchain, which is pinned, is told
/// to allow it; a plain `trunk build` does without and is only larger. `split` lets the page be
/// parted in two, which [`split::run`] must do then.
fn with_small_std(build: &mut Command) -> &mut Command {
    build
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort --cfg=split",
        )
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
