//! Brokers that fail, and what becomes of records.
#![cfg(not(target_arch = "wasm32"))]

mod properties;
mod rules;
mod runs;
