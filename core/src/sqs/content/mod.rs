//! What messages carry: the body's characters, message attributes, sizes, and what is hashed.
//!
//! Everything here is a rule about texts and bytes, without queues and without time. [`Body`]
//! connects it: a queue checks what the body that it is given says of itself, and a workload that
//! only numbers its messages says nothing.
//!
//! [`Body`]: super::Body

mod attribute;
mod characters;
mod digest;
mod error;
mod number;
mod selection;
mod system;
#[cfg(test)]
mod tests;

pub use attribute::{AttributeValue, LogicalType, MessageAttribute, MessageAttributes};
pub use digest::digested;
pub use error::AttributeError;
pub use number::{Decimal, NoDecimal};
pub use selection::AttributeSelection;

pub(super) use attribute::check_all as check_attributes;
pub(super) use characters::first_refused;
pub(super) use system::check as check_system_attributes;
