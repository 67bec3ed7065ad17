//! Everything that must hold.

mod parts;
mod tally;

use std::process::ExitCode;

pub(crate) use parts::wasm_tests;

use parts::Part;
use tally::Tally;

/// Runs the parts that `words` ask for, all of them without a word.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode, String> {
    let parts = match words {
        [] => &Part::ALL[..],
        ["--only", name] => std::slice::from_ref(
            Part::ALL
                .iter()
                .find(|part| part.name() == *name)
                .ok_or_else(|| format!("{name:?} is not one of native, wasm, e2e"))?,
        ),
        _ => {
            return Err(String::from(
                "usage: cargo xtask test [--only native|wasm|e2e]",
            ));
        }
    };
    // What cannot be installed is known before the first long build.
    for part in parts {
        part.install()?;
    }
    let mut tally = Tally::default();
    for part in parts {
        part.run(&mut tally);
    }
    Ok(tally.finish())
}
