//! Reads a document from JSON: a serde format of our own, because of what the page downloads.
//!
//! It knows only what a scenario is made of (objects, arrays, strings, whole numbers, true and
//! false), so none of a general reader's number formats and tables come along, and its errors
//! name a place in the document (`lanes[1].kafka`) instead of a line and a column.

mod error;
mod reader;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::Faults;
use reader::Reader;

/// Reads a whole document.
///
/// # Errors
///
/// The first thing that is no JSON, or not what belongs at its place.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Faults> {
    let mut reader = Reader::new(text);
    let read = T::deserialize(&mut reader).and_then(|value| {
        reader.end()?;
        Ok(value)
    });
    read.map_err(error::Error::into_faults)
}
