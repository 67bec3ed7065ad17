//! What is wrong with a document: the place, what stood there, what is allowed.

use std::fmt;

/// One thing that is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: `lanes[1].kafka.topics[0].partitions`; empty for the document as a whole.
    pub place: String,
    /// What stood there and what is allowed: `0 is not in 1..=1000`.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.what)
        } else {
            write!(f, "{}: {}", self.place, self.what)
        }
    }
}

/// Everything that is wrong with a scenario, in the order of the document; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    /// One fault a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

/// Collects faults under the place they are found at.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    place: Vec<String>,
    faults: Vec<Fault>,
}

impl Inspector {
    /// Runs `inspect` with `part` added to the place.
    pub(super) fn at(&mut self, part: impl fmt::Display, inspect: impl FnOnce(&mut Self)) {
        self.place.push(part.to_string());
        inspect(self);
        self.place.pop();
    }

    /// Runs `inspect` for each item of the list called `name`.
    pub(super) fn each<T>(
        &mut self,
        name: &str,
        items: &[T],
        mut inspect: impl FnMut(&mut Self, &T),
    ) {
        for (n, item) in items.iter().enumerate() {
            self.at(format_args!("{name}[{n}]"), |this| inspect(this, item));
        }
    }

    /// Notes a fault at the present place.
    pub(super) fn fault(&mut self, what: impl fmt::Display) {
        self.faults.push(Fault {
            place: self.place.join("."),
            what: what.to_string(),
        });
    }

    /// Notes a fault if `value`, called `name`, is outside `range`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and lengths, which are copied"
    )]
    pub(super) fn within<T: PartialOrd + fmt::Display>(
        &mut self,
        name: &str,
        value: T,
        range: std::ops::RangeInclusive<T>,
    ) {
        if !range.contains(&value) {
            let (low, high) = range.into_inner();
            self.at(name, |this| {
                this.fault(format_args!("{value} is not in {low}..={high}"));
            });
        }
    }

    pub(super) fn finish(self) -> Result<(), Faults> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Faults(self.faults))
        }
    }
}
