//! The real systems' answers as data, what runs them, and the words the tests are written in.

pub mod checkers;
pub mod golden;
pub mod random;
pub mod vectors;
