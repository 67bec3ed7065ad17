//! Values as a person writes them: `"4/s"`, `"30%"`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::time::SimDuration;

/// So many in so much time: `"4/s"`, `"90/m"`, `"1/250ms"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many; 1..=100,000.
    pub count: u32,
    /// In how much time; never zero.
    pub per: SimDuration,
}

/// A whole percentage, 0..=100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percent(pub u8);

impl Default for Rate {
    /// One a second.
    fn default() -> Self {
        Self {
            count: 1,
            per: SimDuration::from_secs(1),
        }
    }
}

/// What is wrong with a value as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{written}\" is not {what}")]
pub struct ValueError {
    written: String,
    what: &'static str,
}

impl ValueError {
    fn new(written: &str, what: &'static str) -> Self {
        Self {
            written: written.chars().take(40).collect(),
            what,
        }
    }
}

const RATE: &str = "a rate: write a whole number from 1 to 100000, a slash and a time, as in \"4/s\", \"90/m\" or \"1/250ms\"";
const PERCENT: &str =
    "a percentage: write a whole number from 0 to 100 and a percent sign, as in \"30%\"";

impl FromStr for Rate {
    type Err = ValueError;

    fn from_str(written: &str) -> Result<Self, ValueError> {
        let error = || ValueError::new(written, RATE);
        let (count, per) = written.split_once('/').ok_or_else(error)?;
        let count = count.parse().map_err(|_not_a_number| error())?;
        let per = match per {
            "s" => SimDuration::from_secs(1),
            "m" => SimDuration::from_secs(60),
            "h" => SimDuration::from_secs(3_600),
            length => length.parse().map_err(|_not_a_duration| error())?,
        };
        if !(1..=100_000).contains(&count) || per == SimDuration::ZERO {
            return Err(error());
        }
        Ok(Self { count, per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per.as_micros() {
            1_000_000 => write!(f, "{}/s", self.count),
            60_000_000 => write!(f, "{}/m", self.count),
            3_600_000_000 => write!(f, "{}/h", self.count),
            _ => write!(f, "{}/{}", self.count, self.per),
        }
    }
}

impl FromStr for Percent {
    type Err = ValueError;

    fn from_str(written: &str) -> Result<Self, ValueError> {
        let error = || ValueError::new(written, PERCENT);
        let number = written.strip_suffix('%').ok_or_else(error)?;
        let number: u8 = number.parse().map_err(|_not_a_number| error())?;
        if number > 100 {
            return Err(error());
        }
        Ok(Self(number))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// Serde by way of the text form.
macro_rules! as_text {
    ($name:ty) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

as_text!(Rate);
as_text!(Percent);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_percentages_are_read_as_they_are_printed() {
        for written in ["4/s", "90/m", "1/250ms", "7/h", "100000/s"] {
            assert_eq!(written.parse::<Rate>().unwrap().to_string(), written);
        }
        for written in ["0%", "30%", "100%"] {
            assert_eq!(written.parse::<Percent>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for written in ["", "4", "0/s", "4/0s", "-1/s", "100001/s", "4/x", "1.5/s"] {
            assert!(written.parse::<Rate>().is_err(), "{written}");
        }
        for written in ["", "30", "101%", "-1%", "1.5%"] {
            assert!(written.parse::<Percent>().is_err(), "{written}");
        }
    }
}
