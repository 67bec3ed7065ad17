//! What can be read from JSON: texts, whole numbers, yes and no, lists, and what they make up.

use std::fmt::Display;
use std::str::FromStr;

use super::reader::{Broken, Reader};
use crate::scenario::{Percent, Rate};
use crate::time::SimDuration;

/// Something that is filled in from the value at hand. What does not belong is noted as a fault
/// and passed over.
pub(in crate::scenario) trait Read {
    /// # Errors
    ///
    /// The text is no JSON from here on.
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken>;
}

impl Read for bool {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if let Some(value) = json.truth()? {
            *self = value;
        }
        Ok(())
    }
}

impl Read for String {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if let Some(text) = json.text("a text")? {
            *self = text.into_owned();
        }
        Ok(())
    }
}

impl Read for u32 {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if let Some(number) = json.number(Self::MAX)? {
            *self = number;
        }
        Ok(())
    }
}

impl Read for i32 {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if let Some(number) = json.signed()? {
            *self = number;
        }
        Ok(())
    }
}

impl Read for u8 {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if let Some(number) = json.number(Self::MAX.into())? {
            *self = Self::try_from(number).unwrap_or(Self::MAX);
        }
        Ok(())
    }
}

impl<T: Read + Default> Read for Option<T> {
    /// `null` is as if nothing were said.
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        if json.null()? {
            *self = None;
            return Ok(());
        }
        self.insert(T::default()).read(json)
    }
}

impl<T: Read + Default> Read for Vec<T> {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        json.array(&mut |json| {
            let mut item = T::default();
            item.read(json)?;
            self.push(item);
            Ok(())
        })
    }
}

/// A value that has a text form of its own.
fn read_text<T: FromStr<Err: Display>>(
    slot: &mut T,
    json: &mut Reader<'_>,
    what: &str,
) -> Result<(), Broken> {
    if let Some(text) = json.text(what)? {
        match text.parse() {
            Ok(value) => *slot = value,
            Err(error) => json.fault(error.to_string()),
        }
    }
    Ok(())
}

impl Read for SimDuration {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        read_text(self, json, "a duration as a text, as in \"30s\"")
    }
}

impl Read for Rate {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        read_text(self, json, "a rate as a text, as in \"4/s\"")
    }
}

impl Read for Percent {
    fn read(&mut self, json: &mut Reader<'_>) -> Result<(), Broken> {
        read_text(self, json, "a percentage as a text, as in \"30%\"")
    }
}
