//! Painting of marks into a buffer of pixels: plain Rust, without a browser.
//!
//! ```text
//! Look ── shape, digits, rings ──> cell (once per look)        drawn by signed distance
//!          atlas keeps the cells and the spans of their rows
//! &[Mark] ── layer blits cells, clears what was touched ──> pixels ──> one putImageData
//! ```
//!
//! Nothing here decides what is shown or where; no colour is written here, all come with the
//! [`Palette`]. Only `+ - * /` and square roots are used, which IEEE 754 defines to the last bit:
//! the same marks give the same pixels natively and in every browser.

mod atlas;
mod blend;
mod digits;
pub mod hit;
mod key;
mod layer;
mod mark;
mod outline;
mod palette;
mod raster;
mod shape;
mod surface;
#[cfg(test)]
mod tests;

pub use atlas::Atlas;
pub use layer::{Layer, Painted};
pub use mark::{Again, Hue, Look, Mark, MarkSize, MarkState, Pips};
pub use palette::Palette;
