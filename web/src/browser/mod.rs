//! The few things that touch the browser itself.

mod dom;
mod panic_page;
mod readout;
mod surface;
mod theme;

pub use dom::{
    SizeWatch, clicked_actor, floor_point, forget_hash, hash, is_pressed, on_hash_change, on_key,
    on_resize, read_file, set_hash, set_title, share_along,
};
pub use panic_page::install as install_panic_page;
pub use readout::Readout;
pub use surface::Surface;
pub use theme::{apply as apply_theme, motion, on_system_change, palette};
