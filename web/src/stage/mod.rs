//! The stage: where things stand (layout), what is drawn (scene), what is said (view, caption).
//! All of it is plain Rust and knows of no browser.

pub mod caption;
pub mod layout;
pub mod motion;
pub mod queue_rows;
pub mod scene;
pub mod slots;
pub mod view;
pub mod words;
