//! Experiments by name and by address.

pub mod address;
pub mod presets;
