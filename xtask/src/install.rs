//! Gets the tools that are missing. What it cannot get it names in one line, with the way to
//! install it.

mod browser;
mod debian;
mod npm;

pub(crate) use browser::browser;
pub(crate) use npm::npm_packages;

use std::path::Path;

use crate::place;
use crate::process::{answer, cargo, find, run};

/// The newest trunk that Rust 1.95 can build.
const TRUNK: &str = "0.21.14";
/// What parts the page in two, and its version: the one that `dist/split.rs` was written for.
const SPLITTER: (&str, &str) = ("wasm_split_cli_support", "0.2.4");
const WASM: &str = "wasm32-unknown-unknown";

/// rustfmt and clippy.
pub(crate) fn lint_tools() -> Result<(), String> {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if answer(program, &["--version"]).is_none() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

/// What the page is built with: the target, trunk and wasm-bindgen.
pub(crate) fn page_tools() -> Result<(), String> {
    wasm_target()?;
    wasm_bindgen()?;
    if answer("trunk", &["--version"]).is_none() {
        // A debug build of trunk takes a third of the time, and is quick enough.
        let arguments = ["trunk", "--version", TRUNK, "--locked", "--debug"];
        cargo_install("trunk", &arguments)?;
        found("trunk")?;
    }
    Ok(())
}

/// The program that parts a WebAssembly file in two. It does not tell its version, cargo does.
pub(crate) fn wasm_split() -> Result<(), String> {
    let (package, version) = SPLITTER;
    let list = cargo(&["install", "--list"]).output();
    let list = list.map_or_else(|_none| Vec::new(), |list| list.stdout);
    let installed = String::from_utf8_lossy(&list);
    if installed.contains(&format!("{package} v{version}:")) {
        return Ok(());
    }
    let arguments = [package, "--version", version, "--features", "build-binary"];
    let arguments = [&arguments[..], &["--locked", "--debug"]].concat();
    cargo_install("wasm-split-cli", &arguments)?;
    found("wasm-split-cli")
}

/// The standard library for WebAssembly.
pub(crate) fn wasm_target() -> Result<(), String> {
    let sysroot = answer("rustc", &["--print", "sysroot"]).unwrap_or_default();
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", WASM])
}

/// The source of the standard library.
pub(crate) fn rust_src() -> Result<(), String> {
    let sysroot = answer("rustc", &["--print", "sysroot"]).unwrap_or_default();
    if Path::new(&sysroot)
        .join("lib/rustlib/src/rust/library")
        .is_dir()
    {
        return Ok(());
    }
    rustup(&["component", "add", "rust-src"])
}

/// The wasm-bindgen program and its test runner, of exactly the version that the page links.
pub(crate) fn wasm_bindgen() -> Result<(), String> {
    let lock = place::read(&place::root().join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or("Cargo.lock names no wasm-bindgen: run cargo check first")?;
    let wanted = |program| {
        answer(program, &["--version"])
            .is_some_and(|said| said.split_whitespace().nth(1) == Some(version))
    };
    if wanted("wasm-bindgen") && wanted("wasm-bindgen-test-runner") {
        return Ok(());
    }
    let arguments = ["wasm-bindgen-cli", "--version", version, "--debug"];
    // Its own lock can name a version that is not to be had (any more).
    cargo_install("wasm-bindgen", &[&arguments[..], &["--locked"]].concat())
        .or_else(|_unlocked_may_do| cargo_install("wasm-bindgen", &arguments))?;
    found("wasm-bindgen")
}

/// Cargo can install where the system does not look.
fn found(program: &str) -> Result<(), String> {
    match find(program) {
        Some(_) => Ok(()),
        None => Err(format!(
            "{program} is installed but not found: add cargo's bin folder to PATH"
        )),
    }
}

fn cargo_install(name: &str, arguments: &[&str]) -> Result<(), String> {
    println!("{name} is missing: building it, which takes some minutes");
    run(&mut cargo(&[&["install"], arguments].concat())).map_err(|error| {
        let by_hand = arguments.join(" ");
        format!("{name} is missing ({error}): install it with `cargo install {by_hand}`")
    })
}

fn rustup(arguments: &[&str]) -> Result<(), String> {
    let by_hand = arguments.join(" ");
    let missing = arguments.last().unwrap_or(&"");
    let rustup = find("rustup").ok_or_else(|| {
        format!("{missing} is missing, and so is rustup: install Rust by rustup, then `rustup {by_hand}`")
    })?;
    run(&mut crate::process::command(rustup, arguments)).map_err(|error| {
        format!("{missing} is missing ({error}): install it with `rustup {by_hand}`")
    })
}

/// The version that a Cargo.lock has of a package.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_locked_version_is_that_of_the_package_itself() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\
                    dependencies = [\n \"wasm-bindgen-macro\",\n]\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }
}
