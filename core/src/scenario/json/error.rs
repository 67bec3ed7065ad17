//! What is wrong at one place of a document.

use std::fmt::{self, Write as _};

use serde::de::{self, Expected, Unexpected};

use crate::scenario::{Fault, Faults};

/// What is wrong, and where: the place is put together on the way out, innermost part first.
#[derive(Debug)]
pub(super) struct Error {
    what: String,
    place: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Field(String),
    Index(usize),
}

impl Error {
    pub(super) fn new(what: String) -> Self {
        Self {
            what,
            place: Vec::new(),
        }
    }

    /// The same, inside the field `name`.
    pub(super) fn in_field(mut self, name: &str) -> Self {
        self.place.push(Part::Field(name.to_owned()));
        self
    }

    /// The same, inside the item `index` of an array.
    pub(super) fn in_item(mut self, index: usize) -> Self {
        self.place.push(Part::Index(index));
        self
    }

    pub(super) fn into_faults(self) -> Faults {
        let mut place = String::new();
        for part in self.place.iter().rev() {
            // Writing into a string cannot fail.
            let written = match part {
                Part::Field(name) if place.is_empty() => write!(place, "{name}"),
                Part::Field(name) => write!(place, ".{name}"),
                Part::Index(index) => write!(place, "[{index}]"),
            };
            if written.is_err() {
                break;
            }
        }
        Faults(vec![Fault {
            place,
            what: self.what,
        }])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

/// What stood there, in words.
fn in_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Str(text) => quoted(text),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        Unexpected::Seq => "an array".to_owned(),
        _ => "something else".to_owned(),
    }
}

/// A text in quotes, cut if it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

fn one_of(names: &[&str]) -> String {
    let mut words = String::new();
    for (n, name) in names.iter().enumerate() {
        if n > 0 {
            words.push_str(", ");
        }
        words.push_str(name);
    }
    words
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::new(what.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{} is not {expected}", in_words(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{} is not {expected}", in_words(found)))
    }

    fn unknown_variant(found: &str, allowed: &'static [&'static str]) -> Self {
        Self::new(format!(
            "{} is not one of {}",
            quoted(found),
            one_of(allowed)
        ))
    }

    fn unknown_field(_found: &str, allowed: &'static [&'static str]) -> Self {
        Self::new(format!("unknown field; known are {}", one_of(allowed)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("missing field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("field `{field}` is given twice"))
    }
}
