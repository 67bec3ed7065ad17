//! What a bench prints: `bench: engine lanes=both events=1018726 ms=299.6`.

use std::collections::BTreeMap;

/// One measurement.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) name: String,
    values: BTreeMap<String, String>,
}

impl Line {
    /// The measurements in the output of a test program, wherever in a line they begin.
    pub(super) fn all_in(output: &str) -> Vec<Self> {
        let lines = output.lines();
        lines
            .filter_map(|line| Self::read(line.split_once("bench: ")?.1))
            .collect()
    }

    fn read(words: &str) -> Option<Self> {
        let mut words = words.split_whitespace();
        let name = words.next()?.to_owned();
        let values = words.map(|word| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        Some(Self {
            name,
            values: values.collect::<Option<_>>()?,
        })
    }

    /// The text of a value; empty if there is none.
    pub(super) fn word(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// A number; 0 if there is none.
    pub(super) fn number(&self, name: &str) -> f64 {
        self.word(name).parse().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_is_found_wherever_it_begins() {
        let output = "test seeks ... bench: seek events=1018726 median_ms=0.17\nbench: a b\nok\n";
        let lines = Line::all_in(output);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].name, "seek");
        assert_eq!(lines[0].word("events"), "1018726");
        assert!((lines[0].number("median_ms") - 0.17).abs() < 1e-9);
        assert!(lines[0].word("max_ms").is_empty());
    }
}
