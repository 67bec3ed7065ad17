//! What the tests of both runners count.

use std::path::PathBuf;

use super::{CaseResult, Outcome};

type Runner = fn(&str, &str) -> Result<Vec<CaseResult>, String>;

/// The runner of one folder of the project's vectors.
pub(super) struct Folder {
    pub(super) name: &'static str,
    pub(super) run: Runner,
}

impl Folder {
    pub(super) fn text(&self, file: &str) -> String {
        let vectors = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors");
        std::fs::read_to_string(vectors.join(self.name).join(file)).unwrap()
    }

    #[track_caller]
    pub(super) fn check(&self, file: &str, expected: [usize; 3]) {
        assert_eq!(self.counts(file, &self.text(file)), expected, "{file}");
    }

    /// Passed, failed and skipped cases.
    pub(super) fn counts(&self, file: &str, text: &str) -> [usize; 3] {
        let mut counts = [0; 3];
        for case in (self.run)(file, text).unwrap() {
            match case.outcome {
                Outcome::Passed => counts[0] += 1,
                Outcome::Failed { expected, got } => {
                    println!("{file}: {}: expected {expected}, got {got}", case.id);
                    counts[1] += 1;
                }
                Outcome::Skipped { .. } => counts[2] += 1,
            }
        }
        counts
    }
}
