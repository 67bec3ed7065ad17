//! Reads a document from JSON into the types that it is made of.
//!
//! Two things made us write this and not derive it. It finds everything that is wrong at once, as
//! a compiler does, each fault with its place in the document (`lanes[1].kafka.brokers`). And the
//! page downloads it: one reader for all types, filling in what is there over the defaults, is an
//! eighth of the code that a derived reader becomes.

mod brokers;
mod fields;
mod read;
mod reader;
mod share;
#[cfg(test)]
mod tests;

use super::Faults;
use read::Read;
pub(crate) use reader::{Broken, Reader};

/// Reads a whole document; what it does not say has its default.
///
/// # Errors
///
/// Everything that is not what belongs at its place; or, alone, the first thing that is no JSON.
pub(super) fn read<T: Read + Default>(text: &str) -> Result<T, Faults> {
    let mut reader = Reader::new(text);
    let mut document = T::default();
    let read = document.read(&mut reader).and_then(|()| reader.end());
    reader.finish(read).map(|()| document)
}
