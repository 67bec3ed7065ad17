//! Runs a scenario and says what came of each lane.

mod cluster_line;
mod consumer_group_line;
mod delivery_line;
mod queue_line;
mod share_line;
mod summary;
mod trace_line;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use broker_lab_core::{Run, Scenario};

use crate::place;

/// Runs the scenario that `words` name.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode, String> {
    let Wanted { file, trace } = Wanted::read(words)?;
    let text = place::read(&file)?;
    let scenario = match Scenario::from_json(&text) {
        Ok(scenario) => scenario,
        Err(faults) => {
            eprintln!("{faults}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let run = Run::complete(scenario);
    print!("{}", summary::of(&run));
    if let Some(trace) = trace {
        write_trace(&run, &trace).map_err(|error| format!("{}: {error}", trace.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    file: PathBuf,
    trace: Option<PathBuf>,
}

impl Wanted {
    fn read(words: &[&str]) -> Result<Self, String> {
        match words {
            [file] => Ok(Self {
                file: file.into(),
                trace: None,
            }),
            [file, "--trace", trace] | ["--trace", trace, file] => Ok(Self {
                file: file.into(),
                trace: Some(trace.into()),
            }),
            _ => Err(String::from(
                "usage: cargo xtask simulate FILE [--trace OUT.jsonl]",
            )),
        }
    }
}

fn write_trace(run: &Run, path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for event in run.trace().iter() {
        writeln!(file, "{}", trace_line::of(event, run))?;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_can_be_named_before_or_after_the_scenario() {
        let wanted = Wanted::read(&["a.json", "--trace", "b.jsonl"]);
        assert_eq!(wanted, Wanted::read(&["--trace", "b.jsonl", "a.json"]));
        assert_eq!(wanted.unwrap().trace, Some("b.jsonl".into()));
        assert!(Wanted::read(&[]).is_err());
        assert!(Wanted::read(&["a.json", "--trace"]).is_err());
    }
}
