//! What came of the vector files.

use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;

use broker_lab_tests::vectors::{CaseResult, Outcome};

/// Cases by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(
            f,
            "vectors: {passed} passed, {failed} failed, {skipped} skipped"
        )
    }
}

/// Prints as it goes, and counts.
#[derive(Default)]
pub(super) struct Report {
    total: Counts,
    reasons: BTreeMap<String, usize>,
}

impl Report {
    /// Takes in the results of a file; an error is one failure.
    pub(super) fn add(&mut self, title: &str, results: Result<Vec<CaseResult>, String>) {
        let mut counts = Counts::default();
        match results {
            Ok(results) => {
                for result in results {
                    self.count(&mut counts, title, result);
                }
            }
            Err(error) => {
                println!("failed: {title}: {}", one_line(&error));
                counts.failed += 1;
            }
        }
        println!("{counts} ({title})");
        self.total.passed += counts.passed;
        self.total.failed += counts.failed;
        self.total.skipped += counts.skipped;
    }

    fn count(&mut self, counts: &mut Counts, title: &str, result: CaseResult) {
        match result.outcome {
            Outcome::Passed => counts.passed += 1,
            Outcome::Failed { expected, got } => {
                let (expected, got) = (one_line(&expected), one_line(&got));
                println!(
                    "failed: {title} {}: expected {expected}, got {got}",
                    result.id
                );
                counts.failed += 1;
            }
            Outcome::Skipped { reason } => {
                *self.reasons.entry(reason).or_default() += 1;
                counts.skipped += 1;
            }
        }
    }

    /// The reasons and the total; failure if any case failed, or none ran.
    pub(super) fn finish(self) -> ExitCode {
        for (reason, times) in &self.reasons {
            println!("skipped {times}: {reason}");
        }
        println!("{}", self.total);
        if self.total.failed == 0 && self.total.passed > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_by_outcome() {
        let case = |outcome| CaseResult {
            id: String::from("a"),
            outcome,
        };
        let mut report = Report::default();
        let failed = Outcome::Failed {
            expected: String::from("1\n2"),
            got: String::from("2"),
        };
        let skipped = Outcome::Skipped {
            reason: String::from("not there yet"),
        };
        report.add(
            "kafka/a.json",
            Ok(vec![case(Outcome::Passed), case(failed), case(skipped)]),
        );
        report.add("kafka/b.json", Err(String::from("no JSON")));
        assert_eq!(
            report.total.to_string(),
            "vectors: 1 passed, 2 failed, 1 skipped"
        );
        assert_eq!(report.reasons["not there yet"], 1);
    }
}
