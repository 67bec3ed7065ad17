//! Tests counted over all programs that run some.

use std::process::ExitCode;

use crate::process::Shown;

/// What came of the parts so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Counts,
    /// The parts that failed.
    failures: Vec<String>,
}

/// Tests by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Takes in a check that either holds or not; one that does not is one failure.
    pub(super) fn check(&mut self, name: &str, result: Result<(), String>) {
        if let Err(error) = result {
            self.fail(name, &error);
            self.counts.failed += 1;
        }
    }

    /// Takes in a program that ran tests.
    pub(super) fn tests(&mut self, name: &str, result: Result<Shown, String>) {
        let Shown { ok, output } = match result {
            Ok(shown) => shown,
            Err(error) => return self.check(name, Err(error)),
        };
        let counts = Counts::in_output(&output);
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        if counts.failed > 0 {
            self.fail(name, &format!("{} tests failed", counts.failed));
        } else if !ok {
            self.check(name, Err(String::from("it ended with an error")));
        } else if counts.passed == 0 {
            self.check(name, Err(String::from("it ran no test")));
        }
    }

    fn fail(&mut self, name: &str, error: &str) {
        self.failures.push(format!("{name}: {error}"));
    }

    /// Says what failed, and how many tests there were, on the last line.
    pub(super) fn finish(self) -> ExitCode {
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        let Counts { passed, failed } = self.counts;
        println!("{passed} passed, {failed} failed");
        if self.failures.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

impl Counts {
    /// Adds up the result lines of cargo test, of wasm-bindgen's runner and of Node's.
    fn in_output(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            if let Some((_, results)) = line.split_once("test result: ") {
                counts.passed += number_before(results, " passed");
                counts.failed += number_before(results, " failed");
            } else if let Some(passed) = node_count(line, "pass") {
                counts.passed += passed;
            } else if let Some(failed) = node_count(line, "fail").or(node_count(line, "cancelled"))
            {
                counts.failed += failed;
            }
        }
        counts
    }
}

/// The 5 of `ok. 5 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> u32 {
    text.split_once(word)
        .and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok())
        .unwrap_or(0)
}

/// The 5 of a line that is all `ℹ pass 5` or `# pass 5`.
fn node_count(line: &str, word: &str) -> Option<u32> {
    let line = line.strip_prefix("ℹ ").or(line.strip_prefix("# "))?;
    line.strip_prefix(word)?
        .strip_prefix(' ')?
        .trim_end()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_every_runner_are_counted() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 3 filtered out; finished in 1.2s\n\
            \u{2139} tests 6\n\u{2139} pass 4\n\u{2139} fail 1\n\u{2139} cancelled 1\n\u{2139} duration_ms 12.5\n\
            \u{2714} this may pass 9 (3ms)\n";
        let counts = Counts::in_output(output);
        assert_eq!((counts.passed, counts.failed), (18, 3));
    }

    #[test]
    fn a_program_without_tests_or_with_an_error_is_a_failure() {
        let mut tally = Tally::default();
        for (ok, output) in [(true, ""), (false, "test result: ok. 1 passed; 0 failed")] {
            let output = output.to_owned();
            tally.tests("some", Ok(Shown { ok, output }));
        }
        tally.check("other", Err(String::from("no")));
        tally.check("fine", Ok(()));
        assert_eq!(tally.failures.len(), 3);
        assert_eq!((tally.counts.passed, tally.counts.failed), (1, 3));
    }
}
