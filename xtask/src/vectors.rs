//! Compares with the real systems' answers: every vector file under a folder.

mod kind;
mod report;
mod side_by_side;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use broker_lab_tests::vectors::{CaseResult, kafka, kafka_recordings, sqs};

use crate::place;
use kind::{Kind, Known};
use report::Report;

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What failed, and how many.
    Brief,
    /// Recordings side by side with what our engine shows, too.
    Verbose,
}

/// Runs every vector file under `folder`, which can be one of a single kind.
pub(crate) fn run(folder: &Path, detail: Detail) -> Result<ExitCode, String> {
    let folder = folder
        .canonicalize()
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    let known = Known::in_folder(&place::root().join("tests/vectors"))?;
    let mut report = Report::default();
    for file in vector_files(&folder)? {
        let text = place::read(&file)?;
        let title = kind::title(&folder, &file);
        let results = known
            .find(&folder, &file, &text)
            .ok_or_else(|| String::from("it is like none of the files in tests/vectors"))
            .and_then(|(kind, name)| {
                if (kind, detail) == (Kind::KafkaRecordings, Detail::Verbose) {
                    side_by_side::print(&title, &kafka_recordings::compare(&name, &text)?);
                }
                run_file(kind, &name, &text)
            });
        report.add(&title, results);
    }
    Ok(report.finish())
}

fn run_file(kind: Kind, name: &str, text: &str) -> Result<Vec<CaseResult>, String> {
    match kind {
        Kind::Kafka => kafka::run(name, text),
        Kind::KafkaRecordings => kafka_recordings::run(name, text),
        Kind::Sqs => sqs::run(name, text),
    }
}

/// The JSON files under `folder`, in order of their paths.
fn vector_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
